"""Numbers that state no quantity: dates, times, ages, names, scores, idioms."""

from __future__ import annotations

import re

from nbhelpers.lexicons import nationalities, phrase_key, places
from nbhelpers.quantities.amounts import Amount
from nbhelpers.quantities.words import Words
from nbhelpers.text import MONTH

YEARS = range(1500, 2101)

_MONTH = re.compile(rf"{MONTH}")
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_CLOCK = frozenset("am pm gmt utc est edt o'clock o’clock noon midnight bst cet".split())
_ORDINALS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth hundredth".split()
)
_LABELS = frozenset(
    "page pages chapter chapters section sections article articles number numbers no nos room "
    "line route highway flight verse item figure table version episode paragraph paragraphs "
    "resolution resolutions district unit channel block category size step volume gate terminal "
    "platform suite apartment lane exit junction tier zone sector ward precinct model mark code "
    "rank ranked bus box subsection clause annex appendix amendment protocol formula".split()
)
_WHEN_BEFORE = frozenset(
    "last past next previous first coming recent final following preceding these those initial "
    "early closing opening".split()
)
_WHEN_AFTER = frozenset(
    "ago earlier later before after hence prior since old behind beforehand afterwards".split()
)
_DEFINITE = frozenset("the these those both its their his her our my your all this that".split())
_BEFORE_A_PAIR = frozenset("other first last top next latter former same remaining".split())
_SMALL = 12  # numbers that are words in a set known already: *the two leaders*
_AGE = 120  # years
_AGE_BEFORE = frozenset("aged age ages turned turns turning".split())
_NO_COMPOUNDS = frozenset(
    "way fold star faced sided dimensional off on one two three four five six seven eight nine ten "
    "time times pronged edged handed legged wheel wheeled wheeler door tiered tone track stop "
    "piece part step lane party horse pot size front and by a to up in round race".split()
)
_COMPARED = frozenset("as more less the that higher greater larger likelier faster bigger".split())
_NOMINAL = frozenset(("JJ", "JJR", "NN", "NNS", "NNP", "PRP$"))
_APOSTROPHES = frozenset("'’‘′″\"”")


def is_refused(words: Words, amount: Amount) -> bool:
    """Return whether a number is none of how many or how much.

    >>> from nbhelpers.quantities.amounts import amount_at
    >>> from nbhelpers.quantities.words import split
    >>> def refused(text, token):
    ...     words = split(text, 0, len(text))
    ...     return is_refused(words, amount_at(words, token))
    >>> refused("on October 27 or 28", 2), refused("some 27 tanks", 1), refused("an F-16", 3)
    (True, False, True)
    """
    return any(test(words, amount) for test in _TESTS)


def _is_part_of_name(words: Words, amount: Amount) -> bool:
    """``F-16``, ``N85``, ``mid-2015``, ``737s``, ``5th``, ``24/7``, ``6'3``."""
    first, end = amount.number
    if not amount.is_money and words.is_glued(first) and words.form(first - 1) not in "([“\"‘'~+":
        return not (words.form(first - 1) in "-–—" and not _is_joined(words, first - 1))
    behind = words.form(end)
    if not words.is_glued(end) or amount.end > end:
        return False
    if behind in ("/", ":", "°") or (behind in _APOSTROPHES and words.is_figure(end + 1)):
        return words.is_glued(end + 1)
    return behind[:1].isalpha() and words.is_figure(end - 1)


def _is_joined(words: Words, dash: int) -> bool:
    """Whether a dash before a number stands right behind a word or number."""
    return words.is_glued(dash) and words.form(dash - 1)[:1].isalnum()


def _is_chain(words: Words, amount: Amount) -> bool:
    """``844-459-5786``, ``3-1``: figures joined by dashes that are no range."""
    end = amount.number[1]
    return (
        words.form(end) in "-–—"
        and words.is_glued(end)
        and (words.is_figure(end + 1) and words.is_glued(end + 1))
    )


def _is_row(words: Words, amount: Amount) -> bool:
    """``917 224 9109``: several numbers in a row are a telephone's; a year may stand before one."""
    first, end = amount.number
    before = words.form(first - 1)
    year = len(before) == 4 and before.isdecimal()
    return words.is_figure(end) or (words.is_figure(first - 1) and not year)


