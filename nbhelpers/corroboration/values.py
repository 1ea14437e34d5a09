"""Numbers as claims state them: bounds, hedges, and whether two leave room for each other."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

_MARGIN = 0.05  # what *about* and *nearly* leave open, as a share of the number
_LEAST_DIGITS = 2  # a number that was rounded has so many figures at least


class Value(NamedTuple):
    """A number with its bounds (None: open) and its hedge."""

    low: float | None
    high: float | None
    hedge: str | None = None
    approximate: bool = False
    unit: str | None = None

    @property
    def stated(self) -> tuple[float, float]:
        """The bounds as they are stated, infinite where one is open."""
        low = -math.inf if self.low is None else self.low
        return low, math.inf if self.high is None else self.high

    @property
    def meant(self) -> tuple[float, float]:
        """The bounds with what *about* and *nearly* leave open."""
        low, high = self.stated
        if not self.approximate or low != high:
            return low, high
        return low - abs(low) * _MARGIN, high + abs(high) * _MARGIN

    @property
    def named(self) -> float:
        """The number that is named: the lower of two."""
        found = self.high if self.low is None else self.low
        assert found is not None
        return found

    @property
    def figure(self) -> str:
        """The figure in words, whatever its hedge: ``10,000`` of *about 10,000*."""
        return str(self._replace(hedge=None))

    @property
    def is_open(self) -> bool:
        """Whether one bound is open: *at least*, *up to*."""
        return self.low is None or self.high is None

    def __str__(self) -> str:
        """Return the number in words: ``about 10,000``."""
        numbers = [v for v in (self.low, self.high) if v is not None]
        text = " to ".join(dict.fromkeys(map(written, numbers)))
        return " ".join(part for part in (self.hedge, text, self.unit) if part)


def plain_rows(frame: pd.DataFrame) -> list[Any]:
    """Return the rows of a frame as named tuples, None for what is missing."""
    plain = frame.astype(object).where(frame.notna(), None)
    return list(plain.itertuples(index=False, name="Row"))


def value(claim: Any) -> Value:
    """Return the number of a row of the claims."""
    return Value(claim.low, claim.high, claim.hedge, claim.approximate, claim.unit)


def written(number: float) -> str:
    """Return a number as people write it.

    >>> written(10_000.0), written(2.5), written(700_000_000.0), written(1e400)
    ('10,000', '2.5', '700 million', 'inf')
    """
    if not math.isfinite(number):
        return str(number)
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size <= abs(number) < 1e15 and number / size == round(number / size, 3):
            return f"{number / size:,.4g} {name}"
    if abs(number) >= 1e15:
        return f"{number:.4g}"
    return f"{number:,.0f}" if number == int(number) else f"{number:,.6g}"


def overlap(one: Value, other: Value) -> bool:
    """Return whether two values leave room for one number.

    >>> about, exact = Value(10_000, 10_000, "about", True), Value(10_400, 10_400)
    >>> overlap(about, exact), overlap(Value(3000, None, "at least"), exact)
    (True, True)
    >>> overlap(Value(3000, 3000), exact), overlap(Value(10_000, None, "more than"), exact)
    (False, True)
    >>> overlap(about, Value(11_000, 11_000, "about", True))
    False
    """
    return _meet(one.meant, other.stated) or _meet(one.stated, other.meant)


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


def is_rounded(one: Value, other: Value) -> bool:
    """Return whether one is the other's number, rounded: 10,000 is 10,200 at two figures.

    >>> rough, fine = Value(10_000, 10_000), Value(10_200, 10_200)
    >>> is_rounded(rough, fine), is_rounded(Value(11_000, 11_000), fine)
    (True, False)
    """
    exact = [v.low for v in (one, other) if v.low is not None and v.low == v.high]
    if len(exact) < 2 or any(not math.isfinite(v) or v < 100 for v in exact):
        return False
    rough, fine = sorted(exact, key=_figures)
    digits = max(_LEAST_DIGITS, _figures(rough))
    return _figures(fine) > digits and float(f"{fine:.{digits - 1}e}") == rough


def _figures(number: float) -> int:
    """How many figures of a number tell something: 2 of 11,000."""
    return len(Decimal(repr(number)).normalize().as_tuple().digits)
