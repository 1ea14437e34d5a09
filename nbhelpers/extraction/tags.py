"""Tags of tokens: the role, and on which side the cue stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

OUTSIDE = "O"
SOURCE, CUE, CONTENT = "source", "cue", "content"
_LETTER = {SOURCE: "S", CUE: "Q", CONTENT: "C"}
_ROLE = {letter: role for role, letter in _LETTER.items()}


class Piece(NamedTuple):
    """A run of tokens in one role, end exclusive; ``side``: "<" if its cue stands before it.

    ``probability`` is the mean of what the tagger gives its tokens' tags.
    """

    role: str
    side: str
    first: int
    end: int
    probability: float = 1.0


def tags_of(pieces: Sequence[Piece], n_tokens: int) -> list[str]:
    """Return a tag for each token; where pieces overlap the first one has the token.

    >>> tags_of([Piece("content", ">", 0, 2), Piece("cue", "", 3, 4)], 4)
    ['BC>', 'IC>', 'O', 'BQ']
    """
    tags = [OUTSIDE] * n_tokens
    for role, side, first, end, _ in pieces:
        begun = False
        for i in range(first, end):
            if tags[i] == OUTSIDE:
                tags[i] = ("I" if begun else "B") + _LETTER[role] + side
                begun = True
            else:
                begun = False
    return tags


def pieces_of(tags: Sequence[str], probabilities: Sequence[float] = ()) -> list[Piece]:
    """Return the pieces that a row of tags spells; without probabilities all are certain.

    >>> for piece in pieces_of(["BC>", "IC>", "O", "BQ"]):
    ...     print(piece)
    Piece(role='content', side='>', first=0, end=2, probability=1.0)
    Piece(role='cue', side='', first=3, end=4, probability=1.0)
    """
    pieces: list[Piece] = []
    first = 0
    for i, tag in enumerate([*tags, OUTSIDE]):
        goes_on = i > 0 and tag[0] == "I" and tag[1:] == tags[i - 1][1:]
        if goes_on:
            continue
        if i > 0 and tags[i - 1] != OUTSIDE:
            previous = tags[i - 1]
            certain = sum(probabilities[first:i]) / (i - first) if probabilities else 1.0
            pieces.append(Piece(_ROLE[previous[1]], previous[2:], first, i, certain))
        first = i
    return pieces
