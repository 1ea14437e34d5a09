"""Which claims may be compared: one thing counted, one actor, one unit, one story."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from nbhelpers.corroboration.context import shared_weight
from nbhelpers.corroboration.described import PART, Described, is_addition
from nbhelpers.corroboration.things import Thing, telling_name
from nbhelpers.corroboration.values import overlap

_SPECIFIC = 4.0  # weight of words that tell a thing from all others
_TELLING = 1.2  # of an actor's: *soldiers*, not *citizens*
_AT_LEAST = 1.0  # weight of shared names that any two texts need
_NEAR = 2  # sentences within which one text speaks of one thing
_NAMES = 2  # names that a label has
_COMPARED = 40  # groups that share a name with a claim and are held against it, the latest first


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


def join_alike(rows: Iterable[int], claims: Sequence[Described], joined: Joined) -> None:
    """Join claims of one key that belong to one story; ``rows`` are their numbers, in order.

    Each is held against the groups so far that share a name with it, so that the work grows with
    the claims and not with their square.
    """
    stories: list[tuple[int, Described]] = []
    by_name: dict[str, list[int]] = defaultdict(list)
    last: tuple[int, Described] | None = None
    for row in rows:
        claim = claims[row]
        before, last = last, (row, claim)
        if before and _is_next(before[1], claim):
            joined.join(before[0], row)
            continue
        near = {n for name in claim.names for n in by_name[name][-_COMPARED:]}
        near |= set(range(min(len(stories), _COMPARED)))
        same = [n for n in sorted(near) if _is_one_story(stories[n][1], claim)]
        for number in same:
            joined.join(stories[number][0], row)
        if not same:
            for name in claim.names:
                by_name[name].append(len(stories))
            stories.append(last)


def _is_next(last: Described, claim: Described) -> bool:
    """Whether two claims close to each other in one text speak of one thing.

    *32 stores opened, 48 stores closed*: a common noun alone does not tell, unless the number
    is the same or somebody else gives it.
    """
    one, other = last.claim, claim.claim
    if one.doc_id != other.doc_id or other.sentence_id - one.sentence_id > _NEAR:
        return False
    again = overlap(one.value, other.value) or is_addition(other)
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


def _is_one_story(one: Described, other: Described) -> bool:
    assert one.thing and other.thing
    of_actor = {name.lower() for name in one.thing.actors}
    first, second = one.names - of_actor, other.names - of_actor
    if is_specific(one.thing):
        return not (first and second) or shared_weight(first, second) >= _AT_LEAST
    needed = max(_AT_LEAST, _SPECIFIC + 1 - one.thing.weight)
    return shared_weight(first, second) >= needed


def matched(
    claims: Mapping[int, Described], others: Mapping[int, Described]
) -> Iterator[tuple[int, int]]:
    """Yield claims of two places of a passage, in turn, where both have as many of a kind."""
    kinds: list[dict[Hashable, list[int]]] = [defaultdict(list), defaultdict(list)]
    for side, some in zip(kinds, (claims, others), strict=True):
        for row, claim in some.items():
            known = claim.thing
            side[known and (known.noun, known.marks), claim.claim.unit].append(row)
    for kind, first in kinds[0].items():
        second = kinds[1].get(kind, [])
        if len(first) == len(second):
            yield from (
                (a, b) for a, b in zip(first, second, strict=True) if _fit(claims[a], others[b])
            )


def _fit(one: Described, other: Described) -> bool:
    """Whether two claims of one noun have one actor, or one of them names none."""
    if one.thing is None or other.thing is None:
        return True
    actors = one.thing.actors, other.thing.actors
    return actors[0] == actors[1] or not all(actors)


def label(members: Sequence[Described]) -> str:
    """Return what a group counts, in the wording that most of its claims have."""
    whole = [m for m in members if m.relation != PART] or members
    named = [m for m in whole if m.basis == "named"] or whole
    texts = [m.claim.counted for m in named if m.claim.counted]
    of = whole[0]
    if not texts:
        return f"“{' '.join(of.claim.text.split())}”"
    words = Counter(texts).most_common(1)[0][0]
    parts = [words]
    parts += [of.status] if of.thing and of.status and of.status not in words.lower() else []
    if unit := of.claim.unit:
        parts.append(unit if unit.startswith("per ") else f"in {unit}")
    parts += ["change"] if of.thing and of.is_change else []
    return ", ".join(parts)


def story(members: Sequence[Described]) -> str:
    """Return the names that tell one group on *people* from another, in brackets."""
    if members[0].thing is None or is_specific(members[0].thing):
        return ""
    names = Counter(name for member in members for name in member.names)
    shared = [name for name, n in names.items() if 2 * n > len(members)]
    telling = sorted(shared, key=lambda name: (-names[name], -telling_name(name), name))
    return f" ({', '.join(name.title() for name in telling[:_NAMES])})" if telling else ""
