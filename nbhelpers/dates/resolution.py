"""From what a date expression says to a day, month or year of the calendar.

The library dateparser reads what is written as a date ("Oct. 28, 2024") or counted in words ("two
weeks ago"). Weekdays, periods and seasons are plain arithmetic on dates: for a period dateparser
gives one day, for "the 1990s" yesterday, and for a weekday never the day of writing itself, which
is what news means most often.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache, singledispatch
from typing import NamedTuple

from nbhelpers.dates import meanings as m
from nbhelpers.dates.tense import FUTURE, PAST

_WEEK = dt.timedelta(days=7)
_ONE_DAY = dt.timedelta(days=1)
_SURELY_NEAR = 122  # days to a date of which no verb tells whether it has passed
_NEXT_MONTH = 31  # days from the first of a month to that of the next, at most
_LEAP_YEAR = 2000  # stands in for a year that the words leave out: it has a 29 February
# Of the thirds of a month or a year, the first that a part of it begins with, and the one behind.
_THIRDS = {
    "": (0, 3),
    "early": (0, 1),
    "mid": (1, 2),
    "late": (2, 3),
    "early-mid": (0, 2),
    "mid-late": (1, 3),
    "early-late": (0, 3),
}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


class Resolved(NamedTuple):
    """What a date is: in ISO 8601 (``date``), its first and last day, and how fine it is.

    ``first`` and ``last`` are None, and ``date`` is None or lacks its year, where the year or the
    day from which to count is not known. ``is_whole``: the words say all, year included.
    """

    date: str | None
    first: dt.date | None
    last: dt.date | None
    precision: str
    is_whole: bool = False


class Context(NamedTuple):
    """From what a date may be counted.

    ``anchor`` is the day of writing or speaking, ``direction`` the sentence's tense (see
    :func:`nbhelpers.dates.tense.direction`), ``year`` one that the sentence gives for a date
    without its own, ``names_event``: the day stands for an event that may lie years back,
    ``previous`` the date that was named before.
    """

    anchor: dt.date | None
    direction: int = 0
    year: int | None = None
    names_event: bool = False
    previous: Resolved | None = None


def resolve(meaning: m.Meaning, context: Context) -> Resolved:
    """Return what a meaning of :mod:`nbhelpers.dates.meanings` is in its context.

    >>> resolve(m.Weekday("monday"), Context(dt.date(2024, 10, 30), PAST)).date
    '2024-10-28'
    >>> resolve(m.Calendar("28", "Oct"), Context(None)).date
    '--10-28'
    """
    try:
        return _resolve(meaning, context)
    except (ValueError, OverflowError):  # beyond the years that the calendar has
        return Resolved(None, None, None, "day")


@singledispatch
def _resolve(meaning: object, context: Context) -> Resolved:
    raise TypeError(f"{type(meaning).__name__} is no meaning of a date")


@lru_cache(maxsize=10_000)
def _read(phrase: str, anchor: dt.date | None = None) -> dt.date | None:
    """What dateparser reads in a phrase; None where there is no such day."""
    import dateparser  # late: it takes a fifth of a second

    base = dt.datetime.combine(anchor or dt.date(_LEAP_YEAR, 1, 1), dt.time(12))
    settings = {"RELATIVE_BASE": base, "DATE_ORDER": "DMY", "PREFER_DAY_OF_MONTH": "first"}
    found = dateparser.parse(phrase, languages=["en"], settings=settings)
    return found.date() if found else None


def _unresolved(precision: str) -> Resolved:
    return Resolved(None, None, None, precision)


def _day(day: dt.date, *, is_whole: bool = False) -> Resolved:
    return Resolved(day.isoformat(), day, day, "day", is_whole)


def _week(day: dt.date) -> Resolved:
    """The week, from Monday, in which a day lies."""
    first = day - day.weekday() * _ONE_DAY
    year, week, _ = day.isocalendar()
    return Resolved(f"{year:04}-W{week:02}", first, first + 6 * _ONE_DAY, "week")


def _month(year: int, month: int, part: str = "", *, is_whole: bool = False) -> Resolved:
    begin, end = _THIRDS[part]
    first = dt.date(year, month, 1 + 10 * begin)
    last = dt.date(year, month, 10 * end) if end < 3 else _last_of_month(year, month)
    return Resolved(f"{year:04}-{month:02}", first, last, "month", is_whole)


def _year(year: int, part: str = "", *, is_whole: bool = False) -> Resolved:
    begin, end = _THIRDS[part]
    first, last = dt.date(year, 1 + 4 * begin, 1), _last_of_month(year, 4 * end)
    return Resolved(f"{year:04}", first, last, "year", is_whole)


def _decade(year: int, part: str = "", *, is_whole: bool = False) -> Resolved:
    begin, end = _THIRDS[part]
    edges = (0, 4, 7, 10)
    first, last = dt.date(year + edges[begin], 1, 1), dt.date(year + edges[end] - 1, 12, 31)
    return Resolved(f"{year // 10:03}X", first, last, "decade", is_whole)


def _season(year: int, name: str, *, is_whole: bool = False) -> Resolved:
    """A season of the northern half of the earth: March to May is spring; winter ends in the next.

    ISO 8601-2 counts the seasons from 21 (spring) to 24 (winter).
    """
    number = m.SEASONS[name]
    last_year, last_month = (year + 1, 2) if number == 4 else (year, 3 * number + 2)
    last = _last_of_month(last_year, last_month)
    return Resolved(
        f"{year:04}-{20 + number}", dt.date(year, 3 * number, 1), last, "season", is_whole
    )


def _quarter(year: int, number: int, *, is_whole: bool = False) -> Resolved:
    """A quarter; ISO 8601-2 counts them from 33 to 36."""
    first, last = dt.date(year, 3 * number - 2, 1), _last_of_month(year, 3 * number)
    return Resolved(f"{year:04}-{32 + number}", first, last, "quarter", is_whole)


def _weekend(saturday: dt.date) -> Resolved:
    sunday = saturday + _ONE_DAY
    return Resolved(f"{saturday}/{sunday}", saturday, sunday, "weekend")


def _last_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _months_later(day: dt.date, months: int) -> dt.date:
    """The day with the same number, or the last one, of a month so many months later."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@_resolve.register
