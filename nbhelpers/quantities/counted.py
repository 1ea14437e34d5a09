"""What is counted: the noun that belongs to a number, with its modifiers."""

from __future__ import annotations

from typing import NamedTuple

from nbhelpers.quantities.words import Words

_LONGEST = 9  # tokens of a noun phrase
_NOUNS = frozenset(("NN", "NNS", "NNP", "NNPS"))
_PLURALS = frozenset(("NNS", "NNPS"))
_VERBS = frozenset(("VB", "VBD", "VBP", "VBZ", "VBN", "VBG", "MD"))
_ADJECTIVES = frozenset(("JJ", "JJR", "JJS", "VBN", "VBG", "CD"))
_DETERMINERS = frozenset("the a an this that these its their his her our my your".split())
_NEVER = frozenset(
    "percent per worth each apiece more less including up down ahead away ago later now then "
    "today yesterday tomorrow tonight here there as so too also only i january february march "
    "april june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday such plus versus vs both all any last next".split()
)
_OPENING, _CLOSING = frozenset("“\"‘'"), frozenset("”\"’'")
_SINGULARS = frozenset(
    "people police military personnel staff workforce majority infantry cattle crew cavalry youth "
    "poultry aircraft".split()
)
_ALSO_NOUNS = frozenset(
    "artillery ammunition military general".split()
)  # endings tell them for something else
_QUANTITIES = frozenset(
    "number numbers total figure figures strength estimate estimates count tally rate level "
    "levels average amount sum equivalent record maximum minimum peak low high share "
    "proportion".split()
)
"""Nouns that stand for a number, so that what is counted is told elsewhere."""


class Phrase(NamedTuple):
    """Tokens ``first`` to ``end`` that name what is counted; ``head`` is its noun."""

    first: int
    end: int
    head: int


def phrase_at(words: Words, token: int, *, one: bool = False) -> Phrase | None:
    """Return the noun phrase that begins at a token behind a number, with its *of*.

    Args:
        words: the sentence.
        token: the first token behind the number.
        one: a singular is expected.

    >>> from nbhelpers.quantities.words import split
    >>> def read(text):
    ...     words = split(text, 0, len(text))
    ...     found = phrase_at(words, 1)
    ...     return found and words.slice(found.first, found.end)
    >>> read("11,000 containers of ammunition, including"), read("3,000 North Korean troops left")
    ('containers of ammunition', 'North Korean troops')
    >>> read("10,000 of them"), read("12 were killed")
    (None, None)
    """
    found = _simple(words, token, one=one)
    if found and words.is_capital(found.head) and words.is_figure(found.end):
        return None  # *Article 50*
    if found and words.at(found.end) == "of":
        start = found.end + 1
        start += words.at(start) in _DETERMINERS
        inner = _simple(words, start, one=True)
        if inner and _OPENING.isdisjoint(words.forms[inner.first : inner.end]):
            return found._replace(end=inner.end)
    return found


def _simple(words: Words, token: int, *, one: bool) -> Phrase | None:
    """A noun phrase without what follows its head."""
    heads: list[int] = []
    end = token
    while end < min(len(words), token + _LONGEST) and _may_stand(words, end, token, heads, one=one):
        if _is_noun(words, end):
            heads.append(end)
        end += 1
    plurals = [head for head in heads if _is_plural(words, head)]
    if plurals and not one:
        heads = [head for head in heads if head <= plurals[-1]]
    if not heads:
        return None
    head = heads[-1]
    if len(words.form(head)) == 1:
        return None
    behind = _coordinated(words, head + 1)
    return Phrase(token, behind, head)


def _may_stand(words: Words, token: int, first: int, heads: list[int], *, one: bool) -> bool:
    """Whether a token goes on the noun phrase that began at ``first``."""
    lower, classes = words.at(token), words.classes(token)
    if not words.is_word(token):
        return _is_inner_mark(words, token, first)
    if lower in _NEVER or words.form(token) == "\0":
        return False
    if heads and heads[-1] == token - 1 and _is_name_behind_noun(words, token):
        return False
    if heads and heads[-1] == token - 1 and _is_plural(words, token - 1):
        return _goes_on_behind_plural(words, token)
    if not classes.isdisjoint(_ADJECTIVES) or _is_noun(words, token):
        return _is_no_verb(words, token, heads, one=one)
    return lower.endswith("ly") and not heads and "RB" in classes


def _is_inner_mark(words: Words, token: int, first: int) -> bool:
    """A hyphen inside a compound, or a quotation mark around an adjective."""
    mark = words.form(token)
    if mark in ("-", "–"):
        return token > first and words.is_glued(token) and words.is_glued(token + 1)
    if mark in _OPENING and not words.is_glued(token):
        return words.is_glued(token + 1) and words.is_word(token + 1)
    return token > first and mark in _CLOSING and not words.is_glued(token + 1)


def _is_name_behind_noun(words: Words, token: int) -> bool:
    """``a ten-year span Manitoba has seen``: a name begins behind the noun."""
    if not words.is_capital(token) or words.is_capital(token - 1) or words.is_title:
        return False
    return words.at(token - 1) != "fellow" and words.has_typical_capitals


