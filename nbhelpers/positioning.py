"""Positions compared: how each group's own voice, and those it quotes, speak of whom, and how.

Every share counts rows of :func:`judgements`, every rate words of :func:`tone_evidence`, so that
each figure can be traced to its sentences. All functions take:

- ``by``: what is compared, ``"doc_id"`` (each text) or a column of the metadata such as
  ``"outlet"``; texts without a value there are left out. None: all texts together.
- ``voices``: ``"author"`` (the text's own words, also where the author says "I"), ``"others"`` (the
  words of those it quotes or reports, whom the author chose, and rewords where nothing is quoted),
  or ``"all"``.
- ``min_confidence``: attributions that are less sure lend nobody a voice; the words are the
  author's then.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal, TypedDict, Unpack, get_args

import numpy as np
import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.sources import sources
from nbhelpers.stance import stances
from nbhelpers.stats import rates, shares, wilson
from nbhelpers.target_sentiment.models import LABELS
from nbhelpers.targets import TOP, Targets
from nbhelpers.tone import tone, tone_words
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE, groups

__all__ = ["judgements", "stance_by", "strongest", "tone_by", "tone_evidence", "voices_apart"]

Voices = Literal["author", "others", "all"]

MIN_PROBABILITY = 0.6
"""Of the mentions whose label is at least so probable four of five were right, of the others one of
two (NewsMTSC, the two sets by which the model was chosen; ``models/stance_fast.md``)."""
FEW = 5
"""Of fewer mentions the interval covers about half of the scale or more, whatever they say."""
UNDECIDED = "undecided"
SIDES = (*LABELS, UNDECIDED)
ALL_TEXTS = "all texts"

_JUDGED = ["doc_id", "sentence_id", "start", "end", "group", "target", "whose", "voice", "name"]
_MEASURES = {
    "certainty": "certainty",
    "hedges": "n_hedges",
    "boosters": "n_boosters",
    "loaded words": "n_loaded",
    "scare quotes": "n_scare_quotes",
    "opinion markers": "n_opinion_markers",
    "valence": "valence",
}


class Options(TypedDict, total=False):
    """Which mentions are judged, and what is compared; see :func:`judgements`."""

    by: str | None
    voices: Voices
    targets: Targets | None
    top: int
    min_probability: float
    min_confidence: float


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

    Columns: doc_id, sentence_id, start, end (the mention), group, target, whose (author or others),
    voice (``author``, a source_id, or NA: nobody is named), name (of the source), side (against,
    neutral, favour, undecided), probability (of the most probable label), p_against, p_neutral,
    p_favour, sentence. Sorted by text and place. Raises InputError for unknown voices or ``by``.

    >>> from nbhelpers.corpus import Document
    >>> text = "Ann Lee lied to voters. “Lee is a great mayor,” Bob Hay said."
    >>> found = judgements(Corpus([Document("a", text, "a.txt")]), targets={"Lee": ["Ann Lee"]})
    >>> found[["whose", "name", "target", "side"]].values.tolist()
    [['author', nan, 'Lee', 'against'], ['others', 'Bob Hay', 'Lee', 'favour']]
    """
    found = stances(corpus, targets=targets, top=top, min_confidence=min_confidence)
    found = _of_voices(corpus, found, by, voices)
    probable = found[[f"p_{label}" for label in LABELS]]
    found["probability"] = probable.max(axis=1)
    sure = found["probability"] >= min_probability
    found["side"] = found["label"].where(sure, UNDECIDED)
    spoken = sentences(corpus).rename(columns={"text": "sentence"})
    found = found.merge(spoken[["doc_id", "sentence_id", "sentence"]], on=["doc_id", "sentence_id"])
    return found[[*_JUDGED, "side", "probability", *probable.columns, "sentence"]]


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