def _(meaning: m.Calendar, context: Context) -> Resolved:
    precision = "day" if meaning.day else "month" if meaning.month else "year"
    read = _read(f"{meaning.day or 1} {meaning.month or 1} {meaning.year or _LEAP_YEAR}")
    if read is None:
        return _unresolved(precision)
    whole = bool(meaning.year)
    if precision == "year":
        return _year(read.year, meaning.part, is_whole=True)
    year = read.year if whole else _year_of(meaning, read, context)
    if year is None or (precision == "day" and not _exists(year, read)):
        partial = f"--{read.month:02}" + (f"-{read.day:02}" if meaning.day else "")
        return Resolved(partial, None, None, precision)
    if precision == "month":
        return _month(year, read.month, meaning.part, is_whole=whole)
    return _day(read.replace(year=year), is_whole=whole)


def _exists(year: int, day: dt.date) -> bool:
    return (day.month, day.day) != (2, 29) or calendar.isleap(year)


def _year_of(meaning: m.Calendar, read: dt.date, context: Context) -> int | None:
    """The year of a day or month without one, by the sentence's other dates, else the nearest."""
    if meaning.shift is not None:
        return context.anchor.year + meaning.shift if context.anchor else None
    if context.names_event:
        return None
    if context.year is not None:
        return context.year
    if context.anchor is None:
        return None
    years = [context.anchor.year + shift for shift in (-1, 0, 1)]
    days = {year: read.replace(year=year) for year in years if _exists(year, read)}
    if meaning.weekday and meaning.day:
        number = _weekday_number(meaning.weekday)
        fitting = [year for year, day in days.items() if day.weekday() == number]
        return fitting[0] if len(fitting) == 1 else None
    return _nearest(days, context, is_month=not meaning.day)


def _nearest(days: dict[int, dt.date], context: Context, *, is_month: bool) -> int | None:
    """The year whose day is nearest to the anchor; it stays open if the tense is against it.

    A month that is not the next or the last may lie as far as the tense asks for: in March, what
    happened in July happened last year.
    """
    anchor, tense = context.anchor, context.direction
    assert anchor is not None
    if is_month:
        anchor = anchor.replace(day=1)
    away = {year: (day - anchor).days for year, day in days.items()}
    nearest = min(away, key=lambda year: abs(away[year]))
    if away[nearest] * tense >= 0:
        return nearest if tense or abs(away[nearest]) <= _SURELY_NEAR else None
    if not is_month or abs(away[nearest]) <= _NEXT_MONTH:
        return None
    return min((year for year in away if away[year] * tense >= 0), key=lambda y: abs(away[y]))


def _weekday_number(name: str) -> int:
    return next(n for n, day in enumerate(m.WEEKDAYS) if day.startswith(name[:3]))


