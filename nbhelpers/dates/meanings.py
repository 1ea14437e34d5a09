"""What date expressions say by themselves, before anything is counted from another day."""

from __future__ import annotations

from typing import NamedTuple

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SEASONS = {"spring": 1, "summer": 2, "fall": 3, "autumn": 3, "winter": 4}


class Calendar(NamedTuple):
    """A day, month or year by its name; what the words leave out is empty.

    ``part`` is early, mid, late, or two of them with a hyphen; ``weekday`` stands
    where a day's name goes with its date, ``shift`` (0, -1, 1) where *this*, *last* or *next year*
    does.
    """

    day: str = ""
    month: str = ""
    year: str = ""
    weekday: str = ""
    part: str = ""
    shift: int | None = None


class Interval(NamedTuple):
    """From one day, month or year to another."""

    first: Calendar
    last: Calendar


class Figures(NamedTuple):
    """A date in figures and slashes or stops, whose order of day and month is open."""

    first: int
    second: int
    year: int


class Weekday(NamedTuple):
    """A day by its name.

    ``which`` is last, next, this, past, coming or empty; ``week`` (0, -1, 1) that of *Monday next
    week*.
    """

    name: str
    which: str = ""
    week: int | None = None


class Day(NamedTuple):
    """A day counted from the day of writing: ``phrase`` as in *yesterday*."""

    phrase: str


class Ago(NamedTuple):
    """So many days, weeks, months, years or decades ago; ``is_vague``: more than that, nearly."""

    phrase: str
    unit: str
    is_vague: bool


class Period(NamedTuple):
    """This, last or next week, weekend, month, quarter, season or year; ``shift`` is 0, -1 or 1.

    ``shift`` is None where the words do not say which (*the weekend*).
    """

    unit: str
    shift: int | None
    part: str = ""


class Stretch(NamedTuple):
    """The past (``sign`` -1) or next (1) so many days, weeks, months, years, decades."""

    number: str
    unit: str
    sign: int


class Season(NamedTuple):
    """A season; its year may be missing."""

    name: str
    year: str = ""


class Quarter(NamedTuple):
    """A quarter of a year, which may be missing; ``shift`` is that of *last year*."""

    number: int
    year: str = ""
    shift: int | None = None


class Decade(NamedTuple):
    """A decade by its first year (*the 1990s*), or with its century missing (*the '90s*)."""

    year: str
    part: str = ""


class Anaphor(NamedTuple):
    """A date counted from one named before: *the same day*, *the following Monday*."""

    unit: str
    shift: int
    number: str = "1"


Meaning = (
    Calendar
    | Interval
    | Figures
    | Weekday
    | Day
    | Ago
    | Period
    | Stretch
    | Season
    | Quarter
    | Decade
    | Anaphor
)
