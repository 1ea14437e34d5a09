"""Which documents resemble each other in what they talk about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.overview.frequency import word_counts
from nbhelpers.words import StopWords, codes, stop_word_set

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ROWS_AT_ONCE = 256  # bounds the memory of the product of all documents with all


@table
def similarity(
    corpus: Corpus, *, stop_words: StopWords = "english", top: int | None = 10
) -> pd.DataFrame:
    """Return for each document those nearest to it in vocabulary.

    The cosine of tf-idf vectors of the content: (1 + ln tf) * (1 + ln((1 + N) / (1 + df))), so that
    a word of all documents still counts (Manning, Raghavan and Schütze 2008, "Introduction to
    Information Retrieval", chapter 6). It compares words, not meaning, and depends on the corpus.

    Arguments: ``stop_words`` are ignored; ``top`` is how many neighbours each document keeps, by
    similarity (None: all). Columns: doc_id, other_doc_id, similarity (0 to 1), rank. Each pair
    stands from both sides; pairs without a common word are left out.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "drones strike", "b": "drones strike", "c": "talks"}
    >>> corpus = Corpus([Document(name, text, name) for name, text in texts.items()])
    >>> similarity(corpus).round(6)
      doc_id other_doc_id  similarity  rank
    0      a            b         1.0     1
    1      b            a         1.0     1
    """
    vectors = _vectors(corpus, stop_words)
    parts = [
        _nearest(vectors, begin, min(begin + ROWS_AT_ONCE, len(corpus)), top)
        for begin in range(0, len(corpus), ROWS_AT_ONCE)
    ]
    names = pd.Index(corpus.doc_ids, dtype="str")
    columns = ["document", "other", "similarity"]
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=columns)
    rank = frame.groupby("document").cumcount() + 1
    return pd.DataFrame(
        {
            "doc_id": names[frame["document"].to_numpy(int)],
            "other_doc_id": names[frame["other"].to_numpy(int)],
            "similarity": frame["similarity"].to_numpy(float),
            "rank": rank.to_numpy(int),
        }
    )


def _vectors(corpus: Corpus, stop_words: StopWords) -> csr_array:
    from scipy.sparse import csr_array

    counts = word_counts(corpus)
    counts = counts[(counts["count"] > 0) & ~counts["word"].isin(stop_word_set(stop_words))]
    document = codes(counts["doc_id"])
    word = codes(counts["word"])
    idf = 1 + np.log((1 + len(corpus)) / (1 + np.bincount(word)))
    weight = (1 + np.log(counts["count"].to_numpy())) * idf[word]
    length = np.sqrt(np.bincount(document, weight**2))
    shape = (len(corpus), len(counts["word"].cat.categories))
    return csr_array((weight / length[document], (document, word)), shape=shape)


def _nearest(vectors: csr_array, begin: int, end: int, top: int | None) -> pd.DataFrame:
    """The nearest documents of rows ``begin`` to ``end``, nearest first, ties by document."""
    product = (vectors[begin:end] @ vectors.T).tocoo()
    # Rounding, so that ties are ties on every machine.
    frame = pd.DataFrame(
        {
            "document": product.row.astype(np.int64) + begin,
            "other": product.col.astype(np.int64),
            "similarity": np.minimum(product.data.round(9), 1.0),
        }
    )
    frame = frame[frame["document"] != frame["other"]]
    order = np.lexsort((frame["other"], -frame["similarity"], frame["document"]))
    frame = frame.iloc[order]
    return frame if top is None else frame.groupby("document").head(top)
