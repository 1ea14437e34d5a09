"""A number with what limits it: hedges, the other end of a range, its unit, its rate."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from nbhelpers.quantities.numerals import Numeral, numeral_at
from nbhelpers.quantities.units import Unit, money_before, rate_at, unit_at
from nbhelpers.quantities.words import Words

_BEFORE = {
    "about": (
        "some; about; around; approximately; roughly; approx; approx .; circa; an estimated; "
        "estimated; in the region of; in the order of; something like; a reported; an average of"
    ),
    "at least": (
        "at least; no fewer than; no less than; not less than; a minimum of; minimum of; "
        "not fewer than; as few as"
    ),
    "more than": (
        "more than; over; upwards of; upward of; in excess of; above; exceeding; exceeds; "
        "exceeded; exceed; greater than; well over; just over; higher than"
    ),
    "at most": (
        "up to; as many as; as much as; at most; no more than; not more than; a maximum of; "
        "maximum of; upto; no greater than; as high as"
    ),
    "less than": "less than; fewer than; under; below; lower than; smaller than; just under",
    "nearly": "nearly; almost; close to; approaching; approaches; approached; just short of",
    "another": "another; a further; an additional; an extra; additional",
    "": (
        "just; only; exactly; precisely; a total of; a combined; a record; a whopping; a full; a "
        "mere; well; the; those; these; all; its; their; his; her; our; your; my; record; all of"
    ),
}
_AFTER = {
    "at least": "or more; or above; or higher; or over; plus; - plus; +; and counting; at least",
    "at most": "or less; or fewer; or under; or below; at most",
    "about": "or so; - odd; or thereabouts; odd",
    "another": "more; further; additional",
}
RISES = frozenset(
    "rise rises rose risen rising increase increases increased increasing grow grows grew grown "
    "growing climb climbed climbing jump jumps jumped jumping soar soared surge surged expand "
    "expanded up fall falls fell fallen falling drop drops dropped dropping decline declined "
    "decrease decreased shrink shrank shrunk slip slipped slide slid down cut cuts reduce reduced "
    "reducing change changed went go goes gone going raise raised lower lowered improve improved "
    "swung dip dipped".split()
)
_CONTESTS = frozenset(
    "lead leads led leading trail trails trailed trailing ahead behind beat beats beating beaten "
    "defeat defeats defeated defeating won wins edge edges edged vote votes voted advantage "
    "versus vs against".split()
)
_DASHES = frozenset("-–—")
_LASTS = frozenset("for of lasted lasting lasts is was spent took takes after within".split())
_SIGHT = 12  # words looked back
_STERLING_FROM = 10_000  # so many pounds are money


class Amount(NamedTuple):
    """Tokens ``first`` to ``end`` that state how much; ``number`` are those of the number alone.

    ``is_compound``: a hyphen joins it to the next word (*two-year*). ``dashed``: a range that a
    mere dash makes, which may be a score.
    """

    first: int
    end: int
    number: tuple[int, int]
    low: Decimal | None
    high: Decimal | None
    kind: str
    hedge: str | None = None
    is_change: bool = False
    unit: Unit | None = None
    rate: str | None = None
    is_money: bool = False
    is_compound: bool = False
    is_dashed: bool = False

    @property
    def largest(self) -> Decimal:
        """The largest number that is named."""
        return max(bound for bound in (self.low, self.high) if bound is not None)


def amount_at(words: Words, token: int) -> Amount | None:
    """Return the amount whose number begins at a token.

    >>> from nbhelpers.quantities.words import split
    >>> sentence = split("aid of at least $700 million to $800 million", 0, 44)
    >>> found = amount_at(sentence, 5)
    >>> found.hedge, int(found.low), int(found.high), found.unit.name
    ('at least', 700000000, 800000000, 'dollars')
    """
    number = numeral_at(words, token)
    if number is None:
        return None
    money = money_before(words, number.first)
    first, end = (money[1] if money else number.first), number.end
    unit, end = _unit(words, number, money[0] if money else None, end)
    is_compound = _is_compound(words, number.end)
    amount = Amount(
        first,
        end,
        (number.first, number.end),
        number.low,
        number.high,
        number.kind,
        unit=unit,
        is_money=money is not None,
        is_compound=is_compound,
    )
    return _bounded(_with_rate(words, _hedged(words, _ranged(words, amount, number))))


def _unit(words: Words, number: Numeral, money: Unit | None, end: int) -> tuple[Unit | None, int]:
    """The unit behind a number, or the money before it, and the token behind both."""
    start = end + 1 if _is_compound(words, end) else end
    if number.kind == "magnitude" and words.at(end) == "of":
        start = end + 1
    if number.kind == "share" or words.at(start) in ("a", "an"):
        start = end + 1 if words.at(end) == "of" else end
        start += words.at(start) in ("a", "an")
    found = unit_at(words, start)
    if money or not found or not _fits(words, number, found[0], start):
        return money, end
    unit, behind = found
    if unit.name == "pounds" and number.low >= _STERLING_FROM:
        unit = Unit("pounds sterling", "money")
    return unit, behind


def _fits(words: Words, number: Numeral, unit: Unit, token: int) -> bool:
    """Whether what looks like a unit is one: short signs follow figures, *two second* is none."""
    form = words.form(token)
    if len(form) <= 2 and form.isalpha():
        return words.is_figure(token - 1) and not words.at(token - 1).endswith(".")
    if unit.kind == "time" and not form.lower().endswith("s") and form.lower() not in ("sec", "hr"):
        return number.low <= 1 or words.at(token - 1) == "-"
    return True


def _is_compound(words: Words, token: int) -> bool:
    """Whether a hyphen joins the number to a word: ``two-year``."""
    return (
        words.at(token) == "-"
        and words.is_glued(token)
        and (words.is_glued(token + 1) and words.is_word(token + 1))
    )


def _ranged(words: Words, amount: Amount, low: Numeral) -> Amount:
    """The amount with the other end of its range: ``700 to 800``, ``two or three``."""
    start = _behind_link(words, amount)
    if start is None:
        return amount
    high = numeral_at(words, start) if start < len(words) else None
    money = None
    if high is None and start + 1 < len(words):
        high = numeral_at(words, start + 1)
        money = money_before(words, start + 1) if high else None
        if money is None:
            return amount
    if high is None or high.kind not in ("figure", "word") or low.kind not in ("figure", "word"):
        return amount
    unit, end = _unit(words, high, money[0] if money else None, high.end)
    mixed = amount.unit and not amount.is_money and unit is None
    least = low.low * high.scale if low.scale == 1 and low.low * high.scale < high.low else low.low
    if mixed or not least < high.high:
        return amount
    return amount._replace(
        end=end,
        number=(low.first, high.end),
        low=least,
        high=high.high,
        unit=unit or amount.unit,
        is_compound=_is_compound(words, high.end),
        is_dashed=words.at(amount.end) in _DASHES and words.at(amount.end + 1) != "to",
    )


def _behind_link(words: Words, amount: Amount) -> int | None:
    """The token behind what joins two ends of a range; None if nothing does."""
    end, before = amount.end, words.at(amount.first - 1)
    if words.at(end) in _DASHES and words.at(end + 1) == "to":
        end += 1
    link = words.at(end)
    if link == "and":
        return end + 1 if before == "between" else None
    if link == "to":
        return None if _is_change_or_contest(words, amount.first) else end + 1
    if link in _DASHES:
        return end + 1 if not words.is_word(end + 1) else None
    return end + 1 if link == "or" and amount.unit is None else None


def _is_change_or_contest(words: Words, token: int) -> bool:
    """``rose from 3 to 10``, ``leads 41 to 45``: two numbers, no range."""
    before = words.lower[max(0, token - _SIGHT) : token]
    return not _CONTESTS.isdisjoint(before) or (
        "from" in before[-3:] and not RISES.isdisjoint(before)
    )


def _hedged(words: Words, amount: Amount) -> Amount:
    """The amount with the words around it that make it less, or more, exact."""
    first, hedge, is_change = amount.first, amount.hedge, amount.is_change
    if words.at(first - 1) == "between" and amount.low != amount.high:
        first -= 1
    while (found := _phrase_before(words, first)) is not None:
        name, first = found
        is_change |= name == "another"
        hedge = hedge or (name if name not in ("", "another") else None)
    end = amount.end
    if (behind := _phrase_behind(words, end)) is not None:
        name, end = behind
        is_change |= name == "another"
        hedge = hedge or (name if name != "another" else None)
    if _is_span_of_time(words, amount, first):
        first, hedge = amount.first, None
    return amount._replace(first=first, end=end, hedge=hedge, is_change=is_change)


def _is_span_of_time(words: Words, amount: Amount, first: int) -> bool:
    """``expected over four days``: a preposition, no hedge."""
    if words.at(first) != "over" or not amount.unit or amount.unit.kind != "time":
        return False
    return words.at(first - 1) not in _LASTS


def _phrase_before(words: Words, token: int) -> tuple[str, int] | None:
    for phrase, name in _PHRASES_BEFORE.get(words.at(token - 1), ()):
        if words.ends(token, phrase):
            return name, token - len(phrase)
    return None


def _phrase_behind(words: Words, token: int) -> tuple[str, int] | None:
    for phrase, name in _PHRASES_BEHIND.get(words.at(token), ()):
        if words.matches(token, phrase) and not words.matches(token, ("more", "than")):
            return name, token + len(phrase)
    return None


def _with_rate(words: Words, amount: Amount) -> Amount:
    """The amount with its rate: ``10,000 a day``."""
    if amount.unit is None and not amount.is_money:
        return amount
    if amount.unit and amount.unit.kind == "time":
        return amount
    found = rate_at(words, amount.end)
    return amount._replace(rate=found[0], end=found[1]) if found else amount


def _bounded(amount: Amount) -> Amount:
    """The amount with the bounds that its hedge leaves."""
    if amount.hedge in ("at least", "more than") and amount.low == amount.high:
        return amount._replace(high=None)
    if amount.hedge in ("at most", "less than") and amount.low == amount.high:
        return amount._replace(low=None)
    return amount


def _phrases(table: dict[str, str], place: int) -> dict[str, list[tuple[list[str], str]]]:
    """The phrases by the word that stands next to the number, longest first."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for name, phrases in table.items():
        for phrase in phrases.split("; "):
            words = phrase.split()
            found.setdefault(words[place], []).append((words, name))
    for listed in found.values():
        listed.sort(key=lambda row: -len(row[0]))
    return found


_PHRASES_BEFORE = _phrases(_BEFORE, -1)
_PHRASES_BEHIND = _phrases(_AFTER, 0)
