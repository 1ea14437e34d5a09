"""Label every stretch of a text and every flaw in it; delete nothing."""

from __future__ import annotations

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.text import paragraph_spans, sentence_spans

CONTENT_KINDS = ("title", "body")


@table
def segments(corpus: Corpus) -> pd.DataFrame:
    """Return the segments: doc_id, start, end, kind, is_content, text."""
    rows = [
        (document.doc_id, start, end, "body", True, document.text[start:end])
        for document in corpus
        for start, end in paragraph_spans(document.text)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "start", "end", "kind", "is_content", "text"])


@table
def sentences(corpus: Corpus) -> pd.DataFrame:
    """Return the sentences: doc_id, sentence_id, start, end, is_content, text."""
    rows = [
        (row.doc_id, start, end, row.is_content, corpus.text(row.doc_id)[start:end])
        for row in segments(corpus).itertuples()
        for start, end in sentence_spans(corpus.text(row.doc_id), row.start, row.end)
    ]
    frame = pd.DataFrame(rows, columns=["doc_id", "start", "end", "is_content", "text"])
    frame.insert(1, "sentence_id", frame.groupby("doc_id").cumcount())
    return frame
