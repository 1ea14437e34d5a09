"""Numbers in figures, in words, and in between: ``10,000``, ``twenty-five``, ``2-1/2``, ``dozens``.

Cardinal numbers in words are text2num's (``text_to_num``), which knows what is one number and what
are two. It knows no articles, dozens, fractions or plurals, and reads ``1.5 million`` as two
numbers: these are added here, and figures too.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from text_to_num import text2num

from nbhelpers.quantities.words import Words

MOST_DIGITS = 15  # a longer figure is the name of something
_MOST_WORDS = 12  # of a number

_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_THOUSANDS_WITH_STOPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_SPACES = frozenset(" \u00a0\u2009\u202f")

SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 1_000_000_000_000,
    "dozen": 12,
    "lakh": 100_000,
    "crore": 10_000_000,
}
_SHORT_SCALES = {
    **{"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mln": 1_000_000, "mio": 1_000_000},
    **{"bn": 1_000_000_000, "bln": 1_000_000_000, "b": 1_000_000_000},
    **{"tn": 1_000_000_000_000, "trn": 1_000_000_000_000},
}
_ONES = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen".split()
)
_TENS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety".split())
_CARDINALS = _ONES | _TENS
_LARGE = frozenset("hundred thousand million billion trillion".split())
_PLURALS = {
    **{"tens": 10, "dozens": 12, "scores": 20, "hundreds": 100, "thousands": 1_000},
    **{"millions": 1_000_000, "billions": 1_000_000_000, "trillions": 1_000_000_000_000},
}
_PARTS = {
    **{"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4},
    **{"fourth": 4, "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6},
    **{"seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9},
    **{"tenth": 10, "tenths": 10},
}
_SIGNS = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5"},
    **{"⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8"},
    **{"⅞": "7/8"},
}
_FEW = frozenset("few several".split())
_NOT_THE_HALF = frozenset(
    "the first second other latter former final better top bottom lower upper northern southern "
    "eastern western this that opening in by".split()
)
_HALF = Decimal("0.5")
FEWEST, MOST = 2, 10
"""*Several thousand* and *thousands* are taken for 2 or 1, and up to 10, of their thousand."""


class Numeral(NamedTuple):
    """A number and the tokens ``first`` to ``end`` (exclusive) that state it.

    ``low`` and ``high`` differ where the number is a magnitude (*thousands*); ``scale`` is that of
    *million* and the like behind it. ``kind``: figure, word, magnitude, several (*several
    thousand*), or share (*two-thirds*, *one in five*: a number from 0 to 1).
    """

    first: int
    end: int
    low: Decimal
    high: Decimal
    kind: str
    scale: int = 1


def begins_number(words: Words, token: int) -> bool:
    """Return whether a number may begin at a token."""
    lower = words.lower[token]
    return words.is_figure(token) or lower in _BEGINNINGS or words.form(token) in _SIGNS


def numeral_at(words: Words, token: int) -> Numeral | None:
    """Return the number that begins at a token, the longest reading first.

    >>> from nbhelpers.quantities.words import split
    >>> def read(text):
    ...     found = numeral_at(split(text, 0, len(text)), 0)
    ...     return found and (float(found.low), float(found.high), found.kind)
    >>> read("10,000 of them"), read("2-1/2-year"), read("twenty-five")
    ((10000.0, 10000.0, 'figure'), (2.5, 2.5, 'figure'), (25.0, 25.0, 'word'))
    >>> read("tens of thousands of people"), read("two-thirds of voters")[2], read("twenty twenty")
    ((10000.0, 100000.0, 'magnitude'), 'share', None)
    """
    for reading in (_share, _ratio, _magnitude, _few, _with_article, _figure, _cardinal):
        if found := reading(words, token):
            return found
    return None


def _exact(first: int, end: int, value: Decimal, kind: str) -> Numeral:
    return Numeral(first, end, value, value, kind)


def _figure(words: Words, token: int) -> Numeral | None:
    """A number that begins in figures, its fraction and its scale with it."""
    if words.form(token) in _SIGNS:
        return _scaled(words, _exact(token, token + 1, _sign(words.form(token)), "figure"))
    if not words.is_figure(token):
        return None
    joined = words.forms[token]
    end = token + 1
    while len(joined) <= MOST_DIGITS and _is_group(words, token, end):
        joined += words.forms[end]
        end += 1
    value = _value(joined)
    if value is None:
        return None
    value, end = _with_fraction(words, value, token, end)
    kind = "share" if value < 1 and words.at(end) == "of" else "figure"
    return _scaled(words, _exact(token, end, value, kind))


def _value(figure: str) -> Decimal | None:
    """The value of well-formed figures; None for what is a name, or might be either."""
    if sum(map(str.isdecimal, figure)) > MOST_DIGITS:
        return None
    if len(figure) > 1 and figure[0] == "0" and figure[1] != ".":
        return None
    if _THOUSANDS_WITH_STOPS.fullmatch(figure) and (figure.count(".") > 1 or figure[-3:] == "000"):
        return Decimal(figure.replace(".", ""))
    if _GROUPED.fullmatch(figure) or _PLAIN.fullmatch(figure):
        return Decimal(figure.replace(",", ""))
    return None


def _is_group(words: Words, first: int, token: int) -> bool:
    """Whether a group of three figures follows behind a blank: ``10 000``."""
    before, form = words.form(token - 1), words.form(token)
    if not (form.isdecimal() and len(form) == 3 and before.isdecimal()):
        return False
    gap = words.text[words.spans[token - 1][1] : words.spans[token][0]]
    return gap in _SPACES and (len(before) == 3 or (token - 1 == first and len(before) < 3))


def _with_fraction(words: Words, value: Decimal, token: int, end: int) -> tuple[Decimal, int]:
    """``2-1/2``, ``2 1/2``, ``2½``, ``1/2`` and ``two and a half``, with the token behind."""
    if words.form(end) in _SIGNS:
        return value + _sign(words.form(end)), end + 1
    if end == token + 1 and (part := _slashed(words, token)):
        return part, token + 3
    start = end + 1 if words.at(end) == "-" and words.is_glued(end) else end
    if (start == end or words.is_glued(start)) and (part := _slashed(words, start)):
        return value + part, start + 3
    if words.matches(end, ("and", "a", "half")):
        return value + _HALF, end + 3
    return value, end


def _slashed(words: Words, token: int) -> Decimal | None:
    """A fraction in figures at a token; a date is none."""
    above, slash, below = (words.form(token + n) for n in range(3))
    if slash != "/" or not words.is_glued(token + 1) or not words.is_glued(token + 2):
        return None
    if len(above) != 1 or len(below) != 1 or words.form(token + 3) == "/":
        return None
    if not above.isdecimal() or below not in "234568" or int(above) >= int(below):
        return None
    return Decimal(above) / Decimal(below)


def _scaled(words: Words, found: Numeral) -> Numeral:
    """The number with the scale behind it: ``1.5 million``, ``two dozen``, ``3.5bn``."""
    end, scale = found.end, 1
    while (factor := SCALES.get(words.at(end))) and end < found.end + 3:
        scale *= factor
        end += 1
    if end == found.end and words.is_figure(end - 1) and _is_short_scale(words, end):
        scale, end = _SHORT_SCALES[words.at(end)], end + 1
    if words.matches(end, ("and", "a", "half")) and end > found.end:
        found, end = found._replace(low=found.low + _HALF, high=found.high + _HALF), end + 3
    return found._replace(
        end=end, low=found.low * scale, high=found.high * scale, scale=found.scale * scale
    )


def _is_short_scale(words: Words, token: int) -> bool:
    """``m`` and ``b`` stand for millions and billions of money, else for metres and bytes."""
    lower = words.at(token)
    if lower == "m" and "NNS" in words.classes(token + 1):
        return True
    if lower in ("m", "b"):
        before = words.form(token - 2)
        return before in "$£€¥₹₽₴?\ufffd" and bool(before) and words.is_glued(token)
    return lower in _SHORT_SCALES and (words.is_glued(token) or lower != "k")


def _cardinal(words: Words, token: int) -> Numeral | None:
    """A number in words."""
    end = token
    if words.at(token - 1) in _CARDINALS | _LARGE:
        return None  # several numbers in a row, or a year
    while end - token < 2 * _MOST_WORDS and _goes_on(words, token, end):
        end += 1
    while end > token and words.at(end - 1) in ("-", "and"):
        end -= 1
    if end == token:
        return None
    value = _in_words(" ".join(w for w in words.lower[token:end] if w != "-"))
    if value is None:
        return None
    number, end = _with_fraction(words, value, -1, end)
    return _scaled(words, _exact(token, end, number, "word"))


def _goes_on(words: Words, first: int, token: int) -> bool:
    """Whether a token is one more word of a number."""
    lower = words.at(token)
    if lower in _CARDINALS or (lower in _LARGE and token > first):
        return True
    if lower == "-":
        before, after = words.at(token - 1), words.at(token + 1)
        return before in _TENS and after in _ONES and words.is_glued(token)
    return lower == "and" and words.at(token - 1) in _LARGE and words.at(token + 1) in _CARDINALS


@lru_cache(4096)
def _in_words(number: str) -> Decimal | None:
    try:
        return Decimal(text2num(number, "en"))
    except ValueError:  # several numbers, or none
        return None


def _with_article(words: Words, token: int) -> Numeral | None:
    """``a million``, ``a couple dozen``, ``half a million``, ``half a dozen``."""
    lower = words.at(token)
    if lower == "half" and words.at(token + 1) in ("a", "an", "-"):
        if words.at(token + 2) in SCALES:
            return _exact(token, token + 3, Decimal(SCALES[words.at(token + 2)]) / 2, "word")
        is_measure = words.at(token + 1) != "-" and not words.is_glued(token)
        return _exact(token, token + 1, _HALF, "share") if is_measure else None
    if lower not in ("a", "an"):
        return None
    start = token + 1
    if words.at(start) == "couple":
        start += 2 if words.at(start + 1) == "of" else 1
    if words.matches(token, ("a", "quarter", "of", "a")) and words.at(token + 4) in SCALES:
        return _exact(token, token + 5, Decimal(SCALES[words.at(token + 4)]) / 4, "word")
    if words.at(start) not in SCALES:
        return None
    one = Decimal(1 if start == token + 1 else 2)
    return _scaled(words, _exact(token, start, one, "word"))


def _few(words: Words, token: int) -> Numeral | None:
    """``a few hundred``, ``several thousand``."""
    start = token + 1 if words.at(token) == "a" else token
    if words.at(start) not in _FEW or words.at(start + 1) not in SCALES:
        return None
    found = _scaled(words, Numeral(token, start + 1, Decimal(1), Decimal(1), "several"))
    return found._replace(low=found.low * FEWEST, high=found.high * MOST)


def _magnitude(words: Words, token: int) -> Numeral | None:
    """``dozens``, ``tens of thousands``."""
    lower = words.at(token)
    if lower not in _PLURALS:
        return None
    low, end = Decimal(_PLURALS[lower]), token + 1
    if words.at(end) == "of" and (scale := _PLURALS.get(words.at(end + 1))):
        low, end = low * scale, end + 2
    return Numeral(token, end, low, low * MOST, "magnitude")


def _share(words: Words, token: int) -> Numeral | None:
    """``two-thirds``, ``a quarter of``, ``half the``: a part of something named."""
    lower = words.at(token)
    if lower == "half":
        follows = words.at(token + 1) in ("of", "the", "all", "its", "their", "his", "her", "our")
        if not follows or words.at(token - 1) in _NOT_THE_HALF or words.is_glued(token):
            return None
        return _exact(token, token + 1, _HALF, "share")
    above = 1 if lower in ("a", "one") else _small(lower)
    start = token + 2 if words.at(token + 1) == "-" else token + 1
    part = words.at(start)
    if above is None or part not in _PARTS or above >= _PARTS[part]:
        return None
    if part.endswith("s") != (above > 1) and part != "half":
        return None
    sure = part.endswith(("thirds", "fifths", "tenths")) or (start > token + 1 and above > 1)
    if not sure and words.at(start + 1) != "of" and words.at(token - 1) != "by":
        return None
    if words.at(start + 2) == "a" and words.at(start + 3) in SCALES:
        return None
    return _exact(token, start + 1, Decimal(above) / _PARTS[part], "share")


def _ratio(words: Words, token: int) -> Numeral | None:
    """``one in five``, ``eight out of 10``."""
    end = token + 3 if words.matches(token + 1, ("out", "of")) else token + 2
    if words.at(end - 1) not in ("in", "of") or words.at(token + 1) not in ("in", "out", "of"):
        return None
    above, below = _small(words.at(token)), _small(words.at(end))
    if above is None or below is None or not above < below:
        return None
    if words.at(token + 1) == "of" and (above == 1 or not words.at(end).isdecimal()):
        return None
    return _exact(token, end + 1, Decimal(above) / below, "share")


def _small(lower: str) -> int | None:
    """A whole number to a hundred in one word or two figures."""
    if lower.isdecimal() and len(lower) <= 3:
        return int(lower) if 0 < int(lower) <= 100 else None
    value = _in_words(lower) if lower in _CARDINALS else None
    return None if value is None else int(value)


def _sign(form: str) -> Decimal:
    above, _, below = _SIGNS[form].partition("/")
    return Decimal(above) / Decimal(below)


_BEGINNINGS = _CARDINALS | frozenset(_PLURALS) | _FEW | {"a", "an", "half"}
