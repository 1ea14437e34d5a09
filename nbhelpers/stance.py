"""Stance: does a sentence speak for or against whom it mentions?

The classifier never learns who is meant: the mention is hidden before anything is looked at, as is
every other name. Exchange one name for another, and label and probabilities stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from numbers import Integral

import pandas as pd

from nbhelpers.corpus import InputError
from nbhelpers.target_sentiment.masking import context
from nbhelpers.target_sentiment.models import FAST, LABELS, load_model
from nbhelpers.text import Span


def classify(
    texts: Sequence[str],
    spans: Sequence[Span],
    *,
    model: str = FAST,
    also: Sequence[Sequence[Span]] | None = None,
) -> pd.DataFrame:
    """Return the stance of each sentence toward the mention that is marked in it.

    Args:
        texts: sentences. Of a longer text, 120 words on either side of the mention are read.
        spans: ``(start, end)`` of the mention in each text, in code points, end exclusive. What it
            says does not matter. Where the same name stands again, it is hidden too.
        model: ``fast``, the one there is; ``models/stance_fast.md`` says what it rests on.
        also: for each text the spans of further mentions of the same target that do not bear its
            name (*the president*), to be hidden as well.

    Columns, a row a text in the given order: ``label`` (against, neutral or favour: the most
    probable), ``p_against``, ``p_neutral``, ``p_favour`` (they add up to 1), ``model``.

    Raises:
        InputError: a span marks nothing, or lies outside of its text; the numbers of texts and
            spans differ; there is no such model.

    >>> texts = ["Lee lied to voters and betrayed his friends.", "Lee arrived on Monday."]
    >>> classify(texts, [(0, 3), (0, 3)])[["label", "model"]]
         label model
    0  against  fast
    1  neutral  fast
    """
    others = [()] * len(texts) if also is None else also
    _check_number(texts, spans, "spans")
    _check_number(texts, others, "also")
    classifier = load_model(model)
    contexts = []
    for row, (text, span, further) in enumerate(zip(texts, spans, others, strict=True)):
        _check_spans(row, text, [span, *further])
        contexts.append(context(text, span, further))
    found = classifier.probabilities(contexts)
    labels = [LABELS[k] for k in found.argmax(axis=1)]
    columns = {f"p_{label}": found[:, k] for k, label in enumerate(LABELS)}
    return pd.DataFrame({"label": pd.Series(labels, dtype="str"), **columns, "model": model})


def _check_number(texts: Sequence[str], others: Sequence[object], name: str) -> None:
    if len(texts) != len(others):
        raise InputError(
            f"There are {len(texts)} texts and {len(others)} {name}; each text needs one."
        )


def _check_spans(row: int, text: str, spans: Iterable[Span]) -> None:
    for span in spans:
        if not _marks_something(text, span):
            raise InputError(
                f"Text {row} (counted from 0) has {len(text)} characters, and {span!r} marks none "
                "of its words; give (start, end), counted from 0, end exclusive."
            )


def _marks_something(text: str, span: Span) -> bool:
    try:
        start, end = span
    except (TypeError, ValueError):
        return False
    if not (isinstance(start, Integral) and isinstance(end, Integral)):
        return False
    return 0 <= start < end <= len(text) and not text[start:end].isspace()
