"""A text as the encoder reads it: word pieces with their place in quotations, in windows.

A window begins some pieces before those that it speaks for, so that each paragraph is read with
what leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from nbhelpers.encoder.pieces import LAST, UNKNOWN, number, pieces_of
from nbhelpers.extraction.features import quotation_states
from nbhelpers.extraction.paragraphs import Paragraph

Ints = npt.NDArray[np.int64]

LEADING = 40  # pieces before those that a window speaks for
SPOKEN_FOR = 214  # pieces that it speaks for, at most
N_STATES = 9
N_CASES = 4

_PIECES = 6  # of a word; of one with more the encoder sees the beginning
_LETTERS = 40  # of a word that are cut into pieces
_STATES = {"out": 1, "in": 2, "open": 3, "close": 4}
_IN_TITLE = 4  # is added to the state


@dataclass(frozen=True, slots=True)
class Stream:
    """All pieces of a text in a row; a separator without state or case ends each paragraph.

    ``tokens`` says where the first piece of each token stands, ``ends`` where each paragraph ends.
    """

    pieces: Ints
    states: Ints
    cases: Ints
    tokens: Ints
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a stream: read from ``start`` to ``end``, for what begins at ``own``."""

    start: int
    own: int
    end: int


def stream(parts: Sequence[Paragraph]) -> Stream:
    """Return the pieces of paragraphs in a row."""
    pieces: list[int] = []
    states: list[int] = []
    cases: list[int] = []
    tokens: list[int] = []
    ends: list[int] = []
    for paragraph in parts:
        for word, state in zip(paragraph.words, quotation_states(paragraph), strict=True):
            own = pieces_of(word[:_LETTERS])[:_PIECES] or (number(UNKNOWN),)
            tokens.append(len(pieces))
            pieces += own
            states += [_STATES[state] + _IN_TITLE * paragraph.is_title] * len(own)
            cases += [_case(word)] * len(own)
        pieces.append(number(LAST))
        states.append(0)
        cases.append(0)
        ends.append(len(pieces))
    numbers = partial(np.array, dtype=np.int64)
    return Stream(numbers(pieces), numbers(states), numbers(cases), numbers(tokens), ends)


def windows(ends: Sequence[int]) -> Iterator[Window]:
    """Yield windows over paragraphs that end at ``ends``; they are cut only if they are too long.

    >>> list(windows([100, 150, 300]))
    [Window(start=0, own=0, end=150), Window(start=110, own=150, end=300)]
    """
    own = last = 0
    for end in ends:
        if end - own > SPOKEN_FOR and own < last:
            yield Window(max(0, own - LEADING), own, last)
            own = last
        while end - own > SPOKEN_FOR:
            yield Window(max(0, own - LEADING), own, own + SPOKEN_FOR)
            own += SPOKEN_FOR
        last = end
    if own < last:
        yield Window(max(0, own - LEADING), own, last)


def _case(word: str) -> int:
    """1 for a word in lower case or none, 2 for a capital first, 3 for capitals."""
    letters = [letter for letter in word[:_LETTERS] if letter.isalpha()]
    if not letters or not letters[0].isupper():
        return 1
    return 3 if len(letters) > 1 and all(letter.isupper() for letter in letters) else 2
