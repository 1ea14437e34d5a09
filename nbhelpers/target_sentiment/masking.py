"""The words around a mention, without any name: what a classifier may know of the sentence.

Nothing is read of the mention itself, neither its letters nor its length. Every other name is
hidden behind one sign, however many words it has, so that no name at all can tell for or against
anybody; so are the pronouns *he* and *she*. The words on either side are read apart: exchange the
name, and they stay what they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from nbhelpers.extraction.vocabulary import is_proper
from nbhelpers.text import Span

NAME = "<name>"
REACH = 1000  # characters on either side that are read

_LONGEST_NAME = 200  # characters of a mention that is looked for elsewhere
# A hyphen within a word parts it and is no token itself; a possessive may stand at the very start.
_TOKEN = re.compile(r"(?P<word>[^\W_]+(?:['’.][^\W_]+)*)|(?<=\w)['’]s\b|[^\s\w-]|(?<!\w)-|-(?!\w)")
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
    if text[start:end].endswith(_POSSESSIVE) and end - start > 2:
        end -= 2
    first, last = _window(text, start, end)
    hidden = sorted([*also, *_same_name(text, (start, end), first, last)])
    left = _words(text, first, start, hidden, begins=True)
    right = _words(text, end, last, hidden, begins=False)
    return Context(left, right)


def _window(text: str, start: int, end: int) -> Span:
    """What is in reach, cut between words where that is possible."""
    first, last = max(0, start - REACH), min(len(text), end + REACH)
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        last = max(text.rfind(" ", end, last), end) if " " in text[end:last] else last
    return first, last


def _same_name(text: str, mention: Span, first: int, last: int) -> Iterator[Span]:
    """Where the mention stands again, or one of the words of the name alone."""
    name = text[slice(*mention)]
    if len(name) > _LONGEST_NAME or not name[0].isalnum():
        return
    words = {word for word in re.findall(r"[^\W_]+", name) if len(word) > 1 and is_proper(word)}
    names = "|".join(map(re.escape, [name, *sorted(words)]))
    for match in re.compile(rf"(?<!\w)(?:{names})(?!\w)").finditer(text, first, last):
        yield match.span()


def _words(text: str, start: int, end: int, hidden: Sequence[Span], *, begins: bool) -> list[str]:
    found: list[str] = []
    for first, last in hidden:
        if start < last and first < end:
            _read(text, start, max(start, first), found, begins=begins)
            _add_name(found)
            start, begins = min(last, end), False
    _read(text, start, end, found, begins=begins)
    return found


def _read(text: str, start: int, end: int, found: list[str], *, begins: bool) -> None:
    """Add the words of a stretch to those found."""
    for match in _TOKEN.finditer(text, start, end):
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
    """Names in the middle of a word count too: the handles of social media."""
    has_inner_capital = word[0].islower() and not word.islower()
    return before == "@" or has_inner_capital or is_proper(word, begins=before in _OPENERS)


def _add_name(found: list[str]) -> None:
    if not found or found[-1] != NAME:
        found.append(NAME)
