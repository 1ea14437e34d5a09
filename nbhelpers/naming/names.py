"""Names in a paragraph: capitalised words that belong together, and what they seem to name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from nbhelpers.extraction.cues import cue_words
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.lexicons import (
    Role,
    given_names,
    institution,
    institution_heads,
    institution_type,
    key,
    nationalities,
    phrase_key,
    roles,
)
from nbhelpers.media import is_medium
from nbhelpers.naming.runs import (
    JOINING,
    SUFFIXES,
    classes,
    is_inner_dot,
    is_plain,
    is_possessive,
    is_pronoun,
    is_small,
    runs,
)
from nbhelpers.text import Span

Kind = Literal["person", "institution", "other", "described", "group", "author", "handle"]

LONGEST_ROLE = 4  # words
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_IMPERSONAL = frozenset("in at near across outside into inside throughout the".split())
_MODIFYING = frozenset("DT PRP$ JJ NN NNS NNP NNPS POS CD ?".split())
_NO_APPOSITION = frozenset("who which and or but".split())
_SAID = frozenset("said says told tells added adds".split())
_OF_PARTICIPLES = frozenset("of by".split())  # *the minister accused of it* says nothing
_DETERMINERS = frozenset("the a an another his her its their".split())
_PREPOSITIONS = frozenset("of for from at in on with".split())
_ACRONYM = 6  # letters
_MODIFIERS = 6  # words
_APPOSITION = 9  # tokens behind a comma in which a role is looked for


class Beside(NamedTuple):
    """What stands beside a name: a role, if any, and the stretch that tells more."""

    role: Role | None
    span: Span


@dataclass(slots=True, eq=False)
class Name:
    """One name in the text. ``words`` leave out titles; ``beside`` is what is said of its bearer.

    ``country`` is the nationality that stands with an institution's name. ``token`` and
    ``token_end`` are its place in the paragraph, ``sentence`` is the number of its sentence there;
    ``is_impersonal`` tells whether *in*, *at* or *the* stands before it, ``is_doubtful`` whether
    its only word is an ordinary one.
    """

    start: int
    end: int
    words: tuple[str, ...]
    kind: Kind
    beside: Beside | None = None
    country: str | None = None
    token: int = 0
    token_end: int = 1
    sentence: int = 0
    is_quoted: bool = False
    is_titled: bool = False
    is_impersonal: bool = False
    is_doubtful: bool = False

    @property
    def span(self) -> Span:
        """Where it stands, titles left out."""
        return self.start, self.end

    @property
    def role(self) -> Role | None:
        """The role that stands beside it."""
        return self.beside.role if self.beside else None

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words without differences of spelling."""
        return tuple(key(part) for word in self.words for part in word.split("-") if part)


def names(paragraph: Paragraph, lower: Sequence[str]) -> list[Name]:
    """Return the names of a paragraph in order, given its words in lower case.

    >>> from nbhelpers.extraction.paragraphs import paragraphs
    >>> text = "President Barack Obama met Vedant Patel, a spokesman for the State Department."
    >>> [part] = paragraphs(text, [(0, len(text), False)])
    >>> found = names(part, [word.lower() for word in part.words])
    >>> [(" ".join(n.words), n.kind, n.role and n.role.standard) for n in found]
    [('Barack Obama', 'person', 'president'), ('Vedant Patel', 'person', 'spokesperson'), \
('State Department', 'institution', None)]
    """
    found = (_name(paragraph, lower, first, end) for first, end in runs(paragraph, lower))
    return [name for name in found if name]


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


def _name(paragraph: Paragraph, lower: Sequence[str], first: int, end: int) -> Name | None:
    """The name in a run, its titles and the words that only begin a sentence left out."""
    if lower[first] == "the" and end - first > 1:
        first += 1
    if institution(_form(paragraph, first, end)):
        return _institution(paragraph, lower, first, end)
    while first < end - 1 and is_small(paragraph.words[first]):
        first += 1
    role = roles().get(lower[first])
    is_addressed = bool(role and role.is_title and role.gender)
    if not is_addressed and _is_institution(_form(paragraph, first, end)):
        return _institution(paragraph, lower, first, end)
    name_from = _behind_titles(lower, first, end)
    if name_from == end:  # a role, unless the text knows somebody of that name
        return _placed(paragraph, lower, end - 1, end, _words(paragraph, end - 1, end), "other")
    return _person_or_other(paragraph, lower, first, name_from, end)