@_resolve.register
def _(meaning: m.Interval, context: Context) -> Resolved:
    first, last = _whole_ends(meaning)
    resolved_last = _resolve(last, context)
    year = resolved_last.last.year if resolved_last.last else None
    resolved_first = _resolve(first, context._replace(year=context.year or year))
    if resolved_first.first and resolved_last.last and resolved_first.first > resolved_last.last:
        resolved_first = _resolve(first, context._replace(year=resolved_last.last.year - 1))
    if not (resolved_first.date and resolved_last.date):
        return _unresolved(resolved_last.precision)
    if resolved_first.first and resolved_last.last and resolved_first.first > resolved_last.last:
        return _unresolved(resolved_last.precision)
    return Resolved(
        f"{resolved_first.date}/{resolved_last.date}",
        resolved_first.first,
        resolved_last.last,
        resolved_last.precision,
        resolved_last.is_whole,
    )


def _whole_ends(meaning: m.Interval) -> tuple[m.Calendar, m.Calendar]:
    """Both ends with a year if the first has one."""
    first, last = meaning
    if first.year and not last.year:
        last = last._replace(year=first.year)
    return first, last


@_resolve.register
def _(meaning: m.Figures, context: Context) -> Resolved:
    """Read only where one order is possible, or both give the same day."""
    readings = {
        day
        for one, other in ((meaning.first, meaning.second), (meaning.second, meaning.first))
        if other <= 12 and (day := _read(f"{meaning.year:04}-{other:02}-{one:02}"))
    }
    return _day(readings.pop(), is_whole=True) if len(readings) == 1 else _unresolved("day")


@_resolve.register
def _(meaning: m.Weekday, context: Context) -> Resolved:
    if context.anchor is None:
        return _unresolved("day")
    number, anchor = _weekday_number(meaning.name), context.anchor
    since, until = (anchor.weekday() - number) % 7, (number - anchor.weekday()) % 7
    if meaning.week is not None:
        monday = anchor - anchor.weekday() * _ONE_DAY
        return _day(monday + meaning.week * _WEEK + number * _ONE_DAY)
    if meaning.which in ("last", "next"):
        return _last_or_next(meaning.which, number, anchor)
    if meaning.which == "past":
        return _day(anchor - (since or 7) * _ONE_DAY)
    if meaning.which == "coming" or (meaning.which == "this" and context.direction == 0):
        return _day(anchor + until * _ONE_DAY)
    if context.direction == 0 and since:
        return _unresolved("day")
    return _day(anchor + until * _ONE_DAY if context.direction > 0 else anchor - since * _ONE_DAY)


def _last_or_next(which: str, number: int, anchor: dt.date) -> Resolved:
    """*Last Monday* on a Friday is four days ago to some, eleven to others: it stays open."""
    if which == "last":
        if number < anchor.weekday():
            return _unresolved("day")
        return _day(anchor - ((anchor.weekday() - number) % 7 or 7) * _ONE_DAY)
    if number > anchor.weekday():
        return _unresolved("day")
    return _day(anchor + ((number - anchor.weekday()) % 7 or 7) * _ONE_DAY)


@_resolve.register
def _(meaning: m.Day, context: Context) -> Resolved:
    read = _read(meaning.phrase, context.anchor) if context.anchor else None
    return _day(read) if read else _unresolved("day")


@_resolve.register
def _(meaning: m.Ago, context: Context) -> Resolved:
    read = _read(meaning.phrase, context.anchor) if context.anchor else None
    if read is None or meaning.is_vague:
        return _unresolved(meaning.unit)
    return _unit(read, meaning.unit)


