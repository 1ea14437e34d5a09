"""A text as the chains see it: its attributions, its sentences and the media that it names."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.media import media_in
from nbhelpers.text import Span, sentence_spans

BY_FORM = 0.6  # the confidence of an attribution that is known by its form alone

_EDGES = ", \n\t"
_NEW_LINE = re.compile(r"\n")
_LONGEST = 1_000  # characters of a sentence: beyond that it is none, and is taken in stretches


class Page:
    """A text with its attributions; chains add to them, and link them."""

    def __init__(self, text: str, found: Sequence[Attribution]) -> None:
        """Note what the text names."""
        self.text = text
        self.attributions = list(found)
        self.media = list(media_in(text))
        self._lines = [0, *(match.end() for match in _NEW_LINE.finditer(text)), len(text) + 1]
        self._sentences: dict[int, list[Span]] = {}
        self._begins = {id(a): a.cue[0][0] if a.cue else -1 for a in found}  # as they are sorted
        self._dropped: set[int] = set()
        self._by_cue = sorted((a for a in found if a.cue), key=lambda a: a.cue[0])
        self._cues = [a.cue[0][0] for a in self._by_cue]

    def sentence(self, place: int) -> Span:
        """Return the sentence in which a place lies."""
        line = bisect_right(self._lines, place) - 1
        start, stop = self._lines[line], self._lines[line + 1] - 1
        if start not in self._sentences:
            whole = sentence_spans(self.text, start, stop) or [(start, stop)]
            self._sentences[start] = [stretch for span in whole for stretch in _stretches(*span)]
        spans = self._sentences[start]
        return spans[max(0, bisect_right(spans, (place, len(self.text))) - 1)]

    def with_cue_in(self, span: Span) -> list[Attribution]:
        """Return the attributions whose cue begins within a span, in the order of the cues."""
        return self._by_cue[bisect_left(self._cues, span[0]) : bisect_left(self._cues, span[1])]

    def add(self, attribution: Attribution) -> Attribution:
        """Take in an attribution and return it."""
        self.attributions.append(attribution)
        self._begins[id(attribution)] = begin = attribution.cue[0][0]
        at = bisect_right(self._cues, begin)
        self._by_cue.insert(at, attribution)
        self._cues.insert(at, begin)
        return attribution

    def holds(self, attribution: Attribution) -> bool:
        """Return whether an attribution is one of the page's."""
        return id(attribution) in self._begins

    def drop(self, attribution: Attribution) -> None:
        """Leave out an attribution, from the list when the page is tidied."""
        self._dropped.add(id(attribution))
        at = bisect_left(self._cues, self._begins[id(attribution)])
        while self._by_cue[at] is not attribution:
            at += 1
        del self._by_cue[at], self._cues[at]

    def tidy(self) -> None:
        """Leave no comma at the edge of a source, and no word in two roles of an attribution."""
        self.attributions = [a for a in self.attributions if id(a) not in self._dropped]
        for a in self.attributions:
            a.source = [trimmed(self.text, *span) for span in a.source]
            a.cue = without(self.text, a.cue, a.source)
            a.content = without(self.text, a.content, a.source + a.cue) or a.content

    def words(self, spans: Iterable[Span]) -> str:
        """Return the text of some spans."""
        return " ".join(self.text[start:end] for start, end in spans)


def _stretches(start: int, end: int) -> Iterator[Span]:
    for place in range(start, max(end, start + 1), _LONGEST):
        yield place, min(end, place + _LONGEST)


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
