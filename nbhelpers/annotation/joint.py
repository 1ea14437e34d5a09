"""What holds across the texts of the whole corpus: utterances retold, and claims compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nbhelpers import corroboration
from nbhelpers.annotation.database import scratch
from nbhelpers.annotation.passages import PASSAGES
from nbhelpers.annotation.stages import corpus_of
from nbhelpers.annotation.work import Job
from nbhelpers.corpus import Corpus
from nbhelpers.corroboration.sayers import Sayer, sayers
from nbhelpers.loading.parts import in_parts, part_files, read_part
from nbhelpers.utterances import utterances_of

FRAMES = {
    "claim_groups": lambda claims, _: corroboration.claim_groups_of(claims),
    "verdicts": corroboration.verdicts_of,
    "provenance": corroboration.provenance_of,
    "joins": corroboration.joins_of,
}


def joint_tables(job: Job, parts: int) -> Iterator[tuple[Path, pd.DataFrame]]:
    """Yield the tables that compare texts with each other, in parts."""
    with scratch(job.folder, "joint") as spill:
        retold = utterances_of(_corpora(job, parts), scratch=spill, model=job.model)
        yield from in_parts(job.folder, "utterances", retold)
        said: dict[str, Sayer] = {}
        claims = corroboration.collect(
            _noting_sayers(job, parts, said), _shared(job), scratch=spill, model=job.model
        )
        for name, frames in FRAMES.items():
            yield from in_parts(job.folder, name, frames(claims, said))


def _shared(job: Job) -> Iterator[pd.DataFrame]:
    """What the texts have in common: passages and utterances."""
    yield from map(read_part, part_files(job.folder, PASSAGES))
    for file in part_files(job.folder, "utterances"):
        yield corroboration.repeated_utterances(read_part(file))


def _corpora(job: Job, parts: int) -> Iterator[Corpus]:
    for part in range(parts):
        yield corpus_of(job, [part])


def _noting_sayers(job: Job, parts: int, said: dict[str, Sayer]) -> Iterator[Corpus]:
    for corpus in _corpora(job, parts):
        said |= sayers(corpus, model=job.model)
        yield corpus
