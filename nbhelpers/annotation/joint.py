"""What holds across the texts of the whole corpus: utterances retold, and claims compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nbhelpers import corroboration
from nbhelpers.annotation.passages import PASSAGES
from nbhelpers.annotation.statements import Claimed, claims, portions
from nbhelpers.annotation.work import Job
from nbhelpers.corroboration.described import Described
from nbhelpers.corroboration.sayers import Sayer
from nbhelpers.loading.parts import in_parts, part_files, read_part
from nbhelpers.utterances import utterances_in

FRAMES = {
    "claim_groups": lambda claims, _: corroboration.claim_groups_of(claims),
    "verdicts": corroboration.verdicts_of,
    "provenance": corroboration.provenance_of,
    "joins": corroboration.joins_of,
}


def joint_tables(job: Job, parts: int, *, spill: Path) -> Iterator[tuple[Path, pd.DataFrame]]:
    """Yield the tables that compare texts with each other, in parts.

    From what :mod:`nbhelpers.annotation.statements` has kept of each part.
    """
    retold = utterances_in(portions(job, parts), scratch=spill)
    yield from in_parts(job.folder, "utterances", retold)
    said: dict[str, Sayer] = {}
    known = _noting_sayers(claims(job, parts), said)
    found = corroboration.collect_described(known, _shared(job), scratch=spill)
    for name, frames in FRAMES.items():
        yield from in_parts(job.folder, name, frames(found, said))


def _shared(job: Job) -> Iterator[pd.DataFrame]:
    """What the texts have in common: passages and utterances."""
    yield from map(read_part, part_files(job.folder, PASSAGES))
    for file in part_files(job.folder, "utterances"):
        yield corroboration.repeated_utterances(read_part(file))


def _noting_sayers(
    parts: Iterator[Claimed], said: dict[str, Sayer]
) -> Iterator[tuple[list[str], list[Described]]]:
    for part in parts:
        said |= part.sayers
        yield part.doc_ids, part.claims
