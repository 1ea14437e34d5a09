"""Who says what, through whom: sources, cues and contents of attributed speech and thought.

A trained model (see ``models/attribution_accurate.md``) tags and links the words of every paragraph
of the story; embedded posts belong to their handles; page furniture is never searched. What is
printed as somebody's words is found here; whether it is true, or complete, is another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.cues import cue_words
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.naming.across import source_names
from nbhelpers.naming.relations import ROLES, relations
from nbhelpers.text import Span, word_spans

__all__ = ["attributions", "spans"]

_COLUMNS = {
    "attribution_id": "str",
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "kind": "str",
    "source": "str",
    "source_id": "str",
    "cue": "str",
    "content": "str",
    "cue_class": "str",
    "reported_via": "str",
    "confidence": "float64",
    "model": "str",
}
_SPAN_COLUMNS = {
    "attribution_id": "str",
    "doc_id": "str",
    "role": "str",
    "start": "int64",
    "end": "int64",
}


@table
def attributions(corpus: Corpus, *, model: str = DEFAULT) -> pd.DataFrame:
    """Find who is said to have said or thought what.

    Args:
        corpus: the texts.
        model: ``accurate`` (the default where onnxruntime is installed) or ``fast``, for millions
            of articles; ``models/attribution_accurate.md`` and ``models/attribution_fast.md`` say
            what they rest on.

    Columns: ``attribution_id`` (``doc_id:number``), ``doc_id``, ``start``, ``end`` (code points
    into the raw text, from the first to the last of its spans), ``kind`` (``direct``: all words of
    the content stand in quotation marks; ``indirect``: none does; ``mixed``), ``source``, ``cue``,
    ``content`` (their texts; stretches that stand apart are joined by " … "), ``source_id`` (whom
    the source means, see :func:`nbhelpers.sources.sources`), ``cue_class`` (what act the cue names,
    see ``data/README.md``), ``reported_via`` (the attribution that carries this one),
    ``confidence`` (how probable it is that the attribution is right: content by half or more,
    source and cue touched), ``model``. What is not there is NA. Sorted by text and place.

    Raises:
        InputError: there is no such model, or its package is not installed.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said. “We won.”", "a.txt")])
    >>> attributions(corpus)[["kind", "source", "cue", "content"]].values.tolist()
    [['direct', 'Ann Lee', 'said', '“It is over,” … “We won.”']]
    """
    found = relations(corpus, model=model).itertuples(index=False)
    sources = source_names(corpus, model=model)["source_id"]
    rows = [
        _row(corpus.text(str(relation.doc_id)), relation) | {"source_id": source_id, "model": model}
        for relation, source_id in zip(found, sources, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


@table
def spans(corpus: Corpus, *, model: str = DEFAULT) -> pd.DataFrame:
    """List the stretches of text that make up the attributions; a role may have several.

    Columns: ``attribution_id``, ``doc_id``, ``role`` (source, cue, content), ``start``, ``end``
    (code points into the raw text). Those of one role of one attribution never overlap.

    Args:
        corpus: the texts.
        model: as for :func:`attributions`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "“It is over,” Ann Lee said.", "a.txt")])
    >>> spans(corpus)[["role", "start", "end"]].values.tolist()
    [['content', 0, 13], ['source', 14, 21], ['cue', 22, 26]]
    """
    rows = [
        (found.attribution_id, found.doc_id, role, start, end)
        for found in relations(corpus, model=model).itertuples(index=False)
        for start, end, role in sorted(
            (*span, role) for role in ROLES for span in getattr(found, role)
        )
    ]
    return pd.DataFrame(rows, columns=list(_SPAN_COLUMNS)).astype(_SPAN_COLUMNS)


def _row(text: str, found: Any) -> dict[str, object]:
    """What a row of :func:`attributions` has from one of the relations."""
    every = found.source + found.cue + found.content
    return {
        "attribution_id": found.attribution_id,
        "doc_id": found.doc_id,
        "start": min(start for start, _ in every),
        "end": max(end for _, end in every),
        "kind": found.kind,
        "source": _text(text, found.source),
        "cue": _text(text, found.cue),
        "content": _text(text, found.content),
        "cue_class": _cue_class(text, found.cue),
        "reported_via": found.reported_via,
        "confidence": found.confidence,
    }


def _text(text: str, stretches: Sequence[Span]) -> str | None:
    return " … ".join(text[start:end] for start, end in stretches) or None


def _cue_class(text: str, cue: Sequence[Span]) -> str | None:
    """The class of the first verb of a cue that the lexicon knows, else of its first noun."""
    words = [text[a:b].lower() for start, end in cue for a, b in word_spans(text, start, end)]
    pairs = [f"{word}_{following}" for word, following in pairwise([*words, ""])]
    lexicon = cue_words()
    known = [
        lexicon[pair if pair in lexicon else word]
        for word, pair in zip(words, pairs, strict=True)
        if pair in lexicon or word in lexicon
    ]
    known.sort(key=lambda word: word.part_of_speech != "verb")
    return known[0].cue_class if known else "other" if cue else None
