"""Gold attributions as arrays: windows of word pieces, labels of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from nbhelpers.extraction.encoding import marks_of, pieces_in
from nbhelpers.extraction.tags import tags_of
from nbhelpers.extraction.windows import Stream, Window, stream, windows
from nbhelpers.text import Span
from nbhelpers.training.attribution import GoldText, gold_pieces

UNKNOWN = -1  # the label of tokens where nobody looked

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Answers:
    """The gold of a text; tokens are counted through it.

    ``labels`` has a number for each token, ``ends`` the token behind each paragraph.
    """

    labels: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A window of a text, with the tokens whose first pieces stand in it."""

    stream: Stream
    answers: Answers
    window: Window
    tokens: slice

    def __len__(self) -> int:
        """Count its word pieces."""
        return self.window.end - self.window.start


@dataclass(frozen=True, slots=True)
class Batch:
    """Excerpts side by side, their tokens in one row.

    ``places`` says where each token stands in the rows of word pieces laid end to end;
    ``sequences`` are the stretches of tokens of a paragraph each.
    """

    word_pieces: list[list[int]]
    marks: Floats
    places: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    sequences: list[Span] = field(default_factory=list)


def excerpts(text: GoldText, labels: Sequence[str]) -> list[Excerpt]:
    """Return the windows of a text in which somebody annotated something, in order."""
    read, answers = stream(text.parts), _answers_of(text, labels)
    found = []
    for window in windows(read.ends):
        tokens = slice(*np.searchsorted(read.tokens, [window.start, window.end]).tolist())
        if any(label != UNKNOWN for label in answers.labels[tokens]):
            found.append(Excerpt(read, answers, window, tokens))
    return found


def _answers_of(text: GoldText, labels: Sequence[str]) -> Answers:
    number = {label: k for k, label in enumerate(labels)}
    found = Answers()
    for paragraph, gold in zip(text.parts, text.gold, strict=True):
        first, n = len(found.labels), len(paragraph.words)
        found.ends.append(first + n)
        if gold is None:
            found.labels.extend([UNKNOWN] * n)
            continue
        found.labels.extend(number[tag] for tag in tags_of(gold_pieces(gold), n))
    return found


def batch_of(rows: Sequence[Excerpt]) -> Batch:
    """Lay excerpts side by side."""
    length = max(map(len, rows)) + 2
    marks = np.stack([marks_of(row.stream, row.window, length) for row in rows])
    batch = Batch([pieces_in(row.stream, row.window) for row in rows], marks)
    for k, row in enumerate(rows):
        _add_answers(batch, row, k)
        in_row = row.stream.tokens[row.tokens] - row.window.start + 1
        batch.places.extend((in_row + k * length).tolist())
        batch.labels.extend(row.answers.labels[row.tokens])
    return batch


def _add_answers(batch: Batch, row: Excerpt, number: int) -> None:
    """Add the paragraphs that an excerpt holds."""
    answers, tokens = row.answers, row.tokens
    shift = len(batch.places) - tokens.start
    inner = [end for end in answers.ends if tokens.start < end < tokens.stop]
    batch.sequences.extend(
        (first + shift, end + shift)
        for first, end in pairwise([tokens.start, *inner, tokens.stop])
        if answers.labels[first] != UNKNOWN
    )