def _is_clock(words: Words, amount: Amount) -> bool:
    end = amount.number[1]
    meridiem = words.at(end) in ("a", "p") and words.at(end + 1) == "." and words.at(end + 2) == "m"
    return meridiem or words.at(end) in _CLOCK


def _is_date(words: Words, amount: Amount) -> bool:
    """A day beside its month, or a year."""
    first, end = amount.number
    if amount.unit or amount.is_money or amount.largest > YEARS[-1]:
        return False
    if amount.largest <= 31 and (_month_before(words, first) or _month_behind(words, end)):
        return True
    return _is_year(words, amount)


def _month_before(words: Words, token: int) -> bool:
    """``October 27 or``, ``Oct. 27, 28 and``."""
    for place in range(token - 1, max(-1, token - 8), -1):
        if _is_month(words, place):
            return True
        link = words.at(place) in (".", ",", "and", "or", "-", "–", "to", "the")
        if not link and not (words.is_figure(place) and len(words.form(place)) <= 2):
            return False
        if link and place == token - 1 and words.at(place) == "," and words.is_word(token):
            return False
    return False


def _month_behind(words: Words, token: int) -> bool:
    """``27 October``, ``27 and 28 October``, ``27 of October``."""
    for place in range(token, token + 6):
        if _is_month(words, place):
            return True
        link = words.at(place) in ("of", "and", "or", "-", "–", "to", ",")
        if not link and not (words.is_figure(place) and len(words.form(place)) <= 2):
            return False
    return False


def _is_month(words: Words, token: int) -> bool:
    return bool(_MONTH.fullmatch(words.form(token)))


def _is_year(words: Words, amount: Amount) -> bool:
    """Four figures without a hedge, unless a plural noun and no preposition speak against it."""
    first, end = amount.number
    if amount.kind != "figure" or not all(
        words.form(t).isdecimal() and len(words.form(t)) == 4
        for t in range(first, end)
        if words.is_figure(t)
    ):
        return False
    is_round = amount.largest % 100 == 0
    if amount.largest not in YEARS or (amount.hedge and (is_round or amount.largest < 1900)):
        return False
    plural = words.classes(end) == frozenset({"NNS"})
    return not (is_round and plural and amount.first == first and words.at(first - 1) != "in")


def _is_age(words: Words, amount: Amount) -> bool:
    first, end = amount.number
    if amount.largest > _AGE or amount.is_money:
        return False
    before = words.at(amount.first - 1)
    if before in _AGE_BEFORE or words.ends(amount.first, ("age", "of")):
        return True
    if words.ends(amount.first, ("ages", "of")) or words.ends(amount.first, ("aged", "between")):
        return True
    if amount.unit and amount.unit.kind == "time":
        behind = amount.end + 1 if words.at(amount.end) == "-" else amount.end
        old = words.at(behind) in ("old", "olds") or words.matches(behind, ("of", "age"))
        return old or words.ends(first, ("ages", "of"))
    if words.at(end) in ("year", "years") and words.at(end + 1) in ("old", "olds"):
        return True
    return _is_apposed_age(words, amount)


def _is_apposed_age(words: Words, amount: Amount) -> bool:
    """``Lee, 45, said``, ``Lee (45)``."""
    first, end = amount.number
    if amount.first != first or amount.end != end or amount.unit:
        return False
    if words.form(first - 1) in (",", "(") and words.form(end) in (",", ")", ".", ";"):
        return words.form(first - 1) == "(" or words.is_capital(first - 2)
    return False


def _is_when(words: Words, amount: Amount) -> bool:
    """``two years ago``, ``the past two weeks``, ``in two years' time``: a place in time."""
    if not amount.unit or amount.unit.kind != "time":
        return False
    if amount.is_compound and words.at(amount.end) in ("low", "lows", "high", "highs", "record"):
        return True
    behind = amount.end + 1 if words.at(amount.end) in _APOSTROPHES else amount.end
    lasting = words.at(amount.first - 1) == "for" and words.at(behind) != "now"
    if (words.at(behind) in _WHEN_AFTER and not lasting) or words.at(behind) == "time":
        return True
    if words.matches(behind, ("from", "now")) or words.at(amount.first - 1) in _WHEN_BEFORE:
        return True
    inside = words.lower[amount.first : amount.number[0]]
    return not _WHEN_BEFORE.isdisjoint(inside) or words.at(amount.number[0] - 1) in _WHEN_BEFORE


