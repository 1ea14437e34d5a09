"""Who speaks in a headline, which leaves out what a sentence says."""

from __future__ import annotations

from collections.abc import Sequence

from nbhelpers.extraction.cues import is_speech_verb, verb_of
from nbhelpers.extraction.linking import Relation
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.speakers import DASHES
from nbhelpers.extraction.tags import CONTENT, CUE, SOURCE, Piece

_LONGEST_SOURCE = 6  # tokens
_RULED = 0.7  # the probability of a piece that a rule has found


def with_headline(paragraph: Paragraph, relations: Sequence[Relation]) -> list[Relation]:
    """Return the relations of a headline: what has a source already, else what its form tells.

    Known are ``Minister: “No plan”``, ``“No plan” - minister``, ``“No plan”: minister rejects
    calls`` and ``Tax will rise, minister says``.

    >>> from nbhelpers.extraction.paragraphs import paragraphs
    >>> text = "Tax will rise in July, finance minister confirms"
    >>> [part] = paragraphs(text, [(0, len(text), True)])
    >>> [found] = with_headline(part, [])
    >>> found.source[0].first, found.cue[0].first, found.content[0].end
    (6, 8, 5)
    """
    if any(relation.source for relation in relations):
        return list(relations)
    found = _quoted(paragraph) or _said_last(paragraph)
    return [found] if found else list(relations)


def _quoted(paragraph: Paragraph) -> Relation | None:
    """A quotation at one end, a colon or a dash, and somebody at the other."""
    inside = paragraph.quotation
    words = [token for token in range(len(inside)) if paragraph.is_word(token)]
    quoted = [token for token in words if inside[token] == 0]
    parting = [t for t, word in enumerate(paragraph.words) if word in DASHES | {":"}]
    parting = [token for token in parting if inside[token] < 0]
    if not quoted or len(parting) != 1:
        return None
    content = Piece(CONTENT, "", quoted[0], quoted[-1] + 1, _RULED)
    before = [token for token in words if token < parting[0]]
    after = [token for token in words if token > parting[0]]
    if before == quoted and after:
        return _spoken(paragraph, after, content)
    if after[: len(quoted)] == quoted and 0 < len(before) <= _LONGEST_SOURCE:
        return _spoken(paragraph, before, content)
    return None


def _spoken(paragraph: Paragraph, tokens: Sequence[int], content: Piece) -> Relation | None:
    """The words up to a cue are the source, all of them without one."""
    cue = next((token for token in tokens[1:] if verb_of(paragraph.words[token])), None)
    end = tokens[-1] + 1 if cue is None else cue
    if end - tokens[0] > _LONGEST_SOURCE:
        return None
    source = Piece(SOURCE, "", tokens[0], end, _RULED)
    return Relation([source], [] if cue is None else [_cue(cue)], [content])


def _said_last(paragraph: Paragraph) -> Relation | None:
    """``..., minister says``."""
    end = len(paragraph.words)
    if end < 5 or not is_speech_verb(paragraph.words[end - 1]) or paragraph.quotation[end - 1] >= 0:
        return None
    commas = [t for t in range(end - 2 - _LONGEST_SOURCE, end - 2) if t > 1]
    comma = next((token for token in commas[::-1] if paragraph.words[token] == ","), None)
    if comma is None:
        return None
    source = Piece(SOURCE, "", comma + 1, end - 1, _RULED)
    return Relation([source], [_cue(end - 1)], [Piece(CONTENT, ">", 0, comma, _RULED)])


def _cue(token: int) -> Piece:
    return Piece(CUE, "", token, token + 1, _RULED)
