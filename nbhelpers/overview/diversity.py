"""How varied the vocabulary of a text is, in measures that a text's length does not decide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.words import Ints, codes, words

LEAST_WORDS = 100  # McCarthy and Jarvis 2010: below it, no measure of diversity is stable
MTLD_THRESHOLD = 0.72  # the ratio at which a factor is complete (McCarthy and Jarvis 2010)
HDD_DRAWS = 42  # the size of the imagined samples (McCarthy and Jarvis 2007)
MATTR_WINDOW = 50  # words in the moving window (Covington and McFall 2010 use 50 to 500)

MEASURES = ("ttr", "mtld", "hdd", "mattr")


@table
def diversity(corpus: Corpus) -> pd.DataFrame:
    """Return the lexical diversity of each document.

    TTR, types by tokens, falls as a text grows and is there for comparison. MTLD is the mean length
    of stretches that keep the ratio above 0.72 (McCarthy and Jarvis 2010, "MTLD, vocd-D, and HD-D",
    Behavior Research Methods 42); HD-D the expected ratio in 42 words drawn from the text (same);
    MATTR the mean ratio in a moving window of 50 words (Covington and McFall 2010, "Cutting the
    Gordian knot", Journal of Quantitative Linguistics 17).

    Columns: doc_id, n_words, n_types, ttr, mtld, hdd, mattr (all in content), the same with the
    ending _raw (furniture included), note. All are NA under 100 words, as the note says.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "one two three four five " * 30, "a.txt")])
    >>> diversity(corpus)[["n_words", "n_types", "mattr"]]
       n_words  n_types  mattr
    0      150        5    0.1
    """
    tokens = words(corpus)
    content = _measured(corpus, tokens[tokens["is_content"]])
    raw = _measured(corpus, tokens).add_suffix("_raw")
    short = content["n_words"] < LEAST_WORDS
    note = pd.Series(pd.NA, index=content.index, dtype="str").mask(
        short, f"fewer than {LEAST_WORDS} words: no measure is stable"
    )
    frame = pd.concat([content, raw], axis=1).assign(note=note)
    return frame.rename_axis("doc_id").reset_index()


def mtld(code: Ints) -> float:
    """Return MTLD of a text given as numbers of words: the mean of reading it both ways.

    NA (not a number) where no word is repeated, so that not even part of a factor is there.
    """
    factors = [_factors(code.tolist()), _factors(code[::-1].tolist())]
    return float("nan") if 0 in factors else float(np.mean([len(code) / f for f in factors]))


def hdd(code: Ints) -> float:
    """Return HD-D: the sum over types of the chance to be among 42 words drawn, divided by 42."""
    from scipy.special import gammaln

    count = np.bincount(code)
    count = count[count > 0]
    size, rest = len(code), len(code) - count
    possible = rest >= HDD_DRAWS  # else the word cannot but be drawn
    rest = rest[possible]
    log_absent = (
        gammaln(rest + 1)
        - gammaln(rest - HDD_DRAWS + 1)
        - gammaln(size + 1)
        + gammaln(size - HDD_DRAWS + 1)
    )
    return float((len(count) - np.exp(log_absent).sum()) / HDD_DRAWS)


def mattr(code: Ints, window: int = MATTR_WINDOW) -> float:
    """Return MATTR: the mean ratio of types to words over all windows of a text.

    A word adds a type to just those windows that hold it but not its previous occurrence.
    """
    size, width = len(code), min(window, len(code))
    order = np.argsort(code, kind="stable")
    repeated = np.flatnonzero(code[order[1:]] == code[order[:-1]]) + 1
    previous = np.full(size, -1)
    previous[order[repeated]] = order[repeated - 1]
    place = np.arange(size)
    latest = np.minimum(place, size - width)
    earliest = np.maximum(previous + 1, np.maximum(place - width + 1, 0))
    types = np.maximum(latest - earliest + 1, 0).sum()
    return float(types / ((size - width + 1) * width))


def _measured(corpus: Corpus, tokens: pd.DataFrame) -> pd.DataFrame:
    """The measures of each document, one row each in the order of the corpus."""
    code = codes(tokens["word"])
    document = codes(tokens["doc_id"])
    edges = np.searchsorted(document, np.arange(1, len(corpus)))
    # Numbers of words within the document keep the counts of each document short.
    rows = [_row(np.unique(part, return_inverse=True)[1]) for part in np.split(code, edges)]
    frame = pd.DataFrame(rows[: len(corpus)], columns=["n_words", "n_types", *MEASURES])
    return frame.set_index(pd.Index(corpus.doc_ids, dtype="str"))


def _row(code: Ints) -> tuple[float, ...]:
    size, types = len(code), int(code.max(initial=-1)) + 1
    if size < LEAST_WORDS:
        return size, types, *[float("nan")] * len(MEASURES)
    return size, types, types / size, mtld(code), hdd(code), mattr(code)


def _factors(code: list[int]) -> float:
    """How many times the ratio of types falls to the threshold, the last one in part."""
    factors, size = 0, 0
    seen: set[int] = set()
    for word in code:
        size += 1
        seen.add(word)
        if len(seen) <= MTLD_THRESHOLD * size:
            factors, size = factors + 1, 0
            seen.clear()
    part = (1 - len(seen) / size) / (1 - MTLD_THRESHOLD) if size else 0.0
    return factors + part
