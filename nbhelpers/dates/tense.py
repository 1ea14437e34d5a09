"""Whether what a sentence says of a date lies before or behind the day of writing."""

from __future__ import annotations

import re
from functools import cache

PAST, FUTURE = -1, 1

_WINDOW = 160  # characters on either side of a date that are looked at
_BREAK = re.compile(r"[;:“”\"]|\s[–—-]\s")
_FUTURE = (
    r"will|won['’]t|shall|going to|gonna|would|wouldn['’]t|upcoming|ahead of|scheduled|slated|due"
    r"|planned|planning|plans?|expected|expects?|poised|intends?|hopes?|hoping|deadline|until|till"
    r"|aims?|aiming|vow(?:s|ed)?|pledge[sd]?|promise[sd]?|begins|starts|opens|meets|airs|premieres"
    r"|arrives|takes effect|kicks off|hits|expires|ends|may|might|can|could|should|must"
)
_FUTURE_LED = r"(?:is|are|am|['’]re|['’]s) (?:set|to|\w+ing)"
_INFINITIVE = r"to (?!the\b|a\b|an\b|his\b|her\b|their\b|its\b|be\b\s\w+ed\b)[a-z]{2,}"
_IRREGULAR = (
    "was were had did been has have said told got went came took made gave saw became began "
    "broke brought built bought caught chose cut died drew drove fell felt fought found flew "
    "forgot froze grew held hit hurt kept knew laid led left lent let lost met meant paid put "
    "quit ran rang read rose sang sank sat sent set shook shot showed shut slept sold sought "
    "spent split spoke spread stood stole struck stuck swore swept swung taught thought threw "
    "told understood woke won wore wrote withdrew gone done seen taken given known shown "
    "written spoken fallen driven chosen beaten born hidden stolen thrown risen beat bid bet "
    "cast cost fled hung rode sprang tore"
)
_NOT_PAST = frozenset("need indeed speed feed seed breed bleed weed hundred red bed united".split())


@cache
def _markers() -> re.Pattern[str]:
    past = "|".join(_IRREGULAR.split())
    return re.compile(
        rf"\b(?:(?P<future>{_FUTURE}|{_FUTURE_LED}|{_INFINITIVE})|(?P<past>{past}|[a-z]+ed))\b"
    )


def direction(sentence: str, start: int, end: int) -> int:
    """Return ``PAST``, ``FUTURE``, or 0 where the sentence does not tell, for a date at a place.

    The verb next to the date decides: the last before it in its part of the sentence, else the
    first behind it.

    >>> direction("He said on Monday that he will go.", 11, 17)
    -1
    >>> direction("He said that he will go on Monday.", 27, 33)
    1
    """
    before = sentence[max(0, start - _WINDOW) : start]
    pieces = [match.end() for match in _BREAK.finditer(before)]
    found = _tenses(before[pieces[-1] if pieces else 0 :])
    if found:
        return found[-1]
    after = sentence[end : end + _WINDOW]
    stop = _BREAK.search(after)
    found = _tenses(after[: stop.start()] if stop else after)
    return found[0] if found else 0


def _tenses(words: str) -> list[int]:
    return [
        FUTURE if match["future"] else PAST
        for match in _markers().finditer(words)
        if match.group() not in _NOT_PAST
    ]
