"""Clauses of a sentence by its conjunctions, commas and verbs, for want of a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbhelpers.dates.tense import has_verb
from nbhelpers.text import Span, trim

_SUBORDINATE = "while|although|though|because|whereas|unless|if|after|before|when|as|since|until"
_BOUNDARY = re.compile(
    r"[;:]\s|\s[–—-]+\s"
    rf"|,?\s(?=(?:{_SUBORDINATE}|and|but|who|which|whose|where|that)\s)"
    r"|,\s(?=(?:said|says|was|were|is|are|has|have|had|will|would)\s)"
)


def clauses(text: str, start: int, end: int) -> list[Span]:
    """Return the clauses of a sentence or a part of it, ``text[start:end]``, in order.

    Each has a verb, if the whole has; what has none goes with the clause before it, or, at the
    beginning, with the one behind. The conjunction belongs to the clause that it opens.

    >>> text = "Lee, who left on Monday, said he slept and rose."
    >>> [text[a:b] for a, b in clauses(text, 0, len(text))]
    ['Lee, who left on Monday', 'said he slept', 'and rose.']
    """
    found: list[Span] = []
    for piece in _pieces(text, start, end):
        if found and not (has_verb(text, *piece) and has_verb(text, *found[-1])):
            found[-1] = (found[-1][0], piece[1])
        else:
            found.append(piece)
    return [
        span for span in (trim(text, *_bare(text, *span)) for span in found) if span[0] < span[1]
    ]


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    for boundary in _BOUNDARY.finditer(text, start, end):
        yield start, boundary.end()
        start = boundary.end()
    yield start, end


def _bare(text: str, start: int, end: int) -> Span:
    """Without the comma or dash that parts a clause from the next."""
    while end > start and text[end - 1] in " ,;:–—-":
        end -= 1
    return start, end


def divides(text: str, start: int, end: int) -> bool:
    """Return whether a word that opens or joins clauses stands in ``text[start:end]``.

    >>> divides("who left on Monday and said", 18, 23)
    True
    """
    return bool(_DIVIDER.search(text, start, end))


def last_divider(text: str, start: int, end: int) -> int:
    """Return where the last clause in ``text[start:end]`` begins, by the same words."""
    return max((m.start() for m in _DIVIDER.finditer(text, start, end)), default=start)


_DIVIDER = re.compile(rf"\b(?:{_SUBORDINATE}|and|but|who|which|whose|where|that)\b|[;:]")
