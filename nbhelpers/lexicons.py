"""The lexicons by which names are known: countries, institutions, roles, given names, variants."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from nbhelpers.caching import kept_for_words

_APOSTROPHES = re.compile(r"['’`ʼ‘]")
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe", "ß": "ss"})
_SLAVIC_ENDING = re.compile(r"(?<=[sc]k)(?:yy|iy|yi|ii|ij|i|y)$|(?<=\w\w)(?:iy|yy|yi|ij|ii)$")


class Role(NamedTuple):
    """An office, a rank or an occupation; ``type`` is empty where its institution gives it."""

    standard: str
    type: str
    is_title: bool
    gender: str
    is_anonymous: bool
    is_plural: bool


class Institution(NamedTuple):
    """Somebody who speaks without being a person; ``basis`` is how the form names it."""

    name: str
    type: str
    country: str
    basis: str


@kept_for_words(20_000)
def key(word: str) -> str:
    """Return the form under which spellings of one name meet.

    >>> key("Zelenskyy") == key("Zelensky") == key("Zelenskiy"), key("José’s"), key("Kiev")
    (True, 'jose', 'kyiv')
    """
    plain = _plain(word)
    return variants().get(plain) or _SLAVIC_ENDING.sub("y", plain)


def _plain(word: str) -> str:
    """Lower case without accents, possessive and apostrophes."""
    lower = word.lower()
    if lower.endswith(("'s", "’s")):
        lower = lower[:-2]
    if not lower.isascii():
        parts = unicodedata.normalize("NFKD", lower)
        lower = "".join(c for c in parts if not unicodedata.combining(c)).translate(_PLAIN)
    return _APOSTROPHES.sub("", lower).replace(".", "")


@kept_for_words(20_000)
def phrase_key(phrase: str) -> str:
    """Return the form under which institutions and countries are looked up.

    >>> phrase_key("the U.S. State Department’s")
    'us state department'
    """
    words = phrase.replace("-", " ").split()
    if words and words[0].lower() == "the":
        del words[0]
    return " ".join(map(_plain, words))


@cache
def variants() -> dict[str, str]:
    """Spellings of a name, and the one they are counted under."""
    return {row["form"]: row["standard"] for row in _rows("name_variants")}


@cache
def given_names() -> dict[str, str]:
    """Given names, and whether women (``f``), men (``m``) or both (``u``) bear them."""
    return {_plain(row["name"]): row["gender"] for row in _rows("first_names")}


@cache
def roles() -> dict[str, Role]:
    """Roles by their lower-case singular and plural."""
    found: dict[str, Role] = {}
    for row in _rows("roles"):
        singular = row["role"].replace(".", "")
        standard = (row["short_for"] or row["role"]).replace(".", "")
        traits = standard, row["type"], row["title"] == "yes", row["gender"]
        anonymous = row["anonymous"] == "yes"
        found[singular] = Role(*traits, anonymous, False)
        plural = row["plural"].replace(".", "") or f"{singular}s"
        if plural != singular:
            found.setdefault(plural, Role(*traits, anonymous, True))
    return found


@cache
def institutions() -> dict[str, Institution]:
    """Institutions, countries, capitals and seats of government by their :func:`phrase_key`."""
    found: dict[str, Institution] = {}
    for row in _rows("institutions"):
        for number, form in enumerate([row["name"], *_listed(row["aliases"])]):
            basis = "name" if not number else "abbreviation" if form.isupper() else "variant"
            who = Institution(row["name"], row["type"], row["country"], basis)
            found.setdefault(phrase_key(form), who)
    for row in _rows("countries"):
        country = row["country"]
        for column, basis in (("country", "name"), ("aliases", "variant"), ("capital", "seat")):
            for form in _listed(row[column]):
                who = Institution(country, "government", country, basis)
                found.setdefault(phrase_key(form), who)
        for form in _listed(row["seats"]):
            who = Institution(form.removeprefix("the "), "government", country, "seat")
            found.setdefault(phrase_key(form), who)
    return found


def institution(form: str) -> Institution | None:
    """Return the institution that some words name; an abbreviation must have its capitals.

    >>> institution("the U.N.").name, institution("who")
    ('United Nations', None)
    """
    known = institutions().get(phrase_key(form))
    if known and known.basis == "abbreviation" and not form.removeprefix("the ").isupper():
        return None
    return known


def institution_type(form: str) -> str | None:
    """Return the type that the last words of an institution's name tell, the longest known.

    >>> institution_type("Ruritanian Defence Ministry"), institution_type("a walk")
    ('military', None)
    """
    words = form.lower().split()
    known = institution_heads()["last"]
    return next((known[w] for n in (3, 2, 1) if (w := " ".join(words[-n:])) in known), None)


@cache
def nationalities() -> dict[str, str]:
    """Names of countries, their capitals and peoples, and the country."""
    columns = ("country", "aliases", "demonyms", "capital")
    return {
        phrase_key(form): row["country"]
        for row in _rows("countries")
        for column in columns
        for form in _listed(row[column])
    }


@cache
def demonyms() -> frozenset[str]:
    """Peoples and adjectives of countries, by their :func:`phrase_key`."""
    rows = _rows("countries")
    return frozenset(phrase_key(form) for row in rows for form in _listed(row["demonyms"]))


@cache
def places() -> dict[str, str]:
    """Cities and states by their :func:`phrase_key`, and the country in which each lies."""
    return {phrase_key(row["name"]): row["country"] for row in _rows("places")}


@cache
def institution_heads() -> dict[str, dict[str, str]]:
    """Words by which an institution is known, and its type, by where they stand.

    ``last``: the last word or words of a name (*Foreign Ministry*); ``of``: the word before *of*,
    *for* and the like (*Ministry of Defence*).
    """
    found: dict[str, dict[str, str]] = {"last": {}, "of": {}}
    for row in _rows("institution_heads"):
        words = row["word"].lower().split()
        if row["position"] == "last":
            found["last"][" ".join(words)] = row["type"]
        elif row["position"] == "of" and len(words) > 1:
            found["of"][words[-2]] = row["type"]
    return found


@cache
def anonymity() -> dict[str, re.Pattern[str]]:
    """What says that a source is not named, looked for in the ``source`` or its ``sentence``."""
    phrases: dict[str, list[str]] = {"source": [], "sentence": []}
    for row in _rows("anonymity"):
        phrases[row["where"]].append(row["phrase"])
    return {
        where: re.compile("|".join(f"(?:{phrase})" for phrase in found), re.IGNORECASE)
        for where, found in phrases.items()
    }


def _listed(cell: str) -> list[str]:
    return [form.strip() for form in cell.split(";") if form.strip()]


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (files("nbhelpers") / "data" / f"{name}.tsv").read_text("utf-8").splitlines()
    return DictReader(lines, delimiter="\t", quoting=3)
