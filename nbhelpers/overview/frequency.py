"""How often words and sequences of words occur, and in how many documents."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.corpus import Corpus, InputError, table
from nbhelpers.words import (
    Bools,
    Ints,
    StopWords,
    codes,
    decoded,
    document_groups,
    sentence_numbers,
    stop_word_set,
    words,
)

PER_THOUSAND = 1000.0
SMALL_COUNT = 5  # Cochran's (1954) rule: below five, found or expected, a count says little


@table
def word_counts(corpus: Corpus) -> pd.DataFrame:
    """Return how often each word occurs in each document.

    Columns: doc_id, word (both categorical), count (in content), count_raw (furniture included).
    Only pairs that occur; sorted by document, then word.
    """
    tokens = words(corpus)
    vocabulary = len(tokens["word"].cat.categories)
    key = codes(tokens["doc_id"]) * vocabulary + codes(tokens["word"])
    pairs, raw = np.unique(key, return_counts=True)
    content, count = np.unique(key[tokens["is_content"].to_numpy()], return_counts=True)
    counts = np.zeros(len(pairs), np.int64)
    counts[np.searchsorted(pairs, content)] = count
    documents, numbers = np.divmod(pairs, max(vocabulary, 1))
    return pd.DataFrame(
        {
            "doc_id": decoded(documents, tokens["doc_id"]),
            "word": decoded(numbers, tokens["word"]),
            "count": counts,
            "count_raw": raw,
        }
    )


def grouped_counts(corpus: Corpus, by: str) -> pd.DataFrame:
    """Return :func:`word_counts` summed over groups of documents.

    Columns: ``by``, word (both categorical), count, count_raw, documents (whose content holds the
    word). Documents without a value of ``by`` are left out.
    """
    groups = document_groups(corpus, by)
    counts = word_counts(corpus)
    group = groups.codes[codes(counts["doc_id"])].astype(np.int64)
    counts, group = counts[group >= 0], group[group >= 0]
    vocabulary = max(len(counts["word"].cat.categories), 1)
    key = group * vocabulary + codes(counts["word"])
    pairs, row = np.unique(key, return_inverse=True)
    return pd.DataFrame(
        {
            by: pd.Categorical.from_codes(pairs // vocabulary, categories=groups.categories),
            "word": decoded(pairs % vocabulary, counts["word"]),
            "count": sums(row, counts["count"]),
            "count_raw": sums(row, counts["count_raw"]),
            "documents": sums(row, counts["count"] > 0),
        }
    )


@table
def frequencies(
    corpus: Corpus, *, by: str | None = None, stop_words: StopWords = None, min_count: int = 1
) -> pd.DataFrame:
    """Return how often each word occurs, most frequent first.

    Arguments: ``by`` counts each document (``"doc_id"``) or each value of a metadata column apart;
    ``stop_words`` leaves words out of the list, not out of the total (see
    :func:`nbhelpers.words.stop_word_set`); ``min_count`` is the least count listed (0 also lists
    words that occur in furniture alone). Columns: ``by`` if given, word, count (in content),
    per_thousand (of the content words), documents (whose content holds the word), count_raw
    (furniture included). Raises InputError for an unknown ``by`` or stop list.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Drones and more drones", "a.txt")])
    >>> frequencies(corpus, stop_words="english")
         word  count  per_thousand  documents  count_raw
    0  drones      2         500.0          1          2
    """
    grouped = grouped_counts(corpus, by) if by else _totals(corpus)
    keys = [by] if by else []
    totals = grouped.groupby(by, observed=True)["count"].transform("sum") if by else None
    size = grouped["count"].sum() if totals is None else totals
    grouped.insert(len(keys) + 2, "per_thousand", PER_THOUSAND * grouped["count"] / size)
    kept = (grouped["count"] >= min_count) & ~grouped["word"].isin(stop_word_set(stop_words))
    order = [*keys, "count", "word"]
    listed = grouped[kept].sort_values(order, ascending=[c != "count" for c in order])
    columns = [*keys, "word", "count", "per_thousand", "documents", "count_raw"]
    return listed[columns].astype({"word": "str"}).reset_index(drop=True)


@table
def ngrams(
    corpus: Corpus,
    *,
    n: int = 2,
    stop_words: StopWords = None,
    min_count: int = 2,
) -> pd.DataFrame:
    """Return sequences of ``n`` words within a sentence, most frequent first.

    Arguments: ``stop_words`` leaves out sequences that begin or end with one of them (so
    "ministry of defence" stays); ``min_count`` is the least count listed. Columns: ngram (words as
    they are counted, one space between), n, count (in content), per_thousand (of all such sequences
    in content), documents, count_raw (furniture included). Raises InputError for ``n`` below 1.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "North Korea. The North Korea envoy", "a.txt")])
    >>> ngrams(corpus)[["ngram", "count"]]
             ngram  count
    0  north korea      2
    """
    if n < 1:
        raise InputError(f"An n-gram has at least one word, not {n}; give n=1 or more.")
    tokens = words(corpus)
    code = codes(tokens["word"])
    start = _sequence_starts(corpus, tokens, n)
    sequence, first = _number_sequences(code, start, n)
    content = tokens["is_content"].to_numpy()[start]
    document = codes(tokens["doc_id"])[start]
    raw, count = sums(sequence, np.ones(len(start))), sums(sequence, content)
    pairs = np.unique(sequence[content] * max(len(corpus), 1) + document[content])
    documents = np.bincount(pairs // max(len(corpus), 1), minlength=len(first))
    kept = np.flatnonzero((count >= min_count) & _allowed(tokens, start[first], n, stop_words))
    forms = tokens["word"].to_numpy(object)
    frame = pd.DataFrame(
        {
            "ngram": [" ".join(forms[i : i + n]) for i in start[first[kept]]],
            "n": n,
            "count": count[kept],
            "per_thousand": PER_THOUSAND * count[kept] / max(content.sum(), 1),
            "documents": documents[kept],
            "count_raw": raw[kept],
        }
    ).astype({"ngram": "str"})
    return frame.sort_values(["count", "ngram"], ascending=[False, True], ignore_index=True)


def sums(row: Ints, values: npt.ArrayLike) -> Ints:
    """Return the whole-number sum of the values of each row number."""
    return np.bincount(row, weights=np.asarray(values, np.float64)).astype(np.int64)


def stretches(corpus: Corpus, tokens: pd.DataFrame) -> Ints:
    """Return for each word the number of its stretch: a sentence, within one paragraph."""
    sentence = sentence_numbers(corpus, tokens)
    paragraph = tokens["paragraph"].to_numpy(np.int64)
    begins = (np.diff(sentence, prepend=-1) != 0) | (np.diff(paragraph, prepend=-1) != 0)
    return np.cumsum(begins)


def _totals(corpus: Corpus) -> pd.DataFrame:
    counts = word_counts(corpus)
    code = codes(counts["word"])
    return pd.DataFrame(
        {
            "word": counts["word"].cat.categories,
            "count": sums(code, counts["count"]),
            "count_raw": sums(code, counts["count_raw"]),
            "documents": sums(code, counts["count"] > 0),
        }
    )


def _sequence_starts(corpus: Corpus, tokens: pd.DataFrame, n: int) -> Ints:
    """The words at which a sequence of n within one stretch begins."""
    stretch = stretches(corpus, tokens)
    last = max(len(stretch) - n + 1, 0)
    return np.flatnonzero(stretch[:last] == stretch[n - 1 :])


def _number_sequences(code: Ints, start: Ints, n: int) -> tuple[Ints, Ints]:
    """Number the sequences that begin at ``start``; also the first occurrence of each number."""
    vocabulary = int(code.max(initial=0)) + 1
    number: Ints = pd.factorize(code[start])[0]
    for k in range(1, n):
        number = pd.factorize(number * vocabulary + code[start + k])[0]
    first = np.zeros(number.max(initial=-1) + 1, np.int64)
    first[number[::-1]] = np.arange(len(number))[::-1]
    return number, first


def _allowed(tokens: pd.DataFrame, start: Ints, n: int, stop_words: StopWords) -> Bools:
    """Whether neither the first nor the last word of a sequence is a stop word."""
    stopped = tokens["word"].cat.categories.isin(stop_word_set(stop_words))
    code = codes(tokens["word"])
    return ~(stopped[code[start]] | stopped[code[start + n - 1]])
