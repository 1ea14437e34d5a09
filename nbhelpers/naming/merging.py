"""One source for what several texts name alike; wrong merges are worse than splits.

The texts are gone through twice, and only their names are kept: first who bears which surname,
then by which names each source goes. After that the sources of any text can be told, in any order.
"""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from nbhelpers.extraction.vocabulary import is_ordinary
from nbhelpers.lexicons import (
    demonyms,
    institution,
    institution_type,
    nationalities,
    phrase_key,
)
from nbhelpers.naming.documents import Resolved
from nbhelpers.naming.entities import Entity, Keys, given_and_family, institution_key
from nbhelpers.naming.names import Name
from nbhelpers.naming.phrases import without_article
from nbhelpers.text import MONTH

MOST = 1000
"""How many of the actors that are named most are told."""

_OF_COUNTRIES = ("government", "lawmaker", "military", "intelligence")
_BREAK, _BEHIND = "\x1f", "\x20"  # what stands in no word, and the character behind it
Key = tuple[object, ...]


class Reading(NamedTuple):
    """A text, and whom its sources and its names mean there."""

    doc_id: str
    text: str
    resolved: Resolved


class Source(NamedTuple):
    """Somebody who is quoted or named; ``reason``: why it stays with its text."""

    source_id: str
    name: str
    reason: str | None


class Actor(NamedTuple):
    """A person or an institution, and how often the texts name it."""

    source_id: str
    name: str
    n_names: int


def merged(
    readings: Callable[[], Iterable[Reading]], *choices: Callable[[Resolved], list[Entity]]
) -> tuple[Merged, ...]:
    """Return the sources of a corpus among the entities of each choice.

    Args:
        readings: gives the texts from the first to the last, in any order, each time it is called
            (twice).
        choices: which entities of a text are meant, each once, in an order that stays the same.

    Full names are the same in every text, and so are institutions, unless any country may have
    them (*the Health Ministry*). A surname that stands alone in its text joins the only person of
    the corpus who has it; where several have it or nobody, and where somebody is only described,
    the source stays with its text.
    """
    surnames = Surnames(readings())
    found = tuple(Merged(surnames) for _ in choices)
    for reading in readings():
        for sources, entities in zip(found, choices, strict=True):
            sources.hear(reading, entities(reading.resolved))
    for sources in found:
        sources.settle()
    return found


class Surnames:
    """The full names of a corpus by the words that are a surname in them, with the genders.

    The gender is that of the first text by its id. In memory is a string for each full name.
    """

    def __init__(self, readings: Iterable[Reading]) -> None:
        """Take note of the people whom the texts name in full."""
        told: dict[str, tuple[str, str]] = {}
        for doc_id, _, resolved in readings:
            for form, gender in _full_names(resolved.named):
                if form not in told or doc_id < told[form][0]:
                    told[form] = doc_id, gender
        self._genders = {form: gender for form, (_, gender) in told.items()}
        self._forms = sorted(told)
        self._known: dict[tuple[str, str], tuple[int, Keys]] = {}

    def bearers(self, surname: str, gender: str) -> tuple[int, Keys]:
        """Return how many have a surname, those left out who are of the other gender, and one."""
        asked = surname, gender
        if asked not in self._known:
            first, end = (bisect_left(self._forms, surname + mark) for mark in (_BREAK, _BEHIND))
            alike = ("", gender) if gender else ("", "f", "m")
            found = [form for form in self._forms[first:end] if self._genders[form] in alike]
            self._known[asked] = len(found), tuple(found[0].split(_BREAK)[1:]) if found else ()
        return self._known[asked]


def _full_names(named: Iterable[Entity]) -> Iterator[tuple[str, str]]:
    """The people who are named in full, their surnames first, and their genders."""
    for entity in named:
        keys = given_and_family(entity.fullest) if entity.fullest else ()
        if entity.kind == "person" and len(keys) > 1:
            yield _BREAK.join((keys[-1].split()[0], *keys)), entity.gender


