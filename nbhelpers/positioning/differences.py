"""Is a difference between groups more than noise: means, pairs of groups, and corrected shares."""

from __future__ import annotations

from typing import Unpack

import pandas as pd

from nbhelpers.comparison import group_means, holm, mean_differences
from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.misclassification import corrected_shares
from nbhelpers.positioning.judging import FEW, Options, judgements
from nbhelpers.stats import FEW_CASES, FEW_DOCUMENTS
from nbhelpers.target_sentiment.errors import confusion


@table
def stance_means(
    corpus: Corpus, *, few: int = FEW, seed: int = 0, **options: Unpack[Options]
) -> pd.DataFrame:
    """Return the mean stance of each group toward each target, with its interval.

    A mention's score is the probability that it is in favour less that it is against: unlike the
    share of a side it needs no threshold, and an unsure label moves it little. Intervals come from
    drawing whole texts anew. Where every group is one text, its sentences are drawn: such an
    interval tells of this text alone, and is too hopeful.

    Args:
        corpus: the texts.
        few: a group with fewer mentions of a target has no mean for it.
        seed: where the random draws of the intervals start.
        options: see :func:`judgements`.

    Columns: group, target, n (mentions), documents, mean, mean_low, mean_high (-1 to 1; see
    :func:`nbhelpers.comparison.group_means`; NA where there is not enough evidence), enough (``n``
    is ``few`` or more), few (under 30 mentions or 5 texts). The targets with most mentions first,
    then by group.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. Ann Lee lied again."
    >>> found = stance_means(Corpus([Document("a", text, "a.txt")]), few=2)
    >>> found[["target", "n", "documents", "enough", "few"]].values.tolist()
    [['Ann Lee', 2, 1, True, True]]
    """
    found = judgements(corpus, **options)
    pair = ["group", "target"]
    texts = found.groupby(pair)["doc_id"].nunique().rename("documents")
    if texts.le(1).all():
        found["unit"] = found["doc_id"] + ":" + found["sentence_id"].astype("str")
    else:
        found["unit"] = found["doc_id"]
    parts = [
        group_means(rows, value="score", by="group", cluster="unit", seed=seed).assign(
            target=target
        )
        for target, rows in found.groupby("target")
    ]
    columns = [*pair, "n", "documents", "mean", "mean_low", "mean_high"]
    empty = pd.DataFrame(columns=columns)
    frame = pd.concat(parts, ignore_index=True) if parts else empty
    frame = frame.drop(columns="documents").join(texts, on=pair)
    frame["enough"] = frame["n"] >= few
    frame["few"] = frame["n"].lt(FEW_CASES) | frame["documents"].lt(FEW_DOCUMENTS)
    bounds = ["mean", "mean_low", "mean_high"]
    frame[bounds] = frame[bounds].where(frame["enough"])
    return _most_first(frame, found)[[*columns, "enough", "few"]]


@table
def stance_differences(
    corpus: Corpus, *, few: int = FEW, seed: int = 0, **options: Unpack[Options]
) -> pd.DataFrame:
    """Return for each target how the mean stances of each two groups differ, and how surely.

    Args:
        corpus: the texts.
        few: a group with fewer mentions of a target is not compared on it.
        seed: where the random draws of intervals and tests start.
        options: see :func:`judgements`.

    Columns: target, and those of :func:`nbhelpers.comparison.mean_differences` (first, second,
    difference ... ``p_holm`` is corrected for the pairs of all targets together). The targets with
    most mentions first.

    >>> from nbhelpers.corpus import Document
    >>> texts = ["Ann Lee lied to voters. Ann Lee lied again.", "Ann Lee won. Voters love Ann Lee."]
    >>> corpus = Corpus(Document(f"{n}", text, f"{n}.txt") for n, text in enumerate(texts))
    >>> found = stance_differences(corpus, few=2)
    >>> found[["target", "first", "second", "documents_first", "few"]].values.tolist()
    [['Ann Lee', '0', '1', 1, True]]
    """
    found = judgements(corpus, **options)
    parts = []
    for target, rows in found.groupby("target"):
        enough = rows.groupby("group")["group"].transform("size") >= few
        pairs = mean_differences(rows[enough], value="score", by="group", seed=seed)
        parts.append(pairs.assign(target=target))
    columns = [*mean_differences(found.iloc[:0], value="score", by="group").columns]
    empty = pd.DataFrame(columns=columns)
    frame = pd.concat(parts, ignore_index=True) if parts else empty
    frame["p_holm"] = holm(frame["p"])
    return _most_first(frame.reindex(columns=["target", *columns]), found)


@table
def corrected_sides(corpus: Corpus, **options: Unpack[Options]) -> pd.DataFrame:
    """Return each group's shares of the labels on all targets, corrected for the model's errors.

    Every mention counts with its most probable label, whatever the probability: the errors are
    known of these. They were counted on sentences that the model had not seen in training
    (:func:`nbhelpers.target_sentiment.errors.confusion`), and differ in other fields.

    Args:
        corpus: the texts.
        options: see :func:`judgements`; ``min_probability`` has no effect.

    Columns: group, label, and those of :func:`nbhelpers.misclassification.corrected_shares`
    (count, n, documents, share_given, share, share_low, share_high, few).

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Ann Lee lied to voters. Ann Lee lied again.", "a.txt")])
    >>> corrected_sides(corpus)[["group", "label", "share_given", "share"]].values.tolist()
    [['a', 'against', 1.0, 1.0], ['a', 'neutral', 0.0, 0.0], ['a', 'favour', 0.0, 0.0]]
    """
    found = judgements(corpus, **options)
    errors = confusion(model=options.get("model", DEFAULT))
    return corrected_shares(found, errors, of="label", by="group")


def _most_first(frame: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The rows by target, those with most mentions first."""
    most = frame["target"].map(-found["target"].value_counts())
    order = frame.assign(most=most).sort_values(["most", "target"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)