def _form(paragraph: Paragraph, first: int, end: int) -> str:
    return " ".join(_words(paragraph, first, end))


def _is_nationality(word: str) -> bool:
    return phrase_key(word) in nationalities() and word.lower() not in given_names()


def _is_institution(form: str) -> bool:
    words = form.lower().split()
    if phrase_key(form) in nationalities() or institution(form) or is_medium(form):
        return True
    if len(words) == 1:
        is_acronym = form.isupper() and 1 < len(form) <= _ACRONYM
        return is_acronym or (bool(institution_type(form)) and form.lower() not in roles())
    if phrase_key(words[0]) in nationalities() and len(words) > 2:
        words = words[1:]
    if words[1] in JOINING:
        return words[0] in institution_heads()["of"]
    return words[0] not in given_names() and bool(institution_type(form))


def _institution(paragraph: Paragraph, lower: Sequence[str], first: int, end: int) -> Name:
    """An institution, with the country whose name stands in it or, as a possessor, before it."""
    if first and _ORDINAL.match(lower[first - 1]):
        first -= 1
    words = _words(paragraph, first, end)
    inside = (nationalities().get(phrase_key(word)) for word in (words[0], words[-1]))
    country = nationalities().get(phrase_key(" ".join(words))) or next(filter(None, inside), None)
    if country is None and first and is_possessive(paragraph.words[first - 1]):
        country = nationalities().get(phrase_key(paragraph.words[first - 1]))
    return _placed(paragraph, lower, first, end, words, "institution", country=country)


def _person_or_other(
    paragraph: Paragraph, lower: Sequence[str], first: int, name_from: int, end: int
) -> Name:
    words = _words(paragraph, name_from, end)
    tokens = paragraph.tokens
    beside = None
    if name_from > first:
        ending, within = role_ending(lower, name_from, first), role_within(lower, first, name_from)
        role = ending[1] if ending else within[2] if within else None
        begin = _modifiers_from(paragraph, first, paragraph.sentence_start(first))
        beside = Beside(role, (tokens[begin][0], tokens[name_from - 1][1]))
    elif len(words) > 1 and _is_nationality(words[0]):
        words, name_from = words[1:], name_from + 1
    if beside is None:
        beside = _role_beside(paragraph, lower, name_from, end)
    has_role = beside is not None and beside.role is not None
    is_named = len(words) > 1 and words[0].lower() in given_names()
    kind: Kind = "person" if has_role or is_named else "other"
    is_titled = name_from > first and bool(beside and beside.role and beside.role.is_title)
    return _placed(
        paragraph, lower, name_from, end, words, kind, beside=beside, is_titled=is_titled
    )


def _placed(
    paragraph: Paragraph,
    lower: Sequence[str],
    first: int,
    end: int,
    words: tuple[str, ...],
    kind: Kind,
    *,
    beside: Beside | None = None,
    country: str | None = None,
    is_titled: bool = False,
) -> Name:
    stop = paragraph.tokens[end - 1][1]
    if paragraph.words[end - 1].endswith(("'s", "’s")):
        stop -= 2
    elif "." in words[-1] and end < len(lower) and paragraph.tokens[end] == (stop, stop + 1):
        stop += lower[end] == "."  # U.S.
    return Name(
        paragraph.tokens[first][0],
        stop,
        words,
        kind,
        beside,
        country,
        first,
        end,
        paragraph.sentence[first],
        is_quoted=paragraph.quotation[first] >= 0,
        is_titled=is_titled,
        is_impersonal=not is_titled and first > 0 and lower[first - 1] in _IMPERSONAL,
        is_doubtful=kind == "other" and beside is None and len(words) == 1 and _is_common(words[0]),
    )


def _is_common(word: str) -> bool:
    return is_plain(word) or word.lower() in roles()


def _behind_titles(lower: Sequence[str], first: int, end: int) -> int:
    """Where the name begins behind the last role in the run; its end, if all of it is a role."""
    for start in range(end, first, -1):
        if lower[start - 1] == "." or _is_surname_or_given(lower, first, start, end):
            continue
        if role_ending(lower, start, first):
            while start < end and lower[start] == ".":
                start += 1
            if start < end and lower[start] in JOINING:
                return _given(lower, start, end)
            return start
    return first


