"""How many words are the author's own, and how many are somebody else's."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.stats import shares
from nbhelpers.voices.selection import AUTHOR, Selection, groups, is_in, statements
from nbhelpers.words import words


@table
def words_by_voice(corpus: Corpus, **options: Unpack[Selection]) -> pd.DataFrame:
    """Return how many of each group's words are the author's own, and how many are attributed.

    Each word counts once, for the innermost voice. What introduces others' words ("he said") is the
    author's, and so is what the author says as "I", or what the options leave out.

    Args:
        corpus: the texts.
        options: see :class:`nbhelpers.voices.Selection`.

    Columns: group, voice (author, direct, indirect, mixed), count (words), n, documents, share,
    share_low, share_high (see :func:`nbhelpers.stats.shares`; NA where every group is one text,
    because the words of one text are not independent), small.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said. It rained.", "a.txt")])
    >>> words_by_voice(corpus)[["group", "voice", "count", "n"]]
      group   voice  count  n
    0     a  author      5  8
    1     a  direct      3  8
    """
    found = statements(corpus, **options)
    others = found[found["type"].ne(AUTHOR).fillna(True)].rename(columns={"kind": "voice"})
    said = others.groupby(["doc_id", "group", "voice"])["n_words"].sum().reset_index()
    texts = sizes(corpus, **options)
    attributed = said.groupby("doc_id")["n_words"].sum()
    own = texts["words"].sub(attributed, fill_value=0).astype("int64")
    authors = texts.assign(voice=AUTHOR, n_words=own).reset_index()
    frame = shares(pd.concat([authors, said]), of="voice", by="group", weight="n_words")
    if frame["documents"].max() == 1:
        frame[["share_low", "share_high"]] = np.nan
    return frame


def sizes(
    corpus: Corpus, *, by: str = "doc_id", content_only: bool = True, **_: object
) -> pd.DataFrame:
    """Return how many words of each text were searched for attributions.

    Index: doc_id. Columns: group, words. Texts without a group are left out.
    """
    tokens = words(corpus)
    kinds = ("title", "body") if content_only else ("title", "body", "embed")
    searched = pd.Categorical(tokens["doc_id"][is_in(corpus, tokens, kinds)], corpus.doc_ids).codes
    n_words = np.bincount(searched, minlength=len(corpus))
    frame = pd.DataFrame({"group": groups(corpus, by), "words": n_words}).rename_axis("doc_id")
    return frame[frame["group"].notna()]
