"""What holds across the texts of the whole corpus: shared passages, and claims compared."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from nbhelpers import corroboration
from nbhelpers.annotation.database import scratch
from nbhelpers.annotation.stages import part_corpus
from nbhelpers.annotation.work import Done, Job, noted
from nbhelpers.corpus import Corpus
from nbhelpers.corroboration.sayers import Sayer, sayers
from nbhelpers.loading.parts import part_files, part_path, read_part, write_part
from nbhelpers.reuse import passages_of

FRAMES = {
    "claim_groups": lambda claims, _: corroboration.claim_groups_of(claims),
    "verdicts": corroboration.verdicts_of,
    "provenance": corroboration.provenance_of,
    "joins": corroboration.joins_of,
}


def write_joint_tables(job: Job, parts: int) -> Done:
    """Write the tables that compare texts with each other."""
    began = time.process_time()
    written: dict[Path, int] = {}
    with scratch(job.folder) as folder:
        found = passages_of(_corpora(job, parts), scratch=folder)
        written |= _write(job, "passages", found)
        said: dict[str, Sayer] = {}
        shared = map(read_part, part_files(job.folder, "passages"))
        claims = corroboration.collect(
            _noting_sayers(job, parts, said), shared, scratch=folder, model=job.model
        )
        for name, frames in FRAMES.items():
            written |= _write(job, name, frames(claims, said))
    rows: dict[str, int] = {}
    for path, n_rows in written.items():
        name = path.parent.stem
        rows[name] = rows.get(name, 0) + n_rows
    return Done(rows, noted(job.folder, written), seconds=time.process_time() - began)


def _corpora(job: Job, parts: int) -> Iterator[Corpus]:
    for part in range(parts):
        yield part_corpus(job, part)


def _noting_sayers(job: Job, parts: int, said: dict[str, Sayer]) -> Iterator[Corpus]:
    for corpus in _corpora(job, parts):
        said |= sayers(corpus, model=job.model)
        yield corpus


def _write(job: Job, name: str, frames: Iterable[pd.DataFrame]) -> dict[Path, int]:
    written = {}
    for number, frame in enumerate(frames):
        path = part_path(job.folder, name, number)
        write_part(frame, path)
        written[path] = len(frame)
    return written
