"""The model ``accurate``: an encoder that reads the sentence with all names hidden.

It sees what :mod:`nbhelpers.target_sentiment.masking` leaves of the sentence: a mask in the place
of the mention, stand-ins for all other names, one for each, and *he* for *he* and *she*.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from nbhelpers.encoder.pieces import FIRST, LAST, MASK, number, pieces_of
from nbhelpers.encoder.session import Ints, run
from nbhelpers.target_sentiment.labels import LABELS, Doubles, Floats, calibrated
from nbhelpers.target_sentiment.masking import (
    NAME,
    PRONOUN,
    TARGET,
    Context,
    is_name,
    with_numbers,
)

FILE = Path(str(files("nbhelpers") / "models" / "stance_accurate.onnx"))
NEAREST = 120  # word pieces on either side that are read
STAND_INS = tuple("smith jones wilson davis harris lewis martin johnson".split())
"""What the first name besides the mention is read as, and the second ... The encoder knows them for
names of anybody; no text has them any more."""


@dataclass(frozen=True, slots=True)
class Model:
    """The graph, and how its opinions become probabilities: see :func:`calibrated`."""

    graph: Path
    sharpness: float
    shift: Floats

    def probabilities(self, contexts: Sequence[Context]) -> Doubles:
        """Return the probabilities of against, neutral and favour, a row a context."""
        opinions = self.opinions_of([marked_pieces(context) for context in contexts])
        return calibrated(opinions, self.sharpness, self.shift)

    def opinions_of(self, read: Sequence[tuple[list[int], int]]) -> Doubles:
        """Return what the encoder says for each label, before it is calibrated.

        What is alike is read once, so that it gets one answer to the last digit.

        Args:
            read: word pieces and the mention's place among them, as of :func:`marked_pieces`.
        """
        keys = [(place, *pieces) for pieces, place in read]
        known = {key: row for row, key in enumerate(dict.fromkeys(keys))}
        found = np.zeros((len(known), len(LABELS)))
        pooling = _Pooling(np.array([key[0] for key in known], dtype=np.int64))
        for rows, (opinions,) in run(self.graph, [key[1:] for key in known], pooling):
            found[rows] = opinions
        return found[[known[key] for key in keys]]


@dataclass(frozen=True, slots=True)
class _Pooling:
    """Makes the weights of a batch's places: the mention's alone, and all alike."""

    places: Ints

    def __call__(self, rows: Ints, mask: Floats) -> dict[str, Floats]:
        weights = np.stack([np.zeros_like(mask), mask / mask.sum(axis=1, keepdims=True)], axis=1)
        weights[np.arange(len(rows)), 0, self.places[rows]] = 1
        return {"pooling": weights}


def marked_pieces(context: Context) -> tuple[list[int], int]:
    """Return the word pieces of a context by number, and at which place the mention is."""
    left, right = (_pieces(side) for side in with_numbers(context))
    left, right = left[-NEAREST:], right[:NEAREST]
    pieces = [number(FIRST), *left, number(MASK), *right, number(LAST)]
    return pieces, len(left) + 1


def _pieces(words: Sequence[str]) -> list[int]:
    return [piece for word in words for piece in _pieces_of(word)]


def _pieces_of(word: str) -> tuple[int, ...]:
    if is_name(word):
        which = int(word[len(NAME) : -1])
        return pieces_of(STAND_INS[min(which, len(STAND_INS) - 1)])
    return (number(MASK),) if word == TARGET else pieces_of("he" if word == PRONOUN else word)


@cache
def read_model(path: Path) -> Model:
    """Return the model whose graph stands here, and its calibration in a file beside it."""
    found = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return Model(path, found["sharpness"], np.array(found["shift"], dtype=np.float32))
