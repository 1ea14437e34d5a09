"""From a sentence to the quantities that it states."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nbhelpers.quantities.amounts import RISES, Amount, amount_at
from nbhelpers.quantities.counted import (
    Phrase,
    is_quantity_noun,
    of_quantity,
    phrase_at,
    phrase_before,
    subject_before,
    those_at,
)
from nbhelpers.quantities.numerals import begins_number, numeral_at
from nbhelpers.quantities.refusals import is_refused
from nbhelpers.quantities.status import STATUS_OF, place, status
from nbhelpers.quantities.units import rate_at, unit_at
from nbhelpers.quantities.words import Words, split
from nbhelpers.text import Span

_REACHES = frozenset(
    "is are was were be been total totals totalled totaled totalling totaling reach reaches "
    "reached reaching hit hits number numbers numbered exceed exceeds exceeded equals stood stands "
    "became remains remained rose fell grew increased decreased dropped climbed jumped".split()
)
_BEFORE_NUMBER = frozenset("to at by from".split())
_CASUALTIES = frozenset(
    "kill kills killed killing wound wounds wounded wounding injure injures injured injuring "
    "arrested arresting detained detaining displaced displacing captured capturing hit hurt".split()
)
_BECAME = frozenset(
    "killed wounded injured dead missing hurt arrested detained captured displaced died dying "
    "hospitalised hospitalized drowned deployed expected sent trained present".split()
)
_ARE = frozenset("are were have had is was has will would could may might can".split())
_OF_THEM = frozenset("them whom which those these us you".split())
_DETERMINERS = frozenset("the these this that its their his her our all such".split())
_VOTES = frozenset("against abstaining opposed".split())
_CHANGES = frozenset(
    "increase rise growth gain jump surge hike drop fall decline decrease reduction slump dip "
    "increases rises gains drops falls declines".split()
)
_ROSE = RISES - {"raise", "raised", "go", "goes", "went", "gone", "going"}
_ONLY = frozenset("only just least than".split())
_OLD = 120
_LIST = frozenset((",", "and", "including", "plus", "or", "with"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity: places are code points into the text of the sentence.

    ``span`` is the whole expression, ``number`` the number alone (its sign of money aside),
    ``counted`` what it counts, which may stand elsewhere in the sentence. See
    :func:`nbhelpers.claims.claims` for the values.
    """

    span: Span
    number: Span
    low: float | None
    high: float | None
    unit: str | None
    counted: Span | None
    head: str | None
    hedge: str | None
    approximate: bool
    is_change: bool
    status: str | None
    place: Span | None


@dataclass(frozen=True, slots=True)
class _Found:
    """An amount with the tokens of what it counts; ``end`` is behind what belongs together."""

    amount: Amount
    end: int
    counted: Phrase | None = None
    rate: str | None = None
    is_elliptic: bool = False


def quantities(text: str, start: int, end: int, *, is_title: bool = False) -> list[Quantity]:
    """Return the quantities that the sentence ``text[start:end]`` states, in their order.

    >>> text = "They sent 12,000 North Korean soldiers, including 500 officers and one general."
    >>> [(q.low, text[slice(*q.counted)]) for q in quantities(text, 0, len(text))]
    [(12000.0, 'North Korean soldiers'), (500.0, 'officers'), (1.0, 'general')]
    """
    words = split(text, start, end, is_title=is_title)
    found: list[_Found] = []
    token = 0
    while token < len(words):
        amount = amount_at(words, token) if begins_number(words, token) else None
        read = _read(words, amount, found) if amount and not is_refused(words, amount) else None
        if read:
            found.append(read)
        token = max(token + 1, amount.number[1] if amount else 0)
    return [_quantity(words, item, found[:number]) for number, item in enumerate(found)]


