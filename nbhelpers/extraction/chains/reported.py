"""A report within a medium's report: the medium carries what others say in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.chains.page import BY_FORM, Page, link, touch, trimmed, without
from nbhelpers.extraction.cues import cue_words
from nbhelpers.extraction.paragraphs import MARKS
from nbhelpers.media import is_medium
from nbhelpers.text import MONTH, WEEKDAY, Span

Search = Callable[[Span], list[Attribution]]

_DATE = (
    rf"(?:{WEEKDAY}|{MONTH}\b\.?(?: \d{{1,2}})?|\d{{1,2}} {MONTH}\b|\d{{4}}|week|weekend|month|year"
    r"|today|yesterday|night|morning|afternoon|evening|time|earlier)"
)
_WHEN = rf"(?: (?:on|in|at|last|late|early|earlier|this|over|the)\b)*(?: {_DATE}){{0,4}}"
_CITES = r",? (?:citing|quoting) [^,;:“\"]{2,90}"
_VERB = re.compile(
    rf"(?:,? (?:however|meanwhile),)?(?:{_CITES},)?"
    r"(?: (?:also|first|earlier|later|previously|separately))*"
    r" (?P<cue>(?:has |had )?(?:also |first |previously )?"
    r"(?:reported|reports|said|says|wrote|writes|revealed|reveals|noted|notes|quoted))\b"
    rf"{_WHEN}(?:{_CITES})?,?(?P<that> that\b)?"
)
_ACCORDING = re.compile(r"\b(?P<cue>[Aa]ccording to)(?: an?)? $")
_CLOSES = re.compile(r"['’]?\s*(?:[,.;:)\n”\"]|$)|\s+(?:and|on|in|which|that)\b")
_THAT = re.compile(r"that\s+(?=\S)")
_NOBODY = frozenset({"", "who", "which", "that", "what"})
_MANY = 4  # reports in a sentence; more of them stand in lists, not in prose
_LEFT = 20  # characters that "according to" takes, and more


@dataclass(frozen=True, slots=True)
class Report:
    """Where a medium reports: its name, its cue, what it reports, and the whole of the three."""

    medium: Span
    cue: Span
    clause: Span
    aside: Span  # what is not the clause


def link_reported(page: Page, reports: Sequence[Report], search: Search) -> None:
    """Let media carry the speech in what they report."""
    media = [a for a in page.attributions if a.source and a.cue and not a.via]
    for report in reports:
        carrier = _carrier_of(page, report)
        speech = _speech_in(page, report.clause, carrier)
        speech = speech or _searched(page, report.clause, search)
        speech = [a for a in speech if _is_speech(page, a) and not touch(report.medium, a.source)]
        if speech:
            _join(page, report, carrier, speech)
    done = {id(a.via) for a in page.attributions if a.via}
    for carrier in media:
        if id(carrier) not in done and _is_mediums_speech(page, carrier):
            _link_within(page, carrier, search)


def reports_of(page: Page) -> Iterator[Report]:
    """Yield the places where a medium is said to report."""
    for sentence, media in groupby(page.media, key=lambda medium: page.sentence(medium[0])):
        found = [report for medium in media for report in _report_at(page, medium, sentence)]
        if len(found) <= _MANY:
            yield from found


def _report_at(page: Page, medium: Span, sentence: Span) -> Iterator[Report]:
    start, end = sentence
    according = _ACCORDING.search(page.text, max(start, medium[0] - _LEFT), medium[0])
    if according and _CLOSES.match(page.text, medium[1]):
        yield from _beside(page, medium, according.span("cue"), medium[1], sentence)
    elif (verb := _VERB.match(page.text, medium[1], end)) and not _is_noun(page, medium, verb):
        behind = verb.start("that") if verb["that"] else verb.end()
        yield from _beside(page, medium, verb.span("cue"), behind, sentence)


def _is_noun(page: Page, medium: Span, verb: re.Match[str]) -> bool:
    """``Media reports that ...``: many report, and so theirs are no verb."""
    return verb["cue"] == "reports" and page.text.endswith(("media", "papers"), 0, medium[1])


def _beside(page: Page, medium: Span, cue: Span, behind: int, sentence: Span) -> Iterator[Report]:
    """The report whose clause stands in front of the medium, or behind it."""
    first = min(medium[0], cue[0])
    before = trimmed(page.text, sentence[0], first)
    stop = sentence[1] - (page.text[sentence[1] - 1] == ".")
    after = trimmed(page.text, behind, max(behind, stop))
    ends = page.text[behind : behind + 1] in set(".,;") or behind >= sentence[1]
    closes = page.text[sentence[0] : first].rstrip()[-1:] in set(',”"’')
    if closes and (ends or cue[0] < medium[0]) and before[0] < before[1]:
        yield Report(medium, cue, before, (first, behind))
    elif after[0] < after[1] and (cue[0] > medium[0] or first == sentence[0]):
        yield Report(medium, cue, after, (first, behind))


def _carrier_of(page: Page, report: Report) -> Attribution | None:
    """The attribution that the tagger found for a report."""
    return next(
        (
            a
            for a in page.with_cue_in(report.aside)
            if touch(report.cue, a.cue) and touch(report.medium, a.source)
        ),
        None,
    )


def _speech_in(page: Page, clause: Span, carrier: Attribution | None) -> list[Attribution]:
    return [a for a in page.with_cue_in(clause) if a is not carrier and not a.via]


def _join(
    page: Page, report: Report, carrier: Attribution | None, speech: list[Attribution]
) -> None:
    """Let the medium of a report carry the speech in it."""
    for attribution in speech:
        attribution.content = without(page.text, attribution.content, [report.aside])
        if carrier and not page.holds(attribution):
            attribution.confidence *= carrier.confidence
    speech = [a for a in speech if a.content]
    if carrier is None:
        confidence = max([BY_FORM, *(a.confidence for a in speech)])
        carrier = page.add(Attribution([report.medium], [report.cue], [], confidence))
    carrier.source = without(page.text, carrier.source, [report.clause])
    carrier.cue = without(page.text, carrier.cue, [report.clause])
    carrier.content = without(page.text, _merged([report.clause, *carrier.content]), [report.aside])
    if len(speech) == 1:
        _go_on(page, speech[0], without(page.text, carrier.content, [report.clause]))
    for attribution in speech:
        if not page.holds(attribution):
            page.add(attribution)
        link(attribution, carrier)


def _link_within(page: Page, carrier: Attribution, search: Search) -> None:
    """The speech within the content of a medium's report, with quotations that go on with it."""
    inner = [
        (a, span)
        for span in carrier.content
        for a in _searched(page, span, search)
        if _is_speech(page, a)
    ]
    for attribution, span in inner:
        attribution.confidence *= carrier.confidence
        if len(inner) == 1:
            _go_on(page, attribution, [s for s in carrier.content if s != span])
        link(page.add(attribution), carrier)


def _go_on(page: Page, speech: Attribution, others: Sequence[Span]) -> None:
    """Give the quotations that follow a quoted speech to its speaker."""
    if page.text[speech.content[0][0]] in MARKS:
        more = [s for s in others if page.text[s[0]] in MARKS and not touch(s, speech.content)]
        speech.content = sorted(speech.content + more)


def _searched(page: Page, clause: Span, search: Search) -> list[Attribution]:
    """What is found in a clause by itself, without the *that* which leads to it."""
    start, end = clause
    that = _THAT.match(page.text, start, end)
    return search((that.end() if that else start, end))


def _merged(spans: list[Span]) -> list[Span]:
    """Spans in order, those that overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _is_mediums_speech(page: Page, attribution: Attribution) -> bool:
    return is_medium(page.words(attribution.source)) and _is_speech(page, attribution)


def _is_speech(page: Page, attribution: Attribution) -> bool:
    """Whether it has a source that is named, and a cue that names speech."""
    if page.words(attribution.source).lower() in _NOBODY:
        return False
    cue = page.words(attribution.cue).lower().split()
    classes = {found.cue_class for word in cue if (found := cue_words().get(word))}
    return bool(classes)
