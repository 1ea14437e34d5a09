"""Who speaks where the words of a quotation do not say so: in what leads to it or signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbhelpers.extraction.linking import Relation
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.tags import CUE, SOURCE, Piece
from nbhelpers.text import Span

DASHES = frozenset("—–―-") | {"--"}
_SIGNATURE = 10  # tokens of a name with what its bearer is


@dataclass(frozen=True, slots=True)
class Introduction:
    """A source and its cue whose words come in the next paragraph: ``The mayor added:``."""

    paragraph: Paragraph
    source: Piece
    cue: Piece


def introduction(
    paragraph: Paragraph, pieces: Sequence[Piece], relations: Sequence[Relation]
) -> Introduction | None:
    """Return who is said to speak next, if a paragraph ends with a colon and says so.

    >>> from nbhelpers.extraction.paragraphs import paragraphs
    >>> text = "The mayor added:"
    >>> [part] = paragraphs(text, [(0, len(text), False)])
    >>> said = introduction(part, [Piece("source", "", 0, 2), Piece("cue", "", 2, 3)], [])
    >>> said.source.end, said.cue.first
    (2, 2)
    """
    if paragraph.words[-1] != ":":
        return None
    taken = {piece for relation in relations for piece in relation.cue}
    last = paragraph.sentence[-1]
    here = [piece for piece in pieces if paragraph.sentence[piece.first] == last]
    cues = [piece for piece in here if piece.role == CUE and piece not in taken]
    sources = [piece for piece in here if piece.role == SOURCE]
    if not cues or not sources:
        return None
    cue = cues[-1]
    return Introduction(paragraph, min(sources, key=lambda s: abs(s.first - cue.first)), cue)


def signature(paragraph: Paragraph, first: int) -> Span | None:
    """Return who signs what stands before token ``first``, if the rest of a paragraph does.

    >>> from nbhelpers.extraction.paragraphs import paragraphs
    >>> text = "“We lost.” ― Ann Lee, teacher"
    >>> [part] = paragraphs(text, [(0, len(text), False)])
    >>> text[slice(*signature(part, 5))]
    'Ann Lee, teacher'
    """
    words = paragraph.words
    end = len(words) - (words[-1] == ".")
    if first >= len(words) or words[first] not in DASHES or not 1 < end - first <= _SIGNATURE:
        return None
    named = words[first + 1]
    if not named[0].isupper() or paragraph.quotation[first + 1] >= 0:
        return None
    return paragraph.tokens[first + 1][0], paragraph.tokens[end - 1][1]
