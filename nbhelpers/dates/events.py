"""Dated statements: what is said to have happened when, and when it was said."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from nbhelpers.attribution import attributions
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.dates.expressions import date_expressions
from nbhelpers.dates.saying import Place, Speech, place
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.naming.across import names_by_id
from nbhelpers.naming.relations import relations
from nbhelpers.text import Span
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE, word_owners
from nbhelpers.words import positions, words

SAID, EVENT = "said", "event"
_REACH = 500  # characters of a sentence on either side of a date: longer ones are no prose
_COLUMNS = {
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "kind": "str",
    **dict.fromkeys(["date", "precision", "basis"], "str"),
    **dict.fromkeys(["first", "last"], "datetime64[s]"),
    **dict.fromkeys(["signal", "expression"], "str"),
    **dict.fromkeys(["date_start", "date_end"], "int64"),
    **dict.fromkeys(["said_date", "said_precision", "said_basis"], "str"),
    **dict.fromkeys(["voice", "source", "attribution_id"], "str"),
    "sentence_id": "int64",
    "sentence": "str",
}


@table
def events(
    corpus: Corpus, *, min_confidence: float = MIN_CONFIDENCE, model: str = DEFAULT
) -> pd.DataFrame:
    """List the dated statements of every story: a row for each date expression, in its clause.

    When something was *said* is one thing, when it *happened* another: "Officials said on Monday
    that it began in May" has a row of kind ``said`` for Monday and one of kind ``event`` for May,
    and the second has the first's date as ``said_date``. Datelines (``KYIV, Oct. 28 (Reuters) —``)
    state nothing and have no row.

    Args:
        corpus: the texts.
        min_confidence: attributions that are less sure lend nobody a voice.
        model: as for :func:`nbhelpers.attribution.attributions`.

    Columns: ``doc_id``, ``start``, ``end``, ``text`` (the clause to which the date belongs; for
    ``said``, who says what, as far as the sentence goes), ``kind``, ``date``, ``precision``,
    ``basis``, ``first``, ``last``, ``signal`` (see :func:`nbhelpers.dates.date_expressions`),
    ``expression``, ``date_start``, ``date_end`` (the words of the date and their place),
    ``said_date``, ``said_precision``, ``said_basis`` (when the statement was made; NA where its
    text does not say), ``voice`` (``author``, or the ``source_id`` of whom the statement belongs
    to, the innermost where one carries another; NA where nobody is named), ``source`` (that
    source's name), ``attribution_id``, ``sentence_id``, ``sentence`` (of one that is
    longer than any in prose, the part around the date). Sorted by text and place of the date.

    >>> import datetime as dt
    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee said on Monday that the war began in May."
    >>> corpus = Corpus([Document("a", text, "a.txt", {"published": dt.date(2024, 10, 30)})])
    >>> events(corpus)[["kind", "date", "said_date", "source"]].values.tolist()
    [['said', '2024-10-28', '2024-10-28', 'Ann Lee'], ['event', '2024-05', '2024-10-28', 'Ann Lee']]
    """
    found = date_expressions(corpus)
    found = found[~found["is_dateline"]].reset_index(drop=True)
    speeches = _speeches(corpus, min_confidence, model)
    owners = _owners(corpus, found, min_confidence, model)
    names = names_by_id(corpus, model=model)
    places = sentences(corpus).set_index(["doc_id", "sentence_id"])[["start", "end"]]
    at = places.reindex(pd.MultiIndex.from_frame(found[["doc_id", "sentence_id"]]))
    sentence_of = zip(at["start"].tolist(), at["end"].tolist(), strict=True)
    rows: list[tuple[Any, ...]] = []
    numbered = zip(found.itertuples(index=False), owners, sentence_of, strict=True)
    for doc_id, of_text in groupby(numbered, key=lambda row: row[0].doc_id):
        rows += _of_text(corpus.text(doc_id), list(of_text), speeches.get(doc_id, []), names)
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def _speeches(corpus: Corpus, min_confidence: float, model: str) -> dict[str, list[Speech]]:
    """The attributions of each text that are sure enough."""
    parts = relations(corpus, model=model)
    parts["source_id"] = attributions(corpus, model=model)["source_id"]
    sure = parts[parts["confidence"] >= min_confidence]
    rows = [(str(part.doc_id), _speech(part)) for part in sure.itertuples(index=False)]
    return {doc_id: [row[1] for row in of] for doc_id, of in groupby(rows, key=itemgetter(0))}


def _speech(part: Any) -> Speech:
    signs = part.source if part.kind == "direct" else []
    every = sorted(part.source + part.cue + part.content)
    content = sorted(part.content)
    return Speech(part.attribution_id, part.source_id, content, part.cue or signs, every)


def _owners(
    corpus: Corpus, found: pd.DataFrame, min_confidence: float, model: str
) -> list[str | None]:
    """The attribution, the innermost, in whose content each expression stands."""
    told = attributions(corpus, model=model)
    chosen = told[told["confidence"] >= min_confidence].reset_index(drop=True)
    owner = word_owners(corpus, chosen, model=model)
    if not len(owner):
        return [None] * len(found)
    place = np.searchsorted(positions(corpus, words(corpus)), positions(corpus, found))
    ids = chosen["attribution_id"].tolist()
    return [ids[n] if n >= 0 else None for n in owner[place.clip(max=len(owner) - 1)]]


def _of_text(
    text: str,
    found: Sequence[tuple[Any, str | None, Span]],
    speeches: Sequence[Speech],
    names: dict[str, str],
) -> Iterator[tuple[Any, ...]]:
    """The rows of one text."""
    by_id = {speech.attribution_id: speech for speech in speeches}
    cues = sorted((cue, n) for n, speech in enumerate(speeches) for cue in speech.anchors)
    placed: list[tuple[Any, Span, Place]] = []
    for row, owner, whole in found:
        sentence = max(whole[0], row.start - _REACH), min(whole[1], row.end + _REACH)
        first, past = (bisect_left(cues, ((edge,), -1)) for edge in sentence)
        near = [(cue, speeches[n]) for cue, n in cues[first:past]]
        at = place(text, (row.start, row.end), sentence, near, by_id.get(owner or ""))
        placed.append((row, sentence, at))
    said_on = {
        at.speech.attribution_id: row for row, _, at in reversed(placed) if at.speech and at.is_said
    }
    for row, sentence, at in placed:
        yield _row(text, row, sentence, at, said_on, names)


def _row(
    text: str,
    row: Any,
    sentence: Span,
    at: Place,
    said_on: dict[str, Any],
    names: dict[str, str],
) -> tuple[Any, ...]:
    said = row if at.is_said else None
    source_id, name = None if at.is_said else AUTHOR, None
    if at.speech:
        said = said or said_on.get(at.speech.attribution_id)
        source_id = at.speech.source_id
        name = names.get(source_id)
    return (
        *(row.doc_id, *at.span, text[slice(*at.span)], SAID if at.is_said else EVENT),
        *(row.date, row.precision, row.basis, row.first, row.last, row.signal),
        *(row.text, row.start, row.end),
        *((said.date, said.precision, said.basis) if said else (None, None, None)),
        *(source_id, name),
        at.speech.attribution_id if at.speech else None,
        *(row.sentence_id, text[slice(*sentence)]),
    )
