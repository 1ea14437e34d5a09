"""How certain, loaded and pleasant each group's words are."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.positioning.judging import Voices, of_voices
from nbhelpers.stats import rates
from nbhelpers.tone import tone, tone_words
from nbhelpers.voices.selection import MIN_CONFIDENCE

_MEASURES = {
    "certainty": "certainty",
    "hedges": "n_hedges",
    "boosters": "n_boosters",
    "loaded words": "n_loaded",
    "scare quotes": "n_scare_quotes",
    "opinion markers": "n_opinion_markers",
    "valence": "valence",
}


def tone_by(
    corpus: Corpus,
    *,
    by: str | None = "doc_id",
    voices: Voices = "author",
    min_confidence: float = MIN_CONFIDENCE,
    lexicon: str | Path | None = None,
    model: str = DEFAULT,
    content_only: bool = True,
) -> pd.DataFrame:
    """Return how certain, loaded and pleasant each group's words are, for 1,000 words.

    Args:
        corpus: the texts.
        by: see :mod:`nbhelpers.positioning`.
        voices: likewise.
        min_confidence: likewise.
        lexicon: as for :func:`nbhelpers.tone.tone`.
        model: likewise.
        content_only: see :mod:`nbhelpers.positioning`.

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
    found = tone(
        corpus,
        lexicon=lexicon,
        model=model,
        min_confidence=min_confidence,
        content_only=content_only,
    )
    found = of_voices(corpus, found, by, voices, model)
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
    model: str = DEFAULT,
    categories: Collection[str] | None = None,
) -> pd.DataFrame:
    """List the words that :func:`tone_by` counts, each with its sentence.

    Args:
        corpus: the texts.
        by: see :mod:`nbhelpers.positioning`.
        voices: likewise.
        min_confidence: likewise.
        lexicon: as for :func:`nbhelpers.tone.tone`.
        model: likewise.
        categories: of :data:`nbhelpers.tone.CATEGORIES`; None: all.

    Columns: doc_id, start, end, group, whose, voice, name, category, text, weight, negated,
    sentence. Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "The regime will fall. It may not.", "a.txt")])
    >>> tone_evidence(corpus, categories=["loaded"])[["start", "text", "sentence"]]
       start    text               sentence
    0      4  regime  The regime will fall.
    """
    found = tone_words(corpus, lexicon=lexicon, model=model, min_confidence=min_confidence)
    wanted = ~found["is_cue"]
    if categories is not None:
        wanted &= found["category"].isin(categories)
    found = of_voices(corpus, found[wanted], by, voices, model)
    spoken = sentences(corpus).rename(columns={"text": "sentence"})
    found = found.merge(spoken[["doc_id", "sentence_id", "sentence"]], on=["doc_id", "sentence_id"])
    first = ["doc_id", "start", "end", "group", "whose", "voice", "name"]
    return found[[*first, "category", "text", "weight", "negated", "sentence"]]
