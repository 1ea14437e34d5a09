"""The words around a mention, without any name: what a classifier may know of the sentence.

Nothing is read of the mention itself, neither its letters nor its length. Every other name is
hidden behind one sign, however many words it has, so that no name at all can tell for or against
anybody; so are the pronouns *he* and *she*. The words on either side are read apart: exchange the
name, and they stay what they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from nbhelpers.extraction.vocabulary import is_proper
from nbhelpers.text import Span

NAME = "<name>"
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
_PRONOUNS = {"he": [NAME], "she": [NAME], "him": [NAME], "her": [NAME], "himself": [NAME],
             "herself": [NAME], "his": [NAME, "'s"], "hers": [NAME, "'s"]}  # fmt: skip


class Context(NamedTuple):
    """The words before and after a mention, in the order of the text, lower case, names hidden."""

    left: list[str]
    right: list[str]


def context(text: str, mention: Span, also: Iterable[Span] = ()) -> Context:
    """Return what surrounds a mention; further mentions of the same (``also``) are hidden too.

    >>> context("Police said Lee robbed Smith, but Lee’s lawyer denied it.", (12, 15))
    Context(left=['police', 'said'], right=['robbed', '<name>', ',', 'but', '<name>', "'s", 'lawyer', 'denied', 'it', '.'])
    """  # noqa: E501
    start, end = mention
    first, last = _window(text, start, end)
    name, also = _pattern_of(text[start:end]), list(also)
    left = _words(text[first:start], _hidden(first, also), name, begins=not first)
    right = _words(text[end:last], _hidden(end, also), name, begins=False)
    return Context(left[-NEAREST:], right[:NEAREST])


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
    if len(name) > _LONGEST_NAME or not name[:1].isalnum() or name.lower() in _PRONOUNS:
        return None
    words = {word for word in re.findall(r"[^\W_]+", name) if len(word) > 1 and is_proper(word)}
    names = "|".join(map(re.escape, [name, *sorted(words)]))
    return re.compile(rf"(?<!\w)(?:{names})(?!\w)")


def _hidden(offset: int, also: Iterable[Span]) -> list[Span]:
    """The spans as seen from an offset; what lies before it is cut off."""
    moved = ((max(0, start - offset), end - offset) for start, end in also)
    return [span for span in moved if span[0] < span[1]]


def _words(
    text: str, hidden: list[Span], name: re.Pattern[str] | None, *, begins: bool
) -> list[str]:
    """The words of one side, which is all that is seen of the text."""
    same = [match.span() for match in name.finditer(text)] if name else []
    found: list[str] = []
    position = 0
    for start, end in sorted(hidden + same):
        if start < len(text) and position < end:
            _read(text[position:start], found, begins=begins)
            _add_name(found)
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
            _add_name(found)
        else:
            lower = word.translate(_PLAIN).lower()
            found += _PRONOUNS.get(lower, [lower])
        if possessive:
            found.append("'s")


def _is_name(word: str, before: str) -> bool:
    """Handles of social media count too, and what goes on after a name (the Islamic *State*)."""
    if word[0].islower():
        return before == "@" or not word.islower()
    goes_on = before == NAME and word[0].isupper()
    return goes_on or before == "@" or is_proper(word, begins=before in _OPENERS)


def _add_name(found: list[str]) -> None:
    """Add a name, with the article that some have and others have not."""
    while found and found[-1] == "the":
        found.pop()
    if not found or found[-1] != NAME:
        found.append(NAME)