def _unit(day: dt.date, unit: str) -> Resolved:
    """The day, week, month ... in which a day lies."""
    if unit == "week":
        return _week(day)
    if unit == "month":
        return _month(day.year, day.month)
    if unit == "quarter":
        return _quarter(day.year, (day.month + 2) // 3)
    if unit == "year":
        return _year(day.year)
    if unit == "decade":
        return _decade(day.year // 10 * 10)
    return _day(day)


@_resolve.register
def _(meaning: m.Period, context: Context) -> Resolved:
    anchor, unit, shift = context.anchor, meaning.unit, meaning.shift
    if unit in m.SEASONS or unit == "weekend":
        precision = "season" if unit in m.SEASONS else "weekend"
        if anchor is None:
            return _unresolved(precision)
        return (_named_season if unit in m.SEASONS else _named_weekend)(meaning, context)
    if unit not in ("week", *_MONTHS_OF):
        return _named_month(meaning, context)
    if anchor is None:
        return _unresolved(unit)
    shift = shift or 0
    if unit == "week":
        return _week(anchor + shift * _WEEK)
    there = _months_later(anchor, shift * _MONTHS_OF[unit])
    if unit == "month":
        return _month(there.year, there.month, meaning.part if shift else "")
    if unit == "year":
        return _year(there.year, meaning.part if shift else "")
    return _unit(there, unit)


def _named_weekend(meaning: m.Period, context: Context) -> Resolved:
    anchor = context.anchor
    assert anchor is not None
    saturday = anchor - ((anchor.weekday() - 5) % 7) * _ONE_DAY  # the last one, or today
    is_weekend = anchor.weekday() >= 5
    if meaning.shift == -1:
        return _weekend(saturday - is_weekend * _WEEK)
    if meaning.shift == 1:
        return _weekend(saturday + _WEEK) if is_weekend else _unresolved("weekend")
    if not (context.direction or is_weekend):
        return _unresolved("weekend")
    ahead = context.direction == FUTURE and not is_weekend
    return _weekend(saturday + ahead * _WEEK)


def _named_season(meaning: m.Period, context: Context) -> Resolved:
    """This, last or next summer, where there is only one reading."""
    anchor = context.anchor
    assert anchor is not None
    month = 3 * m.SEASONS[meaning.unit]
    year = anchor.year - (month == 12 and anchor.month < 3)  # that winter began last year
    has_begun = dt.date(year, month, 1) <= anchor
    if meaning.shift == 0:
        was_winter = month == 12 and context.direction == PAST and not has_begun
        return _season(year - was_winter, meaning.unit)
    if has_begun == (meaning.shift == -1):
        return _unresolved("season")
    return _season(year + (meaning.shift or 0), meaning.unit)


def _named_month(meaning: m.Period, context: Context) -> Resolved:
    """This, last or next October, where there is only one reading."""
    read = _read(f"1 {meaning.unit} {_LEAP_YEAR}")
    if read is None:
        return _unresolved("month")
    anchor, month = context.anchor, read.month
    if anchor is None:
        return Resolved(f"--{month:02}", None, None, "month")
    if meaning.shift == 0:
        return _month(anchor.year, month, meaning.part)
    if (anchor.month - month) * (meaning.shift or 0) < 0:
        return Resolved(f"--{month:02}", None, None, "month")
    return _month(anchor.year + (meaning.shift or 0), month, meaning.part)


@_resolve.register
def _(meaning: m.Stretch, context: Context) -> Resolved:
    anchor = context.anchor
    if anchor is None:
        return _unresolved(meaning.unit)
    other = _read(f"{meaning.number} {meaning.unit}s ago", anchor)
    if other is None:
        return _unresolved(meaning.unit)
    if meaning.sign > 0:
        other = anchor + (anchor - other)
    first, last = min(anchor, other), max(anchor, other)
    return Resolved(f"{first}/{last}", first, last, meaning.unit)


@_resolve.register
def _(meaning: m.Season, context: Context) -> Resolved:
    return _season(int(meaning.year), meaning.name, is_whole=True)


@_resolve.register
def _(meaning: m.Quarter, context: Context) -> Resolved:
    if meaning.year:
        return _quarter(int(meaning.year), meaning.number, is_whole=True)
    if context.anchor is None or meaning.shift is None:
        return _unresolved("quarter")
    return _quarter(context.anchor.year + meaning.shift, meaning.number)


@_resolve.register
def _(meaning: m.Decade, context: Context) -> Resolved:
    if len(meaning.year) < 4:
        return _unresolved("decade")
    return _decade(int(meaning.year), meaning.part, is_whole=True)


@_resolve.register
def _(meaning: m.Anaphor, context: Context) -> Resolved:
    unit = meaning.unit
    if unit in ("night", "morning", "afternoon", "evening"):
        unit = "day"
    precision = unit if unit in ("week", "month", "year") else "day"
    before = context.previous
    if before is None or before.first is None or not _is_as_fine(before, precision):
        return _unresolved(precision)
    if unit in m.WEEKDAYS:
        return _weekday_beside(m.WEEKDAYS.index(unit), before.first, meaning.shift)
    number = _count(meaning.number)
    if number is None:
        return _unresolved(precision)
    steps = meaning.shift * number
    if unit in ("day", "week"):
        return _unit(before.first + steps * (_WEEK if unit == "week" else _ONE_DAY), precision)
    return _unit(_months_later(before.first, steps * _MONTHS_OF[unit]), precision)


def _is_as_fine(before: Resolved, precision: str) -> bool:
    order = ("day", "week", "month", "year")
    return before.precision in order[: order.index(precision) + 1] and before.first is not None


def _weekday_beside(number: int, day: dt.date, shift: int) -> Resolved:
    if shift < 0:
        return _day(day - ((day.weekday() - number) % 7 or 7) * _ONE_DAY)
    if shift > 0:
        return _day(day + ((number - day.weekday()) % 7 or 7) * _ONE_DAY)
    return _unresolved("day")


def _count(number: str) -> int | None:
    """How many a number in figures or words is, by what dateparser takes it for."""
    base = dt.date(_LEAP_YEAR, 1, 1)
    read = _read(f"{number} days ago", base)
    return (base - read).days if read else None
