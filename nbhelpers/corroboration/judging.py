"""Two claims of one group, held against each other: the verdict, and why.

To call two figures a contradiction that are none is the worst fault: it is said of somebody. So the
rules that explain a difference (another time, place, status, a part, an addition) come first, and
where something that would explain it is not known, two claims are not comparable.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from nbhelpers.corroboration.context import shared_weight
from nbhelpers.corroboration.things import OUTCOMES
from nbhelpers.corroboration.times import Days, Order, date_in_words, order
from nbhelpers.corroboration.values import Value, is_rounded, overlap

AGREEMENT = "agreement"
UPDATE = "update"
DIVERGENCE = "divergence"
ADDITION = "addition"
PART = "part of"
STATUS = "different status"
DAMAGED = "apparent contradiction"
POLARITY = "polarity conflict"
NOT_COMPARABLE = "not comparable"
NOT_COMPARED = "not compared"
VERDICTS = (
    *(POLARITY, DAMAGED, DIVERGENCE, UPDATE),
    *(AGREEMENT, ADDITION, PART, STATUS, NOT_COMPARABLE, NOT_COMPARED),
)
"""All verdicts, those first that a reader should see first."""

CONFLICTS = (POLARITY, DAMAGED, DIVERGENCE)
"""The verdicts on what does not fit together."""

_AHEAD = frozenset({"expected", "prepared"})
_UP_FROM = re.compile(r"\b(?:up|down) from (?:(?:an?|the|its) )?(?:[a-z]+ of )?$", re.IGNORECASE)
_CONTRAST = re.compile(
    r"\b(?:but|however|while|whereas|although|though|yet|disput\w+|contradict\w+|instead)\b",
    re.IGNORECASE,
)
_CLOSE = 1.2  # times another figure: common words that count nearly as many may count one thing
_ONE_EVENT = dt.timedelta(days=10)
_SURELY_ONE_STORY = 6.0  # weight of shared names
_NEAR = 2  # sentences of one text within which two figures belong to one account


class Claim(NamedTuple):
    """What is known of a claim for a verdict.

    ``sayers``: the claimant and whom it speaks for; ``date``: of the claim itself, in words and in
    days; ``published``: the day of its text; ``damage``: the flaws of its sentence, in words;
    ``is_specific``: what it counts is named well enough to be one thing in all texts; ``names``:
    what its surroundings name.
    """

    claim_id: str
    doc_id: str
    sentence_id: int
    value: Value
    counted: str | None
    status: str | None
    place: str | None
    claimant: str | None
    sayers: frozenset[str]
    date: str | None
    days: Days | None
    published: Days | None
    relation: str | None
    of_claim_id: str | None
    damage: str | None
    is_specific: bool
    names: frozenset[str]
    is_sourced: bool  # somebody is named for it whose kind is known
    before: str  # the words ahead of it in its sentence

    @property
    def when(self) -> Days | None:
        """When it holds: its own date, else that of its text."""
        return self.days if self.date else self.published


class Verdict(NamedTuple):
    """How two claims stand to each other, and why."""

    name: str
    reason: str


Rule = Callable[[Claim, Claim], Verdict | None]


def _is_one_thing(one: Claim, other: Claim) -> bool:
    """Whether two claims surely count one thing: it is named well, or both tell one event.

    How many were killed or captured is counted anew at each event.
    """
    if one.status not in OUTCOMES and other.status not in OUTCOMES:
        return one.is_specific and other.is_specific
    if one.doc_id == other.doc_id and one.is_specific:
        return True
    first, second = one.when, other.when
    far = first and second and abs(first.first - second.first) > _ONE_EVENT
    return not far and shared_weight(one.names, other.names) >= _SURELY_ONE_STORY


def judge(one: Claim, other: Claim) -> Verdict:
    """Return the verdict on two claims of one group, the first being the one that comes first."""
    found = (rule(one, other) for rule in _RULES)
    return next(verdict for verdict in found if verdict)


def _related(one: Claim, other: Claim) -> Verdict | None:
    """One is part of the other, or comes on top of it."""
    for part, whole in ((one, other), (other, one)):
        if part.of_claim_id == whole.claim_id and part.relation == "part":
            words = " ".join(filter(None, (str(part.value), part.counted)))
            return Verdict(PART, f"{words} of {whole.value}, as the text says")
        if part.of_claim_id == whole.claim_id and part.relation == "addition":
            total = _total(part.value, whole.value)
            return Verdict(ADDITION, f"{part.value} on top of {whole.value}{total}")
    return None


def _total(one: Value, other: Value) -> str:
    exact = [v.low for v in (one, other) if v.low is not None and v.low == v.high]
    return f", together {Value(sum(exact), sum(exact))}" if len(exact) == 2 else ""


def is_judged(one: Claim, other: Claim) -> bool:
    """Return whether a pair is worth a verdict: a part is compared with its whole alone."""
    if one.claim_id == other.of_claim_id or other.claim_id == one.of_claim_id:
        return True
    return one.relation == other.relation != "part"


def _status(one: Claim, other: Claim) -> Verdict | None:
    ahead = [claim.status in _AHEAD for claim in (one, other)]
    if ahead[0] == ahead[1]:
        return None
    if one.status and other.status:
        words = f"{one.value}: {one.status}; {other.value}: {other.status}"
        return Verdict(STATUS, f"{words}; what is ahead says nothing against what is there")
    if overlap(one.value, other.value):
        return None
    known = one if one.status else other
    return Verdict(
        NOT_COMPARABLE, f"{known.value} is {known.status}; of the other figure no status is stated"
    )


def _place(one: Claim, other: Claim) -> Verdict | None:
    if not (one.place and other.place):
        return None
    words = [set(place.lower().split()) - {"the", "of"} for place in (one.place, other.place)]
    if words[0] <= words[1] or words[1] <= words[0]:
        return None
    return Verdict(NOT_COMPARABLE, f"two places: {one.place} and {other.place}")


def _agreement(one: Claim, other: Claim) -> Verdict | None:
    if one.value.unit != other.value.unit:
        return Verdict(NOT_COMPARABLE, f"two units: {one.value} and {other.value}")
    if one.value.meant == other.value.meant:
        return Verdict(AGREEMENT, f"both say {one.value}")
    if overlap(one.value, other.value) and not _may_be_two(one, other):
        room = one.value.is_open or other.value.is_open
        why = "leaves room for" if room else "overlaps with"
        first, second = (one, other) if one.value.is_open or not room else (other, one)
        return Verdict(AGREEMENT, f"“{first.value}” {why} “{second.value}”")
    if overlap(one.value, other.value):
        words = f"“{one.value}” and “{other.value}” leave room for each other"
        return Verdict(NOT_COMPARABLE, f"{words}, but may be of two things")
    if is_rounded(one.value, other.value):
        return Verdict(AGREEMENT, f"{one.value} and {other.value} are one number, rounded")
    return None


def _may_be_two(one: Claim, other: Claim) -> bool:
    """Whether figures that leave room for each other may still be of two things."""
    small, large = sorted((one.value.named, other.value.named))
    return large > _CLOSE * small and not _is_one_thing(one, other)


def _counterfigure(one: Claim, other: Claim) -> Verdict | None:
    """*10,000, up from 3,000*: the text itself says that one number followed the other."""
    if (one.doc_id, one.sentence_id) != (other.doc_id, other.sentence_id):
        return None
    if _UP_FROM.search(other.before):
        first, second = other, one
    elif one.before.lower().endswith(" from ") and other.before.lower().endswith(" to "):
        first, second = one, other
    else:
        return None
    return Verdict(UPDATE, f"{first.value}, then {second.value}, as the sentence itself says")


def _one_voice(one: Claim, other: Claim) -> Verdict | None:
    """Two figures of one claimant: a series, unless both are of one day."""
    if not one.sayers & other.sayers:
        return None
    one_text = one.doc_id == other.doc_id
    told = Verdict(
        NOT_COMPARABLE,
        f"{_both(one, other)}, both of {one.claimant}; the texts do not tell whether one is later",
    )
    if one_text and not (one.is_sourced and _is_one_thing(one, other)):
        return told
    place = order(one.when, other.when)
    if place in ("earlier", "later"):
        return _series(*((one, other) if place == "earlier" else (other, one)))
    only = [claim for claim in (one, other) if claim.date]
    if one_text and len(only) == 1:
        words = f"the text dates one of them apart: {_date(only[0])}"
        return Verdict(UPDATE, f"{one.claimant} gives {_both(one, other)}; {words}")
    if not _is_one_thing(one, other):
        return told
    if place != "same" or one_text:
        return _damaged(one, other) or told
    words = f"for one day ({_date(one)}) two texts give {one.claimant} {_both(one, other)}"
    return _damaged(one, other) or Verdict(DIVERGENCE, words)


def _series(first: Claim, second: Claim) -> Verdict:
    if not _is_one_thing(first, second):
        return Verdict(
            NOT_COMPARABLE,
            f"{_both(first, second)} at two times: an update, or of two things",
        )
    year = "" if first.when and first.when.has_year else " (if of one year)"
    return Verdict(
        UPDATE,
        f"{second.claimant}: {first.value} ({_date(first)}), then {second.value} "
        f"({_date(second)}){year}",
    )


def _two_voices(one: Claim, other: Claim) -> Verdict:
    """Two figures of two claimants: a divergence, if it is of one thing at one time."""
    if not (one.claimant and other.claimant):
        return Verdict(NOT_COMPARABLE, f"{_both(one, other)}: a text names nobody for its figure")
    when = order(one.when, other.when)
    if when in ("earlier", "later"):
        return Verdict(NOT_COMPARABLE, f"two times, two claimants: {_dated(one)}; {_dated(other)}")
    if _is_contrast(one, other, when):
        return _damaged(one, other) or Verdict(DIVERGENCE, _voices(one, other))
    if not _is_one_thing(one, other):
        return Verdict(
            NOT_COMPARABLE, f"{_both(one, other)}: the words that count them fit other things too"
        )
    if when == "same" and one.doc_id != other.doc_id and one.is_sourced and other.is_sourced:
        words = f"{_voices(one, other)} ({_date(one)})"
        return _damaged(one, other) or Verdict(DIVERGENCE, words)
    return Verdict(
        NOT_COMPARABLE, f"{_voices(one, other)}; the texts do not tell whether both are of one time"
    )


def _is_contrast(one: Claim, other: Claim, when: Order) -> bool:
    """Whether one text sets two sources' figures side by side."""
    near = one.doc_id == other.doc_id and abs(one.sentence_id - other.sentence_id) <= _NEAR
    one_time = when == "same" or not (one.date or other.date)
    sourced = one.is_sourced and other.is_sourced
    set_apart = one.sentence_id == other.sentence_id or _CONTRAST.search(other.before)
    counts = one.value.unit is None and one.status == other.status and bool(set_apart)
    return near and one_time and sourced and (counts or _is_one_thing(one, other))


def _damaged(one: Claim, other: Claim) -> Verdict | None:
    flaws = [claim.damage for claim in (one, other) if claim.damage]
    if not flaws:
        return None
    return Verdict(DAMAGED, f"{_both(one, other)}, but a text is damaged there: {flaws[0]}")


def _both(one: Claim, other: Claim) -> str:
    return f"{one.value} and {other.value}"


def _voices(one: Claim, other: Claim) -> str:
    return f"{one.claimant}: {one.value}; {other.claimant}: {other.value}"


def _dated(claim: Claim) -> str:
    return f"{claim.claimant}, {_date(claim)}: {claim.value}"


def _date(claim: Claim) -> str:
    if claim.date:
        return date_in_words(claim.date)
    return f"text of {claim.published.first.isoformat()}" if claim.published else "no date"


_RULES: tuple[Rule, ...] = (
    *(_related, _counterfigure, _status, _place),
    *(_agreement, _one_voice, _two_voices),
)
