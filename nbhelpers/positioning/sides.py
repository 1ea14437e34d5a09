"""Shares of the sides that a group is on, and where its own voice and those it quotes part."""

from __future__ import annotations

from typing import Unpack, get_args

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.positioning.judging import FEW, SIDES, Options, Voices, judgements
from nbhelpers.stats import shares, wilson


@table
def stance_by(corpus: Corpus, *, few: int = FEW, **options: Unpack[Options]) -> pd.DataFrame:
    """Return which share of each group's sentences on each target is on which side.

    Args:
        corpus: the texts.
        few: a group with fewer mentions of a target has no share for it.
        options: see :func:`judgements`.

    Columns: group, target, side (against, neutral, favour, undecided), count, n (mentions; the
    sides add up to it), documents, share, share_low, share_high (see
    :func:`nbhelpers.stats.shares`; NA where there is not enough evidence), enough (``n`` is
    ``few`` or more), small. The interval is that of counting: it does not hold the classifier's
    errors, which are larger. Sorted by group; the targets with most mentions first.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. Ann Lee lied again."
    >>> corpus = Corpus([Document("a", text, "a.txt")])
    >>> stance_by(corpus, few=2)[["target", "side", "count", "n", "share"]].head(1)
        target     side  count  n  share
    0  Ann Lee  against      2  2    1.0
    """
    found = judgements(corpus, **options)
    found["cell"] = found.groupby(["group", "target"]).ngroup()
    frame = _every_side(shares(found, of="side", by="cell"))
    cells = found[["cell", "group", "target"]].drop_duplicates("cell")
    frame = frame.merge(cells, on="cell")
    frame["enough"] = frame["n"] >= few
    bounds = ["share", "share_low", "share_high"]
    frame[bounds] = frame[bounds].where(frame["enough"])
    frame["most"] = frame["target"].map(-found["target"].value_counts())
    frame["order"] = frame["side"].map(SIDES.index)
    frame = frame.sort_values(["group", "most", "target", "order"], ignore_index=True)
    columns = ["group", "target", "side", "count", "n", "documents", *bounds, "enough", "small"]
    return frame[columns]


def _every_side(counted: pd.DataFrame) -> pd.DataFrame:
    """Counted cells with a row of 0 for each side that no mention at all is on."""
    missing = [side for side in SIDES if side not in set(counted["side"])]
    cells = counted.drop_duplicates("cell")
    zeros = [cells.assign(side=side, count=0, share=0.0) for side in missing]
    for rows in zeros:
        nothing, n = np.zeros(len(rows)), rows["n"].to_numpy(np.float64)
        rows["share_low"], rows["share_high"] = wilson(nothing, n)
    return pd.concat([counted, *zeros], ignore_index=True)


@table
def voices_apart(corpus: Corpus, *, few: int = FEW, **options: Unpack[Options]) -> pd.DataFrame:
    """Return where a group's own voice and those that it quotes speak otherwise of a target.

    Args:
        corpus: the texts.
        few: as for :func:`stance_by`, for each of the two.
        options: see :func:`judgements`; ``voices`` has no effect.

    Columns: group, target, side (against or favour), and for the author and the others:
    ``author_count``, ``author_n``, ``author_share``, ``author_low``, ``author_high``,
    ``others_count`` ...; difference (the author's share less the others'), apart (the two
    intervals do not meet: a cautious sign, for intervals that overlap a little may differ as well).
    Targets of which one of the two has too few mentions are left out. The largest difference first.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. “Ann Lee is a great mayor,” Bob Hay said."
    >>> found = voices_apart(Corpus([Document("a", text, "a.txt")]), few=1)
    >>> found[["target", "side", "author_share", "others_share", "difference"]]
        target     side  author_share  others_share  difference
    0  Ann Lee  against           1.0           0.0         1.0
    1  Ann Lee   favour           0.0           1.0        -1.0
    """
    keys = ["group", "target", "side"]
    names = {"share_low": "low", "share_high": "high"}
    columns = ["count", "n", "share", "share_low", "share_high"]
    sides = []
    for whose in get_args(Voices)[:2]:
        options["voices"] = whose
        frame = stance_by(corpus, few=few, **options)
        frame = frame[frame["enough"]].set_index(keys)[columns].rename(columns=names)
        sides.append(frame.add_prefix(f"{whose}_"))
    both = sides[0].join(sides[1], how="inner").reset_index()
    both = both[both["side"].isin(["against", "favour"])]
    both["difference"] = both["author_share"] - both["others_share"]
    both["apart"] = both["author_low"].gt(both["others_high"]) | both["others_low"].gt(
        both["author_high"]
    )
    both["size"] = -both["difference"].abs()
    return both.sort_values(["size", *keys], ignore_index=True).drop(columns="size")
