"""What is known of each claim from its own text: what it counts, and whose that is."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.claims import claims
from nbhelpers.cleaning import damage, sentences
from nbhelpers.corpus import Corpus
from nbhelpers.corroboration.context import countries_in, surroundings
from nbhelpers.corroboration.sayers import outlet_key
from nbhelpers.corroboration.things import OUTCOMES, Thing, thing
from nbhelpers.corroboration.times import Days
from nbhelpers.corroboration.values import Value, plain_rows
from nbhelpers.overview.documents import publication_dates
from nbhelpers.words import sentence_numbers

ADDITION, PART = "addition", "part"
_MORE = re.compile(r"\b(?:another|further|additional|extra)\b|\d more\b", re.IGNORECASE)
_INCLUDING = re.compile(
    r"[^;:“”\"]{0,60}?\b(?:including|among them|of whom|of which|of them),? (?:the |at least )?"
)
_OF_THESE = re.compile(r" of (?:whom|them|which|these)\b")
_OF_THE = re.compile(r" of (?:the|these|those|its|their|his|her) (?:[a-z]+ )?")
_AND = re.compile(r"(?:,| and|, and) ")
_BLANKS = re.compile(r"\s")
_BEHIND = 12  # characters behind a number: *of whom*
_SUBJECT = re.compile(r"(?P<who>[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})(?: [a-z-]+){1,4} $")
_HELD = frozenset({"deployed", "lost", "training", "fighting"})  # by whom they belong to
_SIGHT = 80  # characters before a claim in which its subject stands
_DETERMINED = re.compile(r"\b(?:these|those|its allies|whose)\b", re.IGNORECASE)

_NO_FLAWS = frozenset({"duplicate", "odd_case", "stray_space"})  # they make no figure doubtful


class Stated(NamedTuple):
    """A claim as :func:`nbhelpers.claims.claims` gives it, None for what is missing."""

    claim_id: str
    doc_id: str
    start: int
    end: int
    number_start: int
    number_end: int
    low: float | None
    high: float | None
    unit: str | None
    counted: str | None
    head: str | None
    counted_start: int | None
    counted_end: int | None
    hedge: str | None
    approximate: bool
    is_change: bool
    status: str | None
    place: str | None
    source_id: str | None
    claimant: str | None
    cue_class: str | None
    carrier_id: str | None
    carrier: str | None
    claim_date: str | None
    claim_date_precision: str | None
    claim_date_basis: str | None
    sentence_id: int
    text: str
    sentence: str
    sentence_start: int

    @property
    def value(self) -> Value:
        """The number that is stated."""
        return Value(self.low, self.high, self.hedge, self.approximate, self.unit)


class Described(NamedTuple):
    """A claim, and what its text tells of it.

    ``thing``: what it counts; ``basis``: how it is known whose that is; ``names``: what its
    surroundings name; ``relation``: addition or part; ``whole``: of which claim, so many further on
    in the text (negative: before it), None if not known; ``flaw``: that of its sentence, in words;
    ``published``: the day of its text; ``outlet``: of its text, as media are known; ``before``: the
    words ahead of it in its sentence.
    """

    claim: Stated
    thing: Thing | None
    basis: str | None
    names: frozenset[str]
    relation: str | None
    whole: int | None
    flaw: str | None
    published: Days | None
    outlet: str | None
    before: str

    @property
    def key(self) -> Hashable:
        """What must be the same of two claims that are compared; None where nothing is counted."""
        if self.thing is None:
            return None
        known = self.thing
        return self.claim.unit, known.noun, known.actors, known.marks, self.status, self.is_change

    @property
    def status(self) -> str | None:
        """The outcome of what is counted: killed, captured ..."""
        known = self.thing.status if self.thing else None
        return known or (self.claim.status if self.claim.status in OUTCOMES else None)

    @property
    def is_change(self) -> bool:
        """Whether the number is a change, and not what comes on top of another."""
        return self.claim.is_change and not is_addition(self.claim)


def described(
    corpus: Corpus, *, content_only: bool, min_confidence: float, model: str
) -> list[Described]:
    """Return the claims of a corpus, or of a part of one, by text and place."""
    found = claims(corpus, content_only=content_only, min_confidence=min_confidence, model=model)
    found = _with_sentences(corpus, found)
    stated = [Stated(*row) for row in plain_rows(found[[*Stated._fields]])]
    things = _things(corpus, stated)
    relations = _relations(corpus, stated)
    flaws, published, outlets = _flaws(corpus), _published(corpus), _outlets(corpus)
    rows = zip(stated, things, surroundings(corpus, found), strict=True)
    return [
        Described(
            *(claim, known, basis, names, *_relative(relations, row)),
            flaws.get((claim.doc_id, claim.sentence_id)),
            published.get(claim.doc_id),
            outlets.get(claim.doc_id),
            corpus.text(claim.doc_id)[claim.sentence_start : claim.start],
        )
        for row, (claim, (known, basis), names) in enumerate(rows)
    ]


def _with_sentences(corpus: Corpus, found: pd.DataFrame) -> pd.DataFrame:
    places = sentences(corpus).set_index(["doc_id", "sentence_id"])[["start", "text"]]
    at = places.reindex(pd.MultiIndex.from_frame(found[["doc_id", "sentence_id"]]))
    return found.assign(sentence=at["text"].to_numpy(), sentence_start=at["start"].to_numpy())


def _things(corpus: Corpus, stated: Sequence[Stated]) -> list[tuple[Thing | None, str | None]]:
    """What each claim counts; a claim that names no actor may have one from what is before it."""
    rows: list[tuple[Thing | None, str | None]] = []
    for row, claim in enumerate(stated):
        text = corpus.text(claim.doc_id)
        known = (
            thing(claim.counted, claim.head or "", text[claim.counted_end :][:_SIGHT])
            if claim.counted
            else None
        )
        basis = "named" if known and known.actors else None
        if known and not basis:
            before = (stated[row - 1], rows[row - 1][0]) if row else (None, None)
            actors, basis = _elsewhere(text, claim, known, *before)
            known = known._replace(actors=actors)
        rows.append((known, basis))
    return rows


def _elsewhere(
    text: str, claim: Any, known: Thing, previous: Any, last: Thing | None
) -> tuple[frozenset[str], str | None]:
    """The actor that a claim's noun does not name, and how it is known."""
    if actor := _subject(text, claim):
        return frozenset([actor]), "subject"
    same = last and last.actors and (last.noun, last.marks) == (known.noun, known.marks)
    if last and same and _goes_on(text, claim, previous, last):
        return last.actors, "before"
    return frozenset(), None


