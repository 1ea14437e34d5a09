"""Annotate a corpus of any size: the whole chain, part by part, into tables on disk.

The notebooks and :func:`nbhelpers.corpus.load_corpus` take the folder instead of the texts. The
steps lie in :mod:`nbhelpers.annotation`.
"""

from __future__ import annotations

import heapq
import re
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any, Protocol

import duckdb
from filelock import FileLock, Timeout

from nbhelpers import versions
from nbhelpers.annotation import engines
from nbhelpers.annotation.engines import Engine
from nbhelpers.annotation.joint import joint_tables
from nbhelpers.annotation.names import names_of
from nbhelpers.annotation.passages import PASSAGES, make_passages
from nbhelpers.annotation.sources import sources_of
from nbhelpers.annotation.stages import READING, STAGES, VOICES, failures_in, tables_before
from nbhelpers.annotation.statements import STATEMENTS, room_for_statements
from nbhelpers.annotation.texts import (
    PART_CHARACTERS,
    PART_TEXTS,
    Size,
    read_sizes,
    repeated,
    write_texts,
)
from nbhelpers.annotation.work import (
    WORK,
    Done,
    Failure,
    Job,
    Task,
    mark,
    noted,
    still_done,
    what_is_done,
    write_all,
)
from nbhelpers.corpus import Document, InputError, Problem, stream_documents
from nbhelpers.extraction.models import DEFAULT, check_model
from nbhelpers.loading.annotated import TEXTS, is_annotated, lot, problems_in
from nbhelpers.loading.parts import (
    MADE_BY,
    MANIFEST,
    column_names,
    read_json,
    table_folder,
    write_json,
    write_part,
)
from nbhelpers.loading.problems import problem_frame
from nbhelpers.output import digest, refuse_overlap
from nbhelpers.progress import Pace, step

__all__ = ["Annotation", "Estimate", "annotate", "estimate"]

LIMIT = 300.0  # seconds
WHOLE_STAGES = (TEXTS, "repeated_lines", "names", PASSAGES, "sources", "joint")
TRIED = 100  # documents from which the time of all is estimated
_WORTH_PROCESSES = 8  # parts whose statements take longer than the start of processes
_SETTINGS = f"{WORK}/settings.json"
_OURS = re.compile(r"(?:part-\d{5,}|whole|failed)\.parquet|\..*\.unready")
_RESTS_ON = {
    READING: (
        "names.json",
        f"{PASSAGES}.json",
        f"{VOICES}-*.json",
        "sources.json",
        "joint.json",
    ),
    VOICES: ("sources.json", "joint.json"),
}


class EngineFor(Protocol):
    """Gives who does some tasks, see :func:`_engine`."""

    def __call__(self, tasks: int, *, apart: bool) -> AbstractContextManager[Engine]: ...


@dataclass(frozen=True)
class Annotation:
    """A folder that was annotated.

    Attributes:
        folder: where the tables and the manifest lie.
        rows: the number of rows of each table.
        failures: the documents that could not be read or annotated, a sentence each.
    """

    folder: Path
    rows: dict[str, int]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """What annotating a corpus will take, from a sample.

    Attributes:
        texts: documents in the corpus.
        characters: in all of them.
        sampled: documents that were annotated to see.
        seconds: of work for the whole corpus, to be shared by all processes.
        size: bytes that the tables will take.
    """

    texts: int
    characters: int
    sampled: int
    seconds: float
    size: int

    def in_words(self, workers: int | None = None) -> str:
        """Return the estimate as a sentence, for so many processes (None: all cores).

        >>> print(Estimate(10_000, 30_000_000, 100, 5400.0, 250_000_000).in_words(2))
        10,000 texts (30.0 million characters): about 45 minutes with 2 processes, and 250 MB on \
disk; estimated from 100 of them.
        """
        parts = max(self.texts / PART_TEXTS, self.characters / PART_CHARACTERS)
        processes = engines.worker_count(workers, ceil(parts))
        minutes = self.seconds / processes / 60
        return (
            f"{self.texts:,} texts ({self.characters / 1e6:.1f} million characters): about "
            f"{minutes:.{int(minutes < 10)}f} minutes with {processes} processes, and "
            f"{self.size / 1e6:,.0f} MB on disk; estimated from {self.sampled} of them."
        )


