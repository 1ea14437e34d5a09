"""The words of a statement in the form under which other wordings of it would have them too."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import chain

import numpy as np
from wordfreq import word_frequency

from nbhelpers.caching import LONGEST, kept_for_words
from nbhelpers.lexicons import key, nationalities
from nbhelpers.words import Floats, Ints, stop_word_set

NUMBER = "#"  # marks a term that is a number
COUNTRY = "@"  # marks a term that is a country

# Words of reporting and of time are in every other statement of the news.
_EMPTY = frozenset(
    "said say says saying told tell according also would will may might could can shall must "
    "add added one mr mrs ms monday tuesday wednesday thursday friday saturday sunday".split()
)
_SPELLED = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split(),
        map(str, range(2, 21)),
        strict=True,
    )
)
_PARTS = re.compile(r"[-‐‑]")
_WORDS_IN_SENTENCE = 20
_PRIOR_SENTENCES = 200  # as many sentences of general English are added to those of the corpus
_RAREST = 1e-8  # share of all words, of what general English does not know


@kept_for_words(100_000)
def terms_of(form: str) -> tuple[str, ...]:
    """Return the terms of a word (as :func:`nbhelpers.text.normalise` gives it); none if empty.

    >>> terms_of("10,000"), terms_of("american-made"), terms_of("the"), terms_of("restrictions")
    (('#10000',), ('@United States', 'made'), (), ('restrict',))
    """
    if form[0].isdigit():
        return (NUMBER + form.replace(",", ""),)
    return tuple(chain.from_iterable(map(_terms_of_part, _PARTS.split(form))))


def _terms_of_part(part: str) -> tuple[str, ...]:
    if part in _SPELLED:
        return (NUMBER + _SPELLED[part],)
    if part in _EMPTY or part in stop_word_set("english") or len(part) < 2:
        return ()
    country = nationalities().get(key(part))
    return (COUNTRY + country,) if country else (_stemmer()(key(part)),)


@cache
def _stemmer() -> Callable[[str], str]:
    from nltk.stem.snowball import SnowballStemmer  # takes a second to import

    stem: Callable[[str], str] = SnowballStemmer("english").stem
    return stem


@cache
def countries_of_two() -> dict[tuple[str, str], str]:
    """Return the countries and peoples of two words by these (*north*, *korean*), as terms."""
    pairs = ((tuple(form.split()), country) for form, country in nationalities().items())
    return {words: COUNTRY + country for words, country in pairs if len(words) == 2}


@kept_for_words(100_000)
def general_share(form: str) -> float:
    """Return the share of all words of general English that a form has."""
    return max(float(word_frequency(form[:LONGEST], "en")), _RAREST)


def weights(statements_with: Ints, general: Floats, statements: int) -> Floats:
    """Return how much it tells, in bits, that a statement has each term.

    It is the term's surprisal: the share of the corpus's statements that have it, with general
    English counting as much as some more statements. So a name that stands in every other
    sentence of a small corpus tells little, and a rare word that stands in two still tells much.

    Args:
        statements_with: in how many statements each term stands.
        general: the share of all words of general English that it has.
        statements: how many statements there are.
    """
    expected = _PRIOR_SENTENCES * np.minimum(1.0, general * _WORDS_IN_SENTENCE)
    share = (statements_with + expected) / (statements + _PRIOR_SENTENCES)
    bits: Floats = -np.log2(np.minimum(share, 1.0))
    return bits
