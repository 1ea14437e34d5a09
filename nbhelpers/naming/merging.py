"""One source for what several texts name alike; wrong merges are worse than splits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from nbhelpers.corpus import Corpus
from nbhelpers.naming.entities import Entity, Keys, given_and_family, institution_key
from nbhelpers.naming.lexicons import given_names, institutions, phrase_key
from nbhelpers.naming.phrases import without_article

Holders = Mapping[str, set[Keys]]
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Somebody who is quoted, with the entity of each text that speaks of them."""

    source_id: str
    name: str
    entities: Sequence[tuple[str, Entity]]
    reason: str | None = None


def merged(
    cited: Iterable[tuple[str, Entity]], named: Iterable[Entity], texts: Mapping[str, str]
) -> dict[int, Source]:
    """Return the source of each entity, by the entity's ``id()``.

    ``cited`` are the entities that are sources, with the ids of their texts, ``named`` all that
    any text names. Full names and institutions are the same in every text. A surname that stands
    alone in its text joins the only full name of the corpus that has it; where several have it,
    and where somebody is only described, the source stays with its text.
    """
    holders = _holders(named)
    groups: dict[Key, list[tuple[str, Entity]]] = defaultdict(list)
    for doc_id, entity in {id(entity): (doc_id, entity) for doc_id, entity in cited}.values():
        groups[_key(doc_id, entity, holders)].append((doc_id, entity))
    taken: Counter[str] = Counter()
    sources: dict[int, Source] = {}
    for key, group in groups.items():
        name = _name(group, texts)
        source_id = _unique(_id(key, name, group[0][0]), taken)
        source = Source(source_id, name, group, _reason(group[0][1], holders))
        sources |= {id(entity): source for _, entity in group}
    return sources


def _holders(named: Iterable[Entity]) -> dict[str, set[Keys]]:
    """The full names of the corpus in which each word is the surname, or begins the name."""
    holders: dict[str, set[Keys]] = defaultdict(set)
    for entity in named:
        if entity.kind in ("person", "other") and entity.fullest:
            keys = given_and_family(entity.fullest)
            if len(keys) > 1:
                holders[keys[-1]].add(keys)
    return holders


def _key(doc_id: str, entity: Entity, holders: Holders) -> Key:
    """What entities of different texts share if they are one source."""
    if entity.members:
        return ("group", *(_key(doc_id, member, holders) for member in entity.members))
    name = entity.fullest
    if name is None:
        return "local", doc_id, entity.kind, entity.span
    if entity.kind == "institution":
        return "institution", *institution_key(name)
    keys = given_and_family(name)
    if len(keys) > 1:
        return "person", *keys
    bearing = holders.get(keys[0], set())
    if len(bearing) == 1:
        return "person", *next(iter(bearing))
    is_shared = not bearing and keys[0] not in given_names()
    return ("person", *keys) if is_shared else ("local", doc_id, *keys)


def _reason(entity: Entity, holders: Holders) -> str | None:
    name = entity.fullest
    if name is None or entity.kind == "institution":
        return None
    keys = given_and_family(name)
    bearing = holders.get(keys[0], ()) if len(keys) == 1 else ()
    if len(bearing) > 1:
        return f"{len(bearing)} people of the corpus have this surname"
    return None


def _name(group: Sequence[tuple[str, Entity]], texts: Mapping[str, str]) -> str:
    """The full name that is used most; an institution's name as the lexicon has it."""
    doc_id, first = group[0]
    if first.members:
        return " and ".join(_name([(doc_id, member)], texts) for member in first.members)
    if first.kind == "author":
        return f"author of {doc_id}"
    if first.description and not first.names:
        start, end = first.description.span
        return without_article(texts[doc_id][start:end])
    forms = Counter(" ".join(n.words) for _, entity in group for n in entity.names)
    if first.kind == "institution":
        listed = institutions().get(phrase_key(next(iter(forms))))
        if listed:
            return listed.name
    return max(forms, key=lambda form: (len(form.split()) > 1, forms[form], len(form), form))


def _id(key: Key, name: str, doc_id: str) -> str:
    words = " ".join(name.lower().split())
    return f"{words} ({doc_id})" if key[0] == "local" else words


def _unique(source_id: str, taken: Counter[str]) -> str:
    taken[source_id] += 1
    return source_id if taken[source_id] == 1 else f"{source_id} {taken[source_id]}"


def sources_of(corpus: Corpus, relations: pd.DataFrame) -> list[Source | None]:
    """Return the source of each of a corpus's relations; None where it has none."""
    resolutions = relations["resolution"].tolist()
    cited = [
        (doc_id, resolution.entity)
        for doc_id, resolution in zip(relations["doc_id"], resolutions, strict=True)
        if resolution
    ]
    named = (e for of_text in {id(n): n for n in relations["named"]}.values() for e in of_text)
    sources = merged(cited, named, {doc_id: corpus.text(doc_id) for doc_id, _ in cited})
    return [resolution and sources[id(resolution.entity)] for resolution in resolutions]
