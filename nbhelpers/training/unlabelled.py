"""Mentions without a label, on which a classifier of stance learns what another one says."""

from __future__ import annotations

import re
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any

from nbhelpers.lexicons import given_names, institutions, key, nationalities, phrase_key, roles
from nbhelpers.text import sentence_spans

LENGTHS = 40, 420  # characters of a sentence

_WAR = re.compile(
    r"\b(?:wars?|attack|strikes?|troops|soldiers|military|weapons|missiles?|bomb|rebels|militants|"
    r"army|forces|invasion|offensive|ceasefire|sanctions|nuclear|killed|terror|conflict|violence|"
    r"aggression|siege|battle|refugees|defen[cs]e|regime|threat)"
)
_NAME = re.compile(r"(?<![\w-])(?:(?:United|North|South|Saudi) )?[A-Z]\w+(?![\w-])")
_FULL_NAME = re.compile(
    r"(?<![\w-])(?P<first>[A-Z][\w.]+)(?: [A-Z]\.)?(?: [A-Z][a-z][\w-]+){1,2}(?![\w-])"
)
_PRONOUN = r"[Hh]e|[Ss]he|[Hh]im"

Row = Mapping[str, Any]


def further_mentions(
    rows: Iterable[Row], known: Container[str], number: int
) -> list[dict[str, Any]]:
    """Return so many rows of sentences that are not known, picked as if at random.

    Args:
        rows: a text and a target each.
        known: texts that are kept for measuring.
        number: how many are returned at most.
    """
    shortest, longest = LENGTHS
    fit = (
        {"text": row["text"], "target": row["target"]}
        for row in rows
        if shortest <= len(row["text"]) <= longest and row["text"] not in known
    )
    return sorted(fit, key=_chance)[:number]


def _chance(row: Row) -> int:
    return zlib.crc32(f"{row['text']}{row['target']}".encode())


def states_in_war(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield mentions of states in sentences of war and diplomacy: text and target.

    >>> [row["target"] for row in states_in_war(["On Monday troops of Chad left Mali."])]
    [[20, 24], [30, 34]]
    """
    for text in texts:
        for first, last in sentence_spans(text):
            sentence = text[first:last]
            if _WAR.search(sentence):
                for name in _NAME.finditer(sentence):
                    phrase = phrase_key(name.group())
                    if phrase in nationalities() or phrase in institutions():
                        yield {"text": sentence, "target": list(name.span())}


def people(texts: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yield mentions of people, by name or pronoun: text (a sentence) and target.

    Known by their name are those whom the same text names in full.

    >>> text = "Sen. Ann Oak left. Bob Lee, Paris said, lost to him. Oak and Chad laughed."
    >>> [row["text"][slice(*row["target"])] for row in people([text])]
    ['Sen. Ann Oak', 'Bob Lee', 'him', 'Oak']
    """
    for text in texts:
        named = _named_in_full(text)
        surnames = "|".join({re.escape(name.split()[-1]) for name in named})
        wholes = "|".join(map(re.escape, named))
        known = f"{wholes}|{surnames}|{_PRONOUN}" if named else _PRONOUN
        mention = re.compile(rf"(?<![\w-])(?:{known})(?![\w-])")
        for first, last in sentence_spans(text):
            sentence = text[first:last]
            for found in mention.finditer(sentence):
                yield {"text": sentence, "target": list(found.span())}


def _named_in_full(text: str) -> list[str]:
    """People's names as a title or a given name tells them."""
    found: dict[str, None] = {}
    for name in _FULL_NAME.finditer(text):
        first = name["first"].rstrip(".").lower()
        if key(first) in given_names() or (first in roles() and roles()[first].is_title):
            found[name.group()] = None
    return list(found)
