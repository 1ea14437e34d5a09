"""A source that a report cites: it is carried by the report, whose content it feeds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.chains.page import Page, link, touch, without
from nbhelpers.extraction.chains.reported import Report
from nbhelpers.lexicons import roles
from nbhelpers.media import is_medium
from nbhelpers.text import Span

_STOP = r"\.(?=\S|\s[a-z])|(?<=\b[A-Z])\.|(?<=Mr|Ms|Dr)\."  # one that ends no sentence
_NAME = rf"(?:[^\s,.;:!?\"“”—](?:[^,.;:!?\"“”—\n]|{_STOP}){{1,89}}?)"
_CITING = re.compile(
    r"(?:^|[,;:()”\"“—–-]|day|\b(?:said|says|reported|reports|wrote|writes|year|month|week|earlier)"
    r"|(?<=[.!?])|(?<=\n))\s*"
    rf"\b(?P<cue>[Cc]iting|[Qq]uoting)\s+(?P<source>{_NAME})"
    r"(?=\s*(?:[,.;:!?\"“”—\n]|$)|\s+(?:that|who|which|said|saying|as saying)\b)"
)
_CITES = frozenset({"citing", "quoting"})
_HEAD_ENDS = re.compile(
    r" (?:of|from|in|on|for|by|at|with|to|about|between|behind|close|familiar|inside|within|under"
    r"|as|involving|obtained|released|published|seen|reviewed)\b"
)
_AS_EXAMPLE = re.compile(r" as (?!saying)")
_DOCUMENTS = frozenset(
    "affidavit analysis article census complaint data document email estimate evidence figure"
    " filing footage indictment information interview letter media memo message paper poll post"
    " press recording record report research statement statistic story study survey testimony"
    " transcript tweet video".split()
)
_SPEAKERS = frozenset(
    "agency authority company department family government group ministry office people police"
    " service source team watchdog".split()
)
_RELATIVE = frozenset({"which", "that", "who"})


def link_cited(page: Page, reports: Sequence[Report]) -> None:
    """Let reports carry the sources that they cite."""
    for match in _CITING.finditer(page.text):
        sentence = page.sentence(match.start("cue"))
        mistaken = [a for a in page.with_cue_in(match.span()) if _is_citing(page, a)]
        said = [a for a in page.with_cue_in(sentence) if a not in mistaken and a.content]
        near = [r for r in reports if sentence[0] <= r.aside[0] < sentence[1]]
        report = _of_medium(page, near, said, match, mistaken)
        if report is None and _is_source(match["source"]):
            report = _of_others(page, said, match.span("cue"))
        if report is not None:
            _cite(page, report, match, mistaken)


def _is_source(name: str) -> bool:
    """Whether what is cited can speak: reasons and laws are cited too."""
    if _AS_EXAMPLE.search(name):
        return False
    head = _HEAD_ENDS.split(name)[0].strip()
    last = head.split()[-1] if head else ""
    single = last.lower().removesuffix("s")
    known = last.lower() in roles() or not {last.lower(), single}.isdisjoint(_DOCUMENTS | _SPEAKERS)
    return known or last[:1].isupper() or is_medium(head)


def _is_citing(page: Page, attribution: Attribution) -> bool:
    return page.words(attribution.cue).lower() in _CITES


def _of_medium(
    page: Page,
    reports: Sequence[Report],
    said: Sequence[Attribution],
    citing: re.Match[str],
    mistaken: Sequence[Attribution],
) -> Attribution | None:
    """The nearest report of a medium in the sentence of a citation."""
    if not reports or _AS_EXAMPLE.search(citing["source"]):
        return None
    report = min(reports, key=lambda r: abs(r.cue[0] - citing.start("cue")))
    cited = citing.start("cue"), citing.end()
    clause = without(page.text, [report.clause], [report.aside, cited])
    found = next((a for a in said if touch(report.cue, a.cue)), None)
    if found is None and mistaken and clause:
        confidence = mistaken[0].confidence
        found = page.add(Attribution([report.medium], [report.cue], clause, confidence))
    if found is not None:
        found.content = without(page.text, found.content, [cited]) or clause or found.content
        if not touch(report.medium, found.source):
            found.source = [report.medium]
    return found


def _of_others(page: Page, said: Sequence[Attribution], citing: Span) -> Attribution | None:
    """What somebody says in front of a citation, or else behind it, but not in what is said."""
    apart = [a for a in said if _is_named(page, a) and not _within(citing, a.content)]
    before = [a for a in apart if a.cue[0][0] < citing[0]]
    return next(iter(before[-1:] or apart[:1]), None)


def _within(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span lies inside another, so that its words are part of what is said there."""
    return any(start < span[0] and span[1] < end for start, end in others)


def _is_named(page: Page, attribution: Attribution) -> bool:
    return bool(attribution.source) and page.words(attribution.source).lower() not in _RELATIVE


def _cite(
    page: Page, report: Attribution, match: re.Match[str], mistaken: Sequence[Attribution]
) -> None:
    citing = match.start("cue"), match.end()
    content = without(page.text, report.content, [citing])
    if not content:
        return
    for attribution in mistaken:
        page.drop(attribution)
    report.content = content
    source, cue = [match.span("source")], [match.span("cue")]
    report.source = without(page.text, report.source, [citing]) or report.source
    report.cue = without(page.text, report.cue, [citing]) or report.cue
    if not touch(citing, report.source + report.cue):
        link(page.add(Attribution(source, cue, list(content), report.confidence)), report)
