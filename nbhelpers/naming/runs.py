"""Runs of capitalised words, out of which names are made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.vocabulary import word_class
from nbhelpers.lexicons import given_names, institution, institution_heads, roles
from nbhelpers.text import Span

PRONOUNS = frozenset(
    "he she they it who which that i we you his her their its him them whose my our us me".split()
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
JOINING = frozenset("of for on against to".split())
_PARTICLES = frozenset("de da di du del della der den van von bin bint ibn al el la le ter".split())
_DAYS = frozenset("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
_NOMINAL = frozenset("NN NNS NNP NNPS JJ CD ? FW".split())
_WITH_ARTICLE = re.compile(r"(?:al|el|ul|as|ad|an|d|l)['’-][A-Z]")
_CONTRACTION = re.compile(r"(?:['’](?:m|re|ve|ll|d)|n['’]t)$")
_POSSESSIVES = ("'s", "’s", "s'", "s’")


def runs(paragraph: Paragraph, lower: Sequence[str]) -> Iterator[Span]:
    """Yield capitalised words one after the other, with the small words that names have inside."""
    end = 0
    for first, word in enumerate(paragraph.words):
        if first >= end and is_capital(word):
            end = _run_end(paragraph, lower, first)
            yield first, end


def is_capital(word: str) -> bool:
    """Return whether a word begins like a name: ``Lee``, ``al-Saleh``, ``d'Arc``."""
    return word[0].isupper() or bool(_WITH_ARTICLE.match(word))


def is_pronoun(word: str) -> bool:
    """Return whether a word is a pronoun, not an abbreviation such as WHO or US."""
    is_abbreviation = len(word) > 1 and word.isupper() and institution(word)
    return word.lower() in PRONOUNS and not is_abbreviation


def is_small(word: str) -> bool:
    """Return whether a capital is owed to the word's place: a verb, a function word, a day.

    >>> is_small("Says"), is_small("The"), is_small("Lee")
    (True, True, False)
    """
    if is_pronoun(word) or word in _DAYS:
        return True
    return word_class(word).startswith("^") and not _NOMINAL & set(classes(word))


def is_plain(word: str) -> bool:
    """Return whether a word is known, but neither as part of a name nor as a given name."""
    if is_pronoun(word) or word in _DAYS:
        return True
    known = word_class(word)
    if known == "^?":
        return bool(_CONTRACTION.search(word))
    return "NNP" not in known and word.lower() not in given_names()


def classes(word: str) -> list[str]:
    """Return the usual parts of speech of a word."""
    return word_class(word).lstrip("^").split("|")


def is_possessive(word: str) -> bool:
    """Return whether a word ends with a possessive's mark."""
    return word.endswith(_POSSESSIVES)


def is_inner_dot(lower: Sequence[str], token: int) -> bool:
    """Return whether a token is the dot of an initial, of ``U.S.`` or of an abbreviated title."""
    if not 0 < token < len(lower) or lower[token] != ".":
        return False
    before = lower[token - 1]
    role = roles().get(before)
    is_short = len(before) == 1 or "." in before or before in SUFFIXES
    return is_short or bool(role and role.is_title)


def _run_end(paragraph: Paragraph, lower: Sequence[str], first: int) -> int:
    words, end = paragraph.words, first + 1
    while not is_possessive(words[end - 1]):
        step = end
        if is_inner_dot(lower, step):
            step += 1
        elif not _follows(paragraph, step):
            break
        else:
            step = _behind_small_words(paragraph, lower, first, step)
        if not _follows(paragraph, step) or not is_capital(words[step]) or is_small(words[step]):
            break
        end = step + 1
    return end


def _behind_small_words(paragraph: Paragraph, lower: Sequence[str], first: int, token: int) -> int:
    """Behind the particles of a name, or the *of* and *the* of an institution or an office."""
    step = token
    while step < len(lower) and lower[step] in _PARTICLES and _follows(paragraph, step):
        step += 1
    if step == token and _joins(lower, first, token):
        step += 1
        if step < len(lower) and lower[step] == "the" and _follows(paragraph, step):
            step += 1
    return step


def _joins(lower: Sequence[str], first: int, token: int) -> bool:
    """``of``, ``for`` and ``and`` within the name of an institution or an office."""
    inside = lower[first:token]
    of_heads = institution_heads()["of"]
    if lower[token] in JOINING:
        role = roles().get(inside[-1])
        return inside[-1] in of_heads or bool(role and role.is_title)
    return lower[token] in ("and", "&") and "of" in inside and inside[0] in of_heads


def _follows(paragraph: Paragraph, token: int) -> bool:
    """Whether the token stands in the same sentence, a blank behind the one before."""
    tokens, sentence = paragraph.tokens, paragraph.sentence
    return (
        token < len(tokens)
        and sentence[token] == sentence[token - 1]
        and tokens[token][0] - tokens[token - 1][1] == 1
    )
