"""The attributions of a corpus as spans, each with whom its source means in its own text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import pandas as pd

from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.documents import find_attributions, story_paragraphs
from nbhelpers.extraction.models import load_model
from nbhelpers.extraction.paragraphs import with_plain_marks
from nbhelpers.naming.documents import resolve
from nbhelpers.naming.records import as_records, from_records
from nbhelpers.naming.story import story
from nbhelpers.text import Span, paragraph_spans, quotations, word_spans

ROLES = ("source", "cue", "content")
_COLUMNS = [
    *("doc_id", "attribution_id", *ROLES, "reported_via", "confidence", "kind"),
    "resolution",
]


@table
def readings(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """Read each text once: its attributions, and whom their sources and its names mean.

    Columns: doc_id, attributions (a list), resolved (a
    :class:`~nbhelpers.naming.documents.Resolved`).
    """
    kept = corpus.stored(records, model=model)
    if kept is not None:
        return from_records(kept)
    loaded = load_model(model)
    labelled = segments(corpus)
    rows = zip(*(labelled[c].tolist() for c in ("doc_id", "start", "end", "kind")), strict=True)
    found: list[tuple[object, ...]] = []
    for doc_id, of_text in groupby(rows, key=itemgetter(0)):
        text = corpus.text(doc_id)
        spans = [row[1:] for row in of_text]
        parts = list(story_paragraphs(text, spans))
        attributions = find_attributions(text, parts, spans, loaded)
        found.append((doc_id, attributions, resolve(story(text, parts), attributions)))
    return pd.DataFrame(found, columns=["doc_id", "attributions", "resolved"])


@table
def records(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List what was read in each text as plain values, to be kept.

    Columns: doc_id, record (JSON, see :func:`nbhelpers.naming.records.to_record`).
    """
    return as_records(readings(corpus, model=model))


@table
def relations(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List each attribution: spans of its roles as lists, and the ``resolution`` of its source.

    Columns: doc_id, attribution_id, source, cue, content, reported_via, confidence, kind,
    resolution (a :class:`~nbhelpers.naming.resolution.Resolution`, None without a source).
    """
    found: list[tuple[object, ...]] = []
    for doc_id, attributions, resolved in readings(corpus, model=model).itertuples(index=False):
        rows = _numbered(doc_id, corpus.text(doc_id), attributions)
        found += [(*row, who) for row, who in zip(rows, resolved.sources, strict=True)]
    return pd.DataFrame(found, columns=_COLUMNS)


def attribution_id(doc_id: str, number: int) -> str:
    """Return the id of one of a text's attributions.

    >>> attribution_id("a", 0)
    'a:0'
    """
    return f"{doc_id}:{number}"


def _numbered(doc_id: str, text: str, found: Sequence[Attribution]) -> Iterator[tuple[object, ...]]:
    name = {id(a): attribution_id(doc_id, number) for number, a in enumerate(found)}
    quoted = _quoted_spans(text)
    starts = [start for start, _ in quoted]
    for a in found:
        kind = "direct" if a.is_verbatim else _kind(text, a.content, quoted, starts)
        via = name.get(id(a.via))
        yield doc_id, name[id(a)], a.source, a.cue, a.content, via, a.confidence, kind


def _kind(text: str, content: Sequence[Span], quoted: list[Span], starts: list[int]) -> str:
    """Whether all words of a content stand in quotations (sorted, with their starts), or some."""
    marks = set()
    for span in content:
        for word, _ in word_spans(text, *span):
            before = bisect_right(starts, word) - 1
            marks.add(before >= 0 and word < quoted[before][1])
    if True not in marks:
        return "indirect"
    return "mixed" if False in marks else "direct"


def _quoted_spans(text: str) -> list[Span]:
    marked = with_plain_marks(text)
    return [q[:2] for span in paragraph_spans(text) for q in quotations(marked, *span)]
