"""The date expressions of a corpus, resolved as far as text and metadata allow."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus, Document, table
from nbhelpers.dates.grammar import Expression, find, names_event
from nbhelpers.dates.meanings import Anaphor, Calendar, Day, Meaning
from nbhelpers.dates.resolution import Context, Resolved, resolve
from nbhelpers.dates.tense import FUTURE, direction, last_verb
from nbhelpers.extraction.cues import is_speech_verb
from nbhelpers.extraction.paragraphs import with_plain_marks
from nbhelpers.overview.documents import publication_dates
from nbhelpers.text import Span, paragraph_spans, quotations

_SEARCHED = frozenset({"title", "body", "embed"})
_BLANK = re.compile(r"\s")  # each as one space, so that offsets stay
_REACH = 2  # sentences: how near *the same day* must be to the day that it means
_NEAR = 100  # characters before a date in which its verb is looked for
_LONGEST_PLACE = 60  # characters before the date of a dateline
_PLACE = re.compile(r"[A-Z][A-Z'’.\-/ ]{2,}(?:, [A-Z][\w. ]{1,20}){0,2},? ")
_DATELINE_ENDS = re.compile(r",?\.? ?(?:[/(][A-Z]|[—–-])")
_NAME_BEFORE_MONTH = re.compile(
    r"\b(?P<first>[A-Z][a-z]+\.?) (?P<month>April|May|June|August|March)\b(?! \d)"
)
_NO_FIRST_NAMES = frozenset(
    "In On By Last Next This Since Until From Early Late During Before After Between Through To "
    "For The And Of But If When While As At Mid Monday Tuesday Wednesday Thursday Friday "
    "Saturday Sunday".split()
)
_SURELY_TIME = re.compile(r"\b(?:in|since|until|last|next|this) $", re.IGNORECASE)
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
    "is_dateline": "bool",
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
    NA), ``is_dateline`` (it stands in a dateline such as ``KYIV, Oct. 28 (Reuters) —``),
    ``sentence_id`` (see :func:`nbhelpers.cleaning.sentences`). Sorted by text and place.

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
        for row in _of_text(corpus[doc_id], [row[1:] for row in of_text], anchors[doc_id])
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
    kinds = {
        doc_id: (of["start"].tolist(), of["kind"].tolist())
        for doc_id, of in segments(corpus).groupby("doc_id")
    }
    found = sentences(corpus)
    columns = (found[c].tolist() for c in ("doc_id", "sentence_id", "start", "text"))
    for doc_id, number, start, text in zip(*columns, strict=True):
        starts, kind = kinds[doc_id]
        if kind[bisect_right(starts, start) - 1] in _SEARCHED:
            yield doc_id, number, start, _BLANK.sub(" ", text)


def _of_text(
    document: Document, read: Sequence[tuple[int, int, str]], anchor: _Anchor
) -> Iterator[tuple[Any, ...]]:
    """The rows of one text, from its sentences: their numbers, starts and words."""
    found_in = [(row, found) for row in read if (found := find(row[2]))]
    if not found_in:
        return
    text = document.text
    if anchor.day is None:
        anchor = _dateline_of(text, found_in[0]) or anchor
    named = _months_that_are_names(text)
    quoted = _quoted(text)
    previous, since = None, -_REACH
    for (sentence_id, start, sentence), found in found_in:
        kept = [e for e in found if not _is_name(sentence, e, named)]
        before = previous if sentence_id - since < _REACH else None
        is_quoted = [_is_within(start + e.start, quoted) for e in kept]
        for expression, resolved, basis in _in_sentence(sentence, kept, is_quoted, anchor, before):
            if resolved.first is not None and not _is_of_speech(sentence, expression.start):
                previous, since = resolved, sentence_id
            begin, end = start + expression.start, start + expression.end
            yield (
                *(document.doc_id, begin, end, text[begin:end]),
                *(resolved.date, resolved.precision, basis, resolved.first, resolved.last),
                expression.signal or None,
                _is_in_dateline(text, start, begin, end),
                sentence_id,
            )


def _dateline_of(
    text: str, first: tuple[tuple[int, int, str], Sequence[Expression]]
) -> _Anchor | None:
    """The day of a dateline within the story, if the first date of a text is one with its year."""
    (_, start, _), [expression, *_] = first
    at = start + expression.start, start + expression.end
    day = resolve(expression.meaning, Context(None))
    if day.is_whole and day.precision == "day" and _is_in_dateline(text, start, *at):
        return _Anchor(day.first, "calendar")
    return None


def _in_sentence(
    sentence: str,
    found: Sequence[Expression],
    is_quoted: Sequence[bool],
    anchor: _Anchor,
    previous: Resolved | None,
) -> list[tuple[Expression, Resolved, str]]:
    """The expressions of a sentence with what they are, and how it is known."""
    done: list[tuple[Expression, Resolved, str]] = []
    year: int | None = None
    for expression, quoted in zip(found, is_quoted, strict=True):
        meaning, start, end = expression.meaning, expression.start, expression.end
        tense = direction(sentence, start, end)
        context = Context(
            None if quoted and isinstance(meaning, Day) else anchor.day,
            tense,
            None if tense == FUTURE else year,
            names_event(sentence, end),
            previous,
        )
        resolved = resolve(meaning, context)
        done.append((expression, resolved, _basis(meaning, resolved, context, anchor)))
        if resolved.first is None:
            continue
        if not _is_of_speech(sentence, start):
            previous = resolved
        if isinstance(meaning, Calendar) and meaning.month and meaning.year:
            year = resolved.first.year
    return _with_days_of_speech(done, is_quoted)


def _is_of_speech(sentence: str, start: int) -> bool:
    """Whether a date says when something was said: *that day* does not mean it."""
    verb = last_verb(sentence, max(0, start - _NEAR), start)
    return bool(verb) and is_speech_verb(verb.split()[-1])


def _with_days_of_speech(
    done: list[tuple[Expression, Resolved, str]], is_quoted: Sequence[bool]
) -> list[tuple[Expression, Resolved, str]]:
    """*Today* in a quotation is the day on which it was said, if the sentence tells it."""
    spoken = [
        (resolved.first, basis)
        for (_, resolved, basis), quoted in zip(done, is_quoted, strict=True)
        if not quoted and resolved.first and resolved.precision == "day"
    ]
    if len(spoken) != 1:
        return done
    day, basis = spoken[0]
    return [
        (expression, resolve(expression.meaning, Context(day)), basis)
        if quoted and isinstance(expression.meaning, Day)
        else (expression, resolved, known)
        for (expression, resolved, known), quoted in zip(done, is_quoted, strict=True)
    ]


def _basis(meaning: Meaning, resolved: Resolved, context: Context, anchor: _Anchor) -> str:
    if resolved.first is None:
        return "unresolved"
    if resolved.is_whole:
        return "explicit"
    by_text = isinstance(meaning, Anaphor) or (
        isinstance(meaning, Calendar) and context.year is not None
    )
    return "calendar" if by_text else anchor.basis


def _months_that_are_names(text: str) -> frozenset[str]:
    """The months that are also somebody's surname in a text: *Theresa May*."""
    named = (m for m in _NAME_BEFORE_MONTH.finditer(text) if m["first"] not in _NO_FIRST_NAMES)
    return frozenset(match["month"] for match in named)


def _is_name(sentence: str, expression: Expression, named: frozenset[str]) -> bool:
    meaning = expression.meaning
    if not isinstance(meaning, Calendar) or meaning.day or meaning.year or meaning.part:
        return False
    if meaning.month not in named:
        return False
    return not _SURELY_TIME.search(sentence, max(0, expression.start - 12), expression.start)


def _quoted(text: str) -> list[Span]:
    """The stretches between quotation marks, in order."""
    marked = with_plain_marks(text)
    return [q[:2] for span in paragraph_spans(text) for q in quotations(marked, *span)]


def _is_within(place: int, spans: Sequence[Span]) -> bool:
    number = bisect_right(spans, place, key=itemgetter(0)) - 1
    return number >= 0 and place < spans[number][1]


def _is_in_dateline(text: str, sentence: int, start: int, end: int) -> bool:
    if start - sentence > _LONGEST_PLACE:
        return False
    return bool(_PLACE.fullmatch(text, sentence, start) and _DATELINE_ENDS.match(text, end))
