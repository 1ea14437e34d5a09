"""Sentences made from patterns, which teach what people in US news do not: parties of a war.

A pattern says of each party how the sentence speaks of it; see ``stance_patterns.txt``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from random import Random
from typing import Any

PARTIES = (
    "Chad Chadian, Peru Peruvian, Norway Norwegian, Morocco Moroccan, Bolivia Bolivian, "
    "Latvia Latvian, Kenya Kenyan, Malaysia Malaysian, Austria Austrian, Serbia Serbian"
)
OPENINGS = ("", "", "", "", "", "On Monday, ", "According to officials, ", "Meanwhile, ", "“")
LABELS = {"-": "negative", "": "neutral", "+": "positive"}

_CHOICE = re.compile(r"\(([^()]*)\)")
_PARTY = re.compile(r"<([A-Ca-c])([+-]?)>")


def patterns() -> list[str]:
    """Return the patterns, one a line of the file."""
    text = (files("nbhelpers") / "training" / "stance_patterns.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(";")]


def made_sentences(number: int, seed: int) -> Iterator[dict[str, Any]]:
    """Yield mentions in made sentences: text, target (start and end) and label, like the gold."""
    random = Random(seed)
    every = patterns()
    for k in range(number):
        yield from _mentions(every[k % len(every)], random)


def _mentions(pattern: str, random: Random) -> Iterator[dict[str, Any]]:
    pattern = _CHOICE.sub(lambda found: random.choice(found[1].split("|")), pattern)
    pattern = re.sub("#", lambda _: str(random.randint(2, 900)), pattern)
    text = opening = random.choice(OPENINGS)
    closing = "”, he said." if opening == "“" else ""
    parties = [party.split() for party in random.sample(PARTIES.split(", "), 3)]
    marked, position = [], 0
    for found in _PARTY.finditer(pattern):
        noun, adjective = parties["abc".index(found[1].lower())]
        text += pattern[position : found.start()]
        name = noun if found[1].isupper() else adjective
        marked.append(([len(text), len(text) + len(name)], LABELS[found[2]], found[1].lower()))
        text += name
        position = found.end()
    text += pattern[position:].rstrip("." if closing else "") + closing
    for span, label, party in marked:
        also = [other for other, _, same in marked if same == party and other != span]
        yield {"text": text, "target": span, "label": label, "also": also}