@dataclass(slots=True)
class _Group:
    """What is known of a source so far: of the text that comes first by its id, and its names.

    There may be millions, most of them with one form of their name: no dictionary is made for it.
    """

    is_local: bool
    doc_id: str | None = None
    number: int = 0  # of its entity in that text
    name: str | None = None  # where its forms do not decide it
    country: str | None = None
    reason: str | None = None
    form: str = ""
    count: int = 0
    others: dict[str, int] | None = None  # its other forms
    n_names: int = 0  # as an actor
    twin: int = 1  # which one it is of those with the same id

    def add(self, entity: Entity) -> None:
        """Count the names of one of its entities."""
        for name in entity.names:
            form = " ".join(name.words)
            self.form = self.form or form
            if form == self.form:
                self.count += 1
            else:
                self.others = self.others or {}
                self.others[form] = self.others.get(form, 0) + 1
        if _is_actor(entity):
            self.n_names += len(entity.names)

    def settle(self) -> None:
        """Take the full name that is used most, unless the name is told otherwise."""
        if self.name is None:
            forms = {self.form: self.count} | (self.others or {})
            best = max(forms, key=lambda f: (len(f.split()) > 1, forms[f], len(f), f))
            self.name = _with_country(best, self.country)
        self.others = None

    @property
    def words(self) -> str:
        """Its id, but for the number of a twin: no two texts share that of a local source."""
        words = " ".join((self.name or "").lower().split())
        return f"{words.replace(' (', ' ')} ({self.doc_id})" if self.is_local else words


class Merged:
    """The sources of a corpus among some of its entities; made by :func:`merged`."""

    def __init__(self, surnames: Surnames) -> None:
        """Begin with the people whom the corpus names in full."""
        self._surnames = surnames
        self._groups: dict[str, _Group] = {}
        self._taken: dict[str, int] = {}  # ids that look like those of local sources
        self._local_actors: list[_Group] = []

    def hear(self, reading: Reading, entities: Sequence[Entity]) -> None:
        """Take note of some entities of a text; what stays with the text is soon forgotten."""
        keys = [_key(reading.doc_id, entity, self._surnames) for entity in entities]
        for number, (key, entity) in enumerate(zip(keys, entities, strict=True)):
            if not _is_local(key):
                group = self._groups.setdefault(str(key), _Group(is_local=False))
                self._add(group, reading, number, entity)
        local = self._local(reading, keys, entities).values()
        self._local_actors += [group for group in local if group.n_names]
        if len(self._local_actors) > 2 * MOST:
            self._local_actors = heapq.nsmallest(MOST, self._local_actors, key=self._rank)

    def settle(self) -> None:
        """Give each source its name, and numbers to those that would have the same id."""
        first: dict[str, _Group] = {}
        twins: dict[str, list[_Group]] = defaultdict(list)
        for group in self._groups.values():
            group.settle()
            if first.setdefault(group.words, group) is not group:
                twins[group.words].append(group)
        for words, others in twins.items():
            in_order = sorted([first[words], *others], key=attrgetter("doc_id", "number"))
            for number, group in enumerate(in_order, 1):
                group.twin = number
        self._taken = {w: 1 + len(twins.get(w, ())) for w in first if w.endswith(")")}

    def sources(self, reading: Reading, entities: Sequence[Entity]) -> list[Source]:
        """Return the source of each of the entities of a text that were heard."""
        keys = [_key(reading.doc_id, entity, self._surnames) for entity in entities]
        local = self._local(reading, keys, entities)
        groups = [local[k] if (k := str(key)) in local else self._groups[k] for key in keys]
        return [Source(self._id(group), group.name or "", group.reason) for group in groups]

    def actors(self) -> list[Actor]:
        """Return the ``MOST`` people and institutions that are named most often, in order."""
        named = (group for group in self._groups.values() if group.n_names)
        most = heapq.nsmallest(MOST, chain(named, self._local_actors), key=self._rank)
        return [Actor(self._id(group), group.name or "", group.n_names) for group in most]

    def _add(self, group: _Group, reading: Reading, number: int, entity: Entity) -> None:
        doc_id, text, _ = reading
        if group.doc_id is None or doc_id < group.doc_id:
            group.doc_id, group.number = doc_id, number
            group.name = _told_name(doc_id, text, entity)
            group.country = _country(entity)
            group.reason = _reason(entity, self._surnames)
        group.add(entity)

    def _local(
        self, reading: Reading, keys: Sequence[Key], entities: Sequence[Entity]
    ) -> dict[str, _Group]:
        """The sources that stay with their text."""
        groups: dict[str, _Group] = {}
        for number, (key, entity) in enumerate(zip(keys, entities, strict=True)):
            if _is_local(key):
                group = groups.setdefault(str(key), _Group(is_local=True))
                self._add(group, reading, number, entity)
        alike: Counter[str] = Counter()
        for group in groups.values():
            group.settle()
            alike[group.words] += 1
            group.twin = alike[group.words]
        return groups

    def _id(self, group: _Group) -> str:
        words = group.words
        number = group.twin + (self._taken.get(words, 0) if group.is_local else 0)
        return words if number == 1 else f"{words} {number}"

    def _rank(self, group: _Group) -> tuple[int, str]:
        return -group.n_names, self._id(group)


