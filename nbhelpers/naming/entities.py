"""The names of one text, put together where they name the same one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nbhelpers.extraction.chains import is_medium
from nbhelpers.naming.lexicons import Role, given_names, institutions, key, nationalities, phrase_key
from nbhelpers.naming.names import SUFFIXES, Kind, Name
from nbhelpers.naming.phrases import Phrase
from nbhelpers.naming.story import Story
from nbhelpers.text import Span

Keys = tuple[str, ...]


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody or something that a text speaks of, with all its names in the order of the text.

    Who is only described (*two officials*) has the ``description`` instead of names; a group has
    its ``members``.
    """

    kind: Kind
    names: list[Name] = field(default_factory=list)
    description: Phrase | None = None
    members: Sequence[Entity] = ()

    @property
    def fullest(self) -> Name | None:
        """The name with the most words, the first of these."""
        return max(self.names, key=lambda name: (len(name.words), -name.start), default=None)

    @property
    def span(self) -> Span | None:
        """Where its fullest name stands, or its description."""
        if self.fullest:
            return self.fullest.span
        return self.description.span if self.description else None

    @property
    def roles(self) -> list[tuple[Role, Span]]:
        """The roles in which the text speaks of it, each with its place."""
        named = [(n.role, n.role_span) for n in self.names if n.role and n.role_span]
        described = self.description
        if described and described.role:
            named.append((described.role, described.whole))
        return named

    @property
    def gender(self) -> str:
        """``f`` or ``m`` where titles or the given name tell, else empty."""
        told = Counter(role.gender for role, _ in self.roles if role.gender)
        if told:
            return told.most_common(1)[0][0]
        words = self.fullest.keys if self.fullest else ()
        guess = given_names().get(words[0], "") if len(words) > 1 else ""
        return guess if guess in ("f", "m") else ""


def entities(story: Story) -> dict[Name, Entity]:
    """Return the entity of each name of a text.

    A surname joins the full name that has it; where several have it, the one whose title agrees,
    else the one that was named most often, or last. Spellings of one name are one. The names of a headline join
    those of the story, but bring no fuller name, for its other words may have capitals too.
    """
    headline = story.headline_names
    body = [name for name in story.names if name not in headline]
    people = _possible_people(body)
    known = _people([n for n in body if n in people])
    known |= _institutions(n for n in body if n not in people)
    known = _with_short_forms(known)
    named = distinct(known.values())
    for name in headline:
        known[name] = entity_like(name.keys, named) or Entity(name.kind, [name])
    return known


def _possible_people(found: Sequence[Name]) -> set[Name]:
    """All but institutions; a single word that is somebody's surname here is taken for that."""
    full = [n.keys for n in found if n.kind != "institution" and len(n.words) > 1]
    surnames = {keys[-1] for keys in full}
    return {
        n
        for n in found
        if n.kind != "institution"
        or (len(n.words) == 1 and n.keys[0] in surnames and phrase_key(n.words[0]) not in nationalities())
    }


def entity_like(keys: Keys, named: Sequence[Entity]) -> Entity | None:
    """Return the only entity that bears all these words, or has the last of them as surname."""
    wanted = set(keys)
    bearing = [e for e in named if any(wanted <= set(name.keys) for name in e.names)]
    if not bearing:
        bearing = [e for e in named if e.kind == "person" and e.fullest.keys[-1] == keys[-1]]
    return bearing[0] if len(bearing) == 1 else None


def distinct(found: Iterable[Entity]) -> list[Entity]:
    """Return each entity once, in the order of its first."""
    return list({id(entity): entity for entity in found}.values())