def _subject(text: str, claim: Any) -> str | None:
    """The country that moved or lost what is counted: ``Ruritania sent 3,000 soldiers``."""
    if claim.status not in _HELD:
        return None
    before = text[max(claim.sentence_start, claim.start - _SIGHT) : claim.start]
    match = _SUBJECT.search(" ".join(before.split()) + " ")
    if not match or _DETERMINED.search(match.group()):
        return None
    named = countries_in(match["who"])
    return named.pop() if len(named) == 1 else None


def _goes_on(text: str, claim: Any, previous: Any, last: Thing) -> bool:
    """Whether nobody else is named between a claim and the one before it, close by."""
    if previous.doc_id != claim.doc_id or claim.sentence_id - previous.sentence_id > 1:
        return False
    between = text[previous.end : claim.end]
    for place in (previous.place, claim.place):
        between = between.replace(place, " ") if place else between
    return countries_in(between) <= last.actors


def is_addition(claim: Any) -> bool:
    """Return whether a claim's number comes on top of another (*another 7,000*)."""
    return claim.is_change and bool(_MORE.search(claim.text))


def _relations(corpus: Corpus, stated: Sequence[Any]) -> dict[int, tuple[str, int | None]]:
    """Which claims are added to another or part of another, and of which (None: not known)."""
    relations: dict[int, tuple[str, int | None]] = {}
    for row, claim in enumerate(stated):
        previous = stated[row - 1] if row else claim
        away = claim.sentence_id - previous.sentence_id if previous.doc_id == claim.doc_id else 2
        if is_addition(claim):
            base = row and away <= 1 and _of_one_kind(previous, claim)
            relations[row] = (ADDITION, row - 1 if base else None)
        elif row and not away:
            _find_part(relations, row, corpus.text(claim.doc_id), previous, claim)
    return relations


