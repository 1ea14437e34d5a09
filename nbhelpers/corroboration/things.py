"""What a number counts, in a form under which several wordings meet: the thing, whose it is, which.

*North Korean troops*, *soldiers from the DPRK* and *North Korea's servicemen* count one thing;
*North Korean artillery rounds* another. Synonyms stand in ``data/counted_things.tsv``, countries
and institutions are known from the lexicons of sources. A word that none of them knows keeps
things apart: two wordings of one thing in two groups are a lesser fault than two things in one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from wordfreq import zipf_frequency

from nbhelpers.caching import LONGEST, kept_for_words
from nbhelpers.lexicons import institution, nationalities, phrase_key

_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*\.?")
_LONGEST_NAME = 4  # words
_UNTELLING = frozenset(
    "a an the of from in for and or to its their his her our my your this that these those some "
    "all any each more further additional extra another total estimated alleged reported different "
    "own such as currently".split()
)
OUTCOMES = frozenset("killed wounded missing captured lost displaced paid".split())
_PLAIN = 6.0  # on the Zipf scale: what everybody writes everywhere tells nothing
_RARE = 2.0


class Thing(NamedTuple):
    """What is counted: ``noun``, ``actors`` (countries, institutions), ``marks`` (other words)."""

    noun: str
    actors: frozenset[str]
    marks: frozenset[str]
    status: str | None = None

    @property
    def weight(self) -> float:
        """How much the words tell: *people* next to nothing, *coal-fired power plants* much."""
        words = [*self.noun.split(), *self.marks]
        return sum(map(telling, words)) + sum(max(1.0, telling_name(name)) for name in self.actors)


@kept_for_words(50_000)
def telling(word: str) -> float:
    """Return how much a word tells, from 0 (everyday) to 4 (rare), by how often English uses it.

    >>> telling("people") < telling("soldier") < telling("ammunition") < telling("howitzer")
    True
    """
    return _PLAIN - min(_PLAIN, max(_RARE, zipf_frequency(word[:LONGEST], "en")))


def telling_name(name: str) -> float:
    """Return how much a name tells: as much as its rarest word."""
    return max(map(telling, name.lower().split()), default=0.0)


def thing(counted: str, head: str, behind: str = "") -> Thing:
    """Return what a number counts, from its noun with modifiers and the words behind it.

    Args:
        counted: the noun with its modifiers, as written.
        head: the noun in lower case.
        behind: what follows in the sentence; a country behind *from* or *of* is the actor.

    >>> one = thing("North Korean troops", "troops")
    >>> one == thing("servicemen", "servicemen", " from the DPRK have come")
    True
    >>> sorted(one.actors), one.noun, thing("containers of ammunition", "containers").marks
    (['North Korea'], 'soldier', frozenset({'ammunition'}))
    """
    words = [w.strip(".") if w.count(".") < 2 else w for w in _WORD.findall(counted)]
    actors, rest = _actors(words)
    plain = [w for word in rest if (w := _plain(word)) and w not in _UNTELLING]
    noun, status, others = _noun(plain, _plain(head))
    actors |= _behind(behind)
    return Thing(noun, frozenset(actors), frozenset(map(singular, others)), status)


def _behind(text: str) -> set[str]:
    match = _FROM.match(text[:_SIGHT])
    if not match:
        return set()
    words = _WORD.findall(match.group(1))
    return next(({found} for n in range(len(words), 0, -1) if (found := actor(words[:n]))), set())


_SIGHT = 60  # characters behind a noun
_FROM = re.compile(r"\s+(?:from|of)\s+(?:the\s+)?((?:[A-Z][\w.'’-]*\s*){1,4})")


def actor(words: Sequence[str]) -> str | None:
    """Return the country or institution that some words name.

    >>> actor(["North", "Korean"]), actor(["U.N."]), actor(["Ann", "Lee"])
    ('North Korea', 'United Nations', None)
    """
    if not words[0][:1].isupper():
        return None
    form = " ".join(words)
    if country := nationalities().get(phrase_key(form)):
        return country
    known = institution(form)
    return known.name if known else None


def _actors(words: Sequence[str]) -> tuple[set[str], list[str]]:
    """Who is named among words, the longest names first, and the words that are left."""
    found: set[str] = set()
    rest: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            if name := actor(words[at : at + length]):
                found.add(name)
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return found, rest


def _plain(word: str) -> str:
    lower = word.lower().replace("’", "'")
    return lower.removesuffix("'s").rstrip("'")


def _noun(words: list[str], head: str) -> tuple[str, str | None, list[str]]:
    """The thing by the longest form that the lexicon knows, what became of it, the words left."""
    for length in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            part = words[start : start + length]
            if head in part and (known := _forms().get(" ".join(part))):
                return *known, words[:start] + words[start + length :]
    if head in words:
        at = len(words) - 1 - words[::-1].index(head)
        return singular(head), None, words[:at] + words[at + 1 :]
    noun = "person" if head and not words else singular(head)  # *two North Koreans*
    return noun, None, words


def singular(word: str) -> str:
    """Return a noun without the ending of the plural; the same wrong form for all is no harm.

    >>> singular("containers"), singular("countries"), singular("losses"), singular("crisis")
    ('container', 'country', 'loss', 'crisis')
    """
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


@cache
def _forms() -> dict[str, tuple[str, str | None]]:
    """The wordings of a thing, in lower case without *of*, and the thing with its status."""
    lines = (files("nbhelpers") / "data" / "counted_things.tsv").read_text("utf-8").splitlines()
    return {
        " ".join(w for w in form.lower().split() if w not in _UNTELLING): (
            row["thing"],
            row["status"] or None,
        )
        for row in DictReader(lines, delimiter="\t", quoting=3)
        for form in row["forms"].split("; ")
    }
