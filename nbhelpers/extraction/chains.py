"""Chains: who carried what somebody else said.

The carrier and the first source are attributions of their own; the first source's ``via`` is the
carrier. Three forms are known: a report within a medium's report ("Reuters reported that officials
said ..."), a source that a report cites ("CNN reported, citing officials, that ..."), and a source
that spoke to a medium ("Lee told NBC News").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.extraction.cues import cue_words
from nbhelpers.extraction.paragraphs import MARKS
from nbhelpers.text import Span

REACH = 120  # characters behind a cue in which a medium or a cited source is looked for

_TO_MEDIUM = re.compile(
    r"\b(?:told|tells?|telling|(?:interview|statement|comments?|remarks?|conversation|"
    r"spoke|speaking|talking|said|says) (?:with|to|on))\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_NAME = r"(?:an?\s+|the\s+|its\s+)?[^,.;:!?\"“”—\n]{2,90}?"
_CITING = re.compile(
    rf"(?P<cue>\b(?:citing|quoting))\s+(?P<source>{_NAME})"
    r"(?=[,.;:!?\"“”—\n]|\s+(?:that|who|which|said|saying|as saying)\b|$)"
)
_CITED_THEN_THAT = re.compile(rf"(?P<source>{_NAME}),?\s+(?P<content>that\b)")
_SENTENCE_END = re.compile(r"[.!?]*[\"”’']*(?:(?<=[.!?\"”’'])\s+(?=[A-Z“\"])|\n|$)")
_SILENT = frozenset({"believes", "wants", "judges"})  # classes of cues that report no speech
_CITES = ("citing", "quoting")
_REPORTS = re.compile(r"\b(?:reported|reports|said|says|wrote|writes|revealed)\b(?=[^.\n]{0,40}$)")


def with_chains(
    text: str,
    found: Sequence[Attribution],
    search: Callable[[Span], list[Attribution]],
) -> list[Attribution]:
    """Return the attributions, and those that carry or feed them, linked by ``via``.

    ``search`` finds the attributions inside a stretch of the text.
    """
    chained: list[Attribution] = []
    for attribution in found:
        if _repeats(text, attribution, chained):
            continue
        chained.append(attribution)
        if not attribution.cue or not attribution.source:
            continue
        if cited := _cited(text, attribution):
            chained.append(cited)
        elif carrier := _carrier(text, attribution):
            attribution.via = carrier
            chained.append(carrier)
        elif is_medium(_text(text, attribution.source)):
            chained += _inside(text, attribution, search)
    return chained


def _repeats(text: str, attribution: Attribution, chained: Sequence[Attribution]) -> bool:
    """Whether all it says is whom a report cites that is in the chain already."""
    cites = _text(text, attribution.cue) in _CITES
    return cites and any(
        earlier.via and _touch(earlier.source[0], attribution.content) for earlier in chained
    )


def is_medium(name: str) -> bool:
    """Return whether a source is a medium, by its name alone.

    >>> is_medium("The New York Times"), is_medium("the Pentagon")
    (True, False)
    """
    return bool(_media().search(name))


def _inside(
    text: str, carrier: Attribution, search: Callable[[Span], list[Attribution]]
) -> list[Attribution]:
    """The speech within the content of a medium's report, with quotations that go on with it."""
    inner = [
        (attribution, span)
        for span in carrier.content
        for attribution in search(span)
        if attribution.source and _names_speech(_text(text, attribution.cue))
    ]
    for attribution, span in inner:
        attribution.via = carrier
        attribution.confidence *= carrier.confidence
        if len(inner) == 1 and text[attribution.content[0][0]] in MARKS:
            others = [s for s in carrier.content if s != span and text[s[0]] in MARKS]
            attribution.content = sorted(attribution.content + others)
    return [attribution for attribution, _ in inner]


def _names_speech(cue: str) -> bool:
    classes = {found.cue_class for w in cue.lower().split() if (found := cue_words().get(w))}
    return bool(classes) and not classes & _SILENT


def _carrier(text: str, attribution: Attribution) -> Attribution | None:
    """The medium to which a source spoke: it carries what was said."""
    start = attribution.cue[0][0]
    stop = min(start + REACH, _sentence_stop(text, start))
    for medium in _media().finditer(text, start, stop):
        here = medium.span()
        said_to = _TO_MEDIUM.search(text[start : here[0]])
        if said_to and not _touch(here, attribution.content + attribution.source):
            content = list(attribution.content)
            return Attribution([here], attribution.cue[:1], content, attribution.confidence)
    return None


def _cited(text: str, attribution: Attribution) -> Attribution | None:
    """The source that a report cites; the report is made to hold what that source says."""
    if _text(text, attribution.cue) in _CITES:
        return _cited_by_content(text, attribution)
    start = attribution.cue[-1][1]
    match = _CITING.search(text, start, _sentence_stop(text, start))
    if match is None:
        return None
    attribution.content = _without(text, attribution.content, match.span())
    return Attribution(
        [match.span("source")],
        [match.span("cue")],
        list(attribution.content),
        attribution.confidence,
        via=attribution,
    )


def _cited_by_content(text: str, attribution: Attribution) -> Attribution | None:
    """Mend a report whose content begins with the name of the source that it cites."""
    (start, end), *rest = attribution.content
    match = _CITED_THEN_THAT.match(text, start, _sentence_stop(text, start))
    if match is None:
        return None
    begins = match.start("content")
    stop = end if rest else max(end, _sentence_stop(text, start))
    content = [*([(begins, stop)] if begins < stop else []), *rest]
    cited = Attribution(
        [match.span("source")], attribution.cue, content, attribution.confidence, via=attribution
    )
    verb = _REPORTS.search(text, attribution.source[-1][1], attribution.cue[0][0])
    attribution.content = list(content)
    attribution.cue = [verb.span()] if verb else attribution.cue
    return cited


def _without(text: str, spans: Sequence[Span], cut: Span) -> list[Span]:
    """Spans without a stretch and the commas and blanks around it; all, if nothing were left."""
    left: list[Span] = []
    for start, end in spans:
        for a, b in ((start, min(end, cut[0])), (max(start, cut[1]), end)):
            while a < b and text[a] in ", ":
                a += 1
            while a < b and text[b - 1] in ", ":
                b -= 1
            if a < b and (a, b) not in left:
                left.append((a, b))
    return left or list(spans)


def _sentence_stop(text: str, start: int) -> int:
    """Where the sentence ends, its stop left out; an abbreviation may end it too soon."""
    end = _SENTENCE_END.search(text, start)
    return end.start() if end else len(text)


def _text(text: str, spans: Sequence[Span]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _touch(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


@cache
def _media() -> re.Pattern[str]:
    """Names of media, and capitalised words that end like one (``Times``, ``News Agency``)."""
    lines = (files("nbhelpers") / "data" / "media_names.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    names = "|".join(re.escape(name) for kind, name in rows if kind == "name")
    endings = "|".join(re.escape(name) for kind, name in rows if kind == "ending")
    named = rf"(?:{names})(?: News| Radio| TV| Television)?"
    return re.compile(rf"\b(?:(?:[A-Z][\w.’']* ){{1,4}}(?:{endings})|{named})\b")
