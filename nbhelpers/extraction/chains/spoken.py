"""A source that spoke to a medium: the medium carries what was said."""

from __future__ import annotations

import re

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.chains.page import BY_FORM, Page, link, touch, trimmed, without
from nbhelpers.text import Span

REACH = 120  # characters between a cue and the medium that is named behind it
_QUOTED = 1000  # characters in front of a sentence in which speech may begin that reaches into it
_LEFT = 80  # characters in front of a medium in which it is said what it is there for
_TOLD = re.compile(r"\b(?:told|tells?|telling)(?: [a-z]+ly)? (?:an? )?$", re.IGNORECASE)
_SPOKE = re.compile(
    r"\b(?:(?:interviews?|statement|comments?|remarks?|conversation|appearance|email|e-mail|op-ed"
    r"|column|article|essay|letter|speaking|spoke|speaks|talking|talked|said|says|writing|wrote)"
    r"(?: \w+ly)?(?: [a-z]+)? (?:with|to|on|for|in|by)|(?:quoted|carried|cited|broadcast|aired"
    r"|published|interviewed|run) (?:by|on|in)) (?:an? )?$",
    re.IGNORECASE,
)
_PROGRAMME = re.compile(
    r"(?:['’]s?(?: (?:the |of |and |with |to |on |in |for )*(?:[“\"‘']+[^”\"’'\n]{2,40}[”\"’']+"
    r"|[A-Z0-9][\w.’&-]*))+(?: (?:programme|program|show|podcast))?"
    r"|(?: (?:reporters?|correspondents?|journalists?)))?"
)
_DATE_BEFORE_THAT = re.compile(
    r"\s+(?:on|in|last|late|earlier|this|by|over)\b[^,.“\"\n]{1,40}?(?= that\b)"
)
_INTERVIEW = re.compile(
    r"(?:in|during) (?:an? |the |his |her )?(?:[a-z]+ ){1,4}(?:with|to|on|for) (?:an? )?"
)
_NO_NAME = r"who|which|that|what|said|says|he|she|they|it|was|were|is|are"
_SUBJECT = re.compile(
    r"(?:^|[,”\"’] )(?P<who>(?!(?:and|but|who|which|has|have|had|also|[a-z]+ly)\b)"
    rf"(?:(?!\b(?:{_NO_NAME})\b)[^,“”\"\n]){{2,90}}?)(?: has| have| had)? $"
)
_ASIDE = re.compile(
    r"\s*(?:(?:on|in|last|late|early|earlier|this|today|yesterday|by|over|via|after|during|at)\b"
    r"(?:(?! that\b)[^“\"]){0,90})?[.,]*\s*"
)


def link_spoken(page: Page) -> None:
    """Let media carry what was said to them."""
    for medium in page.media:
        sentence = page.sentence(medium[0])
        left = max(sentence[0], medium[0] - _LEFT)
        before = page.text[left : medium[0]]
        if told := _TOLD.search(before):
            speech = _told(page, (left + told.start(), medium[0]), medium, sentence)
        elif _SPOKE.search(before):
            speech = _speech_beside(page, medium, sentence)
        else:
            continue
        if speech and speech.source and not speech.via:
            _carry(page, medium, speech)


def _told(page: Page, verb: Span, medium: Span, sentence: Span) -> Attribution | None:
    """What the medium was told; where the tagger saw no source, it stands in front of the verb."""
    speech = next((a for a in page.with_cue_in(sentence) if touch(verb, a.cue)), None)
    if speech is None:
        return _told_by_form(page, verb, medium, sentence)
    _take_out(page, speech, medium)
    if not speech.source and (who := _in_front(page, verb, sentence)):
        content = without(page.text, speech.content, [(who[0], medium[1])])
        speech.source, speech.content = ([who], content) if content else ([], speech.content)
    return speech


def _told_by_form(page: Page, verb: Span, medium: Span, sentence: Span) -> Attribution | None:
    """What the tagger missed: ``S told MEDIUM that C``, or ``C, S told MEDIUM``."""
    who = _in_front(page, verb, sentence)
    around = page.with_cue_in((sentence[0] - _QUOTED, sentence[1]))
    if who is None or any(touch(verb, a.content) for a in around):
        return None
    last = sentence[1] - (page.text[sentence[1] - 1] == ".")
    behind = trimmed(page.text, medium[1], max(medium[1], last))
    speech = Attribution([who], [trimmed(page.text, *verb)], [behind], BY_FORM)
    if behind[0] == behind[1] or _ASIDE.fullmatch(page.text, *behind):
        speech.content = _clause_before(page, speech)
    else:
        _take_out(page, speech, medium)
    return page.add(speech) if speech.content else None


def _in_front(page: Page, verb: Span, sentence: Span) -> Span | None:
    """The subject: what stands between the last comma and a verb, if it looks like a name."""
    found = _SUBJECT.search(page.text, sentence[0], verb[0])
    return found.span("who") if found else None


def _speech_beside(page: Page, medium: Span, sentence: Span) -> Attribution | None:
    """What was said in an interview: the cue in front of the medium, else the next one."""
    near = [
        a
        for a in page.with_cue_in((max(sentence[0], medium[0] - REACH), sentence[1]))
        if a.source and a.source != [medium] and not page.words(a.cue).lower().startswith("accord")
    ]
    before = [a for a in near if a.cue[0][0] < medium[0]]
    speech = next(iter(before[-1:] or near[:1]), None)
    if speech and any(speech.cue[0][0] < start <= medium[0] < end for start, end in speech.content):
        _take_out(page, speech, medium)
    if speech and medium[0] == speech.source[0][0]:
        speech.source = without(page.text, speech.source, [medium]) or speech.source
    return speech


def _take_out(page: Page, attribution: Attribution, medium: Span) -> None:
    """Leave the medium that was spoken to, and its programme, out of the content."""
    programme = _PROGRAMME.match(page.text, medium[1])
    end = programme.end() if programme else medium[1]
    if date := _DATE_BEFORE_THAT.match(page.text, end):
        end = date.end()
    aside = _lead(page, attribution, medium), end
    if touch(aside, attribution.content):
        content = without(page.text, attribution.content, [aside])
        if all(_ASIDE.fullmatch(page.text, *span) for span in content):
            content = _clause_before(page, attribution)
        attribution.content = content or attribution.content


def _lead(page: Page, attribution: Attribution, medium: Span) -> int:
    """Where the words begin that lead to the medium: ``in an interview with``."""
    for start, _ in attribution.content:
        if start <= medium[0] and _INTERVIEW.fullmatch(page.text, start, medium[0]):
            return start
    return medium[0]


def _clause_before(page: Page, attribution: Attribution) -> list[Span]:
    """``The deal is off, Lee told TASS on Monday``: what stands in front of the source."""
    end = min(start for start, _ in attribution.source + attribution.cue)
    start = page.sentence(end)[0]
    clause = trimmed(page.text, start, end)
    return [clause] if clause[0] < clause[1] < end and page.text[clause[1]] == "," else []


def _carry(page: Page, medium: Span, speech: Attribution) -> None:
    """Add the medium as the carrier of what was said to it."""
    if touch(medium, speech.content):
        return
    cue = speech.cue[:1]
    if touch(medium, cue):
        cue = without(page.text, cue, [(medium[0], len(page.text))])
    content = without(page.text, speech.content, cue)
    if cue and content:
        link(speech, page.add(Attribution([medium], cue, content, speech.confidence)))
