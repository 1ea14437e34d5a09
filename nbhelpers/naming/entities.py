"""The names of one text, put together where they name the same one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nbhelpers.extraction.chains import is_medium
from nbhelpers.naming.lexicons import (
    Role,
    given_names,
    institution_heads,
    institutions,
    key,
    nationalities,
    phrase_key,
    places,
)
from nbhelpers.naming.names import SUFFIXES, Kind, Name
from nbhelpers.naming.phrases import Phrase
from nbhelpers.naming.story import Story
from nbhelpers.text import Span

_NEAR = 200  # code points

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
    def words(self) -> str:
        """Its fullest name; empty, if it has none."""
        return " ".join(self.fullest.words) if self.fullest else ""

    @property
    def keys(self) -> Keys:
        """The words of its fullest name without differences of spelling; none without a name."""
        return self.fullest.keys if self.fullest else ()

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
        guess = given_names().get(self.keys[0], "") if len(self.keys) > 1 else ""
        return guess if guess in ("f", "m") else ""


def entities(story: Story) -> dict[Name, Entity]:
    """Return the entity of each name of a text.

    A surname joins the full name that has it; where several have it, the one whose title agrees,
    else the one that was named most often, just before, or first. Spellings of one name are one.
    What seems a name in a headline joins the names of the story, but brings no fuller one unless it
    is surely a person's, for the other words of a headline may have capitals too.
    """
    headline = {name for name in story.headline_names if not _is_clean(name)}
    body = [name for name in story.names if name not in headline]
    people = _possible_people(body)
    known = _people([n for n in body if n in people])
    known |= _institutions(n for n in body if n not in people)
    known = _with_short_forms(known)
    named = distinct(known.values())
    for name in headline:
        known[name] = entity_like(name.keys, named) or Entity(name.kind, [name])
    return known


def _is_clean(name: Name) -> bool:
    return name.kind == "person" and len(name.words) in (2, 3) and name.keys[0] in given_names()


def _possible_people(found: Sequence[Name]) -> set[Name]:
    """All but institutions; a single word that is somebody's surname here is taken for that."""
    full = [n.keys for n in found if n.kind != "institution" and len(n.words) > 1]
    surnames = {keys[-1] for keys in full}
    return {
        n
        for n in found
        if n.kind != "institution"
        or (
            len(n.words) == 1
            and n.keys[0] in surnames
            and phrase_key(n.words[0]) not in nationalities()
        )
    }


def entity_like(keys: Keys, named: Sequence[Entity]) -> Entity | None:
    """Return the only entity that bears all these words, or has the last of them as surname."""
    wanted = set(keys)
    bearing = [e for e in named if any(wanted <= set(name.keys) for name in e.names)]
    if not bearing:
        bearing = [e for e in named if e.kind == "person" and e.keys[-1:] == keys[-1:]]
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
    """Return the first and the last word of a name, without Jr; the only one, if it is alone."""
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
    family = [e for e in candidates if e.keys[-1:] == (word,)]
    return family or [e for e in candidates if word not in nationalities()]


def _choose(name: Name, candidates: Sequence[Entity]) -> Entity | None:
    gender = name.role.gender if name.role else ""
    if gender:
        candidates = [e for e in candidates if e.gender in ("", gender)]
    if len(candidates) < 2:
        return candidates[0] if candidates else None

    def prominence(entity: Entity) -> tuple[bool, int, bool, int]:
        before = [n.start for n in entity.names if n.start < name.start]
        is_near = bool(before) and name.start - before[-1] < _NEAR
        return entity.kind == "person", len(before), is_near, -min(before, default=0)

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
    full = [e for e in distinct(known.values()) if e.kind == "institution"]
    for short in distinct(known.values()):
        keys = short.keys
        if short.kind == "person":
            continue
        longer = [e for e in full if e is not short and _begins_or_ends(keys, e.keys)]
        longer = longer or [e for e in full if _is_short_for_medium(keys, e.keys)]
        if len(longer) == 1 and not _is_listed(short):
            longer[0].names += short.names
            known |= dict.fromkeys(short.names, longer[0])
    return known


def _is_short_for_medium(short: Keys, full: Keys) -> bool:
    """*The Times*, *the Post*."""
    return len(short) == 1 < len(full) and short == full[-1:] and is_medium(" ".join(full).title())


def _is_listed(entity: Entity) -> bool:
    phrase = phrase_key(entity.words)
    return phrase in institutions() or phrase in nationalities() or phrase in places()


def _begins_or_ends(short: Keys, full: Keys) -> bool:
    size = len(short)
    if not 0 < size < len(full):
        return False
    is_generic = size == 1 and short[0] in institution_heads()["last"]
    return short == full[:size] or (short == full[-size:] and not is_generic)


def institution_key(name: Name) -> Keys:
    """Return what names of one institution share: its words in any order, and its country."""
    phrase = phrase_key(" ".join(name.words))
    if phrase in institutions():
        return (phrase_key(institutions()[phrase].name),)
    keys = [key(word) for word in phrase.split()]
    return (name.country or "", *sorted(k for k in keys if k not in ("of", "and", "for")))
