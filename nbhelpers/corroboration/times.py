"""When two claims hold: the days that a written date means, and which of two is the earlier."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from functools import lru_cache
from typing import Literal, NamedTuple

_ANY_YEAR = 2000  # in which days without a year are compared; it has a 29 February
_DAY = re.compile(r"(\d{4}|-)-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4}|-)-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)")
_YEAR = re.compile(r"(\d{4})")
_DECADE = re.compile(r"(\d{3})X")
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11)}  # 24, winter, belongs to two years

Order = Literal["same", "earlier", "later", "overlapping", "unknown"]


class Days(NamedTuple):
    """The first and last day that are meant; ``has_year``: whether the year is known."""

    first: dt.date
    last: dt.date
    has_year: bool = True


@lru_cache(10_000)
def days(date: str | None) -> Days | None:
    """Return the days of a date as :func:`nbhelpers.dates.date_expressions` writes it.

    None: the date is missing, or says too little.

    >>> days("2024-10").last.isoformat(), days("--10-28").has_year, days(None)
    ('2024-10-31', False, None)
    """
    if not date:
        return None
    if "/" in date:
        first, last = map(days, date.split("/", 1))
        if not (first and last) or first.has_year != last.has_year or first.first > last.last:
            return None
        return Days(first.first, last.last, first.has_year)
    try:
        return _days(date)
    except ValueError:  # 2023-02-29
        return None


def _days(date: str) -> Days | None:
    if match := _DAY.fullmatch(date):
        day = dt.date(_year(match[1]), int(match[2]), int(match[3]))
        return Days(day, day, match[1] != "-")
    if match := _WEEK.fullmatch(date):
        monday = dt.date.fromisocalendar(int(match[1]), int(match[2]), 1)
        return Days(monday, monday + dt.timedelta(days=6))
    if match := _MONTH.fullmatch(date):
        return _months(match[1], int(match[2]))
    if match := _YEAR.fullmatch(date):
        return Days(dt.date(int(match[1]), 1, 1), dt.date(int(match[1]), 12, 31))
    if match := _DECADE.fullmatch(date):
        year = int(match[1]) * 10
        return Days(dt.date(year, 1, 1), dt.date(year + 9, 12, 31))
    return None


def _year(written: str) -> int:
    return _ANY_YEAR if written == "-" else int(written)


def _months(year: str, number: int) -> Days | None:
    """A month, or the codes of seasons and quarters."""
    if 33 <= number <= 36:
        first, last = 3 * (number - 33) + 1, 3 * (number - 33) + 3
    elif 1 <= number <= 12:
        first = last = number
    elif number in _SEASONS:
        first, last = _SEASONS[number]
    else:
        return None
    known = _year(year)
    return Days(
        dt.date(known, first, 1), dt.date(known, last, monthrange(known, last)[1]), year != "-"
    )


def date_in_words(date: str) -> str:
    """Return a date as it is read: with its month's name where its year is not known.

    >>> date_in_words("--10-28"), date_in_words("--10"), date_in_words("--10-27/--10-28")
    ('28 October', 'October', '27 October/28 October')
    """
    if "/" in date:
        return "/".join(map(date_in_words, date.split("/")))
    known = days(date) if date.startswith("--") else None
    if not known:
        return date
    month = known.first.strftime("%B")
    return f"{known.first.day} {month}" if known.first == known.last else month


def order(one: Days | None, other: Days | None) -> Order:
    """Return when the first is: on the same day or days, earlier or later than the other.

    ``overlapping``: a month and a day in it may be one time, or two. Days without a year are held
    against each other as if of one year; against a date with a year they tell nothing.

    >>> order(days("2024-10-23"), days("2024-10-28")), order(days("2024-10"), days("2024-10-28"))
    ('earlier', 'overlapping')
    >>> order(days("--10-28"), days("--10-28")), order(days("--10-28"), days("2024-10-28"))
    ('same', 'unknown')
    """
    if one is None or other is None or one.has_year != other.has_year:
        return "unknown"
    if one.last < other.first:
        return "earlier"
    if other.last < one.first:
        return "later"
    return "same" if one[:2] == other[:2] else "overlapping"
