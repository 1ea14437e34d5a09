"""Which claims may be compared: one thing counted, one actor, one unit, one story."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.claims import claims
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, table
from nbhelpers.corroboration.context import countries_in, shared_weight, surroundings
from nbhelpers.corroboration.repetition import repetitions
from nbhelpers.corroboration.things import OUTCOMES, Thing, telling_name, thing
from nbhelpers.corroboration.values import overlap, plain_rows, value
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.voices.selection import MIN_CONFIDENCE

_FACTS = (
    "claim_id doc_id start end low high unit counted hedge approximate is_change status place "
    "source_id claimant cue_class carrier_id carrier claim_date claim_date_precision "
    "claim_date_basis"
).split()
_LABELS = dict.fromkeys(["group_id", "label", "stated"], "str") | {"is_specific": "bool"}
_ADDED = dict.fromkeys(["actor", "actor_basis", "relation", "of_claim_id", "sentence"], "str")

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

_SPECIFIC = 4.0  # weight of words that tell a thing from all others
_TELLING = 1.2  # of an actor's: *soldiers*, not *citizens*
_AT_LEAST = 1.0  # weight of shared names that any two texts need
_NEAR = 2  # sentences within which one text speaks of one thing
_NAMES = 2  # names that a label has
_COMPARED = 40  # groups that share a name with a claim and are held against it, the latest first


class Counted(NamedTuple):
    """A claim as it is grouped: row number, what it counts, how that is known, its story."""

    row: int
    doc_id: str
    sentence_id: int
    key: Hashable
    thing: Thing | None
    basis: str | None
    names: frozenset[str]


@table
def claim_groups(
    corpus: Corpus,
    *,
    least: int = 1,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> pd.DataFrame:
    """Put claims together that can be compared: what they count, whose it is, and in which unit.

    Claims meet where they count the same thing (synonyms stand in ``data/counted_things.tsv``) of
    the same actor (*North Korean*, *the DPRK's*, *from North Korea*) with the same other modifiers,
    in one unit and with one outcome (killed, wounded, captured ... are never held against those
    alive), and where their surroundings name the same: the less the thing itself tells (*people*),
    the more the sentences must share. Without a noun, a number is grouped only where two texts
    share the passage in which it stands. When in doubt, claims stay apart.

    Args:
        corpus: the texts.
        least: leave out groups of fewer claims.
        content_only, min_confidence, model: as for :func:`nbhelpers.claims.claims`.

    Columns: ``group_id``, ``label`` (what the group counts, in words); of each claim ``claim_id``,
    ``doc_id``, ``start``, ``end``, ``stated`` (the number in words, with hedge and unit), ``low``,
    ``high``, ``unit``, ``counted``, ``hedge``, ``approximate``, ``is_change``, ``status``,
    ``place``, ``source_id``, ``claimant``, ``cue_class``, ``carrier_id``, ``carrier``,
    ``claim_date``, ``claim_date_precision``, ``claim_date_basis`` (see
    :func:`nbhelpers.claims.claims`); ``actor`` (whose it is, joined by "; "), ``actor_basis``
    (``named``; ``subject``: of the verb; ``before``: named in the claim before it, in the same
    sentence or the one ahead), ``is_specific`` (what is counted is named so well that it is one
    thing in all texts), ``relation`` (``addition``: it comes on top of another; ``part``: of
    another), ``of_claim_id`` (that other claim), ``sentence``. Largest group first, then by text
    and place.

    >>> from nbhelpers.corpus import Document
    >>> texts = {"a": "Seoul said 3,000 North Korean soldiers left.",
    ...          "b": "3,000 DPRK troops left."}
    >>> found = claim_groups(Corpus([Document(name, text, "") for name, text in texts.items()]))
    >>> found[["group_id", "low", "counted", "actor"]].values.tolist()
    [['North Korean soldiers', 3000.0, 'North Korean soldiers', 'North Korea'],
     ['North Korean soldiers', 3000.0, 'DPRK troops', 'North Korea']]
    """
    found = claims(corpus, content_only=content_only, min_confidence=min_confidence, model=model)
    found = _with_sentences(corpus, found)
    stated = plain_rows(found)
    counted = _counted(corpus, stated, surroundings(corpus, found))
    relations = _relations(corpus, stated)
    joined = Joined(len(found))
    for bucket in _buckets(counted):
        _join_alike(bucket, stated, joined)
    for repeated in repetitions(corpus, found, model=model):
        across = repeated.place[0] != repeated.other_place[0]
        for one, other in _matched(stated, counted, repeated.rows, repeated.other_rows):
            if (across and counted[one].thing) or overlap(value(stated[one]), value(stated[other])):
                joined.join(one, other)
    for row, (_, whole) in relations.items():
        if whole is not None:
            joined.join(row, whole)
    return _as_table(found, counted, relations, joined, least)


class Joined:
    """Rows joined to groups, each known by its first row (union and find)."""

    def __init__(self, size: int) -> None:
        """Begin with each row alone."""
        self._parent = list(range(size))

    def root(self, row: int) -> int:
        """Return the first row of a row's group."""
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = self._parent[row]
        return row

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first


def _with_sentences(corpus: Corpus, found: pd.DataFrame) -> pd.DataFrame:
    places = sentences(corpus).set_index(["doc_id", "sentence_id"])[["start", "text"]]
    at = places.reindex(pd.MultiIndex.from_frame(found[["doc_id", "sentence_id"]]))
    return found.assign(
        sentence=at["text"].to_numpy(), sentence_start=at["start"].to_numpy(), row=range(len(found))
    )


def _counted(
    corpus: Corpus, stated: Sequence[Any], names: Sequence[frozenset[str]]
) -> list[Counted]:
    """What each claim counts; a claim that names no actor may have one from what is before it."""
    rows: list[Counted] = []
    for row, claim in enumerate(stated):
        text = corpus.text(claim.doc_id)
        known = (
            thing(claim.counted, claim.head, text[claim.counted_end :][:_SIGHT])
            if claim.counted
            else None
        )
        basis = "named" if known and known.actors else None
        if known and not basis:
            before = (stated[row - 1], rows[row - 1].thing) if row else (None, None)
            actors, basis = _elsewhere(text, claim, known, *before)
            known = known._replace(actors=actors)
        key = _key(claim, known) if known else None
        rows.append(Counted(row, claim.doc_id, claim.sentence_id, key, known, basis, names[row]))
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


def _key(claim: Any, known: Thing) -> Hashable:
    """What must be the same of two claims that are compared."""
    status = known.status or (claim.status if claim.status in OUTCOMES else None)
    changes = claim.is_change and not is_addition(claim)
    return claim.unit, known.noun, known.actors, known.marks, status, changes


def is_addition(claim: Any) -> bool:
    """Return whether a claim's number comes on top of another (*another 7,000*)."""
    return claim.is_change and bool(_MORE.search(claim.text))


def _buckets(counted: Iterable[Counted]) -> Iterable[list[Counted]]:
    found: dict[Hashable, list[Counted]] = defaultdict(list)
    for claim in counted:
        if claim.key is not None:
            found[claim.key].append(claim)
    return found.values()


def _join_alike(bucket: Sequence[Counted], stated: Sequence[Any], joined: Joined) -> None:
    """Join claims of one key that belong to one story.

    Each is held against the groups so far that share a name with it, so that the work grows with
    the claims and not with their square.
    """
    stories: list[Counted] = []
    by_name: dict[str, list[int]] = defaultdict(list)
    for place, claim in enumerate(bucket):
        if place and _is_next(bucket[place - 1], claim, stated):
            joined.join(bucket[place - 1].row, claim.row)
            continue
        near = {n for name in claim.names for n in by_name[name][-_COMPARED:]}
        near |= set(range(min(len(stories), _COMPARED)))
        same = [n for n in sorted(near) if _is_one_story(stories[n], claim)]
        for number in same:
            joined.join(stories[number].row, claim.row)
        if not same:
            for name in claim.names:
                by_name[name].append(len(stories))
            stories.append(claim)


def _is_next(last: Counted, claim: Counted, stated: Sequence[Any]) -> bool:
    """Whether two claims close to each other in one text speak of one thing.

    *32 stores opened, 48 stores closed*: a common noun alone does not tell, unless the number
    is the same or somebody else gives it.
    """
    if last.doc_id != claim.doc_id or claim.sentence_id - last.sentence_id > _NEAR:
        return False
    one, other = stated[last.row], stated[claim.row]
    again = overlap(value(one), value(other)) or is_addition(other)
    told = one.source_id and other.source_id and one.source_id != other.source_id
    return bool(is_specific(claim.thing) or again or told)


def is_specific(known: Thing | None) -> bool:
    """Return whether what is counted is named so well that it is one thing in all texts.

    A rare word alone may be a measure (*dunums*); a country's *people* may be any of them.
    """
    if known is None:
        return False
    words = known._replace(actors=frozenset())
    if known.actors:
        return words.weight >= _TELLING
    return words.weight >= _SPECIFIC and len(known.noun.split()) + len(known.marks) > 1


def _is_one_story(one: Counted, other: Counted) -> bool:
    assert one.thing and other.thing
    of_actor = {name.lower() for name in one.thing.actors}
    first, second = one.names - of_actor, other.names - of_actor
    if is_specific(one.thing):
        return not (first and second) or shared_weight(first, second) >= _AT_LEAST
    needed = max(_AT_LEAST, _SPECIFIC + 1 - one.thing.weight)
    return shared_weight(first, second) >= needed


def _matched(
    stated: Sequence[Any], counted: Sequence[Counted], one: range, other: range
) -> Iterator[tuple[int, int]]:
    """Claims of two places of a passage, in turn, where both have as many of a kind."""
    kinds: list[dict[Hashable, list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, rows in zip(kinds, (one, other), strict=True):
        for row in rows:
            known = counted[row].thing
            side[(known.noun, known.marks) if known else None, stated[row].unit].append(row)
    for kind, first in kinds[0].items():
        second = kinds[1].get(kind, [])
        if len(first) == len(second):
            yield from (
                (a, b) for a, b in zip(first, second, strict=True) if _fit(counted[a], counted[b])
            )


def _fit(one: Counted, other: Counted) -> bool:
    """Whether two claims of one noun have one actor, or one of them names none."""
    if one.thing is None or other.thing is None:
        return True
    actors = one.thing.actors, other.thing.actors
    return actors[0] == actors[1] or not all(actors)


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


def _as_table(
    found: pd.DataFrame,
    counted: Sequence[Counted],
    relations: dict[int, tuple[str, int | None]],
    joined: Joined,
    least: int,
) -> pd.DataFrame:
    members: dict[int, list[int]] = defaultdict(list)
    for row in range(len(counted)):
        members[joined.root(row)].append(row)
    groups = [
        rows
        for rows in members.values()
        if len(rows) >= least and (len(rows) > 1 or counted[rows[0]].thing)
    ]
    groups.sort(key=lambda rows: (-len(rows), rows))
    taken: Counter[str] = Counter()
    order = [row for rows in groups for row in rows]
    ids: list[str] = []
    labels: list[str] = []
    plain = [_label(found, counted, relations, rows) for rows in groups]
    common = Counter(plain)
    for rows, label in zip(groups, plain, strict=True):
        label += _story(counted, rows) if common[label] > 1 else ""
        taken[label] += 1
        ids += [label if taken[label] == 1 else f"{label} ({taken[label]})"] * len(rows)
        labels += [label] * len(rows)
    chosen = found.iloc[order]
    related = [relations.get(row, (None, None)) for row in order]
    names = found["claim_id"].tolist()
    frame = chosen[_FACTS].reset_index(drop=True)
    frame.insert(0, "group_id", ids)
    frame.insert(1, "label", labels)
    things = [counted[row] for row in order]
    frame.insert(6, "stated", [str(value(row)) for row in plain_rows(chosen)])
    frame["actor"] = [
        "; ".join(sorted(t.thing.actors)) or None if t.thing else None for t in things
    ]
    frame["actor_basis"] = [t.basis for t in things]
    frame["is_specific"] = [is_specific(t.thing) for t in things]
    frame["relation"] = [kind for kind, _ in related]
    frame["of_claim_id"] = [None if whole is None else names[whole] for _, whole in related]
    frame["sentence"] = chosen["sentence"].to_numpy()
    return frame.astype(_LABELS | _ADDED)


def _story(counted: Sequence[Counted], rows: Sequence[int]) -> str:
    """The names that tell one group on *people* from another, in brackets."""
    if any(counted[row].thing is None or is_specific(counted[row].thing) for row in rows[:1]):
        return ""
    names = Counter(name for row in rows for name in counted[row].names)
    shared = [name for name, n in names.items() if 2 * n > len(rows)]
    telling = sorted(shared, key=lambda name: (-names[name], -telling_name(name), name))
    return f" ({', '.join(name.title() for name in telling[:_NAMES])})" if telling else ""


def _label(
    found: pd.DataFrame,
    counted: Sequence[Counted],
    relations: dict[int, tuple[str, int | None]],
    rows: Sequence[int],
) -> str:
    """What a group counts, in the wording that most of its claims have."""
    whole = [row for row in rows if relations.get(row, ("",))[0] != PART] or rows
    named = [row for row in whole if counted[row].basis == "named"] or whole
    texts = [text for row in named if isinstance(text := found["counted"].iat[row], str)]
    of = counted[whole[0]]
    if not texts:
        return f"“{' '.join(str(found['text'].iat[whole[0]]).split())}”"
    words = Counter(texts).most_common(1)[0][0]
    parts = [words]
    status = of.key[4] if isinstance(of.key, tuple) else None
    parts += [status] if isinstance(status, str) and status not in words.lower() else []
    unit = found["unit"].iat[whole[0]]
    if isinstance(unit, str):
        parts.append(unit if unit.startswith("per ") else f"in {unit}")
    parts += ["change"] if isinstance(of.key, tuple) and of.key[5] else []
    return ", ".join(parts)
