"""How attributions spread over kinds, types of sources and cues, and how dense they stand."""

from __future__ import annotations

from typing import Literal, Unpack

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.stats import rates, shares
from nbhelpers.voices.selection import AUTHOR, Selection, statements
from nbhelpers.voices.wording import sizes


@table
def breakdown(
    corpus: Corpus,
    *,
    of: Literal["kind", "type", "anonymous", "cue_class"],
    once: bool = False,
    **options: Unpack[Selection],
) -> pd.DataFrame:
    """Return which share of each group's statements has each kind, source type or cue class.

    A statement that is all somebody else's words counts for that one alone, not for its carrier.

    Args:
        corpus: the texts.
        of: a column of :func:`nbhelpers.voices.statements`; where it is NA (no source, no cue) the
            statement does not count.
        once: count each source once a text, however often it speaks; carriers too.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: group, ``of``, count, n, documents, share, share_low, share_high, small (see
    :func:`nbhelpers.stats.shares`).

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said. “We won.”", "a.txt")])
    >>> breakdown(corpus, of="kind")[["group", "kind", "count", "n", "small"]]
      group    kind  count  n  small
    0     a  direct      1  1   True
    """
    found = statements(corpus, **options)
    if once:
        cases = found.dropna(subset=["source_id"]).drop_duplicates(["doc_id", "source_id"])
    else:
        cases = found[found["n_words"] > 0]
    return shares(cases, of=of, by="group")


@table
def density(corpus: Corpus, **options: Unpack[Selection]) -> pd.DataFrame:
    """Return how much each group attributes: statements for a thousand words, and to how many.

    Args:
        corpus: the texts.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: group, documents, words, statements (mere carriers left out), sources (different ones),
    anonymous (how many of these are), rate (statements for 1,000 words), rate_low, rate_high, small
    (see :func:`nbhelpers.stats.rates`). Sorted by group.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said. It rained.", "a.txt")])
    >>> density(corpus)[["group", "words", "statements", "sources", "rate"]]
      group  words  statements  sources   rate
    0     a      8           1        1  125.0
    """
    found = statements(corpus, **options)
    texts = sizes(corpus, **options)
    said = found[found["n_words"] > 0].groupby("doc_id").size()
    totals = texts.assign(
        statements=said.reindex(texts.index, fill_value=0), thousands=texts["words"] / 1000
    )
    frame = rates(totals, part="statements", whole="thousands", by="group").set_index("group")
    each = found[found["source_id"].notna() & found["type"].ne(AUTHOR)]
    each = each.drop_duplicates(["group", "source_id"])
    of_group = each.groupby("group")["anonymous"]
    counts = {
        "words": texts.groupby("group")["words"].sum(),
        "sources": of_group.size(),
        "anonymous": of_group.sum(),
    }
    for name, count in counts.items():
        frame[name] = count.reindex(frame.index, fill_value=0).astype("int64")
    frame["rate_low"] = frame["rate_low"].clip(lower=0)
    columns = ["documents", "words", "statements", "sources", "anonymous"]
    return frame[[*columns, "rate", "rate_low", "rate_high", "small"]].reset_index()