def _read(words: Words, amount: Amount, before: list[_Found]) -> _Found | None:
    """What an amount counts; None if that leaves it no quantity."""
    if amount.unit or amount.is_money:
        return _measured(words, amount)
    if amount.is_compound:
        return _compound(words, amount)
    if amount.kind == "share":
        return _part(words, amount)
    start, of = _behind_of(words, amount)
    one = amount.largest <= 1
    phrase = _phrase_of(words, start, one=True) if of else phrase_at(words, start, one=one)
    if amount.kind == "word" and one:
        return _one(words, amount, phrase, before)
    if phrase and (amount.kind != "magnitude" or of or amount.number[1] != amount.end):
        return (
            None
            if not of and _is_odd(words, amount, phrase)
            else _with_rate(words, _Found(amount, phrase.end, phrase))
        )
    return _elliptic(words, amount, of)


def _behind_of(words: Words, amount: Amount) -> tuple[int, bool]:
    """Where the counted noun may begin, and whether an *of* stands before it."""
    of = words.at(amount.end) == "of"
    return amount.end + of, of


def _is_odd(words: Words, amount: Amount, phrase: Phrase) -> bool:
    """A score (*1-2 defeat*), or a year-like number before a singular, counts nothing."""
    singular = not words.at(phrase.head).endswith("s") and "NNS" not in words.classes(phrase.head)
    return singular and (amount.is_dashed or amount.kind == "magnitude")


def _with_rate(words: Words, found: _Found) -> _Found:
    rate = rate_at(words, found.end)
    return replace(found, rate=rate[0], end=rate[1]) if rate else found


def _measured(words: Words, amount: Amount) -> _Found | None:
    """Money, percentages, lengths of time and the like, and what they are of."""
    if amount.kind == "word" and amount.largest <= 1 and _is_vague_one(words, amount):
        return None
    if amount.kind == "share" and amount.unit is None:
        return None
    start = amount.end
    if words.at(start) == "of" or words.matches(start, ("worth", "of")):
        start += 1 if words.at(start) == "of" else 2
        return _of(words, amount, start)
    kind = amount.unit.kind if amount.unit else "money"
    if kind == "money" or words.at(amount.number[1]) == "-" or kind == "percent":
        phrase = phrase_at(words, start, one=True)
        if phrase and _is_attribute(words, phrase, kind):
            return _Found(amount, phrase.end, phrase)
    told = _told_before(words, amount)
    if told and kind in ("percent", "points") and words.is_capital(told.head):
        told = None  # *Lee was at 25 percent*
    return _Found(amount, amount.end, told)


def _is_attribute(words: Words, phrase: Phrase, kind: str) -> bool:
    """Whether a noun behind an amount is measured by it: ``a 20% increase``, ``a $3bn loan``."""
    if words.is_capital(phrase.first) and words.is_capital(phrase.head):
        return False  # *the $3 million Lee raised*
    if kind != "percent":
        return True
    is_time = unit_at(words, phrase.head) is not None
    return words.classes(phrase.head) <= {"NN"} and phrase.end - phrase.first <= 2 and not is_time


def _is_vague_one(words: Words, amount: Amount) -> bool:
    """``one day``, ``one year``: a time, not a length of time, unless it is said to be little."""
    vague = amount.unit is not None and amount.unit.kind in ("time", "points", "times")
    return vague and words.at(amount.number[0] - 1) not in _ONLY


def _compound(words: Words, amount: Amount) -> _Found | None:
    """``20-member committee``, ``195-country accord``: the noun behind the hyphen is counted."""
    noun = amount.number[1] + 1
    if words.at(noun) == "strong" and (phrase := phrase_at(words, noun + 1, one=True)):
        return _Found(amount, phrase.end, phrase)  # *the 23,000-strong security forces*
    classes = words.classes(noun)
    if classes.isdisjoint(("NN", "NNS")) or not classes.isdisjoint(("VBN", "VBG", "JJ", "IN")):
        return None
    if amount.largest <= 1:
        return None
    return _Found(amount, noun + 1, Phrase(noun, noun + 1, noun))


