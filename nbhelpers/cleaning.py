"""Segments, sentences and flaws of a corpus: all is labelled, nothing deleted, nothing mended.

Texts from the web are cut, mis-decoded, partly machine-translated, and set among page furniture.
Each table says so with the place; the rules lie in :mod:`nbhelpers.furniture` and
:mod:`nbhelpers.flaws`.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.flaws import find_flaws
from nbhelpers.furniture import CONTENT_KINDS, label, line_key
from nbhelpers.text import paragraph_spans, sentence_spans

REPEATED_IN = 3  # texts in which a line must recur to be taken for furniture of their site
REPEATED_AT_MOST = 250  # characters of such a line
SYNDICATED_FROM = 0.5  # share of a text's characters that recurs elsewhere: then it is a copy

_TYPES = {
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "kind": "str",
    "is_content": "bool",
    "text": "str",
    "suggestion": "string",
}


@table
def segments(corpus: Corpus) -> pd.DataFrame:
    """Label every stretch of every text that is not white space.

    Columns: ``doc_id``, ``start``, ``end`` (code points into the raw text), ``kind`` (title, body,
    teaser, embed, related_links, donation_appeal, share_widget, visit_counter, author_bio, promo,
    dateline, credit, other_furniture), ``is_content`` (title and body), ``text``. The rules are
    those of :mod:`nbhelpers.furniture`; what none of them claims is body.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "It rained all day.\\nAdvertisement", "a.txt")])
    >>> segments(corpus)[["start", "end", "kind"]].values.tolist()
    [[0, 18, 'body'], [19, 32, 'promo']]
    """
    repeated = frozenset(repeated_lines(corpus)["line"])
    rows = [
        (d.doc_id, start, end, kind, kind in CONTENT_KINDS, d.text[start:end])
        for d in corpus
        for start, end, kind in label(d.text, paragraph_spans(d.text), repeated=repeated)
    ]
    return _frame(rows, "doc_id", "start", "end", "kind", "is_content", "text")


@table
def sentences(corpus: Corpus) -> pd.DataFrame:
    """Part every segment into sentences; none reaches over a segment's end.

    Columns: ``doc_id``, ``sentence_id`` (0, 1, ... within a text), ``start``, ``end``,
    ``is_content``, ``text``.

    >>> from nbhelpers.corpus import Document
    >>> sentences(Corpus([Document("a", "It rained. It poured.", "a.txt")])).text.tolist()
    ['It rained.', 'It poured.']
    """
    labelled = segments(corpus)
    spans = zip(
        *(labelled[c].tolist() for c in ("doc_id", "start", "end", "is_content")), strict=True
    )
    rows = [
        (doc_id, start, end, is_content, corpus.text(doc_id)[start:end])
        for doc_id, segment_start, segment_end, is_content in spans
        for start, end in sentence_spans(corpus.text(doc_id), segment_start, segment_end)
    ]
    frame = _frame(rows, "doc_id", "start", "end", "is_content", "text")
    frame.insert(1, "sentence_id", frame.groupby("doc_id").cumcount())
    return frame


@table
def damage(corpus: Corpus) -> pd.DataFrame:
    """List the flaws of every text, in content unless said otherwise. Nothing is mended.

    Columns: ``doc_id``, ``start``, ``end`` (code points into the raw text), ``kind``, ``text``
    (what stands there), ``suggestion`` (what may have been meant, else NA). Kinds: ``mojibake``
    (characters decoded wrongly, found by ftfy, in every segment), ``unbalanced_quote`` (a
    quotation mark without its partner), ``duplicate`` (a sentence that stood before),
    ``missing_stop`` (a paragraph that breaks off; the last word is marked), ``stray_fragment`` and
    ``odd_case`` (sentences that begin in lower case), ``broken_speaker`` (two speakers run together
    after a quotation), ``stray_space`` (a blank before a stop, as machine translation leaves it).

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "It rained. announced that it would.", "a.txt")])
    >>> damage(corpus)[["start", "kind", "text"]].values.tolist()
    [[11, 'stray_fragment', 'announced that it would.']]
    """
    segments_of = _rows_by_text(segments(corpus), "kind")
    sentences_of = _rows_by_text(sentences(corpus), "is_content")
    rows = []
    for d in corpus:
        flaws = find_flaws(d.text, segments_of.get(d.doc_id, []), sentences_of.get(d.doc_id, []))
        for start, end, kind, suggestion in sorted(flaws, key=itemgetter(0, 1, 2)):
            rows.append((d.doc_id, start, end, kind, d.text[start:end], suggestion))
    return _frame(rows, "doc_id", "start", "end", "kind", "text", "suggestion")


def _frame(rows: list[tuple[Any, ...]], *columns: str) -> pd.DataFrame:
    """The rows as a frame whose columns have the same types where there is no row."""
    return pd.DataFrame(rows, columns=list(columns)).astype(
        {name: _TYPES[name] for name in columns}
    )


def _rows_by_text(table: pd.DataFrame, column: str) -> dict[str, list[tuple[int, int, Any]]]:
    """Each text's rows: start, end and this column."""
    rows = zip(*(table[c].tolist() for c in ("doc_id", "start", "end", column)), strict=True)
    return {doc_id: [row[1:] for row in of] for doc_id, of in groupby(rows, key=itemgetter(0))}


@table
def repeated_lines(corpus: Corpus) -> pd.DataFrame:
    """List the lines (as :func:`nbhelpers.furniture.line_key`) that a site sets on many pages.

    A line that recurs in three or more texts is furniture, unless these texts are copies of one
    another altogether: then the line recurs because the story does. (What reads like a sentence of
    a story is spared all the same, see :func:`nbhelpers.furniture.label`.) Column: ``line``.
    """
    keys = {d.doc_id: line_keys(d.text) for d in corpus}
    found_in = Counter(key for lines in keys.values() for key in set(lines))
    recurring = {key for key, n in found_in.items() if n >= REPEATED_IN}
    shares: dict[str, list[float]] = {}
    for lines in keys.values():
        here = [key for key in lines if key in recurring]
        share = sum(map(len, here)) / max(1, sum(map(len, lines)))
        for key in set(here):
            shares.setdefault(key, []).append(share)
    found = sorted(key for key, values in shares.items() if median(values) < SYNDICATED_FROM)
    return pd.DataFrame({"line": pd.Series(found, dtype="str")})


def line_keys(text: str) -> list[str]:
    """Return the short lines of a text in the form in which they are compared."""
    lines = (text[a:b] for a, b in paragraph_spans(text) if b - a <= REPEATED_AT_MOST)
    return [key for line in lines if (key := line_key(line))]