def _is_label(words: Words, amount: Amount) -> bool:
    """``Article 50``, ``Boeing 737``, ``page 5``, ``No. 10``, ``top 10``."""
    first = amount.number[0]
    if amount.first != first or amount.unit or amount.is_money or amount.hedge:
        return False
    before = words.at(first - 1)
    if before == "last" and words.at(amount.number[1]) == "of":
        return True  # *the last 16 of the cup*
    if before in _LABELS or before in ("top", "#", "§") or words.ends(first, ("no", ".")):
        return not (before == "no" and amount.kind == "word")
    return amount.kind == "figure" and amount.largest < 1000 and _is_name(words, first - 1)


def _is_name(words: Words, token: int) -> bool:
    """Whether a capitalised word before a number is more than the place or day of an event."""
    if not words.is_capital(token) or not words.is_word(token):
        return False
    classes = words.classes(token)
    if not classes.isdisjoint(
        ("IN", "CC", "DT", "MD", "TO", "RB", "VB", "VBD", "VBZ", "VBP", "VBG")
    ):
        return False
    if words.at(token) in _DAYS or (token == 0 and not classes.isdisjoint(("NNS", "VBN"))):
        return False
    key = phrase_key(words.form(token))
    return key not in nationalities() and key not in places()


def _is_definite(words: Words, amount: Amount) -> bool:
    """``the two leaders``: who is meant is known, how many is not told."""
    if amount.kind != "word" or amount.largest > _SMALL or amount.unit or amount.is_compound:
        return False
    if amount.hedge or amount.is_change:
        return False
    first = amount.number[0]
    before = words.at(first - 1)
    if not _DEFINITE.isdisjoint(words.lower[amount.first : first]) or before in _BEFORE_A_PAIR:
        return True
    return before in _DEFINITE or before.endswith(("'s", "’s", "s'", "s’"))


def _is_idiom(words: Words, amount: Amount) -> bool:
    """``two-way``, ``twenty-first``, ``10 times more``, ``one by one``."""
    end = amount.number[1]
    if amount.is_compound and words.at(end + 1) in _NO_COMPOUNDS | _ORDINALS:
        return True
    if amount.unit and amount.unit.kind == "times" and amount.rate is None:
        following = words.classes(amount.end)
        return words.at(amount.end) in _COMPARED or not following.isdisjoint(_NOMINAL)
    if words.at(end + 1) == "state" and amount.is_compound and amount.largest == 2:
        return True
    if words.at(end) == "by" and words.at(end + 1) == words.at(end - 1):
        return True
    return words.at(end) in ("way", "ways", "fold")


def _is_capital_name(words: Words, amount: Amount) -> bool:
    """``the Group of Seven``, ``the Big Three``: a capital inside of a sentence."""
    first = amount.number[0]
    if amount.kind != "word" or words.is_title or not words.has_typical_capitals:
        return False
    before = words.form(first - 1)
    begins = first == 0 or before in ".?!:;“\"‘'(—–-…•*" or before == "\0"
    return words.is_capital(first) and not begins


def _is_item(words: Words, amount: Amount) -> bool:
    """``1. Do this``, ``(2)``, ``[3]``."""
    first, end = amount.number
    if amount.end != end or amount.first != first or amount.is_money:
        return False
    before, behind = words.form(first - 1), words.form(end)
    if first == 0 and amount.kind == "figure" and behind in (".", ")", ":"):
        return True
    return before in ("(", "[") and behind in (")", "]") and len(words.form(first)) < 4


def _is_nothing(words: Words, amount: Amount) -> bool:
    return amount.largest == 0 and (amount.is_money or not amount.unit)


_TESTS = (
    *(_is_part_of_name, _is_chain, _is_row, _is_clock, _is_date, _is_age, _is_when, _is_label),
    *(_is_definite, _is_idiom, _is_capital_name, _is_item, _is_nothing),
)