def _part(words: Words, amount: Amount) -> _Found | None:
    """``two-thirds of voters``, ``half the soldiers``, ``one in five voters``."""
    start, of = _behind_of(words, amount)
    found = _of(words, amount, start)
    changed = words.at(amount.first - 1) in ("by", "up", "down") or amount.hedge is not None
    if found.counted is None and not of and not changed:
        return found if words.at(amount.end) in _ARE | {"said"} else None
    return found


def _of(words: Words, amount: Amount, start: int) -> _Found:
    """An amount of what begins at a token."""
    phrase = _phrase_of(words, start, one=True)
    if phrase and words.classes(phrase.first) == {"VBG"} and phrase.end - phrase.first > 1:
        phrase = None  # *two years of paying workers*
    return _with_rate(words, _Found(amount, phrase.end if phrase else amount.end, phrase))


def _phrase_of(words: Words, token: int, *, one: bool) -> Phrase | None:
    """The noun phrase behind *of*: ``of the bloc's 28 members``, ``of the six suspects``."""
    token += words.at(token) in _DETERMINERS
    token += words.at(token) in ("last", "past", "first", "next")
    phrase = those_at(words, token) or phrase_at(words, token, one=one)
    inner = phrase.end if phrase and words.at(phrase.head).endswith(("'s", "’s")) else token
    if inner < len(words) and begins_number(words, inner) and (number := numeral_at(words, inner)):
        return phrase_at(words, number.end, one=one)
    return phrase


def _one(
    words: Words, amount: Amount, phrase: Phrase | None, before: list[_Found]
) -> _Found | None:
    """*One* is a number where it is stressed, in a list of numbers, or of the dead."""
    if phrase is None or words.at(amount.end) == "of":
        return None
    stressed = words.at(amount.number[0] - 1) in _ONLY or amount.hedge is not None
    listed = (
        bool(before)
        and before[-1].counted is not None
        and _is_list(words, before[-1].end, amount.first)
    )
    follows = words.lower[phrase.end : phrase.end + 4]
    died = not _BECAME.isdisjoint(follows) and not _ARE.isdisjoint([*follows, "died"])
    if stressed or listed or (died and words.at(phrase.end) in _ARE | _BECAME):
        return _Found(amount, phrase.end, phrase)
    return None


def _is_list(words: Words, first: int, end: int) -> bool:
    """Whether nothing but commas and conjunctions part two numbers."""
    return first <= end and all(lower in _LIST for lower in words.lower[first:end])


def _elliptic(words: Words, amount: Amount, of: bool) -> _Found | None:
    """A number without a noun: a quantity where its form or its verb says so."""
    behind, before = words.at(amount.end), words.at(amount.first - 1)
    found = _Found(amount, amount.end, _told_before(words, amount), is_elliptic=True)
    if of and words.at(amount.end + 1) in _OF_THEM:
        return replace(found, end=amount.end + 2)
    if of and amount.kind != "magnitude":
        return None
    if amount.is_dashed:
        return None
    if amount.kind == "magnitude" and not amount.hedge:
        became = behind in _ARE and not _BECAME.isdisjoint(words.lower[amount.end : amount.end + 4])
        return found if before in _CASUALTIES or became else None
    if before in _CASUALTIES or behind in _BECAME or amount.is_change:
        return found
    if behind in _VOTES or (behind == "for" and "against" in words.lower[amount.end :]):
        return found
    if behind in _ARE and not _BECAME.isdisjoint(words.lower[amount.end : amount.end + 4]):
        return found
    if found.counted and amount.largest > 1 and amount.kind == "figure":
        return None if words.is_capital(found.counted.head) and amount.largest <= _OLD else found
    if amount.hedge in ("more than", "less than") and amount.largest <= _OLD:
        return None  # *those over 65*
    is_large = any(mark in words.slice(*amount.number) for mark in ", ") or amount.largest >= 10_000
    return found if is_large or (amount.hedge and behind in _ARE) else None


