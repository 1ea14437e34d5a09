"""Which words mark a text: its words against the rest of the corpus, or against general English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.overview.frequency import PER_THOUSAND, SMALL_COUNT, grouped_counts
from nbhelpers.text import word_spans
from nbhelpers.words import Floats, Ints, StopWords, codes, stop_word_set

INSTEAD_OF_ZERO = 0.5  # the count that stands for none in a log ratio (Hardie 2014)
Z_95 = 1.959964  # the standard normal deviate of a 95 % interval

# wordfreq gives shares, not counts. Its English sources hold billions of words; with this size the
# reference adds next to nothing to the uncertainty, which is what it ought to add.
ENGLISH_SIZE = 1e9
# Its list ends at one in a hundred million; a word that is not listed is given this share.
ENGLISH_LEAST_SHARE = 1e-8
_FIGURE = re.compile(r"\d")


class LogRatio(NamedTuple):
    """Log ratios with the bounds of their 95 % intervals."""

    ratio: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class _Reference:
    """What the targets are held against: for each word code, its count and the total size."""

    words: list[str]
    count: Floats
    size: float
    includes_target: bool


@table
def keyness(
    corpus: Corpus,
    *,
    by: str = "doc_id",
    target: str | Sequence[str] | None = None,
    reference: Literal["rest", "english"] = "rest",
    stop_words: StopWords = None,
    top: int | None = 20,
) -> pd.DataFrame:
    """Return the words of each document that are more or less frequent than in a reference.

    Log-likelihood G2 says how sure a difference is, with two terms as in corpus linguistics
    (Dunning 1993; Rayson and Garside 2000); log ratio says how large it is: each point doubles
    the relative frequency (Hardie 2014; interval of the log relative risk, Katz et al. 1978).
    p is that of G2 with one degree of freedom, adjusted over all word types compared for one target
    (Benjamini and Hochberg 1995; adjusted values above 0.15 may come out too high). Words cluster
    in texts, so all p are too small in truth: read them as a ranking, not as a proof.

    Arguments: ``by`` compares documents (``"doc_id"``) or the values of a metadata column;
    ``target`` names the values compared (all by default); ``reference`` is the rest of the corpus
    or general English (wordfreq's list, Speer 2022; figures such as 10,000
    are left out, which it does not count); ``stop_words`` are not listed; ``top`` is how
    many rows are kept for each target and direction, strongest G2 first (None: all).

    Columns: ``by``, word, direction (positive: more frequent than in the reference; negative),
    count (in content), per_thousand, count_raw (furniture included), n_words (content words of the
    target), reference_count (NA for English), reference_per_thousand (NA: not listed there),
    log_likelihood, log_ratio, log_ratio_low, log_ratio_high (95 %), p, p_adjusted, small (True
    where fewer than five occurrences were both found and expected). A count of 0 is taken as 0.5
    and a word that English does not list as 0.01 per million in the log ratio alone and in both,
    so that such a log ratio is a floor. Negative keywords that do not occur in the target are
    listed where at least one occurrence was expected.
    Raises InputError for an unknown ``by``, target or reference, and where nothing is left to
    compare with.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "drone " * 9, "b": "talks " * 9}
    >>> corpus = Corpus([Document(name, text, name) for name, text in texts.items()])
    >>> keyness(corpus)[["doc_id", "word", "direction", "count", "log_likelihood"]].round(1)
      doc_id   word direction  count  log_likelihood
    0      a  drone  positive      9            12.5
    1      a  talks  negative      0            12.5
    2      b  talks  positive      9            12.5
    3      b  drone  negative      0            12.5
    """
    counts = grouped_counts(corpus, by)
    values = counts[by].cat.categories
    sizes = np.bincount(codes(counts[by]), counts["count"], len(values)).astype(np.float64)
    if reference == "english":
        counts = _without_figures(counts)
    targets = _targets(values, target, by)
    held = _reference(counts, sizes, targets, reference)
    n_types = _compared(counts, held)
    rows = _tested(_candidates(counts, sizes, targets, held), sizes, held, n_types)
    stopped = np.isin(np.array(held.words, object), list(stop_word_set(stop_words)))
    frame = _described(_strongest(rows[~stopped[rows["code"]]], top), held)
    frame.insert(0, by, values[frame.pop("target")].astype("str"))
    return frame


def log_likelihood(
    count: npt.ArrayLike, size: npt.ArrayLike, other: npt.ArrayLike, other_size: npt.ArrayLike
) -> Floats:
    """Return G2 of a count in a text of ``size`` words and another count in another text.

    The two-term form that corpus linguistics uses: Rayson and Garside (2000), "Comparing corpora
    using frequency profiling", Workshop on Comparing Corpora, after Dunning (1993), "Accurate
    methods for the statistics of surprise and coincidence", Computational Linguistics 19(1).

    >>> round(float(log_likelihood(10, 1000, 2, 1000)), 2)
    5.82
    """
    a, n, b, m = (np.asarray(x, np.float64) for x in (count, size, other, other_size))
    rate = (a + b) / (n + m)
    return np.maximum(2 * (_surprise(a, n * rate) + _surprise(b, m * rate)), 0)


def log_ratio(
    count: npt.ArrayLike, size: npt.ArrayLike, other: npt.ArrayLike, other_size: npt.ArrayLike
) -> LogRatio:
    """Return the binary logarithm of the ratio of two relative frequencies, and its 95 % interval.

    A count of 0 is taken as 0.5. Sources: Hardie (2014), "Log Ratio: an informal introduction",
    ESRC CASS; interval: Katz et al. (1978), "Obtaining confidence intervals for the risk ratio in
    cohort studies", Biometrics 34(3).

    >>> [round(float(x), 2) for x in log_ratio(8, 1000, 2, 1000)]
    [2.0, -0.23, 4.23]
    """
    a, n, b, m = (np.asarray(x, np.float64) for x in (count, size, other, other_size))
    a, b = np.where(a == 0, INSTEAD_OF_ZERO, a), np.where(b == 0, INSTEAD_OF_ZERO, b)
    ratio = np.log2((a / n) / (b / m))
    # Where a text is nothing but the word, its share is certain and adds no variance.
    variance = np.maximum(1 / a - 1 / n, 0) + np.maximum(1 / b - 1 / m, 0)
    margin = Z_95 * np.sqrt(variance) / np.log(2)
    return LogRatio(ratio, ratio - margin, ratio + margin)


def adjust(p: Floats, tests: int) -> Floats:
    """Return p values adjusted for ``tests`` comparisons (Benjamini and Hochberg 1995).

    ``p`` may hold the smallest p values alone: the missing ones are taken to be larger.

    >>> adjust(np.array([0.01, 0.02, 0.5]), 3).round(3).tolist()
    [0.03, 0.03, 0.5]
    """
    order = np.argsort(p)
    scaled = p[order] * tests / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return adjusted


def _surprise(found: Floats, expected: Floats) -> Floats:
    """``found * ln(found / expected)``, 0 where nothing was found."""
    ratio = np.divide(found, expected, out=np.ones_like(found * expected), where=found > 0)
    return found * np.log(ratio)


def _targets(values: pd.Index[str], target: str | Sequence[str] | None, by: str) -> Ints:
    """The codes of the groups to compare."""
    if target is None:
        return np.arange(len(values))
    wanted = [target] if isinstance(target, str) else list(target)
    for value in wanted:
        if value not in values:
            raise InputError(f"No document has {by} {value!r}; there is nothing to compare.")
    return np.sort(values.get_indexer(pd.Index(wanted)))


def _reference(counts: pd.DataFrame, sizes: Floats, targets: Ints, reference: str) -> _Reference:
    vocabulary = list(counts["word"].cat.categories)
    total = np.bincount(codes(counts["word"]), counts["count"], len(vocabulary))
    if reference == "rest":
        if (sizes > 0).sum() < 2:
            raise InputError(
                "Keyness against the rest needs content in at least two documents or groups; "
                "take reference='english'."
            )
        return _Reference(vocabulary, total.astype(np.float64), float(sizes.sum()), True)
    if reference == "english":
        return _english(vocabulary, float(sizes[targets].max(initial=0)))
    raise InputError(f"There is no reference {reference!r}; take 'rest' or 'english'.")


def _english(vocabulary: list[str], largest: float) -> _Reference:
    """General English, with the words that a text of ``largest`` words should hold but lacks."""
    from wordfreq import get_frequency_dict

    # The dictionary itself: wordfreq's guesses for compounds are far too high ("to-the").
    shares = get_frequency_dict("en")
    common = [word for word, share in shares.items() if share * largest >= 1]
    known = set(vocabulary)
    missing = sorted(word for word in common if word not in known and _is_plain_word(word))
    listed = vocabulary + missing
    share = [0.0 if _FIGURE.search(word) else shares.get(word.rstrip("."), 0.0) for word in listed]
    return _Reference(listed, np.array(share) * ENGLISH_SIZE, ENGLISH_SIZE, False)


def _without_figures(counts: pd.DataFrame) -> pd.DataFrame:
    """wordfreq knows no single figure such as 10,000, so that figures cannot be compared."""
    vocabulary = counts["word"].cat.categories
    figure = np.array([_FIGURE.search(word) is not None for word in vocabulary], bool)
    return counts[~figure[codes(counts["word"])]]


def _is_plain_word(word: str) -> bool:
    """Whether our own words can look so; single letters stem from wordfreq's own splitting."""
    return word.isalpha() and (len(word) > 1 or word in "ai") and len(word_spans(word)) == 1