def _relative(
    relations: Mapping[int, tuple[str, int | None]], row: int
) -> tuple[str | None, int | None]:
    """What a claim is to another, and how many claims further on that one stands."""
    kind, whole = relations.get(row, (None, None))
    return kind, None if whole is None else whole - row


def _find_part(
    relations: dict[int, tuple[str, int | None]], row: int, text: str, previous: Any, claim: Any
) -> None:
    """What the words between a claim and the one before it, or behind it, make it part of."""
    between = _BLANKS.sub(" ", text[previous.end : claim.start])
    numbers = _BLANKS.sub(" ", text[previous.number_end : claim.number_start])
    behind = _BLANKS.sub(" ", text[claim.number_end : claim.number_end + _BEHIND])
    if _OF_THE.fullmatch(numbers) and _is_part(previous, claim):
        relations[row - 1] = (PART, row)
    elif (_INCLUDING.fullmatch(between) or _OF_THESE.match(behind)) and _is_part(claim, previous):
        relations[row] = (PART, row - 1)
    elif _AND.fullmatch(between) and row - 1 in relations:
        kind, whole = relations[row - 1]
        if kind == PART and whole is not None and whole < row - 1:
            relations[row] = (PART, whole)


def _is_part(part: Any, whole: Any) -> bool:
    """Whether a number can be part of another: both count things one by one, it is no larger."""
    least = part.high if part.low is None else part.low
    largest = whole.low if whole.high is None else whole.high
    return not (part.unit or whole.unit) and least <= largest


def _of_one_kind(previous: Any, claim: Any) -> bool:
    same = previous.head == claim.head or previous.counted_start == claim.counted_start
    became = {s.status if s.status in OUTCOMES else None for s in (previous, claim)}
    return claim.head is not None and previous.unit == claim.unit and same and len(became) == 1


def _flaws(corpus: Corpus) -> dict[tuple[str, int], str]:
    """The flaw of each damaged sentence in words; one that begins the next may be its lost end."""
    found = damage(corpus)
    found = found[~found["kind"].isin(_NO_FLAWS)]
    numbers = sentence_numbers(corpus, found)
    ids = sentences(corpus)["sentence_id"].to_numpy()[numbers]
    flaws: dict[tuple[str, int], str] = {}
    for doc_id, kind, text, number in zip(
        found["doc_id"], found["kind"], found["text"], ids.tolist(), strict=True
    ):
        shown = f" (“{' '.join(text.split())[:60]}”)" if len(text) > 1 else ""
        words = f"{kind.replace('_', ' ')} in {doc_id}{shown}"
        flaws.setdefault((doc_id, number), words)
        if kind == "stray_fragment":
            flaws.setdefault((doc_id, number - 1), words)
    return flaws


def _published(corpus: Corpus) -> dict[str, Days]:
    known = publication_dates(corpus).dropna(subset=["published"])
    return {
        doc_id: Days(day.date(), day.date())
        for doc_id, day in zip(known["doc_id"], known["published"], strict=True)
    }


def _outlets(corpus: Corpus) -> dict[str, str]:
    """The outlet of each text under the form by which media are known."""
    known = corpus.metadata.dropna(subset=["outlet"])
    return {
        doc_id: key
        for doc_id, name in zip(known["doc_id"], known["outlet"], strict=True)
        if (key := outlet_key(name))
    }
