"""What a source is: type, affiliation, country, anonymity, each with the words that show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from nbhelpers.lexicons import (
    Role,
    anonymity,
    institution,
    institution_type,
    nationalities,
    phrase_key,
    places,
    roles,
)
from nbhelpers.media import is_medium
from nbhelpers.naming.entities import Entity, type_of_institution
from nbhelpers.naming.names import Name
from nbhelpers.naming.runs import is_small
from nbhelpers.text import Span, word_spans

_INDEFINITE = frozenset(
    "many some others several people someone anyone most few everyone one those critics "
    "both".split()
)
_TOWARDS = frozenset("to on about against with toward towards".split())
_STUDIES = frozenset("expert experts analyst analysts specialist specialists studies".split())
_LONGEST = 6  # words of an institution's name
_REST = 200  # code points behind a source in which it may be said that it will not be named


RULES = (
    "first person",
    "institution",
    "role",
    "role beside",
    "institution heads",
    "affiliation",
    "nationality",
    "anonymity phrase",
    "role without a name",
)
"""What knows a property by its words, in the order in which it is believed."""


class Evidence(NamedTuple):
    """A property of a source, the words of a text by which it is known, and the rule."""

    property: str
    value: str
    span: Span
    rule: str


class _Named(NamedTuple):
    """An institution that some words name."""

    name: str
    type: str
    country: str
    span: Span


def evidence(entity: Entity, text: str) -> list[Evidence]:
    """Return what shows the type, affiliation, country and anonymity of a source in its text.

    A role tells more than the institution beside it (:data:`RULES`); who is only described is
    anonymous unless an institution answers for the words, as it does for a spokesman, or unless
    there is just one holder of the office.
    """
    return [Evidence(*row) for row in _of(entity, text)]


_Row = tuple[str, str, Span, str]


def _of(entity: Entity, text: str) -> Iterator[_Row]:
    if entity.kind == "author" and entity.description:
        yield "type", "author", entity.description.span, "first person"
        return
    yield from _shared([list(_of(member, text)) for member in entity.members])
    if entity.kind == "institution":
        for name in entity.names:
            yield from _of_institution(name)
    else:
        yield from _of_roles(entity, text)
    if entity.description and not entity.names:
        yield from _of_description(entity, text)


def _shared(rows: Sequence[Sequence[_Row]]) -> Iterator[_Row]:
    """What holds of every member of a group: two presidents have no country in common."""
    values = [{row[:2] for row in of_member} for of_member in rows]
    for of_member in rows:
        yield from (row for row in of_member if all(row[:2] in told for told in values))


def _of_institution(name: Name) -> Iterator[_Row]:
    words = " ".join(name.words)
    if type_ := type_of_institution(words):
        yield "type", type_, name.span, "institution"
    listed = institution(words)
    if country := name.country or (listed.country if listed else ""):
        yield "country", country, name.span, "institution"


def _of_roles(entity: Entity, text: str) -> Iterator[_Row]:
    for role, span in entity.roles:
        if role.type:
            yield "type", role.type, span, "role"
        elif beside := _type_of_other_role(text, span, role):
            yield "type", beside, span, "role beside"
    spans = [span for _, span in entity.roles]
    spans += [n.beside.span for n in entity.names if n.beside and not n.beside.role]
    for span in spans:
        yield from _affiliation(span, text)


def _type_of_other_role(text: str, span: Span, role: Role) -> str | None:
    """The type of whom somebody works for: *the president's budget director*."""
    words = [text[start:end].lower().removesuffix("'s") for start, end in word_spans(text, *span)]
    others = (roles().get(word) for word in words if word not in role.standard.split())
    return next((other.type for other in others if other and other.type), None)


def _affiliation(span: Span, text: str) -> Iterator[_Row]:
    for named in institutions_in(text, span):
        if named.name != named.country:
            yield "affiliation", named.name, named.span, "affiliation"
            yield "type", named.type, named.span, "affiliation"
        if named.country:
            yield "country", named.country, named.span, "affiliation"
    for country, place in nationalities_in(text, span):
        yield "country", country, place, "nationality"


def _of_description(entity: Entity, text: str) -> Iterator[_Row]:
    described = entity.description
    assert described
    if not described.role:
        if type_ := institution_type(text[slice(*described.span)]):
            yield "type", type_, described.span, "institution heads"
        yield from _affiliation(described.whole, text)
    end = described.whole[1]
    rest = end, min(end + _REST, (text.find("\n", end) + 1 or len(text) + 1) - 1)
    for where, span in (("source", described.whole), ("sentence", rest)):
        if match := anonymity()[where].search(text, *span):
            yield "anonymous", "True", match.span(), "anonymity phrase"
            return
    role = described.role
    is_anonymous = role.is_anonymous or role.is_plural if role else described.noun in _INDEFINITE
    if is_anonymous:
        yield "anonymous", "True", described.span, "role without a name"


def institutions_in(text: str, span: Span) -> list[_Named]:
    """Return the institutions that a stretch of text names; of names that overlap, the first."""
    words = word_spans(text, *span)
    found: list[_Named] = []
    for first, (start, _) in enumerate(words):
        if found and start < found[-1].span[1]:
            continue
        is_first = text[start].isupper() and not is_small(text[slice(*words[first])])
        if is_first and (named := _institution_at(text, words[first:])):
            found.append(named)
    return found


def _institution_at(text: str, words: Sequence[Span]) -> _Named | None:
    """The longest name that a lexicon knows or that ends like one of an institution."""
    start = words[0][0]
    for _, end in reversed(list(_unbroken(text, words))):
        form, span = text[start:end], (start, end)
        first, *_, last = form.split() * 2
        if known := institution(form):
            return _Named(known.name, known.type, known.country, span)
        if is_medium(form) and last[0].isupper() and not _begins_role(text, words, end):
            return _Named(form, "media", "", span)
        goes_on = text.startswith((" of ", " for "), end)  # *American Department of State*
        type_ = None if goes_on else institution_type(form)
        if type_ and form != last and all(word[0].isupper() for word in form.split()):
            return _Named(form, type_, nationalities().get(phrase_key(first), ""), span)
    return None


def _begins_role(text: str, words: Sequence[Span], end: int) -> bool:
    """*Vice Admiral* is no medium."""
    behind = next((last for start, last in words if start >= end), end)
    return text[words[0][0] : behind].lower() in roles()


def _unbroken(text: str, words: Sequence[Span]) -> Iterator[Span]:
    """The first words, as long as only a blank or a hyphen stands between them."""
    yield words[0]
    for left, right in pairwise(words[:_LONGEST]):
        if text[left[1] : right[0]] not in (" ", "-"):
            return
        yield right


def nationalities_in(text: str, span: Span) -> Iterator[tuple[str, Span]]:
    """Yield the countries that words of a stretch name or lie in, with their places."""
    words = word_spans(text, *span)
    for first, (start, _) in enumerate(words):
        for _, end in words[first : first + 2][::-1]:
            form = phrase_key(text[start:end])
            country = nationalities().get(form) or places().get(form)
            if country and text[start].isupper() and not _is_topic(text, words, first, end):
                yield country, (start, end)
                break


def _is_topic(text: str, words: Sequence[Span], first: int, end: int) -> bool:
    """*An expert on Russia*, *a Russia expert*, *the ambassador to Russia*: not their country."""
    before = text[slice(*words[first - 1])].lower() if first else ""
    behind = next((text[slice(*w)].lower() for w in words[first + 1 :] if w[0] >= end), "")
    return before in _TOWARDS or behind in _STUDIES
