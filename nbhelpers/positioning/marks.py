"""What a reader page marks of stance: the mentions that are judged, each with what was judged."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.positioning.judging import MIN_PROBABILITY, judgements
from nbhelpers.stance import mentions_read
from nbhelpers.target_sentiment.masking import NAME, context, with_one_sign
from nbhelpers.targets import TOP, Targets
from nbhelpers.voices.layers import COLUMNS
from nbhelpers.voices.selection import AUTHOR, MIN_CONFIDENCE

_LABELS = {"against": "against", "favour": "in favour of"}
_NEAR = 10  # words and marks on either side of a mention that a note quotes
_NO_SPACE = re.compile(r" (?=[,.;:!?)]|'s\b)|(?<=\() ")


@table
def stance_layers(
    corpus: Corpus,
    *,
    targets: Targets | None = None,
    top: int = TOP,
    min_probability: float = MIN_PROBABILITY,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
    content_only: bool = True,
) -> pd.DataFrame:
    """Return the mentions that a reader page marks as against or in favour, with a note on each.

    Mentions that are neutral or undecided are not marked: what is left is what the figures of a
    comparison count, and a page stays readable.

    Args:
        corpus: the texts.
        targets: as for :func:`nbhelpers.positioning.judgements`.
        top: likewise.
        min_probability: likewise.
        min_confidence: likewise.
        model: likewise.
        content_only: likewise.

    Columns: those of :func:`nbhelpers.voices.layers`, so that a page can show both: doc_id, start,
    end (the mention), kind (against, favour), label (the side and the target), note (how probable,
    in whose voice, and the words that the classifier read, names hidden); mark_id, via and text are
    NA. Sorted by text and place.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "Ann Lee lied to voters. Ann Lee left.", "a.txt")])
    >>> found = stance_layers(corpus)
    >>> found[["start", "end", "kind", "label"]].values.tolist()
    [[0, 7, 'against', 'against Ann Lee']]
    >>> found["note"].str.partition(". ")[2].tolist()
    ['In the author’s own voice. The classifier read: “[TARGET] lied to voters.”']
    """
    chosen: dict[str, Any] = {"targets": targets, "top": top, "content_only": content_only}
    chosen |= {"model": model, "min_confidence": min_confidence}
    found = judgements(corpus, min_probability=min_probability, **chosen)
    found = found[found["side"].isin(_LABELS)]
    keys = ["doc_id", "start", "target"]
    found = found.merge(mentions_read(corpus, **chosen)[[*keys, "words", "places"]], on=keys)
    marks = pd.DataFrame(
        {
            "doc_id": found["doc_id"],
            "start": found["start"],
            "end": found["end"],
            "kind": found["side"],
            "label": found["side"].map(_LABELS) + " " + found["target"],
            "note": [_note(row) for row in found.to_dict("records")],
        }
    )
    return marks.reindex(columns=[*COLUMNS]).astype(COLUMNS)


def _note(row: dict[Any, Any]) -> str:
    """How probable, in whose voice, and what was read."""
    return (
        f"Probability {row['probability']:.2f}. In {_voice(row)}. "
        f"The classifier read: “{_read(row)}”"
    )


def _voice(row: dict[Any, Any]) -> str:
    if row["whose"] == AUTHOR:
        return "the author’s own voice"
    return "a voice that is not named" if pd.isna(row["name"]) else f"the voice of {row['name']}"


def _read(row: dict[Any, Any]) -> str:
    """The words around a mention as the classifier has them, quotation marks aside."""
    mention, *also = row["places"]
    left, right = with_one_sign(context(row["words"], mention, also))
    before = ["…"] * (len(left) > _NEAR) + left[-_NEAR:]
    after = right[:_NEAR] + ["…"] * (len(right) > _NEAR)
    shown = (
        "[name]" if word == NAME else word for word in (*before, "[TARGET]", *after) if word != '"'
    )
    return _NO_SPACE.sub("", " ".join(shown))