def _people(found: Sequence[Name]) -> dict[Name, Entity]:
    known: dict[Name, Entity] = {}
    full = {name: given_and_family(name) for name in found}
    by_full: dict[Keys, Entity] = {}
    by_word: dict[str, list[Entity]] = defaultdict(list)
    for name, keys in full.items():
        if len(keys) > 1:
            entity = _same_person(by_full, keys)
            if entity is None:
                entity = by_full[keys] = Entity(name.kind)
                for word in dict.fromkeys((keys[-1], keys[0])):
                    by_word[word].append(entity)
            known[name] = entity
            _add(entity, name)
    alone: dict[str, Entity] = {}
    for name, keys in full.items():
        if len(keys) == 1:
            candidates = _of_word(by_word[keys[0]], keys[0])
            entity = _choose(name, candidates) or alone.setdefault(keys[0], Entity(name.kind))
            known[name] = entity
            _add(entity, name)
    for entity in distinct(known.values()):
        entity.names.sort(key=lambda name: name.start)
    return known


def _add(entity: Entity, name: Name) -> None:
    entity.names.append(name)
    if name.kind == "person":
        entity.kind = "person"


def given_and_family(name: Name) -> Keys:
    """Return the first and the last word of a name, without Jr; the only one, if there is no more."""
    keys = [k for k in name.keys if k not in SUFFIXES] or list(name.keys)
    return (keys[0], keys[-1]) if len(keys) > 1 else (keys[0],)


def _same_person(known: dict[Keys, Entity], keys: Keys) -> Entity | None:
    """The entity with these words, or with an initial for the first of them."""
    if keys in known:
        return known[keys]
    first, last = keys
    for (other, family), entity in known.items():
        if family == last and first[0] == other[0] and 1 in (len(first), len(other)):
            return entity
    return None


def _of_word(candidates: Sequence[Entity], word: str) -> list[Entity]:
    """Those that bear the word as family name, else those that bear it as first word."""
    family = [e for e in candidates if e.fullest and e.fullest.keys[-1] == word]
    return family or [e for e in candidates if word not in nationalities()]


def _choose(name: Name, candidates: Sequence[Entity]) -> Entity | None:
    gender = name.role.gender if name.role else ""
    if gender:
        candidates = [e for e in candidates if e.gender in ("", gender)]
    if len(candidates) < 2:
        return candidates[0] if candidates else None

    def prominence(entity: Entity) -> tuple[int, int]:
        before = [n.start for n in entity.names if n.start < name.start]
        return len(before), max(before, default=0)

    return max(candidates, key=prominence)


def _institutions(found: Iterable[Name]) -> dict[Name, Entity]:
    """Institutions by what the lexicon knows them as, else by their words."""
    by_key: dict[Keys, Entity] = {}
    known = {}
    for name in found:
        entity = by_key.setdefault(institution_key(name), Entity("institution"))
        entity.names.append(name)
        known[name] = entity
    return known


def _with_short_forms(known: dict[Name, Entity]) -> dict[Name, Entity]:
    """Join what begins or ends the name of one institution alone: *the Times*, *Peabody*."""
    full = [e for e in distinct(known.values()) if e.kind == "institution" and e.fullest]
    for short in distinct(known.values()):
        keys = short.fullest.keys if short.fullest else ()
        if short.kind == "person":
            continue
        longer = [e for e in full if e is not short and _begins_or_ends(keys, e.fullest.keys)]
        is_medium_alone = len(longer) == 1 and is_medium(_words(longer[0]))
        if len(longer) == 1 and (is_medium_alone or not _is_listed(short)):
            longer[0].names += short.names
            known |= dict.fromkeys(short.names, longer[0])
    return known


def _words(entity: Entity) -> str:
    return " ".join(entity.fullest.words) if entity.fullest else ""


def _is_listed(entity: Entity) -> bool:
    phrase = phrase_key(_words(entity))
    return phrase in institutions() or phrase in nationalities()


def _begins_or_ends(short: Keys, full: Keys) -> bool:
    size = len(short)
    return 0 < size < len(full) and short in (full[:size], full[-size:])


def institution_key(name: Name) -> Keys:
    """Return what names of one institution share: its words in any order, and its country."""
    phrase = phrase_key(" ".join(name.words))
    if phrase in institutions():
        return (phrase_key(institutions()[phrase].name),)
    keys = [key(word) for word in phrase.split()]
    return (name.country or "", *sorted(k for k in keys if k not in ("of", "and", "for")))
