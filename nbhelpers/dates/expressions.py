"""The date expressions of a corpus, resolved as far as text and metadata allow."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.dates import grammar as g
from nbhelpers.dates.resolution import Context, Resolved, resolve
from nbhelpers.dates.tense import FUTURE, direction
from nbhelpers.overview.documents import publication_dates

_SEARCHED = frozenset({"title", "body", "embed"})
_COLUMNS = {
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "date": "str",
    "precision": "str",
    "basis": "str",
    "first": "datetime64[s]",
    "last": "datetime64[s]",
    "signal": "str",
    "sentence_id": "int64",
}


class _Anchor(NamedTuple):
    """The day from which a text counts, and how it is known (metadata or calendar)."""

    day: dt.date | None
    basis: str


@table
def date_expressions(corpus: Corpus) -> pd.DataFrame:
    """Find the dates in every story, its headline and its embedded posts, and resolve them.

    Columns: ``doc_id``, ``start``, ``end`` (code points into the raw text), ``text``, ``date``,
    ``precision`` (day, weekend, week, month, quarter, season, year, decade), ``basis``, ``first``,
    ``last`` (datetime64: the first and the last day that are meant; NA where it is unresolved),
    ``signal`` (the word that leads to it: since, until, by, before, after, from, as of ...; else
    NA), ``sentence_id`` (see :func:`nbhelpers.cleaning.sentences`). Sorted by text and place.

    ``date`` is written as ISO 8601 has it: ``2024-10-28``, ``2024-W44`` (a week), ``2024-10``,
    ``2024``, ``199X`` (a decade), ``2024-22`` (summer: 21 is spring, 24 winter), ``2024-35`` (the
    third quarter: 33 to 36), ``2024-05-03/2024-05-05`` (from, to). Where the year is not known, it
    is left out: ``--10-28``, ``--10``. NA: nothing of it is known (a weekday in a text without a
    date).

    ``basis`` says how the date is known: ``explicit`` (its own words say all of it), ``calendar``
    (counted from other dates in the text, its dateline among them), ``metadata`` (counted from the
    metadata's ``published``), ``unresolved`` (year or day cannot be known: ``date`` is NA or lacks
    its year). Nothing is guessed: *10/11/2024* (which order?), *more than two years ago*, *last
    Monday* on a Friday (which week?) stay unresolved.

    >>> from nbhelpers.corpus import Document
    >>> text = "He said on Monday that it began on 3 May 2022."
    >>> corpus = Corpus([Document("a", text, "a.txt", {"published": dt.date(2024, 10, 30)})])
    >>> date_expressions(corpus)[["text", "date", "basis"]].values.tolist()
    [['Monday', '2024-10-28', 'metadata'], ['3 May 2022', '2022-05-03', 'explicit']]
    """
    anchors = _anchors(corpus)
    rows = [
        row
        for doc_id, of_text in groupby(_searched(corpus), key=itemgetter(0))
        for row in _of_text(doc_id, [row[1:] for row in of_text], anchors[doc_id])
    ]
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    return frame.astype(_COLUMNS)


def _anchors(corpus: Corpus) -> dict[str, _Anchor]:
    known = publication_dates(corpus)
    basis = known["published_basis"].map({"metadata": "metadata", "in_text": "calendar"})
    return {
        doc_id: _Anchor(None if pd.isna(day) else day.date(), basis_)
        for doc_id, day, basis_ in zip(known["doc_id"], known["published"], basis, strict=True)
    }


def _searched(corpus: Corpus) -> Iterator[tuple[str, int, int, str]]:
    """The sentences of stories and embedded posts: doc_id, sentence_id, start, text."""
    labelled = segments(corpus)
    kinds = {
        doc_id: (of["start"].tolist(), of["kind"].tolist())
        for doc_id, of in labelled.groupby("doc_id")
    }
    found = sentences(corpus)
    columns = (found[c].tolist() for c in ("doc_id", "sentence_id", "start", "text"))
    for doc_id, number, start, text in zip(*columns, strict=True):
        starts, kind = kinds[doc_id]
        if kind[bisect_right(starts, start) - 1] in _SEARCHED:
            yield doc_id, number, start, text


def _of_text(
    doc_id: str, read: Sequence[tuple[int, int, str]], anchor: _Anchor
) -> Iterator[tuple[Any, ...]]:
    names = _months_that_are_names(" ".join(text for *_, text in read))
    previous: Resolved | None = None
    since = 0
    for sentence_id, offset, text in read:
        since += 1
        year: int | None = None
        for found in g.find(text):
            if text[found.start : found.end] in names:
                continue
            tense = direction(text, found.start, found.end)
            event = g.names_event(text, found.end)
            before = previous if since <= 2 else None
            given = None if tense == FUTURE else year
            context = Context(anchor.day, tense, given, event, before)
            resolved = resolve(found.meaning, context)
            basis = _basis(found.meaning, resolved, context, anchor)
            if isinstance(found.meaning, g.Calendar) and found.meaning.month and resolved.is_whole:
                year = resolved.first.year if resolved.first else None
            if resolved.first is not None:
                previous, since = resolved, 0
            yield (
                doc_id,
                offset + found.start,
                offset + found.end,
                text[found.start : found.end],
                resolved.date,
                resolved.precision,
                basis,
                resolved.first,
                resolved.last,
                found.signal or None,
                sentence_id,
            )


def _basis(meaning: g.Meaning, resolved: Resolved, context: Context, anchor: _Anchor) -> str:
    if resolved.first is None:
        return "unresolved"
    if resolved.is_whole:
        return "explicit"
    by_text = isinstance(meaning, g.Anaphor) or (
        isinstance(meaning, g.Calendar) and context.year is not None
    )
    return "calendar" if by_text else anchor.basis


def _months_that_are_names(text: str) -> frozenset[str]:
    return frozenset()