def _key(doc_id: str, entity: Entity, surnames: Surnames) -> Key:
    """What entities of different texts share if they are one source."""
    if entity.members:
        return ("group", *(_key(doc_id, member, surnames) for member in entity.members))
    if entity.kind == "author":
        return "author", doc_id
    if entity.handle and entity.kind != "person":
        return "handle", entity.handle.lower()
    name = entity.fullest
    if name is None:
        return "local", doc_id, entity.kind, entity.span
    if entity.kind == "institution":
        own = institution_key(_best_known(entity))
        return ("local", doc_id, *own) if _is_anywhere(entity) else ("institution", *own)
    keys = given_and_family(name)
    if len(keys) > 1:
        return "person", *keys
    count, bearer = surnames.bearers(keys[0], entity.gender)
    return ("person", *bearer) if count == 1 else ("local", doc_id, *keys)


def _is_local(key: Key) -> bool:
    return key[0] == "local"


def _is_actor(entity: Entity) -> bool:
    """A person or an institution, not an adjective (*Russian*) or a month."""
    form = phrase_key(entity.words)
    is_known = entity.kind in ("person", "institution") or bool(entity.roles)
    return is_known and form not in demonyms() and not re.fullmatch(MONTH, entity.words)


def _best_known(entity: Entity) -> Name:
    """The name by which the lexicon knows an institution of the same country, else the fullest."""
    fullest = entity.fullest or entity.names[0]
    for name in entity.names:
        listed = institution(" ".join(name.words))
        if listed and fullest.country in (listed.country, None) and len(name.words) == 1:
            return fullest if institution(entity.words) or not fullest.country else name
    return fullest


def _is_anywhere(entity: Entity) -> bool:
    """An institution of ordinary words that any country may have, and none is named."""
    if any(name.country for name in entity.names):
        return False
    listed = institution(entity.words)
    if listed and (listed.country or listed.type not in _OF_COUNTRIES):
        return False
    return institution_type(entity.words) is not None and is_ordinary(entity.words)


def _reason(entity: Entity, surnames: Surnames) -> str | None:
    """Why a source that other texts may name too stays with its text."""
    name = entity.fullest
    if name is None:
        return None
    if entity.kind == "institution":
        return "it is not said of which country it is" if _is_anywhere(entity) else None
    keys = given_and_family(name)
    count = surnames.bearers(keys[0], entity.gender)[0] if len(keys) == 1 else 1
    if count == 1:
        return None
    if not count:
        return "the texts give no full name"
    return f"{count} people of the corpus have this surname"


def _told_name(doc_id: str, text: str, entity: Entity) -> str | None:
    """The name of a source where it is not one of the forms that texts use."""
    if entity.members:
        return " and ".join(_name_alone(doc_id, text, member) for member in entity.members)
    if entity.kind == "author":
        return f"author of {doc_id}"
    if entity.description and not entity.names:
        start, end = entity.description.span
        return without_article(text[start:end])
    if entity.kind == "institution" and (listed := institution(" ".join(entity.names[0].words))):
        return listed.name if listed.country else _with_country(listed.name, _country(entity))
    return None


def _name_alone(doc_id: str, text: str, entity: Entity) -> str:
    told = _told_name(doc_id, text, entity)
    group = _Group(is_local=True, name=told, country=_country(entity))
    group.add(entity)
    group.settle()
    return group.name or ""


def _country(entity: Entity) -> str | None:
    return next((name.country for name in entity.names if name.country), None)


def _with_country(name: str, country: str | None) -> str:
    """Tell *Kenya’s Health Ministry* from other countries'."""
    is_told = country is None or any(nationalities().get(phrase_key(w)) for w in name.split())
    return name if is_told or not is_ordinary(name) else f"{name} ({country})"
