"""Names in a paragraph: capitalised words that belong together, and what they seem to name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nbhelpers.extraction.chains import is_medium
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.vocabulary import word_class
from nbhelpers.naming.lexicons import (
    Role,
    given_names,
    institution_heads,
    institutions,
    key,
    nationalities,
    phrase_key,
    roles,
)
from nbhelpers.text import Span

Kind = Literal["person", "institution", "other", "described", "group", "author"]

LONGEST_ROLE = 4  # words
_PARTICLES = frozenset("de da di du del della der den van von bin bint ibn al el la le ter".split())
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
PRONOUNS = frozenset(
    "he she they it who which that i we you his her their its him them whose my our us me".split()
)
_WITH_ARTICLE = re.compile(r"(?:al|el|ul|as|ad|an|d|l)['’-][A-Z]")
_CONTRACTION = re.compile(r"(?:['’](?:m|re|ve|ll|d)|n['’]t)$")
_DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
_NOMINAL = frozenset("NN NNS NNP NNPS JJ CD ? FW".split())
_PLACING = frozenset("in at near across outside into inside throughout".split())
_OF = frozenset("of for on against to".split())
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_ACRONYM = 6  # letters
_MODIFIERS = 6  # words
_MODIFYING = frozenset("DT PRP$ JJ NN NNS NNP NNPS POS CD ?".split())
_APPOSITION = 9  # tokens behind a comma in which a role is looked for


@dataclass(slots=True, eq=False)
class Name:
    """One name in the text. ``words`` leave out titles; ``role`` is the office beside it.

    ``country`` is the nationality that stands before an institution's name. ``token`` and
    ``token_end`` are its place in the paragraph, ``sentence`` is the number of its sentence there;
    ``is_located`` tells whether *in* or *at* stands before it.
    """

    start: int
    end: int
    words: tuple[str, ...]
    kind: Kind
    role: Role | None
    role_span: Span | None
    country: str | None
    token: int
    token_end: int
    sentence: int
    is_quoted: bool
    is_titled: bool
    is_located: bool

    @property
    def span(self) -> Span:
        """Where it stands, titles left out."""
        return self.start, self.end

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words without differences of spelling."""
        return tuple(key(part) for word in self.words for part in word.split("-") if part)


def names(paragraph: Paragraph) -> list[Name]:
    """Return the names of a paragraph in order.

    >>> from nbhelpers.extraction.paragraphs import paragraphs
    >>> text = "President Barack Obama met Vedant Patel, a spokesman for the State Department."
    >>> [part] = paragraphs(text, [(0, len(text), False)])
    >>> [(" ".join(n.words), n.kind, n.role and n.role.standard) for n in names(part)]
    [('Barack Obama', 'person', 'president'), ('Vedant Patel', 'person', 'spokesperson'), \
('State Department', 'institution', None)]
    """
    lower = [word.lower() for word in paragraph.words]
    found = []
    for first, end in _runs(paragraph, lower):
        if name := _name(paragraph, lower, first, end):
            found.append(name)
    return found


def role_ending(lower: Sequence[str], end: int, start: int = 0) -> tuple[int, Role] | None:
    """Return the longest role whose words end before token ``end``, and where it begins."""
    if end > start and lower[end - 1] == ".":
        end -= 1
    found = None
    phrase = ""
    for first in range(end - 1, max(start - 1, end - LONGEST_ROLE - 3), -1):
        if lower[first] != ".":
            phrase = f"{lower[first]} {phrase}".rstrip()
            if role := roles().get(phrase):
                found = first, role
    return found


def role_within(lower: Sequence[str], start: int, end: int) -> tuple[int, int, Role] | None:
    """Return the first role of some tokens, the longest that begins there, with its place."""
    for first in range(start, end):
        phrase, found = "", None
        for last in range(first, min(end, first + LONGEST_ROLE)):
            phrase = f"{phrase} {lower[last]}".lstrip()
            if role := roles().get(phrase):
                found = first, last + 1, role
        if found:
            return found
    return None


def _runs(paragraph: Paragraph, lower: Sequence[str]) -> Iterator[Span]:
    """Capitalised words one after the other, with the small words that names have inside."""
    end = 0
    for first, word in enumerate(paragraph.words):
        if first >= end and _is_capital(word):
            end = _run_end(paragraph, lower, first)
            yield first, end


