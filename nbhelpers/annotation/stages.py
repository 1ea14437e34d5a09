"""The stages that go through the parts one by one: which tables each makes, and how."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.annotation.limits import TooLongError, time_limit
from nbhelpers.annotation.work import (
    Done,
    Failure,
    Job,
    Task,
    beat,
    journal,
    mark,
    what_is_done,
    write_all,
)
from nbhelpers.attribution import attributions, spans
from nbhelpers.claims import claims
from nbhelpers.cleaning import damage, repeated_lines, segments, sentences
from nbhelpers.corpus import Corpus, Document, InputError, table_key
from nbhelpers.dates import date_expressions, events
from nbhelpers.loading.annotated import TEXTS, Annotated, text_rows
from nbhelpers.loading.parts import part_path, read_part
from nbhelpers.naming.across import actors, entity_names, source_names
from nbhelpers.naming.relations import records
from nbhelpers.overview.documents import documents
from nbhelpers.sources import source_evidence, source_mentions, source_values
from nbhelpers.stance import stances
from nbhelpers.tone import tone

Options = Mapping[str, Any]
Frames = dict[str, list[pd.DataFrame]]


class Made(NamedTuple):
    """A table that a stage makes: by which function of a corpus, with which options.

    What is stored answers the function for a corpus of any of the texts, unless ``is_asked_for``
    is false: then the order of its rows, or more, is another for other texts.
    """

    function: Callable[..., pd.DataFrame]
    options: Options = MappingProxyType({})
    is_asked_for: bool = True

    @property
    def key(self) -> str | None:
        """Under which it is found, see :func:`nbhelpers.corpus.table_key`."""
        return table_key(self.function, **self.options) if self.is_asked_for else None


READING, VOICES = "reading", "voices"
STAGES = (READING, VOICES)


def whole_tables(model: str) -> dict[str, Made]:
    """Return the tables that are made for the whole corpus and that the stages need."""
    return {
        "repeated_lines": Made(repeated_lines),
        "source_names": Made(source_names, {"model": model}),
        "entity_names": Made(entity_names, {"model": model}),
        "actors": Made(actors, {"model": model}),
        "source_values": Made(source_values, {"model": model}),
    }


def tables_of(stage: str, model: str) -> dict[str, Made]:
    """Return the tables that a stage makes of a part."""
    voices = {"model": model}
    if stage == READING:
        return {
            "segments": Made(segments),
            "sentences": Made(sentences),
            "damage": Made(damage),
            "documents": Made(documents),
            "date_expressions": Made(date_expressions),
            "records": Made(records, voices),
        }
    return {
        "attributions": Made(attributions, voices),
        "spans": Made(spans, voices),
        "source_mentions": Made(source_mentions, voices),
        "source_evidence": Made(source_evidence, voices, is_asked_for=False),
        "claims": Made(claims, voices),
        "events": Made(events, voices),
        "stances": Made(stances, voices),
        "tone": Made(tone, voices),
    }


def tables_before(stage: str | None, model: str) -> dict[str, Made]:
    """Return the tables that there are before a stage, or altogether (None)."""
    tables = whole_tables(model)
    for earlier in _earlier(stage):
        tables |= tables_of(earlier, model)
    return tables


def _earlier(stage: str | None) -> tuple[str, ...]:
    return STAGES if stage is None else STAGES[: STAGES.index(stage)]


def make_part(job: Job, stage: str, task: Task) -> Done:
    """Make the tables of a part and write them; what is there already stays.

    A document that raises an error, or takes longer than the limit, is found by halving the part,
    and left out.

    Raises:
        InputError: a file cannot be read or written.
    """
    if done := what_is_done(job.folder, stage, task.part):
        return done
    began = time.process_time()
    _load(stage, job.model)
    found, failures = _tables(job, stage, task)
    frames = (
        (part_path(job.folder, name, task.part), _joined(found.get(name, []), table))
        for name, table in tables_of(stage, job.model).items()
    )
    done = write_all(job.folder, frames)
    done = replace(done, failures=failures, seconds=time.process_time() - began)
    mark(job.folder, stage, done, task.part)
    return done


@cache
def _load(stage: str, model: str) -> None:
    """Load what a stage needs, which is no text's fault; once in a process."""
    corpus = Corpus([Document("a", "Ann Lee said on Monday that 3 men had left.", "a.txt")])
    for table in tables_of(stage, model).values():
        table.function(corpus, **table.options)


def _joined(frames: Sequence[pd.DataFrame], made: Made) -> pd.DataFrame:
    if frames:
        return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return made.function(Corpus([]), **made.options)


def corpus_of(job: Job, parts: Sequence[int], *, before: str | None = None) -> Corpus:
    """Return the texts of some parts, those left out that failed, with the tables that they have.

    With ``before``, the tables of the stages before this one.
    """
    failed = {failure.doc_id for failure in failures_in(job, parts, before=before)}
    rows = (row for n in parts for row in text_rows(read_part(part_path(job.folder, TEXTS, n))))
    tables = tables_before(before, job.model)
    keys = {table.key: name for name, table in tables.items() if table.key}
    store = Annotated(job.folder, keys, parts=parts)
    return Corpus((Document(*row) for row in rows if row[0] not in failed), store=store)


def failures_in(job: Job, parts: Sequence[int], *, before: str | None = None) -> list[Failure]:
    """Return the texts of some parts that have failed, with ``before`` in an earlier stage."""
    done = (what_is_done(job.folder, stage, n) for stage in _earlier(before) for n in parts)
    return [failure for made in done if made for failure in made.failures]


def _tables(job: Job, stage: str, task: Task) -> tuple[Frames, list[Failure]]:
    failures = [Failure(doc_id, "it ended the process that read it") for doc_id in task.left_out]
    whole = corpus_of(job, [task.part], before=stage)
    texts = [document for document in whole if document.doc_id not in task.left_out]

    def compute(some: Sequence[Document]) -> Frames:
        with suppress(OSError):
            beat(job.folder, stage, task.part).touch()
        corpus = whole.subset(document.doc_id for document in some)
        made = tables_of(stage, job.model)
        return {name: [table.function(corpus, **table.options)] for name, table in made.items()}

    if not task.is_careful:
        return _halving(compute, texts, job.limit, failures)
    path = journal(job.folder, stage, task.part)
    frames: Frames = {}
    for text in texts:
        path.write_bytes(text.doc_id.encode("utf-8"))
        _add(frames, _halving(compute, [text], job.limit, failures)[0])
    path.unlink(missing_ok=True)
    return frames, failures


def _halving(
    compute: Callable[[Sequence[Document]], Frames],
    texts: Sequence[Document],
    limit: float,
    failures: list[Failure],
) -> tuple[Frames, list[Failure]]:
    """The tables of some documents, those that fail left out and noted."""
    if not texts:
        return {}, failures
    try:
        with time_limit(limit):
            return compute(texts), failures
    except InputError:
        raise
    except TooLongError:
        reason = f"it took longer than {limit:g} seconds"
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    if len(texts) == 1:
        failures.append(Failure(texts[0].doc_id, reason))
        return {}, failures
    middle = len(texts) // 2
    frames, _ = _halving(compute, texts[:middle], limit, failures)
    _add(frames, _halving(compute, texts[middle:], limit, failures)[0])
    return frames, failures


def _add(frames: Frames, more: Frames) -> None:
    for name, some in more.items():
        frames.setdefault(name, []).extend(some)
