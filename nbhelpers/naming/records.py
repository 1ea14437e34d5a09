"""What was read in a text as one line of JSON, and back: so that it is read once and kept.

Objects refer to each other by their numbers in the record, so that what was one is one again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.lexicons import Role
from nbhelpers.naming.documents import Resolved
from nbhelpers.naming.entities import Entity
from nbhelpers.naming.names import Beside, Name
from nbhelpers.naming.phrases import Phrase
from nbhelpers.naming.resolution import Resolution
from nbhelpers.text import Span

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_record(attributions: Sequence[Attribution], resolved: Resolved) -> str:
    """Return what was read in a text as compact JSON.

    >>> to_record([Attribution(source=[(0, 3)])], Resolved([None], [], {}))
    '{"attributions":[[[[0,3]],[],[],1.0,null,false]],"sources":[null],"named":[],"pronouns":[],\
"entities":[],"names":[],"roles":[]}'
    """
    number = {id(a): place for place, a in enumerate(attributions)}
    writer = _Writer()
    record = {
        "attributions": [
            (a.source, a.cue, a.content, a.confidence, number.get(id(a.via)), a.is_verbatim)
            for a in attributions
        ],
        "sources": [who and writer.resolution(who) for who in resolved.sources],
        "named": [writer.entity(entity) for entity in resolved.named],
        "pronouns": [(at, writer.resolution(who)) for at, who in resolved.pronouns.items()],
        "entities": writer.entities,
        "names": writer.names,
        "roles": list(writer.roles),
    }
    return _encode(record)


def from_record(record: str) -> tuple[list[Attribution], Resolved]:
    """Return what :func:`to_record` was given.

    >>> from_record(to_record([Attribution(source=[(0, 3)])], Resolved([None], [], {})))[1]
    Resolved(sources=[None], named=[], pronouns={})
    """
    told = json.loads(record)
    attributions = [
        Attribution(_spans(source), _spans(cue), _spans(content), confidence, None, is_verbatim)
        for source, cue, content, confidence, _, is_verbatim in told["attributions"]
    ]
    for attribution, (*_, via, _) in zip(attributions, told["attributions"], strict=True):
        attribution.via = None if via is None else attributions[via]
    return attributions, _resolved(told)


def resolved_in(record: str) -> Resolved:
    """Return the second of what :func:`from_record` returns, in half the time."""
    return _resolved(json.loads(record))


def _resolved(told: Any) -> Resolved:
    reader = _Reader(told)
    sources = [who and reader.resolution(*who) for who in told["sources"]]
    pronouns = {at: reader.resolution(*who) for at, who in told["pronouns"]}
    return Resolved(sources, [reader.entities[n] for n in told["named"]], pronouns)


def as_records(read: pd.DataFrame) -> pd.DataFrame:
    """Return :func:`~nbhelpers.naming.relations.readings` as plain values: doc_id, record."""
    rows = zip(read["attributions"], read["resolved"], strict=True)
    records = pd.Series([to_record(*row) for row in rows], dtype="str")
    return pd.DataFrame({"doc_id": read["doc_id"].astype("str"), "record": records})


def from_records(records: pd.DataFrame) -> pd.DataFrame:
    """Return :func:`~nbhelpers.naming.relations.readings` from what :func:`as_records` made."""
    rows = [
        (doc_id, *from_record(record))
        for doc_id, record in zip(records["doc_id"], records["record"], strict=True)
    ]
    return pd.DataFrame(rows, columns=["doc_id", "attributions", "resolved"])


class _Writer:
    """Numbers the entities, names and roles of a text as they are met."""

    def __init__(self) -> None:
        self.entities: list[object] = []
        self.names: list[object] = []
        self.roles: dict[Role, int] = {}
        self._numbers: dict[int, int] = {}

    def resolution(self, who: Resolution) -> tuple[object, ...]:
        return self.entity(who.entity), who.basis, who.antecedent, who.reason, who.probability

    def entity(self, entity: Entity) -> int:
        if id(entity) not in self._numbers:
            # The fullest name is told too: it is chosen when an entity has not yet all its names
            row = (
                entity.kind,
                [self._name(name) for name in entity.names],
                self._name(entity.fullest) if entity.fullest else None,
                self._phrase(entity.description) if entity.description else None,
                [self.entity(member) for member in entity.members],
                entity.handle,
            )
            self._numbers[id(entity)] = len(self.entities)
            self.entities.append(row)
        return self._numbers[id(entity)]

    def _name(self, name: Name) -> int:
        if id(name) not in self._numbers:
            self._numbers[id(name)] = len(self.names)
            beside = name.beside and (self._role(name.beside.role), name.beside.span)
            flags = name.is_quoted, name.is_titled, name.is_impersonal, name.is_doubtful
            told = name.start, name.end, name.words, name.kind, beside, name.country
            place = name.token, name.token_end, name.sentence
            self.names.append((*told, *place, sum(flag << n for n, flag in enumerate(flags))))
        return self._numbers[id(name)]

    def _phrase(self, worded: Phrase) -> tuple[object, ...]:
        names = [self._name(name) for name in worded.names]
        role, modifiers = self._role(worded.role), sorted(worded.modifiers)
        told = worded.kind, worded.span, worded.whole, names, worded.noun
        return *told, role, worded.is_definite, modifiers

    def _role(self, role: Role | None) -> int | None:
        return None if role is None else self.roles.setdefault(role, len(self.roles))


class _Reader:
    """The roles, names and entities of a record."""

    def __init__(self, told: Any) -> None:
        self._roles = [Role(*row) for row in told["roles"]]
        self._names = [self._name(*row) for row in told["names"]]
        self.entities: list[Entity] = []
        for row in told["entities"]:  # a group comes behind its members
            self.entities.append(self._entity(*row))

    def resolution(
        self, entity: int, basis: str, antecedent: Any, reason: str | None, probability: float
    ) -> Resolution:
        place = None if antecedent is None else _span(antecedent)
        return Resolution(self.entities[entity], basis, place, reason, probability)

    def _entity(
        self, kind: Any, names: Any, fullest: int | None, worded: Any, members: Any, handle: str
    ) -> Entity:
        description = None if worded is None else self._phrase(*worded)
        group = tuple(self.entities[member] for member in members)
        entity = Entity(kind, [self._names[name] for name in names], description, group, handle)
        entity.fullest = None if fullest is None else self._names[fullest]
        return entity

    def _name(self, start: int, end: int, words: Any, kind: Any, beside: Any, *more: Any) -> Name:
        *told, flags = more
        aside = None if beside is None else Beside(self._role(beside[0]), _span(beside[1]))
        is_ = [bool(flags >> n & 1) for n in range(4)]
        return Name(start, end, tuple(words), kind, aside, *told, *is_)

    def _phrase(
        self, kind: Any, span: Any, whole: Any, names: Any, noun: str, role: Any, *more: Any
    ) -> Phrase:
        is_definite, modifiers = more
        inside = tuple(self._names[name] for name in names)
        head = self._role(role)
        return Phrase(
            kind, _span(span), _span(whole), inside, noun, head, is_definite, frozenset(modifiers)
        )

    def _role(self, number: int | None) -> Role | None:
        return None if number is None else self._roles[number]


def _span(pair: Sequence[int]) -> Span:
    start, end = pair
    return start, end


def _spans(pairs: Sequence[Sequence[int]]) -> list[Span]:
    return [_span(pair) for pair in pairs]
