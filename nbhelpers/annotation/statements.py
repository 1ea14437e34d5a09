"""What the texts of each part state, made ready to be compared with what those of others do.

It is kept in files that only this run reads, until it has read them.
"""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import uuid4

from nbhelpers.annotation.database import scratch, spill_folder
from nbhelpers.annotation.stages import corpus_of
from nbhelpers.annotation.work import Done, Job
from nbhelpers.corroboration.described import Described, described
from nbhelpers.corroboration.sayers import Sayer, sayers
from nbhelpers.retelling.portions import Portion, portion
from nbhelpers.voices.selection import MIN_CONFIDENCE

STATEMENTS = "statements"
_SPILL = "joint"


class Claimed(NamedTuple):
    """The ids of the texts of a part, their claims, and their sources by their ids."""

    doc_ids: list[str]
    claims: list[Described]
    sayers: dict[str, Sayer]


Kept = TypeVar("Kept", Portion, Claimed)


@contextmanager
def room_for_statements(job: Job) -> Iterator[Path]:
    """Give a folder for what is too large for memory, and have room there for what is kept."""
    with scratch(job.folder, _SPILL) as spill:
        _room(job).mkdir()
        yield spill


def make_statements(job: Job, part: int) -> Done:
    """Keep the statements and the claims of a part.

    Raises:
        InputError: a table cannot be read.
        OSError: a file cannot be written.
    """
    began = time.process_time()
    corpus = corpus_of(job, [part])
    _keep(job, part, portion(corpus, by="doc_id", model=job.model))
    found = described(corpus, content_only=False, min_confidence=MIN_CONFIDENCE, model=job.model)
    _keep(job, part, Claimed(corpus.doc_ids, found, sayers(corpus, model=job.model)))
    return Done({}, {}, seconds=time.process_time() - began)


def portions(job: Job, parts: int) -> Iterator[Portion]:
    """Give out the statements that were kept, once."""
    return (_taken(job, part, Portion) for part in range(parts))


def claims(job: Job, parts: int) -> Iterator[Claimed]:
    """Give out the claims that were kept, once."""
    return (_taken(job, part, Claimed) for part in range(parts))


def _room(job: Job) -> Path:
    return spill_folder(job.folder, _SPILL) / job.token


def _file(job: Job, part: int, kind: type) -> Path:
    return _room(job) / f"{kind.__name__.lower()}-{part:05}.pickle"


def _keep(job: Job, part: int, found: Portion | Claimed) -> None:
    begun = _room(job) / f"{uuid4().hex}.unready"  # where a lost worker still writes, two do
    with begun.open("wb") as file:
        pickle.dump(found, file)
    begun.replace(_file(job, part, type(found)))


def _taken(job: Job, part: int, kind: type[Kept]) -> Kept:
    path = _file(job, part, kind)
    with path.open("rb") as file:
        found: Kept = pickle.load(file)
    path.unlink()
    return found
