"""Who cites whom: what reached a text through another source, and the web of all citations."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.voices.selection import AUTHOR, Selection, chain_of, statements

NOBODY = "(nobody named)"


@table
def chains(corpus: Corpus, **options: Unpack[Selection]) -> pd.DataFrame:
    """Return the statements that reached a text through another source.

    Args:
        corpus: the texts.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: those of :func:`nbhelpers.voices.statements`, and ``chain``: the names from the first
    source to the group, joined by arrows. Longest chains first, then by place.

    >>> from nbhelpers.corpus import Document
    >>> text = "“It is over,” Ann Lee told NBC News."
    >>> chains(Corpus([Document("a", text, "a.txt")]))["chain"].tolist()
    ['Ann Lee → NBC News → a']
    """
    via, every = _links(corpus, options)
    name = dict(zip(every["attribution_id"], every["name"].fillna(NOBODY), strict=True))
    found = statements(corpus, **options).query("depth > 0")
    found["chain"] = [
        " → ".join([*(name[link] for link in chain_of(row, via)), group])
        for row, group in zip(found["attribution_id"], found["group"], strict=True)
    ]
    order = {"depth": False, "doc_id": True, "start": True}
    return found.sort_values([*order], ascending=[*order.values()], ignore_index=True)


@table
def citations(
    corpus: Corpus, *, top: int | None = None, **options: Unpack[Selection]
) -> pd.DataFrame:
    """Return who cites whom: groups their sources, and sources those whose words they carry.

    What the author says as "I" is left out.

    Args:
        corpus: the texts.
        top: keep so many sources, those first that are cited through another, then those that most
            groups cite, then those cited most often; and so many groups. All, if None.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: citing, citing_level (0 for a group; for a carrier, through how many at most its words
    reach one, itself included), cited, count, documents, and doc_id, start, end of the first place.
    Sorted by level, then count.

    >>> from nbhelpers.corpus import Document
    >>> text = "“It is over,” Ann Lee told NBC News."
    >>> citations(Corpus([Document("a", text, "a.txt")]))[["citing", "citing_level", "cited"]]
         citing  citing_level     cited
    0         a             0  NBC News
    1  NBC News             1   Ann Lee
    """
    via, every = _links(corpus, options)
    chosen = statements(corpus, **options)["attribution_id"]
    needed = {link for name in chosen for link in chain_of(name, via)}
    found = every[every["attribution_id"].isin(needed) & every["name"].notna()]
    found = found[(found["type"] != AUTHOR) & found["carrier_id"].ne(found["source_id"])]
    found = found if top is None else _most_telling(found, top)
    level = found.groupby("source_id")["depth"].max() + 1
    found = found.assign(
        citing=found["carrier"].fillna(found["group"]),
        citing_level=found["carrier_id"].map(level).fillna(0).astype("int64"),
    )
    key = ["citing", "citing_level", "source_id", "name"]
    edges = found.groupby(key, sort=False)
    frame = edges[["doc_id", "start", "end"]].first()
    frame.insert(0, "count", edges.size())
    frame.insert(1, "documents", edges["doc_id"].nunique())
    frame = frame.reset_index().drop(columns="source_id").rename(columns={"name": "cited"})
    order = {"citing_level": True, "count": False, "citing": True, "cited": True}
    return frame.sort_values([*order], ascending=[*order.values()], ignore_index=True)


def _links(corpus: Corpus, options: Selection) -> tuple[dict[str, object], pd.DataFrame]:
    """What carries each attribution, and all of them: a carrier may be of another kind."""
    by, model = options.get("by", "doc_id"), options.get("model", DEFAULT)
    every = statements(corpus, by=by, min_confidence=0, content_only=False, model=model)
    return dict(zip(every["attribution_id"], every["reported_via"], strict=True)), every


def _most_telling(found: pd.DataFrame, top: int) -> pd.DataFrame:
    """The statements of the sources and groups that tell most of who cites whom."""
    each = found.groupby("source_id").agg(
        depth=("depth", "max"), groups=("group", "nunique"), count=("depth", "size")
    )
    each["is_carried"] = each["depth"] > 0
    order = ["is_carried", "groups", "count"]
    kept = set(each.sort_values(order, ascending=False, kind="stable").index[:top])
    while carriers := set(found.loc[found["source_id"].isin(kept), "carrier_id"].dropna()) - kept:
        kept |= carriers
    found = found[found["source_id"].isin(kept)]
    return found[found["group"].isin(found["group"].value_counts().index[:top])]
