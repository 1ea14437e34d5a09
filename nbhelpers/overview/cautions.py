"""Reasons to read a text's figures with care, gathered from the other measures."""

from __future__ import annotations

import pandas as pd

from nbhelpers.cleaning import damage
from nbhelpers.corpus import Corpus, table
from nbhelpers.overview.documents import documents, summary
from nbhelpers.reuse import reuse_by_pair

FLAWS_PER_THOUSAND = 5  # flaws in a thousand words from which a text is called damaged
FURNITURE_SHARE = 0.2  # of a file's words, from which its raw figures say little of the story
SHARED = 0.05  # of the words of a text, from which it is no longer called a source of its own


@table
def cautions(corpus: Corpus, *, min_words: int = 8) -> pd.DataFrame:
    """Return for each document why its figures need care: one row for each reason.

    Arguments: ``min_words`` as in :func:`nbhelpers.reuse.passages`. Columns: doc_id, reason.
    Documents without a reason have no row.

    >>> from nbhelpers.corpus import Document
    >>> cautions(Corpus([Document("a", "It rained on the whole of the coast.", "a.txt")]))
      doc_id                                           reason
    0      a  under 100 words: mind means and shares
    1      a  not surely English: word lists do not fit
    """
    texts = documents(corpus).set_index("doc_id")
    small = summary(corpus).set_index("doc_id")["small"]
    pairs = reuse_by_pair(corpus, min_words=min_words)
    shared = {
        *pairs.loc[pairs["share"] >= SHARED, "doc_id"],
        *pairs.loc[pairs["other_share"] >= SHARED, "other_doc_id"],
    }
    flaws = damage(corpus).groupby("doc_id").size().reindex(texts.index, fill_value=0)
    reasons = {
        "under 100 words: mind means and shares": small,
        "not surely English: word lists do not fit": texts["language"].fillna("") != "en",
        "many flaws: quote it from the original": (
            1000 * flaws > FLAWS_PER_THOUSAND * texts["n_words_content"]
        ),
        "much page furniture: its raw figures mislead": (
            texts["n_words_content"] < (1 - FURNITURE_SHARE) * texts["n_words"]
        ),
        "shares passages: not a source of its own": texts.index.isin(shared),
    }
    holds = pd.DataFrame(reasons, index=texts.index).stack()
    rows = [row for row, true in holds.items() if true]
    return pd.DataFrame(rows, columns=["doc_id", "reason"])