def _run_end(paragraph: Paragraph, lower: Sequence[str], first: int) -> int:
    words, end = paragraph.words, first + 1
    while not words[end - 1].endswith(_POSSESSIVES):
        step = end
        if _is_dot_of_name(paragraph, lower, step):
            step += 1
        elif not _follows(paragraph, step):
            break
        elif lower[step] in _PARTICLES or _joins_institution(lower, first, step):
            step += 1
            if step < len(words) and lower[step] == "the":
                step += 1
        if not _follows(paragraph, step) or not _is_capital(words[step]):
            break
        if _is_small(words[step]):
            break
        end = step + 1
    return end


def _is_capital(word: str) -> bool:
    return word[0].isupper() or bool(_WITH_ARTICLE.match(word))


def _is_small(word: str) -> bool:
    """A verb, a function word or a day: it has its capital from where it stands, or ends a name."""
    if word.lower() in PRONOUNS or word in _DAYS:
        return True
    return word_class(word).startswith("^") and not _NOMINAL & set(_classes(word))


def _follows(paragraph: Paragraph, token: int) -> bool:
    """Whether the token stands in the same sentence, a blank behind the one before."""
    tokens, sentence = paragraph.tokens, paragraph.sentence
    return (
        token < len(tokens)
        and sentence[token] == sentence[token - 1]
        and tokens[token][0] - tokens[token - 1][1] == 1
    )


def _is_dot_of_name(paragraph: Paragraph, lower: Sequence[str], token: int) -> bool:
    """The dot of an initial or of an abbreviated title."""
    if token >= len(lower) or lower[token] != ".":
        return False
    before = lower[token - 1]
    role = roles().get(before)
    return len(before) == 1 or before in SUFFIXES or bool(role and role.is_title)


def _joins_institution(lower: Sequence[str], first: int, token: int) -> bool:
    """``of``, ``for`` and ``and`` within the name of an institution or an office."""
    inside = lower[first:token]
    of_heads = institution_heads()["of"]
    if lower[token] in _OF:
        role = roles().get(inside[-1])
        return inside[-1] in of_heads or bool(role and role.is_title)
    return lower[token] in ("and", "&") and "of" in inside and inside[0] in of_heads


def _name(paragraph: Paragraph, lower: list[str], first: int, end: int) -> Name | None:
    """The name in a run, its titles and the words that only begin a sentence left out."""
    role, role_span, titled = None, None, False
    name_from = _behind_titles(lower, first, end)
    if name_from > first:
        found = role_ending(lower, name_from, first)
        role = found[1] if found else None
        role_span = paragraph.tokens[first][0], paragraph.tokens[name_from - 1][1]
        titled = bool(role and role.is_title)
    else:
        name_from = _behind_opening(paragraph, first, end)
    words = _words(paragraph, name_from, end)
    if not words:
        return None  # a role or the first word of a sentence
    kind, country = _kind(words, lower, name_from, role)
    if kind == "person" and len(words) > 2 and phrase_key(words[0]) in nationalities():
        words, name_from = words[1:], name_from + 1
    if role is None and kind != "institution":
        role, role_span = _role_beside(paragraph, lower, name_from, end)
        kind = "person" if role else kind
    start, stop = paragraph.tokens[name_from][0], paragraph.tokens[end - 1][1]
    if paragraph.words[end - 1].endswith(("'s", "’s")):
        stop -= 2
    return Name(
        start,
        stop,
        words,
        kind,
        role,
        role_span,
        country,
        name_from,
        end,
        paragraph.sentence[name_from],
        paragraph.quotation[name_from] >= 0,
        titled,
        name_from > 0 and lower[name_from - 1] in _PLACING,
    )


def _behind_titles(lower: Sequence[str], first: int, end: int) -> int:
    """Where the name begins behind the last role in the run; its end, if all of it is a role."""
    for start in range(end, first, -1):
        if lower[start - 1] == "." or _is_surname_or_given(lower, first, start, end):
            continue
        if role_ending(lower, start, first):
            return start if start == end or lower[start] not in _OF else _given(lower, start, end)
    return first


