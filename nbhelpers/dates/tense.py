"""Whether what a sentence says of a date lies before or behind the day of writing."""

from __future__ import annotations

import re
from functools import cache

from nbhelpers.text import WEEKDAY

PAST, FUTURE = -1, 1

_WINDOW = 160  # characters on either side of a date that are looked at
_BREAK = re.compile(r"[;:]|[,.!?][”\"]|[.?!] (?=[A-Z])|[,:] [“\"]|\s[–—-]\s")
_MODAL = "will|won['’]t|shall|would|wouldn['’]t|may|might|can|could|should|must"
_FUTURE = (
    rf"{_MODAL}|going to|gonna|upcoming|ahead of|scheduled|slated|due|planned|planning|expected"
    r"|expects?|poised|intends?|hopes?|hoping|deadline|until|till|aims?|aiming|vow(?:s|ed)?"
    r"|pledge[sd]?|promise[sd]?|begins|starts|opens|airs|premieres|arrives|takes? effect"
    r"|takes? place|kicks? off|goes? on sale|square off|expires|ends|meets?|faces|hosts|travels"
    r"|(?:projected|predicted|forecast|likely|sure|certain|ready|set) to [a-z]+|speaks|convenes"
    r"|resumes|appears|(?:is|are|am|['’]re|['’]s) (?:set|to|\w+ing)"
)
# One verb each, or the participle would be taken for a past tense of its own.
_PASSIVE = rf"(?:{_MODAL}|to) (?:\w+ )?be (?:\w+ly )?[a-z]+"
_OPEN = (
    r"(?:had been|was|were) (?:expected|scheduled|due|planned|supposed|set|slated)"
    r"(?: to(?: be)? [a-z]+)?|could be (?:[a-z]+ed|seen|heard)"
)
_INFINITIVE = r"to (?!the\b|a\b|an\b|his\b|her\b|their\b|its\b)[a-z]{2,}"
_IRREGULAR = (
    "was were had did been said told got went came took made gave saw became began "
    "broke brought built bought caught chose cut died drew drove fell felt fought found flew "
    "forgot froze grew held hit hurt kept knew laid led left lent let lost met meant paid put "
    "quit ran rang read rose sang sank sat sent set shook shot showed shut slept sold sought "
    "spent split spoke spread stood stole struck stuck swore swept swung taught thought threw "
    "told understood woke won wore wrote withdrew gone done seen taken given known shown "
    "written spoken fallen driven chosen beaten born hidden stolen thrown risen beat bid bet "
    "cast cost fled hung rode sprang tore forecast"
)
_NOT_PAST = frozenset("need indeed speed feed seed breed bleed weed hundred red bed united".split())


# What has happened when it is named with its day, and what may still be to come.
_HAPPENED = (
    r"attack|shooting|killing|crash|blast|explosion|bombing|collapse|storm|quake|earthquake|death"
    r"|casualt|incident|protest|result|loss|win\b|victory|defeat|announcement|decision|statement"
    r"|comment|remark|report|arrest|raid|strike|clos|failure|massacre|ruling|tweet|fire\b|flood"
)
_HAPPENED_BESIDE = re.compile(rf"['’]s? (?:[\w'’-]+ ){{0,2}}(?:{_HAPPENED})")
_POSSESSIVE = re.compile(r"['’]s? ")
_ATTENDED = re.compile(r"\b(?:at|during|in|after) $", re.IGNORECASE)
_HAS_PASSED = re.compile(r"\b(?:since|following) $", re.IGNORECASE)
_IS_TO_COME = re.compile(r"\b(?:ahead of|until|till|by|for) $", re.IGNORECASE)
_DAY = re.compile(WEEKDAY, re.IGNORECASE)


@cache
def _markers() -> re.Pattern[str]:
    past = "|".join(_IRREGULAR.split())
    return re.compile(
        rf"\b(?:(?P<open>{_OPEN})|(?P<future>{_PASSIVE}|{_FUTURE})|(?P<infinitive>{_INFINITIVE})"
        rf"|(?P<past>{past}|[a-z]+ed))\b"
    )


def direction(sentence: str, start: int, end: int) -> int:
    """Return ``PAST``, ``FUTURE``, or 0 where the sentence does not tell, for a date at a place.

    The verb next to the date decides: the last before it in its part of the sentence, else the
    first behind it. *Monday's debate* may be to come whatever the verb, unless that is in the
    future tense; *Monday's attack* has happened.

    >>> direction("He said on Monday that he will go.", 11, 17)
    -1
    >>> direction("He said that he will go on Monday.", 27, 33)
    1
    """
    before = _piece_before(sentence, start)
    tense = _tense(before, sentence, end)
    if _HAS_PASSED.search(before) or _HAPPENED_BESIDE.match(sentence, end):
        return PAST
    if _IS_TO_COME.search(before) and _DAY.match(sentence, start):
        return FUTURE if tense else 0
    if _POSSESSIVE.match(sentence, end) and not _ATTENDED.search(before):
        return max(tense, 0)
    return tense


def _piece_before(sentence: str, start: int) -> str:
    before = sentence[max(0, start - _WINDOW) : start]
    pieces = [match.end() for match in _BREAK.finditer(before)]
    return before[pieces[-1] if pieces else 0 :]


def _tense(before: str, sentence: str, end: int) -> int:
    found = [tense for tense, _ in _tenses(before)]
    if found:
        return found[-1]
    after = sentence[end : end + _WINDOW]
    stop = _BREAK.search(after)
    behind = _tenses(after[: stop.start()] if stop else after)
    finite = [tense for tense, is_finite in behind if is_finite]
    return (finite or [tense for tense, _ in behind] or [0])[0]


def _tenses(words: str) -> list[tuple[int, bool]]:
    """The tense of each verb, and whether it is finite.

    An infinitive is to come, but *had a chance to leave* keeps open whether it was taken.
    """
    found: list[tuple[int, bool]] = []
    for match in _markers().finditer(words):
        if match["infinitive"]:
            found.append((0 if found and found[-1][0] == PAST else FUTURE, False))
        elif match.group() not in _NOT_PAST:
            found.append((FUTURE if match["future"] else PAST if match["past"] else 0, True))
    return found


def last_verb(text: str, start: int, end: int) -> str:
    """Return the last verb whose tense shows in ``text[start:end]``, or an empty string.

    >>> last_verb("He said he left on Monday", 0, 18)
    'left'
    """
    found = [m.group() for m in _markers().finditer(text, start, end)]
    return next((verb for verb in reversed(found) if verb not in _NOT_PAST), "")


def has_verb(text: str, start: int, end: int) -> bool:
    """Return whether a verb whose tense shows stands in ``text[start:end]``.

    >>> has_verb("He left on Monday", 0, 7), has_verb("He left on Monday", 7, 17)
    (True, False)
    """
    return bool(last_verb(text, start, end) or _PRESENT.search(text, start, end))


_PRESENT = re.compile(
    r"\b(?:is|are|am|says|say|has|does|do|means|shows|remains|seems)\b|['’](?:s|re|m) "
)
