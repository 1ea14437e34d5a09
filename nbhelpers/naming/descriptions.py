"""Whom a description means: *the spokeswoman*, *the ministry*, *the Trump campaign*."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nbhelpers.lexicons import institution_type, key
from nbhelpers.naming.entities import Entity, type_of_institution
from nbhelpers.naming.phrases import Phrase
from nbhelpers.naming.resolution import Resolution, apart

_CONTRARY = frozenset("former ex vice deputy assistant acting first second another other".split())
_ONE_OF_MANY = frozenset(
    "a an one another some several many most few two three four five his her its their our".split()
)
_NEAR = 400  # code points back in which one of several may be meant


def of_description(
    worded: Phrase, known: Sequence[Entity], described: Sequence[Entity], text: str
) -> Resolution:
    """Return whom a description means.

    ``known`` are the entities that the text names, ``described`` those that it has only described
    so far. An office or an institution that one entity alone has is that entity; of several, the
    one whose description shares most words, or that was named shortly before; else it stays apart.
    """
    own = Entity("described", description=worded)
    if not worded.is_definite and not _is_body(worded, text):
        return Resolution(own, "description")
    if own.is_plural:
        known = [entity for entity in known if entity.is_plural]
    holders = _in_office(worded, known) if worded.role else _institutions(worded, known)
    if not holders:
        earlier = [e for e in described if e.description and _is_same(e.description, worded)]
        if earlier:
            return Resolution(earlier[-1], "description", earlier[-1].span)
        return Resolution(own, "description")
    best = _best(worded, holders, text)
    if best is None:
        return apart(own, f"{len(holders)} in the text may be meant")
    return Resolution(best, "role" if worded.role else "description", best.span)


def _is_body(worded: Phrase, text: str) -> bool:
    """*Police*, *prosecutors’ office*: the same throughout a text, with an article or without."""
    words = text[slice(*worded.span)].lower().split()
    return not worded.role and words[0] not in _ONE_OF_MANY and bool(institution_type(worded.noun))


def _in_office(worded: Phrase, known: Sequence[Entity]) -> list[Entity]:
    """Those of whom the text says that they have the office, or had it."""
    office = _office(worded)
    return [e for e in known if any(role.standard == office for role, _ in e.roles)]


def _office(worded: Phrase) -> str:
    return worded.role.standard.removeprefix("former ") if worded.role else ""


def _institutions(worded: Phrase, known: Sequence[Entity]) -> list[Entity]:
    """Those whose name has the noun; for a paper or a company, the only one that there is."""
    before = [e for e in known if e.kind == "institution" and _first(e) < worded.span[0]]
    named = [e for e in before if _has_head(e, worded.noun)]
    type_ = institution_type(worded.noun)
    if named or worded.modifiers or type_ not in ("media", "other"):
        return named
    alike = [e for e in before if type_of_institution(e.words) == type_]
    return alike if len(alike) == 1 else []


def _first(entity: Entity) -> int:
    return min(name.start for name in entity.names)


def _is_same(earlier: Phrase, worded: Phrase) -> bool:
    return earlier.noun == worded.noun and worded.modifiers <= earlier.modifiers


def _has_head(entity: Entity, noun: str) -> bool:
    return institution_type(noun) is not None and key(noun) in entity.keys


def _best(worded: Phrase, holders: Sequence[Entity], text: str) -> Entity | None:
    """The holder who fits best; None where two fit alike and neither was named shortly before."""
    scores = {id(e): _fit(worded, e, text) for e in holders}
    highest = max(scores.values())
    if highest < 0:
        return None
    fitting = [e for e in holders if scores[id(e)] == highest]
    if len(fitting) == 1:
        return fitting[0]
    near = [(_last_before(e, worded.span[0]), e) for e in fitting]
    place, latest = max(near, key=lambda pair: pair[0])
    return latest if worded.span[0] - place <= _NEAR else None


def _fit(worded: Phrase, entity: Entity, text: str) -> int:
    """Shared words of the descriptions, less what only one of them says and is contrary."""
    theirs = set(_words(text[a:b] for _, (a, b) in entity.roles)) - set(_office(worded).split())
    if entity.kind == "institution":
        theirs = set(entity.keys)
    said = set(worded.modifiers)
    if worded.role and worded.role.standard.startswith("former "):
        said.add("former")
    contrary = len((theirs ^ said) & _CONTRARY)
    missing = len(said - theirs) > 0 and entity.kind == "institution"
    return len(theirs & said) - 2 * contrary - 2 * missing


def _words(phrases: Iterable[str]) -> Iterable[str]:
    return (word.strip(".,") for phrase in phrases for word in phrase.lower().split())


def _last_before(entity: Entity, place: int) -> int:
    return max((name.start for name in entity.names if name.start < place), default=-10 * _NEAR)