def annotate(
    source: str | Path,
    *,
    out: str | Path,
    model: str = DEFAULT,
    workers: int | None = None,
    scheduler: str | None = None,
    text_column: str | None = None,
    id_column: str | None = None,
    metadata: str | Path | None = None,
    limit: float = LIMIT,
    force: bool = False,
) -> Annotation:
    """Annotate a corpus into a folder of tables, or go on where an earlier run stopped.

    Args:
        source: folder or file of texts, see :func:`nbhelpers.corpus.stream_documents`.
        out: the folder of the tables: ``NAME.parquet``, each a folder of parts, and
            ``manifest.json``, which is there when all is done.
        model: ``accurate`` or ``fast``, of attributions and of stances.
        workers: processes on this machine; None: one for each core, but no more than there is
            work for; 1: this process alone.
        scheduler: address of a running Dask scheduler whose workers see the same files; then
            ``workers`` is not used.
        text_column, id_column, metadata: see :func:`nbhelpers.corpus.stream_documents`.
        limit: seconds that a document may take; one that takes longer is left out and named.
        force: begin anew where the folder was made from other texts or with other settings.

    Raises:
        InputError: the input, the folder or a setting cannot be used, or the disk is full.
    """
    folder = Path(out).resolve()
    path = _texts(Path(source))
    refuse_overlap(folder, [path])
    loading: dict[str, Any] = {
        "text_column": text_column,
        "id_column": id_column,
        "metadata": metadata,
    }
    job = Job(folder, check_model(model), _checked(limit))
    settings = _settings(path, job, loading)
    _refuse_strangers(folder)
    with _alone(folder):
        _begin(folder, settings, force=force)
        items = stream_documents(path, **loading)
        sizes = _run(job, items, partial(_engine, workers, scheduler))
        return _finish(job, path.name, settings, len(sizes))


def estimate(
    source: str | Path,
    *,
    model: str = DEFAULT,
    text_column: str | None = None,
    id_column: str | None = None,
    metadata: str | Path | None = None,
) -> Estimate:
    """Return what :func:`annotate` will take, from some documents drawn by lot.

    Arguments and errors are those of :func:`annotate`; nothing is left behind.
    """
    path = _texts(Path(source))
    items = stream_documents(path, text_column=text_column, id_column=id_column, metadata=metadata)
    texts, characters = 0, 0

    def counted() -> Iterator[Document]:
        nonlocal texts, characters
        for item in items:
            if isinstance(item, Document):
                texts, characters = texts + 1, characters + len(item.text)
                yield item

    chosen = heapq.nsmallest(TRIED, counted(), key=lambda document: lot(document.doc_id))
    share = sum(len(document.text) for document in chosen) / characters
    with tempfile.TemporaryDirectory(prefix="nbhelpers-") as folder:
        job = Job(Path(folder), check_model(model), LIMIT)
        began = time.process_time()
        _run(job, chosen, partial(_engine, 1, None))
        seconds = time.process_time() - began
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
    return Estimate(texts, characters, len(chosen), seconds / share, round(size / share))


def _texts(path: Path) -> Path:
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder; name the texts as INPUT.")
    if is_annotated(path):
        raise InputError(f"{path}: is annotated already; name a folder or a file of texts.")
    return path


def _checked(limit: float) -> float:
    if not 0 < limit <= threading.TIMEOUT_MAX:
        raise InputError(f"A document may take some seconds, above 0, not {limit}; 300 is usual.")
    return limit


def _settings(path: Path, job: Job, loading: Mapping[str, object]) -> dict[str, Any]:
    """What the rows depend on; another run may go on only where all of it is the same."""
    options = {name: str(value) for name, value in loading.items() if value is not None}
    return {
        "made_by": MADE_BY,
        "input": digest([_stamps(path), _stamps(Path(str(loading["metadata"] or path)))]),
        "options": options | {"model": job.model, "limit": job.limit},
        "software": digest(versions.software()),
    }


