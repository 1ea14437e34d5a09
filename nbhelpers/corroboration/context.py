"""What a claim's surroundings name: by it two claims on *people killed* are told apart."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from math import fsum

import pandas as pd

from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus
from nbhelpers.corroboration.things import telling_name
from nbhelpers.extraction.vocabulary import is_proper
from nbhelpers.lexicons import key, nationalities, phrase_key

_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*")
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday jan feb mar apr jun jul aug sept sep "
    "oct nov dec i i'm".split()
)
_LONGEST_SENTENCE = 2_000  # characters that are read


def surroundings(corpus: Corpus, found: pd.DataFrame) -> list[frozenset[str]]:
    """Return the names in the title, in the sentence of each claim, and in the one before it.

    ``found`` has doc_id, sentence_id, claimant, carrier; the claimant and the carrier are no
    surroundings.
    """
    spoken = sentences(corpus)
    text = dict(
        zip(
            zip(spoken["doc_id"].tolist(), spoken["sentence_id"].tolist(), strict=True),
            spoken["text"].tolist(),
            strict=True,
        )
    )
    titles = segments(corpus).query("kind == 'title'").groupby("doc_id")["text"].agg(" ".join)
    rows = zip(
        *(found[name].tolist() for name in ("doc_id", "sentence_id", "claimant", "carrier")),
        strict=True,
    )
    return [
        _named(titles.get(doc_id, ""))
        .union(*(_named(text.get((doc_id, n), "")) for n in (number - 1, number)))
        .difference(*(_named(name) for name in voices if isinstance(name, str)))
        for doc_id, number, *voices in rows
    ]


def shared_weight(one: Collection[str], other: Collection[str]) -> float:
    """Return how much two sets of names have in common; rare names tell more."""
    return fsum(max(1.0, telling_name(name)) for name in set(one) & set(other))


def _named(text: str) -> frozenset[str]:
    """The names in a text: countries under their own, other words as they are looked up."""
    return _named_in_short(text[:_LONGEST_SENTENCE])


@lru_cache(20_000)
def _named_in_short(text: str) -> frozenset[str]:
    return frozenset(_names(text))


def _names(text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    capitals = [word[0].isupper() for word in words]
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            form = " ".join(words[at : at + length])
            country = nationalities().get(phrase_key(form)) if capitals[at] else None
            if country:
                yield country.lower()
                at += length
                break
        else:
            if capitals[at] and _is_name(
                words[at], begins=not at or sum(capitals) > len(words) / 2
            ):
                yield key(words[at])
            at += 1


def _is_name(word: str, *, begins: bool) -> bool:
    return len(word) > 1 and word.lower() not in _CALENDAR and is_proper(word, begins=begins)


def countries_in(text: str) -> set[str]:
    """Return the countries that a text names, by their names or peoples.

    >>> sorted(countries_in("Kyiv and the North Koreans"))
    ['North Korea', 'Ukraine']
    """
    known = {country.lower(): country for country in nationalities().values()}
    return {known[name] for name in _named(text) if name in known}
