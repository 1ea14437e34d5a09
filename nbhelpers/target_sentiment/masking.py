"""The words around a mention, without any name: what a classifier may know of the sentence.

Nothing is read of the mention itself, neither its letters nor its length. Every other name is
hidden behind a sign, however many words it has, so that no name at all can tell for or against
anybody; so are the pronouns *he* and *she*. The words on either side are read apart: exchange the
name, and they stay what they were. A sign tells which names are alike, and no more of them: see
:func:`with_one_sign` and :func:`with_numbers`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from nbhelpers.extraction.vocabulary import is_proper
from nbhelpers.text import Span

NAME = "<name>"
PRONOUN = "<pronoun>"
TARGET = "<target>"
"""Stands for a further mention of the same, where the caller knows it for one."""
NEAREST = 120  # words and marks on either side that are read

_REACH = 3000  # characters on either side in which they are looked for
_LONGEST_NAME = 200  # characters of a mention that is looked for elsewhere
# An acronym keeps its stops. A hyphen at the end of a word parts it from the next, and is no token
# itself; after a name a stretch may begin with a hyphen or a possessive.
_TOKEN = re.compile(
    r"(?P<word>(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’.][^\W_]+)*)"
    r"|(?:(?<=[\w.])|^)['’]s\b|[^\s\w-]|(?<=\W)-"
)
_ARTICLE = re.compile(r"(?:the|an?)\s+", re.IGNORECASE)
_POSSESSIVE = ("'s", "’s")
_OPENERS = frozenset('.?!:"([')
_PLAIN = str.maketrans("’‘“”", "''\"\"")
_HIDDEN_PRONOUNS = frozenset("he she him her himself herself his hers".split())
_HIDDEN_POSSESSIVES = frozenset(("his", "hers"))


class Context(NamedTuple):
    """The words before and after a mention, in the order of the text, lower case, names hidden.

    A sign of a name is ``<name`` with its words behind it, until it is made the same or numbered.
    """

    left: list[str]
    right: list[str]


def context(text: str, mention: Span, also: Iterable[Span] = ()) -> Context:
    """Return what surrounds a mention; further mentions of the same (``also``) are hidden too.

    >>> text = "Police said Lee robbed Smith, but Lee’s lawyer denied it."
    >>> with_one_sign(context(text, (12, 15)))
    Context(left=['police', 'said'], right=['robbed', '<name>', ',', 'but', '<name>', "'s", 'lawyer', 'denied', 'it', '.'])
    """  # noqa: E501
    start, end = mention
    first, last = _window(text, start, end)
    name, also = _pattern_of(text[start:end]), list(also)
    left = _words(text[first:start], _hidden(first, also), name, begins=not first)
    right = _words(text[end:last], _hidden(end, also), name, begins=False)
    return Context(left[-NEAREST:], right[:NEAREST])


def with_one_sign(context: Context) -> Context:
    """Return the context with all names and pronouns behind :data:`NAME`."""
    return Context(*(_with_one_sign(side) for side in context))


def _with_one_sign(words: Iterable[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if word == PRONOUN:
            found.append(NAME)
        elif not (word == TARGET or is_name(word)):
            found.append(word)
        elif found[-1:] != [NAME]:
            found.append(NAME)
    return found


def with_numbers(context: Context) -> Context:
    """Return the context with ``<name 0>`` for the name that comes first, ``<name 1>`` ...

    Names that have their last word in common are one, and so are those whose words another has.

    >>> with_numbers(context("Lee met Ann Hay and Bob; Hay left.", (0, 3))).right
    ['met', '<name 0>', 'and', '<name 1>', ';', '<name 0>', 'left', '.']
    """
    known: list[list[str]] = []
    return Context(*([_numbered(word, known) for word in side] for side in context))


def _numbered(word: str, known: list[list[str]]) -> str:
    if not is_name(word):
        return word
    own = word[len(NAME) - 1 : -1].split()
    alike = (k for k, other in enumerate(known) if _is_alike(own, other))
    number = next(alike, len(known))
    if number == len(known):
        known.append(own)
    return f"<name {number}>"


def _is_alike(own: list[str], other: list[str]) -> bool:
    return own[-1:] == other[-1:] or set(own) <= set(other) or set(other) <= set(own)


def is_name(word: str) -> bool:
    """Return whether a word of a context is the sign of a name."""
    return word.startswith(NAME[:-1])


def _window(text: str, start: int, end: int) -> Span:
    """What is in reach, cut between words where that is possible."""
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        last = max(text.rfind(" ", end, last), end) if " " in text[end:last] else last
    return first, last


def _pattern_of(mention: str) -> re.Pattern[str] | None:
    """What finds the mention elsewhere, or one of the words of the name alone."""
    name = _ARTICLE.sub("", mention, count=1).strip()
    is_sane = 1 < len(name) <= _LONGEST_NAME and name[0].isalnum()  # a letter may be a possessive
    if not is_sane or name.lower() in _HIDDEN_PRONOUNS:
        return None
    words = {word for word in re.findall(r"[^\W_]+", name) if len(word) > 1 and is_proper(word)}
    names = "|".join(map(re.escape, [name, *sorted(words)]))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)")


def _hidden(offset: int, also: Iterable[Span]) -> list[Span]:
    """The spans as seen from an offset; what lies before it is cut off."""
    moved = ((max(0, start - offset), end - offset) for start, end in also)
    return [span for span in moved if span[0] < span[1]]


def _words(text: str, also: list[Span], name: re.Pattern[str] | None, *, begins: bool) -> list[str]:
    """The words of one side, which is all that is seen of the text."""
    same = [match.span() for match in name.finditer(text)] if name else []
    found: list[str] = []
    position = 0
    for start, end in sorted({*also, *same}):
        if start < len(text) and position < end:
            _read(text[position:start], found, begins=begins)
            if any(first < end and start < last for first, last in also):
                _add_target(found)
            else:
                _add_name(found, text[max(start, position) : end])
            position, begins = end, False
    _read(text[position:], found, begins=begins)
    return found


def _read(text: str, found: list[str], *, begins: bool) -> None:
    """Add the words of a stretch to those found."""
    for match in _TOKEN.finditer(text):
        word = match["word"]
        if word is None:
            found.append(match.group().translate(_PLAIN))
            continue
        possessive = word.endswith(_POSSESSIVE)
        if possessive:
            word = word[:-2]
        before = found[-1] if found else "." if begins else ""
        if _is_name(word, before):
            _add_name(found, word)
        else:
            lower = word.translate(_PLAIN).lower()
            found.append(PRONOUN if lower in _HIDDEN_PRONOUNS else lower)
            possessive |= lower in _HIDDEN_POSSESSIVES
        if possessive:
            found.append("'s")


def _is_name(word: str, before: str) -> bool:
    """Handles of social media count too, and what goes on after a name (the Islamic *State*)."""
    if word[0].islower():
        return before == "@" or not word.islower()
    goes_on = (is_name(before) or before in (PRONOUN, TARGET)) and word[0].isupper()
    return goes_on or before == "@" or is_proper(word, begins=before in _OPENERS)


def _add_name(found: list[str], name: str) -> None:
    """Add a name, or go on with the one before, without the article that some have."""
    words = " ".join(re.findall(r"[^\W_]+", name.lower()))
    _drop_article(found)
    if found and is_name(found[-1]):
        found[-1] = f"{found[-1][:-1]} {words}>"
    elif found[-1:] != [TARGET]:
        found.append(f"{NAME[:-1]} {words}>")


def _add_target(found: list[str]) -> None:
    _drop_article(found)
    if found[-1:] != [TARGET]:
        found.append(TARGET)


def _drop_article(found: list[str]) -> None:
    while found and found[-1] == "the":
        found.pop()