def _goes_on_behind_plural(words: Words, token: int) -> bool:
    """A plural ends the phrase, unless it modifies another: ``women representatives``."""
    if _is_pure_plural(words, token):
        return not words.is_capital(token) or words.is_capital(token - 1)
    classes = words.classes(token) - {"^"}
    return classes == {"NN"} and _is_pure_plural(words, token + 1)


def _is_pure_plural(words: Words, token: int) -> bool:
    classes = words.classes(token) - {"^"}
    return bool(classes) and classes <= _PLURALS


def _is_no_verb(words: Words, token: int, heads: list[int], *, one: bool) -> bool:
    """Whether a word that may be a verb is none here: a noun or a modifier must follow."""
    classes = words.classes(token)
    if classes.isdisjoint(_VERBS) or words.is_capital(token) or words.at(token - 1) == "-":
        return True
    if not classes.isdisjoint(_PLURALS) and not any(_is_plural(words, head) for head in heads):
        return True  # *3,000 calls*
    behind = token + 1 if words.is_word(token + 1) else token + 2
    following = words.classes(behind) if words.at(behind - 1) not in ",;:." else frozenset()
    nominal = not following.isdisjoint(_NOUNS | {"JJ", "?"})
    if one and "NN" in classes and not any(_is_plural(words, head) for head in heads):
        return following.isdisjoint(("DT", "PRP$", "PRP"))
    if not heads:
        return nominal and "DT" not in following
    if "VBG" in classes and not classes.isdisjoint(_NOUNS):
        return following.isdisjoint(("DT", "PRP$"))
    return nominal and not following.isdisjoint(_PLURALS) and "VBD" not in classes


def _is_noun(words: Words, token: int) -> bool:
    classes = words.classes(token)
    known = "?" in classes or words.at(token) in _ALSO_NOUNS or not classes.isdisjoint(_NOUNS)
    return words.is_word(token) and known


def _is_plural(words: Words, token: int) -> bool:
    classes = words.classes(token)
    lower = words.at(token)
    if not classes.isdisjoint(_PLURALS) or lower in _SINGULARS:
        return True
    unknown = "?" in classes or "^" in classes
    return unknown and lower.endswith("s") and not lower.endswith(("ss", "'s", "’s", "us", "is"))


def _coordinated(words: Words, token: int) -> int:
    """Behind a second noun that the number counts too: ``representatives and delegates``."""
    if words.at(token) not in ("and", "or") or not _is_pure_plural(words, token + 1):
        return token
    return token + 2 if not words.is_capital(token + 1) else token


def those_at(words: Words, token: int) -> Phrase | None:
    """Return ``those responding``, ``those who voted``: people told by what they do."""
    if words.at(token) != "those" or not words.is_word(token + 1):
        return None
    return Phrase(token, token + (3 if words.at(token + 1) == "who" else 2), token)


def phrase_before(words: Words, token: int) -> Phrase | None:
    """Return the noun phrase that ends right before a token: ``losses of 600,000``."""
    head = token - 1
    if not _is_noun(words, head) or words.at(head) in _NEVER:
        return None
    first = head
    while first > 0 and token - first < _LONGEST and _may_modify(words, first - 1):
        first -= 1
    return Phrase(first, token, head)


def _may_modify(words: Words, token: int) -> bool:
    classes = words.classes(token)
    if "NN" in classes and words.at(token - 1) in _DETERMINERS:
        return words.at(token) not in _NEVER  # *an aid package*
    if words.form(token) == "-":
        return words.is_glued(token) and words.is_glued(token + 1)
    if not words.is_word(token) or words.at(token) in _NEVER | _DETERMINERS:
        return False
    if not (classes - {"^"}).isdisjoint(("VB", "VBD", "VBP", "VBZ", "MD", "IN", "TO", "DT", "RB")):
        return words.is_capital(token) and token > 0 and "NNP" in classes
    return not classes.isdisjoint(_NOUNS | {"JJ", "VBN", "?"})


def subject_before(words: Words, token: int) -> Phrase | None:
    """Return the noun phrase before a verb, past what follows its noun: ``debt to Boeing was``."""
    found = phrase_before(words, token)
    if found and words.is_capital(found.head) and words.at(found.first - 1) == "and":
        return None
    while found and (inner := _before_preposition(words, found.first)):
        found = inner
    return found


def _before_preposition(words: Words, token: int) -> Phrase | None:
    token -= words.at(token - 1) in _DETERMINERS
    if words.at(token - 1) in ("of", "to", "in", "for", "from", "at", "among", "on", "with"):
        return phrase_before(words, token - 1)
    return None


def is_quantity_noun(words: Words, phrase: Phrase) -> bool:
    """Return whether a phrase only names a number: ``an estimated strength``, no ``birth rate``."""
    nouns = [token for token in range(phrase.first, phrase.end) if _is_noun(words, token)]
    others = [token for token in nouns[:-1] if not words.at(token).endswith(("'s", "’s"))]
    return words.at(phrase.head) in _QUANTITIES and not others


def of_quantity(words: Words, phrase: Phrase) -> Phrase | None:
    """Return what a noun of quantity is a number of: ``the number of troops``."""
    if words.at(phrase.end) != "of":
        return None
    start = phrase.end + 1
    return _simple(words, start + (words.at(start) in _DETERMINERS), one=True)
