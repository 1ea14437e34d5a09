"""Who speaks for or against whom: the sources of a coverage, and the targets they speak of."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.positioning.judging import SIDES, Options, judgements
from nbhelpers.sources import sources


@table
def stance_between(corpus: Corpus, **options: Unpack[Options]) -> pd.DataFrame:
    """Return how often each named source speaks for or against each target.

    What is reported without quotation marks is the author's wording of the source's position. That
    a source speaks of itself is left out.

    Args:
        corpus: the texts.
        options: see :func:`judgements`; ``voices`` has no effect.

    Columns: group, holder_id (a source_id), holder (its name), type (of the source), target,
    against, neutral, favour, undecided (mentions on each side), n (all), documents, balance (in
    favour less against, of those on one of the two sides: -1 to 1; NA where none is). The pairs
    with the most mentions for or against come first.

    >>> from nbhelpers.corpus import Document
    >>> text = "“Ann Lee is a great and honest mayor,” Bob Hay said. Ann Lee arrived on Monday."
    >>> found = stance_between(Corpus([Document("a", text, "a.txt")]))
    >>> found[["holder", "target", "favour", "n", "balance"]].values.tolist()
    [['Bob Hay', 'Ann Lee', 1, 1, 1.0]]
    """
    options["voices"] = "others"
    found = judgements(corpus, **options)
    found = found[found["name"].notna() & (found["name"] != found["target"])]
    pair = ["group", "voice", "name", "target"]
    counts = found.groupby([*pair, "side"]).size().unstack(fill_value=0)
    frame = counts.reindex(columns=list(SIDES), fill_value=0).astype("int64")
    frame["n"] = frame.sum(axis=1)
    frame["documents"] = found.groupby(pair)["doc_id"].nunique()
    decided = frame["favour"] + frame["against"]
    frame["balance"] = (frame["favour"] - frame["against"]) / decided.where(decided > 0)
    frame["order"] = -decided
    frame = frame.reset_index().rename(columns={"voice": "holder_id", "name": "holder"})
    known = sources(corpus, model=options.get("model", DEFAULT))
    types = known.set_index("source_id")["type"]
    frame.insert(3, "type", frame["holder_id"].map(types))
    frame = frame.sort_values(
        ["order", "n", "holder_id", "target"], ascending=[True, False] + [True] * 2
    )
    return frame.drop(columns="order").rename_axis(columns=None).reset_index(drop=True)
