"""How evenly words are spread over the parts of a corpus."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.overview.frequency import SMALL_COUNT, grouped_counts, sums
from nbhelpers.words import Floats, Ints, StopWords, codes, stop_word_set


@table
def dispersion(
    corpus: Corpus, *, by: str = "doc_id", stop_words: StopWords = None, min_count: int = 2
) -> pd.DataFrame:
    """Return for each word how unevenly its occurrences are spread, in content.

    DP is half the sum of the absolute differences between each part's share of the corpus and its
    share of the word (Gries 2008): 0 is as even as can be, near 1 means that all stands in one
    small part. DPnorm divides by the highest value possible, 1 less the share of the smallest part
    (Lijffijt and Gries 2012).

    Arguments: the parts are documents, or the values of the metadata column ``by``; the shares are
    of all content words, also where ``stop_words`` are not listed; ``min_count`` is the least
    count listed. Columns: word, count, parts (that hold the word), n_parts, dp, dp_norm (NA where
    there is one part), small (True under 5 occurrences: DP is then high by necessity). Evenest
    first. Raises InputError for an unknown ``by``.

    Sources: Gries (2008), "Dispersions and adjusted frequencies in corpora", International Journal
    of Corpus Linguistics 13(4); Lijffijt and Gries (2012), same journal 17(1).

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "x y y", "a.txt"), Document("b", "x z z", "b.txt")])
    >>> dispersion(corpus)[["word", "dp", "dp_norm"]]
      word   dp  dp_norm
    0    x  0.0      0.0
    1    y  0.5      1.0
    2    z  0.5      1.0
    """
    counts = grouped_counts(corpus, by)
    counts = counts[counts["count"] > 0]
    word = codes(counts["word"])
    part = codes(counts[by])
    sizes = np.bincount(part, weights=counts["count"])
    shares = sizes / max(sizes.sum(), 1)
    total = sums(word, counts["count"])
    dp = _dp(word, counts["count"].to_numpy(np.float64), shares[part], total)
    frame = pd.DataFrame(
        {
            "word": counts["word"].cat.categories[: len(total)],
            "count": total,
            "parts": np.bincount(word),
            "n_parts": (sizes > 0).sum(),
            "dp": dp,
            "dp_norm": _normalised(dp, shares[sizes > 0]),
            "small": total < SMALL_COUNT,
        }
    )
    kept = (frame["count"] >= max(min_count, 1)) & ~frame["word"].isin(stop_word_set(stop_words))
    order = {"dp": True, "count": False, "word": True}
    return frame[kept].sort_values(list(order), ascending=list(order.values()), ignore_index=True)


def _dp(word: Ints, count: Floats, share: Floats, total: Ints) -> Floats:
    """DP from the parts that hold a word alone: all other parts add their whole share."""
    differences = np.bincount(word, weights=np.abs(share - count / total[word]))
    covered = np.bincount(word, weights=share)
    # Rounding may leave a hair above or below the bounds of the measure.
    return np.clip((differences + 1 - covered) / 2, 0, 1).round(12)


def _normalised(dp: Floats, shares: Floats) -> Floats:
    return dp / (1 - shares.min()) if len(shares) > 1 else np.full(len(dp), np.nan)
