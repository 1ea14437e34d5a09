"""Claims that stand in two places of one passage, or in two reports of one utterance."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus
from nbhelpers.extraction.models import FAST
from nbhelpers.reuse import passages
from nbhelpers.utterances import utterances
from nbhelpers.words import positions

UTTERANCE = "utterance"


class Repetition(NamedTuple):
    """Two places of the same words: the rows of the claims in each, and what the places are.

    ``kind``: verbatim, near (reworded), or utterance (one utterance in two reports).
    """

    rows: range
    other_rows: range
    kind: str
    similarity: float
    place: tuple[str, int, int]
    other_place: tuple[str, int, int]


def repetitions(corpus: Corpus, found: pd.DataFrame, *, model: str = FAST) -> Iterator[Repetition]:
    """Yield the shared passages and the utterances that hold claims on both sides.

    ``found`` are claims sorted by text and place.
    """
    at = positions(corpus, found).tolist()
    shared = passages(corpus)
    same = utterances(corpus, model=model).assign(kind=UTTERANCE)
    for places in (shared, same[same["verdict"] != "polarity_conflict"]):
        first = _rows(corpus, at, places, "")
        second = _rows(corpus, at, places, "other_")
        kinds = zip(places["kind"].tolist(), places["similarity"].tolist(), strict=True)
        for (rows, place), (other, other_place), (kind, similarity) in zip(
            first, second, kinds, strict=True
        ):
            if rows and other:
                yield Repetition(rows, other, kind, similarity, place, other_place)


def _rows(
    corpus: Corpus, at: list[int], places: pd.DataFrame, prefix: str
) -> list[tuple[range, tuple[str, int, int]]]:
    """The claims in each place of one side, and the place."""
    side = places[[f"{prefix}{name}" for name in ("doc_id", "start", "end")]]
    side = side.set_axis(["doc_id", "start", "end"], axis=1)
    first = positions(corpus, side)
    past = first + (side["end"] - side["start"]).to_numpy(np.int64)
    spans = zip(*(side[name].tolist() for name in side), strict=True)
    return [
        (range(bisect_left(at, a), bisect_left(at, b)), place)
        for a, b, place in zip(first.tolist(), past.tolist(), spans, strict=True)
    ]