def _stamps(path: Path) -> list[tuple[str, int, int]]:
    """Name, size and time of a file, or of those in a folder that are not hidden."""
    files = sorted(path.rglob("[!.]*")) if path.is_dir() else [path]
    names = [file.relative_to(path).as_posix() for file in files]
    return [
        (name, file.stat().st_size, file.stat().st_mtime_ns)
        for name, file in zip(names, files, strict=True)
        if file.is_file() and not re.search(r"(?:^|/)\.[^/]", name)
    ]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second run out of the folder as long as this one is at work."""
    lock = FileLock(folder / WORK / "lock", timeout=0)
    try:
        (folder / WORK).mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise InputError(
            f"{folder}: another run is writing there; wait for it, or name another folder."
        ) from None
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written ({error.strerror}); name another folder."
        ) from error
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{folder}: the run has ended ({reason}); mend that, and give the same command again: "
            "it goes on from here."
        ) from error
    finally:
        lock.release()


def _refuse_strangers(folder: Path) -> None:
    """Refuse a folder that holds anything and was not made by this command."""
    is_ours = any(
        read_json(folder / name).get("made_by") == MADE_BY for name in (_SETTINGS, MANIFEST)
    )
    held = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if (folder / WORK).is_dir() and all(p.name == "lock" for p in (folder / WORK).iterdir()):
        held.discard(WORK)  # of a run that did not come further
    if held and not is_ours:
        raise InputError(
            f"{folder}: is there already and was not made by “{MADE_BY}”; name another folder."
        )


def _begin(folder: Path, settings: Mapping[str, Any], *, force: bool) -> None:
    """Refuse to mix texts and settings, unless forced to begin anew; note the settings."""
    before = read_json(folder / _SETTINGS)
    changed = _changed(before, settings)
    is_begun = what_is_done(folder, TEXTS) is not None or (folder / MANIFEST).exists()
    if changed and is_begun and not force:
        why = f"was begun with another {' and '.join(changed)}" if before else "has lost work/"
        raise InputError(f"{folder}: {why}; name another folder, or begin anew with --force.")
    if changed or force:
        _clear(folder)
    elif before["options"]["limit"] != settings["options"]["limit"]:
        _forget_failures(folder)
    write_json(settings, folder / _SETTINGS)


def _changed(before: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """Name what is not as it was, but for the limit, which changes no row."""
    old, new = before.get("options", {}), settings["options"]
    options = sorted((old.keys() | new.keys()) - {"limit"})
    return [
        *(name for name in ("input", "software") if before.get(name) != settings[name]),
        *(name for name in options if old.get(name) != new.get(name)),
    ]


def _clear(folder: Path) -> None:
    """Remove what an earlier run made, its lock aside."""
    tables = [*folder.glob("*.parquet"), *(folder / WORK).glob("*.parquet")]
    for path in tables:
        is_table = path.is_dir() and not path.is_symlink()
        if not is_table or not all(_OURS.fullmatch(file.name) for file in path.iterdir()):
            raise InputError(f"{path}: was not made by “{MADE_BY}”; move it elsewhere.")
    (folder / MANIFEST).unlink(missing_ok=True)
    for path in tables:
        shutil.rmtree(path)
    for made in (folder / WORK).glob("*.json"):
        made.unlink()


def _forget_failures(folder: Path) -> None:
    """Have the parts made again in which a document failed, and all that rests on them."""
    for stage in _RESTS_ON:
        markers = (folder / WORK).glob(f"{stage}-*.json")
        failed = [path for path in markers if read_json(path).get("failures")]
        if failed:
            _forget_what_rests_on(stage, folder)
            for path in failed:
                path.unlink(missing_ok=True)


def _forget_what_rests_on(stage: str, folder: Path) -> None:
    (folder / MANIFEST).unlink(missing_ok=True)
    for path in chain(*map((folder / WORK).glob, _RESTS_ON[stage])):
        path.unlink(missing_ok=True)


def _run(job: Job, items: Iterable[Document | Problem], engine_for: EngineFor) -> list[Size]:
    """Go through all stages; return how large the parts are."""
    is_begun = what_is_done(job.folder, TEXTS) is not None
    _once(job, TEXTS, lambda: write_texts(job.folder, items))
    _once(job, "repeated_lines", lambda: write_all(job.folder, repeated(job.folder)))
    _, sizes = read_sizes(job.folder)
    parts = range(len(sizes))
    left = {n for n in parts for stage in STAGES if what_is_done(job.folder, stage, n) is None}
    # A text may have killed this process, which only a process of its own survives.
    with engine_for(len(left), apart=is_begun or len(parts) > 1) as engine:
        _annotate(job, engine, sizes)
    failures = failures_in(job, parts)
    if not still_done(job, PASSAGES, failures):
        with step(PASSAGES):
            make_passages(job)
    _once(job, "sources", lambda: write_all(job.folder, sources_of(job, len(parts))), failures)
    if not still_done(job, "joint", failures):
        _compare(job, engine_for, sizes, failures)
    return sizes


def _annotate(job: Job, engine: Engine, sizes: Sequence[Size]) -> None:
    """Go through the parts one by one, and find the passages and the names of the whole corpus."""
    parts = len(sizes)
    _each(job, READING, engine, sizes)
    unread = failures_in(job, range(parts), before=VOICES)
    if not still_done(job, "names", unread):
        _forget_what_rests_on(READING, job.folder)
    passages = _begun(job, engine, parts)
    _once(job, "names", lambda: write_all(job.folder, names_of(job, parts)), unread)
    with step(PASSAGES):
        for _ in passages:  # if its process died, they are found later
            pass
    _each(job, VOICES, engine, sizes)


def _compare(
    job: Job, engine_for: EngineFor, sizes: Sequence[Size], failures: Sequence[Failure]
) -> None:
    """Compare what the texts state, anew where an earlier run did not come to the end."""
    parts = len(sizes)
    with room_for_statements(job) as spill:
        with engine_for(parts if parts >= _WORTH_PROCESSES else 0, apart=False) as engine:
            seconds = _each(job, STATEMENTS, engine, sizes)
        tables = joint_tables(job, parts, spill=spill)
        _once(
            job,
            "joint",
            lambda: replace(write_all(job.folder, tables), seconds=seconds),
            failures,
        )


def _begun(job: Job, engine: Engine, parts: int) -> engines.Results:
    """Have the passages looked for, by a worker that is free, if there is any."""
    if still_done(job, PASSAGES, failures_in(job, range(parts))):
        return iter(())
    return engine(job, PASSAGES, [Task(0)])


def _once(job: Job, stage: str, make: Callable[[], Done], failures: Sequence[Failure] = ()) -> None:
    """Go through the whole corpus, unless that has been done without the texts that have failed."""
    if not still_done(job, stage, failures):
        with step(stage.replace("_", " ")):
            began = time.process_time()
            done = make()
            seconds = done.seconds + time.process_time() - began
            mark(job.folder, stage, replace(done, failures=list(failures), seconds=seconds))


@contextmanager
def _engine(
    workers: int | None, scheduler: str | None, tasks: int, *, apart: bool
) -> Iterator[Engine]:
    """Give who does some tasks; ``apart``: a process of its own, even where one is enough."""
    count = engines.worker_count(workers, tasks)
    is_alone = workers == 1 or (count == 1 and not apart)
    if not tasks or (scheduler is None and is_alone):
        yield engines.here
    elif scheduler is None:
        with engines.processes(count) as engine:
            yield engine
    else:
        with engines.cluster(scheduler) as engine:
            yield engine


def _each(job: Job, stage: str, engine: Engine, sizes: Sequence[Size]) -> float:
    """Make what a stage makes of each part that has not got it; return the seconds of work."""
    left = [n for n in range(len(sizes)) if what_is_done(job.folder, stage, n) is None]
    pace = Pace(stage, sum(sizes[n].texts for n in left), sum(sizes[n].words for n in left))
    seconds = 0.0
    for part, done in engines.finished(engine, job, stage, left):
        pace.add(*sizes[part])
        seconds += done.seconds
    return seconds


def _finish(job: Job, name: str, settings: Mapping[str, Any], parts: int) -> Annotation:
    """Write what could not be annotated, and the manifest, which says that all is done."""
    by_stage = {stage: [_done(job, stage)] for stage in WHOLE_STAGES}
    by_stage |= {stage: [_done(job, stage, part) for part in range(parts)] for stage in STAGES}
    made = list(chain.from_iterable(by_stage.values()))
    failures = failures_in(job, range(parts))
    failed = table_folder(job.folder, "problems") / "failed.parquet"
    write_part(problem_frame(map(_problem, failures)), failed)
    made.append(Done({"problems": len(failures)}, noted(job.folder, [failed])))
    sha256, sizes = read_sizes(job.folder)
    rows: Counter[str] = Counter()
    for done in made:
        rows.update(done.rows)
    manifest = {
        "made_by": MADE_BY,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **versions.software(),
        "input": {"name": name, "sha256": sha256, "texts": rows[TEXTS]},
        "words": sum(size.words for size in sizes),
        "options": settings["options"],
        "tables": _tables(job, rows),
        "files": dict(sorted(item for done in made for item in done.files.items())),
        "failed": sorted(failure.doc_id for failure in failures),
        "cpu_seconds": {
            stage: round(sum(done.seconds for done in some), 1) for stage, some in by_stage.items()
        },
    }
    write_json(manifest, job.folder / MANIFEST)
    lost = [str(problem) for problem in problems_in(job.folder) if problem.lost]
    return Annotation(job.folder, dict(rows), tuple(lost))


def _tables(job: Job, rows: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """What the manifest says of each table: rows, columns, and whose answer it is."""
    made = tables_before(None, job.model)
    return {
        name: {
            "rows": n_rows,
            "columns": column_names(job.folder, name),
            "key": made[name].key if name in made else None,
        }
        for name, n_rows in sorted(rows.items())
    }


def _done(job: Job, stage: str, part: int | None = None) -> Done:
    done = what_is_done(job.folder, stage, part)
    if done is None:
        raise InputError(
            f"{job.folder}: files were changed meanwhile; give the same command again."
        )
    return done


def _problem(failure: Failure) -> Problem:
    remedy = "read it yourself, or give more time with --limit"
    return Problem(failure.doc_id, "", failure.reason, remedy)
