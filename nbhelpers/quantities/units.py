"""Units of measure and money, by their words and signs."""

from __future__ import annotations

from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from nbhelpers.quantities.words import Words

_LONGEST = 3  # words of a unit
_DAMAGED = "?\ufffd"  # what a broken character set leaves of a sign of money
_PERIODS = frozenset("second minute hour day night week month year decade".split())
_RATES = {
    **{"hourly": "hour", "daily": "day", "nightly": "night", "weekly": "week"},
    **{"monthly": "month", "yearly": "year", "annually": "year"},
}


class Unit(NamedTuple):
    """A unit and its kind: percent, points, money, time, measure or times."""

    name: str
    kind: str


def unit_at(words: Words, token: int) -> tuple[Unit, int] | None:
    """Return the unit that stands at a token and the token behind it.

    >>> from nbhelpers.quantities.words import split
    >>> unit_at(split("30 per cent", 0, 11), 1)
    (Unit(name='percent', kind='percent'), 3)
    """
    for length in range(_LONGEST, 0, -1):
        parts = words.lower[token : token + length]
        found = _forms().get(" ".join(parts)) or _forms().get("".join(parts).replace("-", " "))
        if found and token + length <= len(words):
            return found, token + length
    for length in (2, 1):
        glued = all(words.is_glued(t) for t in range(token + 1, token + length))
        sign = "".join(words.forms[token : token + length])
        if glued and (found := _signs().get(sign)) and token + length <= len(words):
            return found, token + length
    return None


def money_before(words: Words, token: int) -> tuple[Unit | None, int] | None:
    """Return the money whose sign stands before a number, and the token at which it begins.

    The unit is None where only a damaged sign is left.
    """
    for length in (2, 1):
        start = token - length
        sign = "".join(words.forms[max(0, start) : token])
        found = _signs().get(sign)
        if start >= 0 and found and found.kind == "money" and _is_one(words, start, token):
            return found, start
    if words.form(token - 1) in _DAMAGED and words.form(token - 1) and words.is_glued(token):
        return None, token - 1
    return None


def _is_one(words: Words, start: int, token: int) -> bool:
    """A sign of two parts (*US$*) has no blank inside; one of letters is no part of a word."""
    parts = all(words.is_glued(t) for t in range(start + 1, token))
    return parts and not (words.is_glued(start) and words.is_word(start))


def rate_at(words: Words, token: int) -> tuple[str, int] | None:
    """Return the period of a rate (*a day*, *per year*, *weekly*) and the token behind it."""
    lower = words.at(token)
    if lower in ("a", "an", "per", "each", "every") and words.at(token + 1) in _PERIODS:
        return words.at(token + 1), token + 2
    return (_RATES[lower], token + 1) if lower in _RATES else None


@cache
def _forms() -> dict[str, Unit]:
    return {
        " ".join(form.lower().replace("u.s.", "u . s .").split()): Unit(row["unit"], row["kind"])
        for row in _rows()
        for form in row["forms"].split("; ")
        if form
    }


@cache
def _signs() -> dict[str, Unit]:
    return {
        sign: Unit(row["unit"], row["kind"])
        for row in _rows()
        for sign in row["symbols"].split("; ")
        if sign
    }


def _rows() -> list[dict[str, str]]:
    table = (files("nbhelpers") / "data" / "quantity_units.tsv").read_text("utf-8")
    rows = DictReader(table.splitlines(), delimiter="\t", quoting=3)
    return [{name: cell or "" for name, cell in row.items()} for row in rows]
