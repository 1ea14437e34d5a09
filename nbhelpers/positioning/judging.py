"""Which sentences are for and against whom, in whose voice."""

from __future__ import annotations

from typing import Literal, TypedDict, Unpack, get_args

import numpy as np
import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.sources import sources
from nbhelpers.stance import stances
from nbhelpers.target_sentiment.labels import LABELS
from nbhelpers.targets import TOP, Targets
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE, groups

Voices = Literal["author", "others", "all"]

MIN_PROBABILITY = 0.75
"""Chosen for ``accurate`` on reports of war (the development part of the conflict set): of 16
mentions on a side that were so sure 11 were right (few: an interval of 0.44 to 0.86), as at 0.7,
and of all on a side 15 of 26. On persons in US news 86 in 100 labels that were so sure were right,
of ``fast`` 91, and 60 of the others."""
FEW = 5
"""Of fewer mentions the interval covers about half of the scale or more, whatever they say."""
UNDECIDED = "undecided"
SIDES = (*LABELS, UNDECIDED)
ALL_TEXTS = "all texts"

_JUDGED = ["doc_id", "sentence_id", "start", "end", "group", "target", "whose", "voice", "name"]
_VERDICT = ["label", "side", "probability", "score"]


class Options(TypedDict, total=False):
    """Which mentions are judged, and what is compared; see :func:`judgements`."""

    by: str | None
    voices: Voices
    targets: Targets | None
    top: int
    min_probability: float
    min_confidence: float
    model: str
    content_only: bool


@table
def judgements(
    corpus: Corpus,
    *,
    by: str | None = "doc_id",
    voices: Voices = "all",
    targets: Targets | None = None,
    top: int = TOP,
    min_probability: float = MIN_PROBABILITY,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
    content_only: bool = True,
) -> pd.DataFrame:
    """List every sentence and voice that mentions a target, with the side it is on.

    Args:
        corpus: the texts.
        by: see :mod:`nbhelpers.positioning`.
        voices: likewise.
        targets: as for :func:`nbhelpers.targets.targets`.
        top: likewise.
        min_probability: where no label is so probable the side is ``undecided``.
        min_confidence: see :mod:`nbhelpers.positioning`.
        model: likewise.
        content_only: likewise.

    Columns: doc_id, sentence_id, start, end (the mention), group, target, whose (author or others),
    voice (``author``, a source_id, or NA: nobody is named), name (of the source), label (the most
    probable), side (the label, or undecided), probability (of the label), score (p_favour less
    p_against, -1 to 1), p_against, p_neutral, p_favour, model, sentence. Sorted by text and place.
    Raises InputError for unknown voices or ``by``.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. “Lee is a great mayor,” Bob Hay said."
    >>> found = judgements(Corpus([Document("a", text, "a.txt")]), targets={"Lee": ["Ann Lee"]})
    >>> found[["whose", "name", "target", "side"]].values.tolist()
    [['author', nan, 'Lee', 'against'], ['others', 'Bob Hay', 'Lee', 'favour']]
    """
    found = stances(
        corpus,
        targets=targets,
        top=top,
        model=model,
        min_confidence=min_confidence,
        content_only=content_only,
    )
    found = of_voices(corpus, found, by, voices, model)
    probable = found[[f"p_{label}" for label in LABELS]]
    found["probability"] = probable.max(axis=1)
    found["score"] = found["p_favour"] - found["p_against"]
    sure = found["probability"] >= min_probability
    found["side"] = found["label"].where(sure, UNDECIDED)
    spoken = sentences(corpus).rename(columns={"text": "sentence"})
    found = found.merge(spoken[["doc_id", "sentence_id", "sentence"]], on=["doc_id", "sentence_id"])
    return found[[*_JUDGED, *_VERDICT, *probable.columns, "model", "sentence"]]


@table
def strongest(corpus: Corpus, *, each: int = TOP, **options: Unpack[Options]) -> pd.DataFrame:
    """Return the sentences that are most probably against a target, and most probably in favour.

    Read them: what the classifier is surest of is the first place where its errors show. What a
    source says of itself is left out.

    Args:
        corpus: the texts.
        each: how many of each side at most.
        options: see :func:`judgements`.

    Columns: as of :func:`judgements`. Sorted by side, the most probable first.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. Ann Lee arrived on Monday."
    >>> found = strongest(Corpus([Document("a", text, "a.txt")]))
    >>> found[["side", "target", "sentence"]].values.tolist()
    [['against', 'Ann Lee', 'Ann Lee lied to voters.']]
    """
    found = judgements(corpus, **options)
    of_others = found["name"].ne(found["target"])
    found = found[of_others & found["side"].isin(["against", "favour"])]
    order = {"side": True, "probability": False, "doc_id": True, "start": True}
    found = found.sort_values([*order], ascending=[*order.values()])
    return found.groupby("side").head(each).reset_index(drop=True)


def of_voices(
    corpus: Corpus, found: pd.DataFrame, by: str | None, voices: Voices, model: str
) -> pd.DataFrame:
    """The rows of these voices and of texts with a group; with ``group``, ``whose``, ``name``."""
    if voices not in get_args(Voices):
        choices = ", ".join(get_args(Voices))
        raise InputError(f"There are no voices {voices!r}; choose one of: {choices}.")
    of_text = pd.Series(ALL_TEXTS, corpus.doc_ids) if by is None else groups(corpus, by)
    names = sources(corpus, model=model).set_index("source_id")["name"]
    whose = np.where(found["voice"].eq(AUTHOR).fillna(False), AUTHOR, "others")
    found = found.assign(
        group=found["doc_id"].map(of_text).astype("str"),
        whose=pd.Series(whose, found.index, dtype="str"),
        name=found["voice"].map(names).astype("str"),
    )
    chosen = found["group"].notna() & (found["whose"].eq(voices) | (voices == "all"))
    return found[chosen].reset_index(drop=True)
