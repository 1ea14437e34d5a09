"""A text as the chains see it: its attributions, its sentences and the media that it names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.media import media_in
from nbhelpers.text import Span, sentence_spans

BY_FORM = 0.6  # the confidence of an attribution that is known by its form alone

_EDGES = ", \n\t"


class Page:
    """A text with its attributions; chains add to them, and link them."""

    def __init__(self, text: str, found: Sequence[Attribution]) -> None:
        """Note what the text names."""
        self.text = text
        self.attributions = list(found)
        self.media = list(media_in(text))
        self._sentences: dict[int, list[Span]] = {}
        self._by_cue = sorted((a for a in found if a.cue), key=lambda a: a.cue[0])
        self._cues = [a.cue[0][0] for a in self._by_cue]

    def sentence(self, place: int) -> Span:
        """Return the sentence in which a place lies."""
        start = self.text.rfind("\n", 0, place) + 1
        if start not in self._sentences:
            end = self.text.find("\n", place)
            stop = len(self.text) if end < 0 else end
            self._sentences[start] = sentence_spans(self.text, start, stop) or [(start, stop)]
        spans = self._sentences[start]
        return spans[max(0, bisect_right(spans, (place, len(self.text))) - 1)]

    def with_cue_in(self, span: Span) -> list[Attribution]:
        """Return the attributions whose cue begins within a span, in the order of the cues."""
        return self._by_cue[bisect_left(self._cues, span[0]) : bisect_left(self._cues, span[1])]

    def add(self, attribution: Attribution) -> Attribution:
        """Take in an attribution and return it."""
        self.attributions.append(attribution)
        at = bisect_right(self._cues, attribution.cue[0][0])
        self._by_cue.insert(at, attribution)
        self._cues.insert(at, attribution.cue[0][0])
        return attribution

    def drop(self, attribution: Attribution) -> None:
        """Leave out an attribution."""
        self.attributions.remove(attribution)
        at = self._by_cue.index(attribution)
        del self._by_cue[at], self._cues[at]

    def tidy(self) -> None:
        """Leave no comma at the edge of a source, and no word in two roles of an attribution."""
        for a in self.attributions:
            a.source = [trimmed(self.text, *span) for span in a.source]
            a.cue = without(self.text, a.cue, a.source)
            a.content = without(self.text, a.content, a.source + a.cue) or a.content

    def words(self, spans: Iterable[Span]) -> str:
        """Return the text of some spans."""
        return " ".join(self.text[start:end] for start, end in spans)


def link(carried: Attribution, carrier: Attribution) -> None:
    """Say that one attribution is reported through another, unless it is known to be otherwise."""
    link_above: Attribution | None = carrier
    while link_above is not None and link_above is not carried:
        link_above = link_above.via
    if carried.via is None and link_above is None:
        carried.via = carrier


def without(text: str, spans: Iterable[Span], cuts: Iterable[Span]) -> list[Span]:
    """Return spans without some stretches, and without commas and blanks where they are cut.

    >>> without("a, b, c", [(0, 7)], [(3, 4)])
    [(0, 1), (6, 7)]
    """
    left = list(spans)
    for cut in cuts:
        left = [
            part
            for start, end in left
            for part in (
                (trimmed(text, start, min(end, cut[0])), trimmed(text, max(start, cut[1]), end))
                if touch((start, end), [cut])
                else ((start, end),)
            )
            if part[0] < part[1]
        ]
    return left


def trimmed(text: str, start: int, end: int) -> Span:
    """Return a stretch without the commas and blanks at its edges."""
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def touch(span: Span, others: Iterable[Span]) -> bool:
    """Return whether a span overlaps one of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)
