"""Which words keep company."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.overview.frequency import SMALL_COUNT, stretches
from nbhelpers.text import normalise, word_spans
from nbhelpers.words import Bools, Ints, StopWords, codes, content_words, stop_word_set

LOG_DICE_MAXIMUM = 14  # Rychlý 2008: the value of two words that only ever occur together

Measure = Literal["log_dice", "log_likelihood", "mutual_information", "t_score"]


@table
def collocations(
    corpus: Corpus,
    *,
    node: str | None = None,
    window: int = 5,
    measure: Measure = "log_dice",
    stop_words: StopWords = "english",
    min_count: int = 3,
    top: int | None = 100,
) -> pd.DataFrame:
    """Return pairs of words that stand together within a sentence more often than by chance.

    Counted are pairs of words at most ``window`` words apart (Evert 2008), in content. With a
    ``node``, its neighbours on both sides; without, each pair in the order of the text.

    Measures: logDice, at most 14, needs no corpus size (Rychlý 2008, "A lexicographer-friendly
    association score"); log-likelihood, pointwise mutual information and t-score are those of
    nltk.metrics.association (Manning and Schütze 1999, chapter 5). The first two favour pairs that
    are frequent and exclusive, mutual information the rare, the t-score the frequent.

    Arguments: ``stop_words`` are not listed (but counted and spanned); ``min_count`` is the least
    number of pairs; ``top`` keeps the highest by ``measure`` (None: all). Columns: word, collocate,
    count (pairs), word_pairs, collocate_pairs (pairs with that word in that place), n_pairs (all),
    expected, log_dice, log_likelihood, mutual_information, t_score, small (under five pairs).
    Raises InputError for an unknown measure, a window below 1, or a node of several words.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Kursk region. Kursk region. Kursk oblast. A region.", "a")])
    >>> collocations(corpus, window=1, min_count=2)[["word", "collocate", "count"]]
        word collocate  count
    0  kursk    region      2
    """
    if measure not in get_args(Measure):
        raise InputError(f"There is no measure {measure!r}; take {', '.join(get_args(Measure))}.")
    if window < 1:
        raise InputError(f"The window is a number of words, not {window}; give 1 or more.")
    tokens = content_words(corpus)
    first, second = _pairs(stretches(corpus, tokens), window)
    code = codes(tokens["word"]).astype(np.int32)  # there may be tens of millions of pairs
    vocabulary = tokens["word"].cat.categories
    stopped = vocabulary.isin(stop_word_set(stop_words))
    word, collocate = code[first], code[second]
    if node is None:
        frame = _counted(word, collocate, ~(stopped[word] | stopped[collocate]), vocabulary)
    else:
        word, collocate = np.concatenate([word, collocate]), np.concatenate([collocate, word])
        wanted = vocabulary.get_indexer(pd.Index([_single_word(node)]))[0]
        frame = _counted(word, collocate, (word == wanted) & ~stopped[collocate], vocabulary)
    scored = _scored(frame[frame["count"] >= min_count])
    order = [measure, "word", "collocate"]
    ranked = scored.sort_values(order, ascending=[False, True, True], ignore_index=True)
    return ranked if top is None else ranked.head(top)


def _single_word(node: str) -> str:
    spans = word_spans(node)
    if len(spans) != 1:
        raise InputError(f"The node {node!r} must be a single word, such as 'troops'.")
    start, end = spans[0]
    return normalise(node[start:end])


def _pairs(stretch: Ints, window: int) -> tuple[Ints, Ints]:
    """The row numbers of all pairs of words at most ``window`` apart in one stretch."""
    rows = np.arange(len(stretch), dtype=np.int32)
    first, second = [rows[:0]], [rows[:0]]
    for distance in range(1, min(window, len(stretch) - 1) + 1):
        together = rows[:-distance][stretch[:-distance] == stretch[distance:]]
        first.append(together)
        second.append(together + distance)
    return np.concatenate(first), np.concatenate(second)


def _counted(word: Ints, collocate: Ints, listed: Bools, vocabulary: pd.Index[str]) -> pd.DataFrame:
    """Count the listed pairs; the sums they are held against are those of all pairs."""
    size = max(len(vocabulary), 1)
    key = word[listed].astype(np.int64) * size + collocate[listed]
    pairs, count = np.unique(key, return_counts=True)
    left, right = np.divmod(pairs, size)
    return pd.DataFrame(
        {
            "word": vocabulary[left].astype("str"),
            "collocate": vocabulary[right].astype("str"),
            "count": count,
            "word_pairs": np.bincount(word, minlength=size)[left],
            "collocate_pairs": np.bincount(collocate, minlength=size)[right],
            "n_pairs": len(word),
        }
    )


def _scored(frame: pd.DataFrame) -> pd.DataFrame:
    from nltk.metrics.association import BigramAssocMeasures as Association

    tables = [
        (count, (word, collocate), pairs)
        for count, word, collocate, pairs in zip(
            *(frame[c].tolist() for c in ("count", "word_pairs", "collocate_pairs", "n_pairs")),
            strict=True,
        )
    ]
    return frame.assign(
        expected=frame["word_pairs"] * frame["collocate_pairs"] / frame["n_pairs"],
        log_dice=[LOG_DICE_MAXIMUM + math.log2(Association.dice(*t)) for t in tables],
        log_likelihood=[Association.likelihood_ratio(*t) for t in tables],
        mutual_information=[Association.pmi(*t) for t in tables],
        t_score=[Association.student_t(*t) for t in tables],
        small=frame["count"] < SMALL_COUNT,
    ).astype(dict.fromkeys(get_args(Measure), "float64"))
