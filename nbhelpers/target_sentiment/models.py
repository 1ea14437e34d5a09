"""The stance models by name: ``accurate``, an encoder, and ``fast``, for millions of articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nbhelpers.extraction.models import ACCURATE, FAST, check_model
from nbhelpers.target_sentiment import accurate, fast
from nbhelpers.target_sentiment.labels import Doubles
from nbhelpers.target_sentiment.masking import Context

__all__ = ["ACCURATE", "FAST", "Classifier", "load_model"]


class Classifier(Protocol):
    """Says how probable the three labels are."""

    def probabilities(self, contexts: Sequence[Context]) -> Doubles:
        """Return the probabilities of against, neutral and favour, a row a context."""


def load_model(name: str) -> Classifier:
    """Return a model by its name.

    Raises:
        InputError: see :func:`nbhelpers.extraction.models.check_model`.
    """
    if check_model(name) == FAST:
        return fast.read_model(fast.FILE)
    return accurate.read_model(accurate.FILE)