def _told_before(words: Words, amount: Amount) -> Phrase | None:
    """``losses of 600,000``, ``the number of troops rose to 10,000``, ``the rate is 33%``."""
    token = amount.first
    if words.at(token - 1) == "of":
        phrase = phrase_before(words, token - 1)
    else:
        verb = token - 2 if words.at(token - 1) in _BEFORE_NUMBER else token - 1
        while words.at(verb) in ("already", "now", "currently", "just", "been", "have", "has"):
            verb -= 1
        if words.at(verb) not in _REACHES:
            return None
        while words.at(verb - 1) in ("has", "have", "had", "will", "would", "could", "may"):
            verb -= 1
        phrase = subject_before(words, verb)
    if phrase and is_quantity_noun(words, phrase):
        return of_quantity(words, phrase)
    return phrase


def _quantity(words: Words, item: _Found, before: list[_Found]) -> Quantity:
    """The quantity in code points, with what an elliptic number counts, status and place."""
    amount, counted = item.amount, item.counted
    if counted is None and item.is_elliptic and words.form(amount.first - 1) not in ("(", ";"):
        counted = next(
            (b.counted for b in reversed(before) if b.counted and not b.amount.unit), None
        )
    first, end = amount.first, max(item.end, amount.end)
    return Quantity(
        span=_span(words, first, end),
        number=_span(words, *amount.number),
        low=None if amount.low is None else float(amount.low),
        high=None if amount.high is None else float(amount.high),
        unit=_unit_name(item),
        counted=_span(words, counted.first, counted.end) if counted else None,
        head=words.at(counted.head) if counted else None,
        hedge=amount.hedge,
        approximate=amount.hedge in ("about", "nearly") or amount.kind in ("magnitude", "several"),
        is_change=_is_change(words, item),
        status=_told_status(words, item, before),
        place=_place(words, first, end),
    )


def _unit_name(item: _Found) -> str | None:
    amount = item.amount
    name = amount.unit.name if amount.unit else "share" if amount.kind == "share" else None
    rate = item.rate or amount.rate
    return " ".join(filter(None, (name, f"per {rate}" if rate else None))) or None


def _is_change(words: Words, item: _Found) -> bool:
    """Whether the number is added to, or taken from, another: ``another 7,000``, ``up 4%``."""
    amount = item.amount
    if amount.is_change:
        return True
    before = words.at(amount.first - 1)
    if before == "of" and words.at(amount.first - 2) in _CHANGES:
        return True
    if item.counted and words.at(item.counted.head) in _CHANGES and amount.unit:
        return item.counted.first >= amount.end
    by = before == "by" and not _ROSE.isdisjoint(
        words.lower[max(0, amount.first - 4) : amount.first]
    )
    return amount.unit is not None and (by or before in _ROSE)


def _told_status(words: Words, item: _Found, before: list[_Found]) -> str | None:
    """What became of people and things is not what became of money."""
    amount = item.amount
    kind = amount.unit.kind if amount.unit else "money" if amount.is_money else "things"
    if amount.is_compound:
        return None
    found = _status(words, amount.first, max(item.end, amount.end), before)
    return found if found in STATUS_OF.get(kind, ()) else None


def _status(words: Words, first: int, end: int, before: list[_Found]) -> str | None:
    found = status(words, first, end)
    if found or not before or not _is_list(words, before[-1].end, first):
        return found
    earlier = before[-1]
    return _status(words, earlier.amount.first, earlier.end, before[:-1])


def _place(words: Words, first: int, end: int) -> Span | None:
    found = place(words, first, end)
    return _span(words, *found) if found else None


def _span(words: Words, first: int, end: int) -> Span:
    return words.spans[first][0], words.spans[end - 1][1]
