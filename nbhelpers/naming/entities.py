"""The names of one text, put together where they name the same one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from nbhelpers.lexicons import (
    Role,
    given_names,
    institution,
    institution_type,
    key,
    nationalities,
    phrase_key,
    places,
)
from nbhelpers.media import is_medium
from nbhelpers.naming.names import Kind, Name
from nbhelpers.naming.phrases import Phrase
from nbhelpers.naming.runs import SUFFIXES
from nbhelpers.naming.story import Part, Story
from nbhelpers.text import Span

_NEAR = 200  # code points

Keys = tuple[str, ...]


@dataclass(eq=False)
class Entity:
    """Somebody or something that a text speaks of, with all its names in the order of the text.

    Who is only described (*two officials*) has the ``description`` instead of names; a group has
    its ``members``, who signs a post the ``handle``.
    """

    kind: Kind
    names: list[Name] = field(default_factory=list)
    description: Phrase | None = None
    members: Sequence[Entity] = ()
    handle: str = ""

    @cached_property
    def fullest(self) -> Name | None:
        """The name with the most words, the first of these."""
        return max(self.names, key=lambda name: (len(name.words), -name.start), default=None)

    @cached_property
    def words(self) -> str:
        """Its fullest name; empty, if it has none."""
        return " ".join(self.fullest.words) if self.fullest else ""

    @cached_property
    def keys(self) -> Keys:
        """The words of its fullest name without differences of spelling; none without a name."""
        return self.fullest.keys if self.fullest else ()

    @property
    def span(self) -> Span | None:
        """Where its fullest name stands, or its description."""
        if self.fullest:
            return self.fullest.span
        return self.description.span if self.description else None

    @cached_property
    def roles(self) -> list[tuple[Role, Span]]:
        """The roles in which the text speaks of it, each with its place."""
        named = [(n.beside.role, n.beside.span) for n in self.names if n.beside and n.beside.role]
        described = self.description
        if described and described.role:
            named.append((described.role, described.whole))
        return named

    @cached_property
    def gender(self) -> str:
        """``f`` or ``m`` where titles or the given name tell, else empty."""
        told = Counter(role.gender for role, _ in self.roles if role.gender)
        if told:
            return told.most_common(1)[0][0]
        guess = given_names().get(self.keys[0], "") if len(self.keys) > 1 else ""
        return guess if guess in ("f", "m") else ""

    @cached_property
    def is_personal(self) -> bool:
        """Whether *he* or *she* may be meant: a person, or what may be one for all we read."""
        if self.kind == "described":
            return bool(self.description and self.description.role) and not self.is_plural
        is_thing = any(name.is_impersonal for name in self.names)
        is_open = self.kind == "other" and phrase_key(self.words) not in places() and not is_thing
        return self.kind == "person" or is_open

    @property
    def is_plural(self) -> bool:
        """Whether a description is of several."""
        described = self.description
        if not described:
            return bool(self.members)
        return described.role.is_plural if described.role else described.noun.endswith("s")


def entities(story: Story) -> dict[Name, Entity]:
    """Return the entity of each name of a text.

    A surname joins the full name that has it; where several have it, the one whose title agrees,
    or who is named more often or alone just before, else it stays apart. Spellings of one name
    are one. What seems a name in a headline joins the names of the story, but brings no fuller one
    unless it is surely a person's, for the other words of a headline may have capitals too.
    """
    headline = [name for name in story.headline_names if not _is_clean(name)]
    of_headline = set(headline)
    body = [name for name in story.names if name not in of_headline]
    people = _possible_people(body)
    known = _people([n for n in body if n in people])
    known |= _institutions(n for n in body if n not in people)
    known = _with_short_forms(_with_abbreviations(story, known))
    named = distinct(known.values())
    for name in headline:
        known[name] = entity_like(name.keys, named) or Entity(name.kind, [name])
    return known


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


def given_and_family(name: Name) -> Keys:
    """Return the first and the last word of a name; the only one, if it is alone.

    Father and son are two: Jr. belongs to the surname.
    """
    keys = [k for k in name.keys if k not in SUFFIXES] or list(name.keys)
    suffix = [k for k in name.keys if k in SUFFIXES and k != "sr"]
    family = " ".join([keys[-1], *suffix])
    return (keys[0], family) if len(keys) > 1 else (family,)


def type_of_institution(words: str) -> str | None:
    """Return the type of an institution by its name, None where no lexicon tells it."""
    listed = institution(words)
    if listed:
        return listed.type
    return "media" if is_medium(words) else institution_type(words)


def institution_key(name: Name) -> Keys:
    """Return what names of one institution share: its words in any order, and its country."""
    listed = institution(" ".join(name.words))
    if listed:
        return (phrase_key(listed.name), name.country or "")
    words = phrase_key(" ".join(name.words)).split()
    own = [w for w in words if w not in ("of", "and", "for") and w not in nationalities()]
    return (name.country or "", *sorted(map(key, own or words)))


def _is_clean(name: Name) -> bool:
    return name.kind == "person" and len(name.words) in (2, 3) and name.keys[0] in given_names()


def _possible_people(found: Sequence[Name]) -> set[Name]:
    """All but institutions; a word that is part of a person's name here is taken for that."""
    full = [n.keys for n in found if n.kind == "person" and len(n.words) > 1]
    parts = {word for keys in full for word in (keys[0], keys[-1])}
    return {
        n
        for n in found
        if n.kind != "institution"
        or (len(n.words) == 1 and n.keys[0] in parts and not n.is_impersonal)
    }


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
                for word in dict.fromkeys((keys[-1].split()[0], keys[0])):
                    by_word[word].append(entity)
            known[name] = entity
            _add(entity, name)
    alone: dict[str, Entity] = {}
    for name, keys in full.items():
        if len(keys) == 1:
            candidates = _of_word(by_word[keys[0]], keys[0], name)
            if keys[0] in alone and all(e.kind != "person" for e in candidates):
                candidates = []
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