def _is_surname_or_given(lower: Sequence[str], first: int, start: int, end: int) -> bool:
    """A word that may be a role, but is part of a name: ``Ann Baker``, ``Gov. Earl Tomblin``."""
    before = lower[start - 2] if start - 2 >= first else ""
    if before in given_names() and before not in roles():
        return True
    if start == end or (start == end - 1 and lower[start] == "."):
        return lower[start - 1] in SUFFIXES
    return lower[start - 1] in given_names() and (before == "." or before in roles())


def _given(lower: Sequence[str], start: int, end: int) -> int:
    """Where a name stands behind ``Minister of the Interior``; the end, if none does."""
    given = (token for token in range(start, end) if lower[token] in given_names())
    return next(given, end - 2 if end - start > 3 else end)


def _words(paragraph: Paragraph, first: int, end: int) -> tuple[str, ...]:
    words = []
    for token in range(first, end):
        word = paragraph.words[token]
        if word != ".":
            words.append(word[:-2] if word.endswith(("'s", "’s")) else word)
    return tuple(words)


def _modifiers_from(paragraph: Paragraph, first: int, start: int) -> int:
    """Where the words begin that tell more of a role: ``the Pentagon's new`` spokesman."""
    role = first
    while first > start and role - first < _MODIFIERS:
        word = paragraph.words[first - 1]
        if not paragraph.is_word(first - 1) or not _MODIFYING & set(classes(word)):
            break
        first -= 1
    return first


def _role_beside(paragraph: Paragraph, lower: Sequence[str], first: int, end: int) -> Beside | None:
    """The role or the possessor before a name, or the role in apposition behind it."""
    tokens = paragraph.tokens
    start = paragraph.sentence_start(first)
    if found := role_ending(lower, first, start):
        begin = _modifiers_from(paragraph, found[0], start)
        return Beside(found[1], (tokens[begin][0], tokens[first - 1][1]))
    if end + 1 < len(lower) and lower[end] == "," and lower[end + 1] not in _NO_APPOSITION:
        stop = _apposition_end(paragraph, lower, end + 1)
        within = role_within(lower, end + 1, stop)
        if within and not _is_subject(lower, within[1], stop):
            return Beside(within[2], (tokens[end + 1][0], tokens[stop - 1][1]))
    if found_before := _role_before_comma(paragraph, lower, first, end):
        return found_before
    if first > start and is_possessive(paragraph.words[first - 1]):
        begin = _modifiers_from(paragraph, first - 1, start)
        return Beside(None, (tokens[begin][0], tokens[first - 1][1]))
    return None


def _role_before_comma(
    paragraph: Paragraph, lower: Sequence[str], first: int, end: int
) -> Beside | None:
    """``A spokesman for the ministry, Ann Lee, said``: commas on both sides, the role at first."""
    if first < 2 or lower[first - 1] != "," or lower[end : end + 1] != [","]:
        return None
    begin = first - 1
    lowest = max(paragraph.sentence_start(first), begin - _APPOSITION)
    while begin > lowest and paragraph.is_word(begin - 1):
        begin -= 1
    head = next((t for t in range(begin, first - 1) if lower[t] in _PREPOSITIONS), first - 1)
    whose = any(is_possessive(word) for word in paragraph.words[begin:head])
    found = role_ending(lower, head, begin)
    if full := role_ending(lower, first - 1, begin):  # *the secretary of state*
        found = full if full[0] < head else found
    if found is None or not (whose or lower[begin] in _DETERMINERS):
        return None
    return Beside(found[1], (paragraph.tokens[begin][0], paragraph.tokens[first - 2][1]))


def _is_subject(lower: Sequence[str], role_end: int, end: int) -> bool:
    """Whether a role begins a clause of its own: ``in Colorado, the sheriff said``."""
    behind = [*lower[role_end:end], "", ""][:2]
    cue = cue_words().get(behind[0])
    speaks = cue is not None and cue.part_of_speech == "verb" and behind[1] not in _OF_PARTICIPLES
    return speaks or not _SAID.isdisjoint(lower[role_end:end])


def _apposition_end(paragraph: Paragraph, lower: Sequence[str], first: int) -> int:
    """Behind the last token of what stands between commas, in the same sentence."""
    for token in range(first, min(len(lower), first + _APPOSITION)):
        is_mark = not paragraph.is_word(token) and not is_inner_dot(lower, token)
        is_elsewhere = paragraph.sentence[token] != paragraph.sentence[first - 1]
        is_clause = is_pronoun(paragraph.words[token])
        if is_mark or is_elsewhere or is_clause or paragraph.quotation[token] >= 0:
            return token
    return min(len(lower), first + _APPOSITION)
