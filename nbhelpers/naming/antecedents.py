"""Whom a pronoun means: a scored choice among the people named before it.

The weights are learned (:mod:`nbhelpers.training.antecedents`); what they weigh is below.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nbhelpers.extraction.models import FOLDER
from nbhelpers.lexicons import given_names
from nbhelpers.naming.entities import Entity
from nbhelpers.naming.story import Story
from nbhelpers.text import Span

WEIGHTS = FOLDER / "antecedents.json"

GENDERS = {"he": "m", "his": "m", "him": "m", "himself": "m"} | dict.fromkeys(
    ("she", "her", "hers", "herself"), "f"
)
NEAREST = 10  # candidates are the people last mentioned
_STEPS = (0, 1, 2, 3, 5, 9, 15)
_COUNTS = (1, 2, 4, 8)


@dataclass(slots=True, eq=False)
class Trace:
    """What has been said of an entity up to here: the last mention, and how many there were."""

    entity: Entity
    count: int = 0
    span: Span = (-1, -1)
    sentence: int = -1
    part: int = -1
    is_first: bool = False  # of its sentence: most likely the subject
    is_pronoun: bool = False
    is_quoted: bool = False
    is_source: bool = False
    sources: int = 0
    gender: str = ""  # of the pronouns that meant it

    def may_be(self, word: str) -> bool:
        """Return whether nothing that is known speaks against a pronoun."""
        genders = {self.entity.gender, self.gender} - {""}
        return self.entity.is_personal and genders <= {GENDERS[word]}


@dataclass(frozen=True, slots=True)
class Pronoun:
    """A pronoun outside quotations; ``is_source`` where an attribution has it as source."""

    span: Span
    word: str
    sentence: int
    part: int
    is_source: bool


@dataclass(slots=True)
class Memory:
    """The people of a text in the order in which they were last mentioned."""

    traces: dict[int, Trace] = field(default_factory=dict)
    last_source: Trace | None = None

    def mention(
        self,
        entity: Entity,
        *,
        span: Span,
        sentence: int,
        part: int,
        pronoun: str = "",
        is_quoted: bool = False,
        is_source: bool = False,
    ) -> None:
        """Take note of a mention."""
        newest = next(reversed(self.traces.values()), None)
        trace = self.traces.pop(id(entity), None) or Trace(entity)
        trace.is_first = newest is None or newest.sentence != sentence
        trace.count += 1
        trace.sources += is_source
        trace.span, trace.sentence, trace.part = span, sentence, part
        trace.is_pronoun, trace.is_quoted, trace.is_source = bool(pronoun), is_quoted, is_source
        trace.gender = trace.gender or GENDERS.get(pronoun, "")
        self.traces[id(entity)] = trace
        if is_source:
            self.last_source = trace

    def candidates(self, word: str) -> list[Trace]:
        """Those last mentioned whom a pronoun may mean, the latest first."""
        people = (t for t in reversed(self.traces.values()) if t.may_be(word))
        return [trace for trace, _ in zip(people, range(NEAREST), strict=False)]


def traits(pronoun: Pronoun, trace: Trace, rank: int, memory: Memory) -> list[str]:
    """Return what speaks for or against a candidate."""
    entity = trace.entity
    distance = _step(pronoun.sentence - trace.sentence, _STEPS)
    gender = entity.gender
    agrees = "unknown" if not gender else str(gender == GENDERS[pronoun.word])
    case = "subject" if pronoun.word in ("he", "she") else "other"
    found = [
        f"distance {distance}",
        f"distance {distance} {case}",
        f"rank {min(rank, 5)}",
        f"rank {min(rank, 3)} {case}",
        f"gender {agrees}",
        f"kind {entity.kind} {min(len(entity.keys), 2)}",
        f"count {_step(trace.count, _COUNTS)}",
        f"first {trace.is_first} {min(distance, 2)}",
        f"pronoun {trace.is_pronoun} {min(distance, 2)}",
    ]
    flags = {
        "same paragraph": pronoun.part == trace.part,
        "quoted": trace.is_quoted,
        "source": trace.is_source,
        "ever source": trace.sources > 0,
        "last source": trace is memory.last_source,
        "last source of source": trace is memory.last_source and pronoun.is_source,
        "role": bool(entity.roles),
        "given name": bool(entity.keys) and entity.keys[0] in given_names(),
    }
    return found + [name for name, holds in flags.items() if holds]


def choose(
    pronoun: Pronoun, memory: Memory, weights: Mapping[str, float]
) -> tuple[Trace | None, float]:
    """Return the person whom a pronoun means and how probable that is; None: nobody named."""
    candidates = memory.candidates(pronoun.word)
    scores = [
        sum(weights.get(trait, 0.0) for trait in traits(pronoun, trace, rank, memory))
        for rank, trace in enumerate(candidates)
    ]
    if not scores:
        return None, 1.0
    highest = max(scores)
    total = sum(math.exp(score - highest) for score in scores)
    best = max(range(len(scores)), key=scores.__getitem__)
    return candidates[best], math.exp(scores[best] - highest) / total


def pronouns(story: Story, sources: Collection[int]) -> Iterator[Pronoun]:
    """Yield the pronouns for one person in a story's own words, quotations left out.

    ``sources`` are the places that lie in a source.
    """
    for number, part in enumerate(story.parts):
        paragraph = part.paragraph
        for token, word in enumerate(part.lower):
            if word in GENDERS and paragraph.quotation[token] < 0:
                span = paragraph.tokens[token]
                sentence = part.sentences + paragraph.sentence[token]
                yield Pronoun(span, word, sentence, number, span[0] in sources)


def _step(value: int, steps: Sequence[int]) -> int:
    return sum(value > step for step in steps)


@cache
def load_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Read the weights of the traits."""
    weights: dict[str, float] = json.loads(path.read_text("utf-8"))
    return weights
