"""What was said to happen when, across texts, and when it was said."""

from __future__ import annotations

from typing import Any

import pandas as pd

from nbhelpers.claims import claims
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.corroboration.groups import claim_groups
from nbhelpers.corroboration.times import Days, date_in_words, days
from nbhelpers.corroboration.values import plain_rows
from nbhelpers.dates import events
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.overview.documents import publication_dates
from nbhelpers.voices.selection import MIN_CONFIDENCE
from nbhelpers.words import sentence_numbers

_COLUMNS = {
    **dict.fromkeys(["when", "date", "precision", "basis"], "str"),
    **dict.fromkeys(["first", "last"], "datetime64[s]"),
    **dict.fromkeys(["kind", "text", "expression", "said_date", "said_basis"], "str"),
    **dict.fromkeys(["voice", "source", "doc_id"], "str"),
    **dict.fromkeys(["start", "end", "date_start", "date_end"], "int64"),
    **dict.fromkeys(["sentence", "why"], "str"),
}
_OPEN_COLUMNS = {
    **dict.fromkeys(["kind", "why", "doc_id"], "str"),
    **dict.fromkeys(["start", "end"], "int64"),
    **dict.fromkeys(["text", "sentence"], "str"),
}
DATED, YEARLESS, OPEN = "dated", "without a year", "unresolved"


@table
def timeline(
    corpus: Corpus, *, min_confidence: float = MIN_CONFIDENCE, model: str = DEFAULT
) -> pd.DataFrame:
    """Put the dated statements of all texts in order, and list those that cannot be placed.

    Args:
        corpus: the texts.
        min_confidence, model: as for :func:`nbhelpers.dates.events`.

    ``when`` says what is known: ``dated`` (year and all), ``without a year`` (a day or month;
    they are in the order of the calendar, as if of one year), ``unresolved``. No year is guessed.

    Columns: ``when``, ``date``, ``precision``, ``basis``, ``first``, ``last`` (the days that are
    meant), ``kind`` (``event``: what is told happened then; ``said``: it was said then), ``text``
    (the statement), ``expression`` (the words of the date), ``said_date``, ``said_basis`` (when it
    was said), ``voice``, ``source``, ``doc_id``, ``start``, ``end`` (of the statement),
    ``date_start``, ``date_end``, ``sentence``: all as in :func:`nbhelpers.dates.events`; ``why``
    (why it is not resolved; else NA). Sorted by ``when``, the days that are meant, and place.

    >>> from nbhelpers.corpus import Document
    >>> text = "The war began on 3 May 2022. It ended on a Monday in June 2023."
    >>> found = timeline(Corpus([Document("a", text, "a.txt")]))
    >>> found[["when", "date", "text"]].values.tolist()[0]
    ['dated', '2022-05-03', 'The war began on 3 May 2022.']
    """
    found = events(corpus, min_confidence=min_confidence, model=model)
    places = [
        _place(date, first) for date, first in zip(found["date"], found["first"], strict=True)
    ]
    found["when"] = [when for when, _ in places]
    meant = [known for _, known in places]
    found["rank"] = found["when"].map({DATED: 0, YEARLESS: 1, OPEN: 2})
    found["from"] = pd.Series([known.first if known else None for known in meant], found.index)
    found["to"] = pd.Series([known.last if known else None for known in meant], found.index)
    for edge in ("from", "to"):
        found[edge] = pd.to_datetime(found[edge])
    dated = found["when"] == DATED
    found.loc[dated, "from"], found.loc[dated, "to"] = found["first"], found["last"]
    found["why"] = [
        _why(row) if row.when != DATED else None for row in found.itertuples(index=False)
    ]
    order = ["rank", "from", "to", "doc_id", "date_start"]
    found = found.sort_values(order, kind="stable", ignore_index=True)
    return found[list(_COLUMNS)].astype(_COLUMNS)


