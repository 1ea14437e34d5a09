"""What a date belongs to: to the saying of something, or to what is said to have happened."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from nbhelpers.dates.clauses import clauses, divides, last_divider
from nbhelpers.dates.tense import has_verb, last_verb
from nbhelpers.extraction.cues import is_speech_verb
from nbhelpers.text import Span

_FAR = 120  # characters between a cue and the date of the saying, what was said aside
_COMMA = 10
_LEADS_IN = re.compile(r"(?:(?:that|late|early|earlier|on|in|at|last) )*")
_LEADS_ON = re.compile(r",? (?:that|[“\"]?to [“\"]?[a-z]+)\b")
_POSSESSIVE = re.compile(r"['’]s?\b")
_PREPOSITION = re.compile(r"(?:\b(?:on|in|at|late|early|over|during|the) )+$", re.IGNORECASE)
_WORD_BEHIND = re.compile(r",? (?:also |first |again )?([a-z]+)")


@dataclass(frozen=True, slots=True)
class Speech:
    """An attribution: who, where its parts stand, and what marks the saying."""

    attribution_id: str
    source_id: Any
    content: list[Span]  # in order
    anchors: list[Span]  # its cue; of an embedded post, which has none, the name that signs it
    spans: list[Span]  # all of it, in order

    def stretch_at(self, place: int) -> Span | None:
        """Return the stretch of its content in which a place lies."""
        found = within(self.content, place, place + 1)
        return found[0] if found else None


def within(spans: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Return those of some spans, which are in order, that lie in a stretch at least in part."""
    first = bisect_right(spans, start, key=itemgetter(1))
    return spans[first : bisect_left(spans, end, key=itemgetter(0))]


@dataclass(frozen=True, slots=True)
class Place:
    """What a date belongs to: to a saying or not, whose it is, and the words that it dates."""

    is_said: bool
    speech: Speech | None
    span: Span


def place(
    text: str,
    span: Span,
    sentence: Span,
    near: Sequence[tuple[Span, Speech]],
    owner: Speech | None,
) -> Place:
    """Return what a date at ``span`` belongs to.

    ``near`` are the attributions that have a cue in the date's sentence, each with the cue;
    ``owner`` is the one in whose content the date stands, if any.
    """
    if owner and any(speech is owner for _, speech in near) and _is_cues(text, span, owner):
        return Place(True, owner, _saying(text, sentence, span, owner))
    speech = _nearest(text, span, sentence, near)
    if speech:
        return Place(True, speech, _saying(text, sentence, span, speech))
    owner = owner or _trailed(text, span, near)
    if owner is None and _is_told(text, span, sentence):
        return Place(True, None, _clause(text, span, *sentence))
    return Place(False, owner, _clause(text, span, *_held(span, sentence, owner)))


def _is_cues(text: str, span: Span, speech: Speech) -> bool:
    """Whether a date that was taken for a part of the content goes with the cue.

    *called on them on Monday to leave*; *said Monday it was over*; *"It is over," he said at a
    meeting on Monday*.
    """
    held = speech.stretch_at(span[0])
    if held is None or _POSSESSIVE.match(text, span[1]):
        return False
    start, end = held
    behind_cue = any(0 <= start - cue_end <= 2 for _, cue_end in speech.anchors)
    if behind_cue and _LEADS_IN.fullmatch(text, start, span[0]):
        return True
    if has_verb(text, start, span[0]) or divides(text, start, span[0]):
        return False
    if _LEADS_ON.match(text, span[1], end):
        return True
    return behind_cue and held != speech.content[0] and not has_verb(text, start, end)


def _nearest(
    text: str, span: Span, sentence: Span, near: Sequence[tuple[Span, Speech]]
) -> Speech | None:
    """The speech whose cue is nearest to a date, in the same clause and not before its content."""
    opened = last_divider(text, sentence[0], span[0])
    is_aside = opened > sentence[0] and has_verb(text, opened, span[0])  # Lee, who left on Monday,
    best: tuple[int, Speech] | None = None
    for cue, speech in near:
        if speech.stretch_at(span[0]) or _between(text, cue, span, speech):
            continue
        if is_aside and cue[0] >= span[1]:
            continue
        gap = _gap(text, span, cue, speech)
        if gap is not None and (best is None or gap < best[0]):
            best = gap, speech
    return best[1] if best else None


def _between(text: str, cue: Span, span: Span, speech: Speech) -> Span | None:
    """The clause that was said, where it stands between its cue and a date."""
    for start, end in within(speech.content, cue[1], span[0]):
        if cue[1] <= start and end <= span[0] and has_verb(text, start, end):
            return start, end
    return None


def _trailed(text: str, span: Span, near: Sequence[tuple[Span, Speech]]) -> Speech | None:
    """The speech that a date goes on with: the last words of a content are often missed."""
    for cue, speech in near:
        said = _between(text, cue, span, speech)
        if said and not divides(text, said[1], span[0]):
            return speech
    return None


def _gap(text: str, span: Span, cue: Span, speech: Speech) -> int | None:
    """How far a date is from a cue, in characters; None where another clause begins.

    A comma makes it farther: *reported on 29 October, citing officials*.
    """
    start, end = min(span[1], cue[1]), max(span[0], cue[0])
    length = 0
    for inner in [*within(speech.content, start, end), (end, end)]:
        if inner[0] >= start:
            stop = min(inner[0], end)
            if divides(text, start, stop):
                return None
            length += stop - start + _COMMA * text.count(",", start, stop)
        start = max(start, min(inner[1], end))
    return length if length <= _FAR else None


def _is_told(text: str, span: Span, sentence: Span) -> bool:
    """Whether a verb of speech stands by a date, although nothing was found to be said by it."""
    start = last_divider(text, sentence[0], span[0])
    verb = last_verb(text, start, span[0])
    if verb:
        return is_speech_verb(verb.split()[-1])
    behind = _WORD_BEHIND.match(text, span[1], sentence[1])
    return bool(behind and is_speech_verb(behind[1]) and behind[1].endswith("d"))


def _saying(text: str, sentence: Span, span: Span, speech: Speech) -> Span:
    """Who says what, as far as the sentence goes."""
    led = _PREPOSITION.search(text, max(sentence[0], span[0] - 20), span[0])
    whole = (led.start() if led else span[0], span[1])
    inside = [*within(speech.spans, *sentence), whole]
    start, end = min(s[0] for s in inside), max(s[1] for s in inside)
    return max(sentence[0], start), min(sentence[1], end)


def _held(span: Span, sentence: Span, owner: Speech | None) -> Span:
    """The part of a sentence that is somebody's words, the date included."""
    if owner is None:
        return sentence
    held = owner.stretch_at(span[0])
    if held is None:
        before = within(owner.content, sentence[0], span[0])
        return max(sentence[0], before[-1][0]), sentence[1]
    return max(sentence[0], held[0]), max(span[1], min(sentence[1], held[1]))


def _clause(text: str, span: Span, start: int, end: int) -> Span:
    return next(c for c in clauses(text, start, end) if c[0] <= span[0] < c[1])