def _same_person(known: dict[Keys, Entity], keys: Keys) -> Entity | None:
    """The entity with these words, or with an initial for the first of them."""
    if keys in known:
        return known[keys]
    first, last = keys
    for (other, family), entity in known.items():
        if family == last and first[0] == other[0] and 1 in (len(first), len(other)):
            return entity
    return None


def _of_word(candidates: Sequence[Entity], word: str, name: Name) -> list[Entity]:
    """Those that bear the word as surname, else those that bear it as first word.

    People come first; what else has several words must have been named in full before.
    """
    earlier = [e for e in candidates if e.names[0].start < name.start]
    full = [e for e in candidates if e.kind == "person"] or earlier
    surname = [e for e in full if given_and_family(e.names[0])[-1].split()[0] == word]
    return surname or [e for e in full if word not in nationalities() or e.kind == "person"]


def _choose(name: Name, candidates: Sequence[Entity]) -> Entity | None:
    """Whom a surname means, if that is plain: who is named more often, or alone just before."""
    gender = name.role.gender if name.role else ""
    if gender:
        candidates = [e for e in candidates if _gender(e) in ("", gender)]
    if name.role and name.is_titled:
        office = name.role.standard
        holders = [e for e in candidates if any(_has_office(n, office) for n in e.names)]
        candidates = holders or candidates
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    before = {id(e): [n.start for n in e.names if n.start < name.start] for e in candidates}
    ranked = sorted(candidates, key=lambda e: -len(before[id(e)]))
    if len(before[id(ranked[0])]) > len(before[id(ranked[1])]):
        return ranked[0]
    near = [e for e in candidates if any(name.start - at < _NEAR for at in before[id(e)])]
    return near[0] if len(near) == 1 else None


def _has_office(name: Name, office: str) -> bool:
    return name.role is not None and name.role.standard == office


def _gender(entity: Entity) -> str:
    """The gender while names are still being added, when nothing may be remembered yet."""
    return Entity(entity.kind, entity.names).gender


def _institutions(found: Iterable[Name]) -> dict[Name, Entity]:
    """Institutions by what the lexicon knows them as, else by their words."""
    by_key: dict[Keys, Entity] = {}
    known = {}
    for name in found:
        entity = by_key.setdefault(institution_key(name), Entity("institution"))
        entity.names.append(name)
        known[name] = entity
    return known


def _with_abbreviations(story: Story, known: dict[Name, Entity]) -> dict[Name, Entity]:
    """Join an abbreviation to the name that it stands behind in brackets: ``Alliance X (AX)``."""
    for part in story.parts:
        for long, short in pairwise(name for name in part.names if name in known):
            if _is_bracketed(part, long, short) and _abbreviates(short, long):
                known = _joined(known, short.words[0], known[long])
    return known


def _is_bracketed(part: Part, long: Name, short: Name) -> bool:
    behind = part.lower[short.token_end : short.token_end + 1]
    return part.lower[long.token_end : short.token] == ["("] and behind == [")"]


def _abbreviates(short: Name, long: Name) -> bool:
    """A word in capitals behind an institution, or made of the other name's letters in order.

    An agency behind a place is none: ``WASHINGTON (AP)``.
    """
    if len(short.words) > 1 or not short.words[0].isupper() or long.kind == "person":
        return False
    if _is_place(" ".join(long.words)) or is_medium(short.words[0]):
        return False
    letters = iter(" ".join(long.words).lower())
    is_made_of = all(letter in letters for letter in short.words[0].lower())
    return is_made_of or long.kind == "institution"


def _joined(known: dict[Name, Entity], word: str, entity: Entity) -> dict[Name, Entity]:
    """The entities with all names that are one word given to one of them."""
    for name in known:
        if name.words == (word,) and known[name] is not entity:
            entity.names.append(name)
            known[name] = entity
    entity.kind = "institution"
    return known


def _with_short_forms(known: dict[Name, Entity]) -> dict[Name, Entity]:
    """Join what begins or ends the name of one institution alone: *the Times*, *Peabody*."""
    full = [e for e in distinct(known.values()) if e.kind == "institution"]
    for short in distinct(known.values()):
        keys = short.keys
        if short.kind == "person":
            continue
        longer = [e for e in full if e is not short and _begins_or_ends(short, e)]
        longer = longer or [e for e in full if _is_short_for_medium(keys, e.keys)]
        if len(longer) == 1 and not _is_listed(short):
            longer[0].names += short.names
            known |= dict.fromkeys(short.names, longer[0])
    return known


def _is_short_for_medium(short: Keys, full: Keys) -> bool:
    """*The Times*, *the Post*."""
    return len(short) == 1 < len(full) and short == full[-1:] and is_medium(" ".join(full).title())


def _is_listed(entity: Entity) -> bool:
    return bool(institution(entity.words)) or _is_place(entity.words)


def _is_place(words: str) -> bool:
    phrase = phrase_key(words)
    return phrase in nationalities() or phrase in places()


def _begins_or_ends(short: Entity, full: Entity) -> bool:
    """Whether a name that comes later is the beginning of a longer one, or its end."""
    keys, size = short.keys, len(short.keys)
    if _is_place(full.words):
        return False
    if not 0 < size < len(full.keys) or full.names[0].start > short.names[0].start:
        return False
    is_generic = size == 1 and institution_type(keys[0]) is not None
    return keys == full.keys[:size] or (keys == full.keys[-size:] and not is_generic)