def _candidates(
    counts: pd.DataFrame, sizes: Floats, targets: Ints, held: _Reference
) -> pd.DataFrame:
    """The pairs worth testing: words that a target has, or should have had at least once.

    A word absent where less than one was expected has G2 below 2, so these pairs, at most twice as
    many as there are words in the corpus, hold all that can matter.
    """
    present = counts[(counts["count"] > 0) & np.isin(codes(counts.iloc[:, 0]), targets)]
    target = codes(present.iloc[:, 0])
    code = codes(present["word"])
    commonest = np.argsort(-held.count, kind="stable")
    rising = -held.count[commonest]
    width = len(held.words)
    extra = []
    for group in targets[sizes[targets] > 0]:
        enough = np.searchsorted(rising, -held.size / sizes[group], side="right")
        extra.append(group * width + commonest[:enough])
    expected = np.concatenate([np.empty(0, np.int64), *extra])
    absent = expected[~np.isin(expected, target * width + code, assume_unique=True)]
    furniture = counts[counts["count"] == 0]
    raw = pd.Series(
        furniture["count_raw"].to_numpy(),
        index=furniture.iloc[:, 0].cat.codes.to_numpy(np.int64) * width
        + furniture["word"].cat.codes.to_numpy(np.int64),
    )
    return pd.DataFrame(
        {
            "target": np.concatenate([target, absent // width]),
            "code": np.concatenate([code, absent % width]),
            "count": np.concatenate([present["count"], np.zeros(len(absent), np.int64)]),
            "count_raw": np.concatenate([present["count_raw"], raw.reindex(absent, fill_value=0)]),
        }
    )


def _compared(counts: pd.DataFrame, held: _Reference) -> int:
    """How many word types are compared: not those that stand in furniture alone."""
    compared = held.count > 0
    compared[codes(counts.loc[counts["count"] > 0, "word"])] = True
    return int(compared.sum())


def _tested(rows: pd.DataFrame, sizes: Floats, held: _Reference, n_types: int) -> pd.DataFrame:
    """Add to the pairs: size, other and other_size (the reference), direction and the test."""
    count = rows["count"].to_numpy(np.float64)
    size = sizes[rows["target"]]
    other = held.count[rows["code"]] - count * held.includes_target
    other_size = held.size - size * held.includes_target
    if not held.includes_target:
        other = np.maximum(other, ENGLISH_LEAST_SHARE * ENGLISH_SIZE)
    g2 = log_likelihood(count, size, other, other_size)
    tested = rows.assign(size=size, other=other, other_size=other_size, log_likelihood=g2)
    tested["positive"] = count / size > other / other_size
    tested["p"] = _p_value(g2)
    tested["p_adjusted"] = _adjusted_by_target(tested, n_types)
    return tested


def _adjusted_by_target(tested: pd.DataFrame, tests: int) -> Floats:
    p, target = tested["p"].to_numpy(), tested["target"].to_numpy()
    order = np.argsort(target, kind="stable")
    edges = np.flatnonzero(np.diff(target[order])) + 1
    adjusted = np.empty_like(p)
    for rows in np.split(order, edges):
        adjusted[rows] = adjust(p[rows], tests)
    return adjusted


def _strongest(tested: pd.DataFrame, top: int | None) -> pd.DataFrame:
    """Sort by target, positive before negative, strongest first; keep the top of each."""
    side = 2 * tested["target"].to_numpy() + ~tested["positive"].to_numpy()
    order = np.lexsort((-tested["log_likelihood"], side))  # stable: ties stay in the words' order
    side = side[order]
    rank = np.arange(len(side)) - np.searchsorted(side, side)
    return tested.iloc[order if top is None else order[rank < top]].reset_index(drop=True)


def _described(rows: pd.DataFrame, held: _Reference) -> pd.DataFrame:
    count, size, other, other_size = (
        rows[column].to_numpy(np.float64) for column in ("count", "size", "other", "other_size")
    )
    ratio = log_ratio(count, size, other, other_size)
    listed = held.includes_target | (held.count[rows["code"]] > 0)
    expected = size * (count + other) / (size + other_size)
    return pd.DataFrame(
        {
            "target": rows["target"],
            "word": pd.Index(held.words, dtype="str")[rows["code"]],
            "direction": np.where(rows["positive"], "positive", "negative"),
            "count": rows["count"],
            "per_thousand": PER_THOUSAND * count / size,
            "count_raw": rows["count_raw"],
            "n_words": size.astype(np.int64),
            "reference_count": pd.Series(np.where(held.includes_target, other, np.nan)).astype(
                "Int64"
            ),
            "reference_per_thousand": np.where(listed, PER_THOUSAND * other / other_size, np.nan),
            "log_likelihood": rows["log_likelihood"],
            "log_ratio": ratio.ratio,
            "log_ratio_low": ratio.low,
            "log_ratio_high": ratio.high,
            "p": rows["p"],
            "p_adjusted": rows["p_adjusted"],
            "small": np.maximum(count, expected) < SMALL_COUNT,
        }
    )


def _p_value(g2: Floats) -> Floats:
    from scipy.special import erfc  # the upper tail of chi squared with one degree of freedom

    tail: Floats = erfc(np.sqrt(g2 / 2))
    return tail