@table
def strongest(corpus: Corpus, *, each: int = TOP, **options: Unpack[Options]) -> pd.DataFrame:
    """Return the sentences that are most probably against a target, and most probably in favour.

    Read them: what the classifier is surest of is the first place where its errors show.

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
    found = found[found["side"].isin(["against", "favour"])]
    order = {"side": True, "probability": False, "doc_id": True, "start": True}
    found = found.sort_values([*order], ascending=[*order.values()])
    return found.groupby("side").head(each).reset_index(drop=True)


def tone_by(
    corpus: Corpus,
    *,
    by: str | None = "doc_id",
    voices: Voices = "author",
    min_confidence: float = MIN_CONFIDENCE,
    lexicon: str | Path | None = None,
) -> pd.DataFrame:
    """Return how certain, loaded and pleasant each group's words are, for 1,000 words.

    Args:
        corpus: the texts.
        by: see :mod:`nbhelpers.positioning`.
        voices: likewise.
        min_confidence: likewise.
        lexicon: as for :func:`nbhelpers.tone.tone`.

    Columns: group, measure (certainty: boosters less hedges, by weight; hedges, boosters, loaded
    words, scare quotes, opinion markers; valence: sum of VADER's scores of the sentences, which is
    no stance), total, words, documents (with words of these voices), rate (for 1,000 words),
    rate_low, rate_high, small (see :func:`nbhelpers.stats.rates`). Sorted by measure and group.

    >>> from nbhelpers.corpus import Document
    >>> text = "The regime will fall. It may not. It rained on the coast."
    >>> found = tone_by(Corpus([Document("a", text, "a.txt")])).set_index("measure")
    >>> found.loc[["hedges", "loaded words"], ["total", "words", "rate"]].round(1)
                  total  words  rate
    measure
    hedges          1.0     12  83.3
    loaded words    1.0     12  83.3
    """
    found = tone(corpus, min_confidence=min_confidence, lexicon=lexicon)
    found = _of_voices(corpus, found, by, voices)
    found["certainty"] *= found["n_words"] / 100  # a rate, which does not add up, to its weights
    texts = found.groupby(["doc_id", "group"])[[*_MEASURES.values(), "n_words"]].sum()
    texts = texts.reset_index()
    texts["thousands"] = texts["n_words"] / 1000
    words = texts.groupby("group")["n_words"].sum()
    frames = []
    for measure, column in _MEASURES.items():
        frame = rates(texts, part=column, whole="thousands", by="group")
        frame = frame.rename(columns={column: "total"}).assign(measure=measure)
        if column.startswith("n_"):
            frame["rate_low"] = frame["rate_low"].clip(lower=0)
        frames.append(frame.assign(words=frame["group"].map(words).astype("int64")))
    columns = ["group", "measure", "total", "words", "documents", "rate", "rate_low", "rate_high"]
    return pd.concat(frames, ignore_index=True)[[*columns, "small"]].astype({"total": "float64"})


def tone_evidence(
    corpus: Corpus,
    *,
    by: str | None = "doc_id",
    voices: Voices = "author",
    min_confidence: float = MIN_CONFIDENCE,
    lexicon: str | Path | None = None,
    categories: Collection[str] | None = None,
) -> pd.DataFrame:
    """List the words that :func:`tone_by` counts, each with its sentence.

    Args:
        corpus: the texts.
        by: see :mod:`nbhelpers.positioning`.
        voices: likewise.
        min_confidence: likewise.
        lexicon: as for :func:`nbhelpers.tone.tone`.
        categories: of :data:`nbhelpers.tone.CATEGORIES`; None: all.

    Columns: doc_id, start, end, group, whose, voice, name, category, text, weight, negated,
    sentence. Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "The regime will fall. It may not.", "a.txt")])
    >>> tone_evidence(corpus, categories=["loaded"])[["start", "text", "sentence"]]
       start    text               sentence
    0      4  regime  The regime will fall.
    """
    found = tone_words(corpus, min_confidence=min_confidence, lexicon=lexicon)
    wanted = ~found["is_cue"]
    if categories is not None:
        wanted &= found["category"].isin(categories)
    found = _of_voices(corpus, found[wanted], by, voices)
    spoken = sentences(corpus).rename(columns={"text": "sentence"})
    found = found.merge(spoken[["doc_id", "sentence_id", "sentence"]], on=["doc_id", "sentence_id"])
    first = ["doc_id", "start", "end", "group", "whose", "voice", "name"]
    return found[[*first, "category", "text", "weight", "negated", "sentence"]]


def _of_voices(corpus: Corpus, found: pd.DataFrame, by: str | None, voices: Voices) -> pd.DataFrame:
    """The rows of these voices and of texts that have a group; with ``group``, ``whose``, ``name``.

    What the author says as "I" is the author's own, though it is attributed.
    """
    if voices not in get_args(Voices):
        choices = ", ".join(get_args(Voices))
        raise InputError(f"There are no voices {voices!r}; choose one of: {choices}.")
    of_text = pd.Series(ALL_TEXTS, corpus.doc_ids) if by is None else groups(corpus, by)
    known = sources(corpus).set_index("source_id")
    is_own = found["voice"].eq(AUTHOR) | found["voice"].map(known["type"]).eq(AUTHOR)
    found = found.assign(
        group=found["doc_id"].map(of_text).astype("str"),
        whose=pd.Series(np.where(is_own.fillna(False), AUTHOR, "others"), found.index, dtype="str"),
        name=found["voice"].map(known["name"]).astype("str"),
    )
    chosen = found["group"].notna() & (found["whose"].eq(voices) | (voices == "all"))
    return found[chosen].reset_index(drop=True)
