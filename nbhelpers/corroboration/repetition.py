"""Claims that stand in two places of one passage, or in two reports of one utterance."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus
from nbhelpers.corroboration.values import overlap, plain_rows, value
from nbhelpers.extraction.models import DEFAULT
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
    place: tuple[str, int, int]
    other_place: tuple[str, int, int]


def repetitions(
    corpus: Corpus, found: pd.DataFrame, *, model: str = DEFAULT
) -> Iterator[Repetition]:
    """Yield the shared passages and the utterances that hold claims on both sides.

    ``found`` are claims sorted by text and place.
    """
    at = positions(corpus, found).tolist()
    shared = passages(corpus)
    same = utterances(corpus, model=model).assign(kind=UTTERANCE)
    for places in (shared, same[same["verdict"] != "polarity_conflict"]):
        first = _rows(corpus, at, places, "")
        second = _rows(corpus, at, places, "other_")
        for (rows, place), (other, other_place), kind in zip(
            first, second, places["kind"].tolist(), strict=True
        ):
            if rows and other:
                yield Repetition(rows, other, kind, place, other_place)


def repeated_claims(
    corpus: Corpus, found: pd.DataFrame, *, model: str = DEFAULT
) -> dict[tuple[str, str], Repetition]:
    """Return the pairs of claims of one figure that stand in the two places of a repetition.

    ``found`` as for :func:`repetitions`; a pair is named by the ids, in alphabetical order.
    """
    stated = plain_rows(found)
    pairs: dict[tuple[str, str], Repetition] = {}
    for repeated in repetitions(corpus, found, model=model):
        for one, other in product(repeated.rows, repeated.other_rows):
            if overlap(value(stated[one]), value(stated[other])):
                pairs.setdefault(pair(stated[one].claim_id, stated[other].claim_id), repeated)
    return pairs


def pair(one: str, other: str) -> tuple[str, str]:
    """Return two ids in alphabetical order."""
    return (one, other) if one <= other else (other, one)


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
