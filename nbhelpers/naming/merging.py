"""One source for what several texts name alike; wrong merges are worse than splits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.vocabulary import is_ordinary
from nbhelpers.lexicons import institution, institution_type, nationalities, phrase_key
from nbhelpers.naming.entities import Entity, Keys, given_and_family, institution_key
from nbhelpers.naming.names import Name
from nbhelpers.naming.phrases import without_article
from nbhelpers.naming.relations import readings, relations

Holders = Mapping[str, Mapping[Keys, str]]
_OF_COUNTRIES = ("government", "lawmaker", "military", "intelligence")
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
    any text names. Full names are the same in every text, and so are institutions, unless any
    country may have them (*the Health Ministry*). A surname that stands alone in its text joins the
    only person of the corpus who has it; where several have it or nobody, and where somebody is
    only described, the source stays with its text.
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


def _holders(named: Iterable[Entity]) -> Holders:
    """The full names of the corpus in which each word is the surname, with their genders."""
    holders: dict[str, dict[Keys, str]] = defaultdict(dict)
    for entity in named:
        keys = given_and_family(entity.fullest) if entity.fullest else ()
        if entity.kind == "person" and len(keys) > 1:
            holders[keys[-1].split()[0]].setdefault(keys, entity.gender)
    return holders


def _bearing(entity: Entity, word: str, holders: Holders) -> list[Keys]:
    """The people who have a surname, those left out who are of the other gender."""
    told = {entity.gender, ""}
    everybody = holders.get(word, {}).items()
    return [keys for keys, gender in everybody if not entity.gender or gender in told]


def _key(doc_id: str, entity: Entity, holders: Holders) -> Key:
    """What entities of different texts share if they are one source."""
    if entity.members:
        return ("group", *(_key(doc_id, member, holders) for member in entity.members))
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
    bearing = _bearing(entity, keys[0], holders)
    return ("person", *bearing[0]) if len(bearing) == 1 else ("local", doc_id, *keys)


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


def _reason(entity: Entity, holders: Holders) -> str | None:
    """Why a source that other texts may name too stays with its text."""
    name = entity.fullest
    if name is None:
        return None
    if entity.kind == "institution":
        return "it is not said of which country it is" if _is_anywhere(entity) else None
    keys = given_and_family(name)
    bearing = _bearing(entity, keys[0], holders) if len(keys) == 1 else [()]
    if len(bearing) == 1:
        return None
    if not bearing:
        return "the texts give no full name"
    return f"{len(bearing)} people of the corpus have this surname"


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
    if first.kind == "institution" and (listed := institution(next(iter(forms)))):
        return listed.name if listed.country else _with_country(listed.name, first)
    best = max(forms, key=lambda form: (len(form.split()) > 1, forms[form], len(form), form))
    return _with_country(best, first)


def _with_country(name: str, entity: Entity) -> str:
    """Tell *Kenya’s Health Ministry* from other countries'."""
    country = next((n.country for n in entity.names if n.country), None)
    is_told = country is None or any(nationalities().get(phrase_key(w)) for w in name.split())
    return name if is_told or not is_ordinary(name) else f"{name} ({country})"


def _id(key: Key, name: str, doc_id: str) -> str:
    words = " ".join(name.lower().split())
    return f"{words} ({doc_id})" if key[0] == "local" else words


def _unique(source_id: str, taken: Counter[str]) -> str:
    taken[source_id] += 1
    return source_id if taken[source_id] == 1 else f"{source_id} {taken[source_id]}"


@table
def merged_sources(corpus: Corpus, *, model: str) -> pd.DataFrame:
    """List the source of each attribution, in the order of the relations.

    Columns: attribution_id, source (a :class:`Source`; None where an attribution has none).
    """
    found = relations(corpus, model=model)
    cited = [
        (doc_id, resolution.entity)
        for doc_id, resolution in zip(found["doc_id"], found["resolution"], strict=True)
        if resolution
    ]
    named = (e for of_text in readings(corpus, model=model)["resolved"] for e in of_text.named)
    sources = merged(cited, named, {doc_id: corpus.text(doc_id) for doc_id, _ in cited})
    of_each = [who and sources[id(who.entity)] for who in found["resolution"]]
    return pd.DataFrame({"attribution_id": found["attribution_id"], "source": of_each}).astype(
        {"source": "object"}
    )
