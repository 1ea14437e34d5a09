"""What an encoder says of each token: a score for each label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nbhelpers.encoder.pieces import FIRST, LAST, number
from nbhelpers.encoder.session import run
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.tagging import Chain, Reading, Tagger
from nbhelpers.extraction.windows import N_CASES, N_STATES, Stream, Window, stream, windows

N_MARKS = N_STATES + N_CASES

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class EncoderTagger:
    """Tags the tokens of paragraphs by the scores of an encoder and of another tagger together.

    Those of the ``other`` tagger count ``share`` of what they are; ``start`` is added where a
    paragraph begins, ``bias`` everywhere.
    """

    graph: Path
    other: Tagger
    share: float
    chain: Chain
    start: Doubles
    bias: Doubles

    def read(self, parts: Sequence[Paragraph]) -> Iterator[Reading]:
        """Yield what the tagger makes of each paragraph of a text, given those around it."""
        if not parts:
            return
        read = encode(parts, self.graph)
        first = 0
        for paragraph, other in zip(parts, self.other.read(parts), strict=True):
            own = slice(first, first + len(paragraph.words))
            first = own.stop
            scores = read[own] + self.share * other.scores + self.bias
            scores[0] += self.start
            yield Reading(scores, self.chain)


def encode(parts: Sequence[Paragraph], graph: Path) -> Floats:
    """Return the score of each label for each token of the paragraphs of a text, a row a token."""
    read = stream(parts)
    todo = list(windows(read.ends))
    pieces = [pieces_in(read, window) for window in todo]
    found: dict[int, Floats] = {}
    for rows, (scores,) in run(graph, pieces, _Marking(read, todo), at_once=1):
        for k, row in enumerate(rows.tolist()):
            window = todo[row]
            own = slice(*np.searchsorted(read.tokens, [window.own, window.end]))
            found[row] = scores[k, read.tokens[own] - window.start + 1]
    return np.concatenate([found[row] for row in range(len(todo))])


def pieces_in(read: Stream, window: Window) -> list[int]:
    """Return the pieces of a window, between those that begin and end a text."""
    return [number(FIRST), *read.pieces[window.start : window.end].tolist(), number(LAST)]


def marks_of(read: Stream, window: Window, length: int) -> Floats:
    """Return 1 for the state and the case of each piece of a window, a row a piece."""
    states, cases = (np.zeros(length, dtype=np.int64) for _ in range(2))
    inside = slice(1, window.end - window.start + 1)
    states[inside] = read.states[window.start : window.end]
    cases[inside] = read.cases[window.start : window.end]
    marks = np.hstack([np.eye(N_STATES)[states], np.eye(N_CASES)[cases]])
    return marks.astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Marking:
    """Makes the marks of a batch of windows."""

    read: Stream
    windows: Sequence[Window]

    def __call__(self, rows: Ints, mask: Floats) -> dict[str, Floats]:
        length = mask.shape[1]
        return {"marks": np.stack([marks_of(self.read, self.windows[k], length) for k in rows])}
