"""The words that name a source in its place: a pronoun, a name, several names or a description."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nbhelpers.lexicons import Role, roles
from nbhelpers.naming.names import Name, role_ending
from nbhelpers.naming.runs import is_pronoun
from nbhelpers.naming.story import Part
from nbhelpers.text import Span

PhraseKind = Literal["pronoun", "name", "names", "description"]

_BREAKS = frozenset(
    ", ( ) ; : — – - who which that whose of for from in at on with by to near after inside "
    "within among about who's during against under behind close familiar including across "
    "around throughout between toward towards over without".split()
)
_DEFINITE = frozenset("the this that these those".split())  # *his lawyer* may be any
_NO_MODIFIERS = _DEFINITE | frozenset("a an his her its their our".split())
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source as it is worded.

    ``names`` are those that it is (``name``, ``names``) or that its first part holds (a
    description: *State Department* in *a State Department official*); ``noun`` and ``role`` are
    the head of a description, ``span`` its stretch without what follows the head, ``whole`` with
    it.
    """

    kind: PhraseKind
    span: Span
    whole: Span
    names: Sequence[Name] = ()
    noun: str = ""
    role: Role | None = None
    is_definite: bool = False
    modifiers: frozenset[str] = frozenset()


def without_article(words: str) -> str:
    """Return the words of a name or description, blanks made even and its article left out.

    >>> without_article("the Russian  Defense Ministry")
    'Russian Defense Ministry'
    """
    even = " ".join(words.split())
    return _ARTICLE.sub("", even) or even


def phrase(part: Part, first: int, end: int) -> Phrase:
    """Return what the tokens of a source amount to.

    >>> from nbhelpers.extraction.paragraphs import paragraphs
    >>> from nbhelpers.naming.story import story
    >>> def read(text):
    ...     [part] = story(text, list(paragraphs(text, [(0, len(text), False)]))).parts
    ...     found = phrase(part, 0, len(part.lower))
    ...     return found.kind, [" ".join(n.words) for n in found.names], found.noun
    >>> read("the spokesperson, Vedant Patel")
    ('name', ['Vedant Patel'], '')
    >>> read("two officials of the State Department")
    ('description', [], 'officials')
    """
    lower = part.lower
    while first < end - 1 and not part.paragraph.is_word(first):
        first += 1
    if end - first == 1 and is_pronoun(part.paragraph.words[first]):
        place = part.paragraph.tokens[first]
        return Phrase("pronoun", place, place, noun=lower[first])
    stop = _first_break(part, first, end)
    inside = part.names_within(first, stop)
    if named := _named(part, first, stop, end, inside):
        several = _coordinated(part, first, named, end)
        whole = _span(part, first, end)
        return Phrase("names" if len(several) > 1 else "name", whole, whole, several)
    return _description(part, first, stop, end, inside)


def _span(part: Part, first: int, end: int) -> Span:
    tokens = part.paragraph.tokens
    return tokens[first][0], tokens[end - 1][1]


def _first_break(part: Part, first: int, end: int) -> int:
    """Where the first part of a noun phrase ends: at a comma, a preposition, a relative clause."""
    covered = {t for name in part.names for t in range(_title_from(part, name), name.token_end)}
    for token in range(first + 1, end):
        if part.lower[token] in _BREAKS and token not in covered:
            role_end = _end_of_role(part, first, token, end)
            if role_end is None:
                return token
            covered |= set(range(token, role_end))
    return end


def _end_of_role(part: Part, first: int, token: int, end: int) -> int | None:
    """Where a role with a preposition inside ends: ``secretary of state``."""
    for start in range(max(first, token - 2), token):
        for stop in range(min(end, token + 3), token + 1, -1):
            if " ".join(part.lower[start:stop]) in roles():
                return stop
    return None


def _named(part: Part, first: int, stop: int, end: int, inside: Sequence[Name]) -> Name | None:
    """The name that is the head, or stands in apposition to it behind a comma."""
    if inside and inside[-1].token_end >= stop:
        return inside[-1]
    for name in part.names_within(stop, end):
        if part.lower[_title_from(part, name) - 1] == ",":
            return name if name.kind == "person" or len(name.words) > 1 else None
    return None


def _title_from(part: Part, name: Name) -> int:
    """The token at which a name begins, its title included."""
    return part.tokens(name.beside.span[0], 0)[0] if name.beside and name.is_titled else name.token


def _coordinated(part: Part, first: int, named: Name, end: int) -> list[Name]:
    """A name, and those that stand with it: ``Mr. Grassley, Ms. Lee and Mr. Leahy``."""
    found = [named]
    links: set[str] = set()
    before = part.names_within(first, named.token)
    while before and (link := _link(part, before[-1], found[0])):
        links.add(link)
        found.insert(0, before.pop())
    for name in part.names_within(named.token_end, end):
        if not (link := _link(part, found[-1], name)):
            break
        links.add(link)
        found.append(name)
    return found if "and" in links else [named]


def _link(part: Part, left: Name, right: Name) -> str:
    """The comma or *and* that alone stands between two names."""
    between = part.lower[left.token_end : _title_from(part, right)]
    return between[-1] if between in (["and"], [","], [",", "and"]) else ""


def _clause_from(part: Part, first: int, end: int) -> int:
    """Where a relative clause begins, which tells what somebody did rather than who it is."""
    pronouns = (t for t in range(first, end) if part.lower[t] in ("who", "which", "whose"))
    return next(pronouns, end)


def _description(part: Part, first: int, stop: int, end: int, inside: Sequence[Name]) -> Phrase:
    last = stop
    while last > first + 1 and not part.paragraph.is_word(last - 1):
        last -= 1
    found = role_ending(part.lower, last, first)
    words = part.lower[first:last]
    noun = words[-1]
    begin = found[0] - first if found else len(words) - 1
    return Phrase(
        "description",
        _span(part, first, last),
        _span(part, first, _clause_from(part, last, end)),
        tuple(inside),
        noun,
        found[1] if found else roles().get(noun),
        words[0] in _DEFINITE,
        frozenset(word for word in words[:begin] if word not in _NO_MODIFIERS),
    )