def _is_surname_or_given(lower: Sequence[str], first: int, start: int, end: int) -> bool:
    """A word that may be a role, but is part of a name: ``Ann Baker``, ``Gov. Earl Tomblin``."""
    before = lower[start - 2] if start - 2 >= first else ""
    if start == end:
        return before in given_names()
    return lower[start - 1] in given_names() and (before == "." or before in roles())


def _given(lower: Sequence[str], start: int, end: int) -> int:
    """Where a name stands behind ``Minister of the Interior``; the end, if none does."""
    given = (token for token in range(start, end) if lower[token] in given_names())
    return next(given, end - 2 if end - start > 3 else end)


def _behind_opening(paragraph: Paragraph, first: int, end: int) -> int:
    """Leave out words that owe their capital to the place where they stand."""
    words = paragraph.words
    while first < end - 1 and _is_small(words[first]):
        first += 1
    return end if first == end - 1 and _is_plain(words[first]) else first


def _is_plain(word: str) -> bool:
    """A word that is known, but neither as part of a name nor as a given name."""
    known = word_class(word)
    if word.lower() in PRONOUNS or word in _DAYS:
        return True
    if known == "^?":
        return bool(_CONTRACTION.search(word))
    return "NNP" not in known and word.lower() not in given_names()


def _words(paragraph: Paragraph, first: int, end: int) -> tuple[str, ...]:
    words = []
    for token in range(first, end):
        word = paragraph.words[token]
        if word == ".":
            continue
        words.append(word[:-2] if word.endswith(("'s", "’s")) else word)
    return tuple(words)


def _kind(
    words: Sequence[str], lower: Sequence[str], first: int, role: Role | None
) -> tuple[Kind, str | None]:
    """What a name seems to name, and the country that an institution is said to be of."""
    if role and role.is_title and role.gender:
        return "person", None
    phrase = phrase_key(" ".join(words))
    if phrase in institutions() or phrase in nationalities():
        return "institution", nationalities().get(phrase)
    if is_medium(" ".join(words)):
        return "institution", None
    if len(words) == 1 and words[0].isupper() and 1 < len(words[0]) <= _ACRONYM:
        return "institution", None
    heads = institution_heads()
    if words[-1].lower() in heads["last"] or words[0].lower() in heads["of"]:
        return "institution", nationalities().get(phrase_key(words[0]))
    if role or (len(words) > 1 and words[0].lower() in given_names()):
        return "person", None
    return "other", None


def _modifiers_from(paragraph: Paragraph, role: int, start: int) -> int:
    """Where the words begin that tell more of a role: ``the Pentagon's new`` spokesman."""
    first = role
    while first > start and role - first < _MODIFIERS:
        word = paragraph.words[first - 1]
        if not paragraph.is_word(first - 1) or not _MODIFYING & set(_classes(word)):
            break
        first -= 1
    return first


def _classes(word: str) -> list[str]:
    return word_class(word).lstrip("^").split("|")


def _role_beside(
    paragraph: Paragraph, lower: list[str], first: int, end: int
) -> tuple[Role | None, Span | None]:
    """The role in small letters before a name, or in apposition behind it."""
    tokens = paragraph.tokens
    sentence_start = first
    while sentence_start and paragraph.sentence[sentence_start - 1] == paragraph.sentence[first]:
        sentence_start -= 1
    if found := role_ending(lower, first, sentence_start):
        begin = _modifiers_from(paragraph, found[0], sentence_start)
        return found[1], (tokens[begin][0], tokens[first - 1][1])
    if end + 1 < len(lower) and lower[end] == ",":
        stop = min(len(lower), end + 1 + _APPOSITION)
        while stop > end + 1 and paragraph.sentence[stop - 1] != paragraph.sentence[first]:
            stop -= 1
        for mark in range(end + 1, stop):
            if not lower[mark][0].isalnum() or paragraph.quotation[mark] >= 0:
                stop = mark
                break
        if lower[end + 1] in ("who", "which", "and"):
            return None, None
        if within := role_within(lower, end + 1, stop):
            return within[2], (tokens[end + 1][0], tokens[stop - 1][1])
    return None, None