@table
def dated_claims(
    corpus: Corpus,
    *,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Return the claims of all groups with the day as of which each is stated.

    Columns: ``group_id``, ``claim_id``, ``doc_id``, ``start``, ``end``, ``stated``, ``claimant``,
    ``relation``, ``sentence`` (see :func:`~nbhelpers.corroboration.claim_groups`); ``value`` (the
    number that is named, the middle of two), ``low``, ``high``; ``day`` (NaT unless dated),
    ``placed``: ``dated`` (by its own words), ``by its text`` (the day of the text, for want of its
    own), ``without a year``, ``no date``; ``when`` (this in words). Largest
    group first, then by text and place.
    """
    grouped = claim_groups(
        corpus, content_only=content_only, min_confidence=min_confidence, model=model
    )
    known = publication_dates(corpus).set_index("doc_id")["published"]
    meant = [days(row.claim_date) for row in plain_rows(grouped)]
    own = pd.to_datetime(
        pd.Series(
            [d.first if d and d.has_year else None for d in meant], grouped.index, dtype="object"
        )
    )
    of_text = known.reindex(grouped["doc_id"]).set_axis(grouped.index)
    has_date = grouped["claim_date"].notna()
    placed = pd.Series("no date", grouped.index)
    placed[~has_date & of_text.notna()] = "by its text"
    placed[[d is not None and not d.has_year for d in meant]] = "without a year"
    placed[own.notna()] = "dated"
    kept = ["group_id", "claim_id", "doc_id", "start", "end", "stated", "claimant", "relation"]
    frame = grouped[[*kept, "sentence", "low", "high"]].assign(
        value=grouped[["low", "high"]].mean(axis=1),
        day=own.where(own.notna(), of_text.where(~has_date)).astype("datetime64[s]"),
        placed=placed.astype("str"),
        when=pd.Series(
            [_said(*place) for place in zip(placed, grouped["claim_date"], of_text, strict=True)],
            grouped.index,
            dtype="str",
        ),
    )
    return frame


@table
def unresolved(
    corpus: Corpus, *, min_confidence: float = MIN_CONFIDENCE, model: str = DEFAULT
) -> pd.DataFrame:
    """List what the texts leave open: numbers of nothing, figures of nobody, dates of no day.

    Args:
        corpus: the texts.
        min_confidence, model: as for :func:`nbhelpers.claims.claims`.

    Columns: ``kind`` (claim or date), ``why`` (in words), ``doc_id``, ``start``, ``end``, ``text``
    (the words that are open), ``sentence``. Sorted by kind, text and place.
    """
    stated = claims(corpus, min_confidence=min_confidence, model=model)
    numbers = sentence_numbers(corpus, stated)
    stated["sentence"] = sentences(corpus)["text"].to_numpy()[numbers]
    found = [
        stated[stated["counted"].isna()].assign(kind="claim", why="nothing says what it counts"),
        stated[stated["source_id"].isna()].assign(
            kind="claim", why="it is told as somebody's words, but nobody is named"
        ),
    ]
    dated = timeline(corpus, min_confidence=min_confidence, model=model)
    dated = dated.drop(columns=["start", "end", "text"]).rename(
        columns={"date_start": "start", "date_end": "end", "expression": "text"}
    )
    found.append(dated[dated["why"].notna()].assign(kind="date"))
    frame = pd.concat(found)[list(_OPEN_COLUMNS)].astype(_OPEN_COLUMNS)
    return frame.sort_values(["kind", "doc_id", "start"], kind="stable", ignore_index=True)


def _said(placed: str, date: Any, of_text: Any) -> str:
    """When a claim holds, in words."""
    if placed == "by its text":
        return f"text of {of_text.date().isoformat()}"
    return date_in_words(date) if isinstance(date, str) else placed


def _place(date: Any, first: Any) -> tuple[str, Days | None]:
    """What is known of a date, and its days in any year where its own is not known."""
    if not pd.isna(first):
        return DATED, None
    known = days(date) if isinstance(date, str) else None
    return (YEARLESS, known) if known else (OPEN, None)


def _why(row: Any) -> str:
    """Why a date is not resolved, in words."""
    words = f"“{row.expression}”"
    if row.when == YEARLESS:
        return f"{words} names no year, and nothing in the text or its metadata gives one"
    if isinstance(row.date, str):
        return f"{words} is no single time that a calendar has"
    return f"{words} counts from a day that is not known, or may mean several"
