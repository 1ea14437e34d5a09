"""The trained model: a tagger, the weights of the links, and those of the confidence."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from nbhelpers.corpus import InputError
from nbhelpers.extraction.linking import Relation
from nbhelpers.extraction.tagging import Tagger, load_tagger

FAST = "fast"
MODELS = Path(str(files("nbhelpers") / "models"))
STEM = MODELS / "attribution_fast"


@dataclass(frozen=True, slots=True)
class Model:
    """What finds attributions: see :mod:`tagging` and :mod:`linking` for the first two parts."""

    tagger: Tagger
    links: Mapping[str, float]
    confidence: Mapping[str, float]

    def confidence_of(self, relation: Relation) -> float:
        """Return how probable it is that a relation is right in all three roles."""
        traits = relation_traits(relation)
        score = sum(self.confidence.get(name, 0.0) * value for name, value in traits.items())
        return 1 / (1 + math.exp(-score))


def relation_traits(relation: Relation) -> dict[str, float]:
    """Return what the confidence of a relation rests on."""
    content = [piece.probability for piece in relation.content]
    cue = [piece.probability for piece in relation.cue]
    source = [piece.probability for piece in relation.source]
    return {
        "bias": 1.0,
        "content": min(content),
        "cue": min(cue, default=0.0),
        "source": min(source, default=0.0),
        "no cue": float(not cue),
        "no source": float(not source),
        "link": relation.certainty,
        "pieces": float(len(content) - 1),
    }


def load_model(name: str) -> Model:
    """Return a model by its name; there is one, ``fast``.

    Raises:
        InputError: there is no such model.
    """
    if name != FAST:
        raise InputError(f"There is no attribution model {name!r}; the one there is: {FAST!r}.")
    return read_model(STEM)


@cache
def read_model(stem: Path) -> Model:
    """Read the model from ``STEM.npz`` (tagger) and ``STEM.json`` (links, confidence)."""
    weights = json.loads(stem.with_suffix(".json").read_text("utf-8"))
    tagger = load_tagger(stem.with_suffix(".npz"), boldness=weights["boldness"])
    return Model(tagger, weights["links"], weights["confidence"])
