"""What a run is to do, and what of it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pandas as pd

from nbhelpers.loading.parts import read_json, write_json, write_part

WORK = "work"
"""The folder inside of the output that says how far a run has come."""


@dataclass(frozen=True, slots=True)
class Job:
    """A run: where it writes, by which model, and how many seconds a document may take.

    ``token``: what no other run has. A worker that was given up may still write for an earlier one.
    """

    folder: Path
    model: str
    limit: float
    token: str = field(default_factory=lambda: uuid4().hex)


class Failure(NamedTuple):
    """A document that a stage could not read, and why."""

    doc_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a stage made of a part: rows by table, files with their sizes, and what failed."""

    rows: Mapping[str, int]
    files: Mapping[str, int]
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0


class Task(NamedTuple):
    """A part that is to be made, after so many workers have died of it.

    One by one, its documents are noted before they are read, so that the one that kills is known:
    ``suspect`` is the one that was being read at the last death, ``left_out`` are those that killed
    twice.
    """

    part: int
    deaths: int = 0
    suspect: str | None = None
    left_out: tuple[str, ...] = ()

    @property
    def is_careful(self) -> bool:
        """Whether the documents are to be read one by one."""
        return self.deaths > 1


def marker(folder: Path, stage: str, part: int | None = None) -> Path:
    """Return the file that says a stage is done, of a part or altogether."""
    return folder / WORK / (f"{stage}.json" if part is None else f"{stage}-{part:05}.json")


def write_all(folder: Path, frames: Iterable[tuple[Path, pd.DataFrame]]) -> Done:
    """Write each frame to its file as it comes; return the rows of each table, and the files.

    Rows of what is only needed meanwhile, and lies deeper, are not counted.
    """
    files = []
    rows: Counter[str] = Counter()
    for path, frame in frames:
        write_part(frame, path)
        files.append(path)
        if path.parent.parent == folder:
            rows[path.parent.stem] += len(frame)
    return Done(dict(rows), noted(folder, files))


def noted(folder: Path, files: Iterable[Path]) -> dict[str, int]:
    """Return the sizes of files, by their addresses below the folder."""
    return {file.relative_to(folder).as_posix(): file.stat().st_size for file in files}


def mark(folder: Path, stage: str, done: Done, part: int | None = None) -> None:
    """Note that a stage is done."""
    facts = {"rows": done.rows, "files": done.files, "seconds": done.seconds}
    write_json(facts | {"failures": done.failures}, marker(folder, stage, part))


def what_is_done(folder: Path, stage: str, part: int | None = None) -> Done | None:
    """Return what a stage made, None where it is not done or a file of it is not whole."""
    found = read_json(marker(folder, stage, part))
    try:
        done = Done(
            found["rows"],
            found["files"],
            [Failure(*failure) for failure in found["failures"]],
            found["seconds"],
        )
        whole = all((folder / file).stat().st_size == size for file, size in done.files.items())
    except (KeyError, TypeError, OSError):
        return None
    return done if whole else None


def still_done(job: Job, stage: str, failures: Sequence[Failure]) -> bool:
    """Return whether a stage has gone through the corpus, and no other texts have failed since."""
    done = what_is_done(job.folder, stage)
    left_out = {failure.doc_id for failure in failures}
    return done is not None and {failure.doc_id for failure in done.failures} == left_out


def beat(folder: Path, stage: str, part: int) -> Path:
    """Return the file that is touched before some documents of a part are read, none too long."""
    return folder / WORK / f"{stage}-{part:05}.beat"


def journal(folder: Path, stage: str, part: int) -> Path:
    """Return the file that names the document that is being read, where care is taken."""
    return folder / WORK / f"{stage}-{part:05}.at"


def next_try(folder: Path, stage: str, task: Task) -> Task:
    """Return how to go about a part after a worker has died of it."""
    path = journal(folder, stage, task.part)
    at = path.read_bytes().decode("utf-8") if task.is_careful and path.exists() else None
    if at is not None and at == task.suspect:
        return task._replace(suspect=None, left_out=(*task.left_out, at), deaths=task.deaths + 1)
    return task._replace(suspect=at, deaths=task.deaths + 1)
