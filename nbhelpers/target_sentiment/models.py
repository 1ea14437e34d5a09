"""The stance models by name: ``accurate``, an encoder, and ``fast``, for millions of articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nbhelpers.corpus import InputError
from nbhelpers.encoder.session import NEEDED, is_installed
from nbhelpers.target_sentiment import accurate, fast
from nbhelpers.target_sentiment.labels import Doubles
from nbhelpers.target_sentiment.masking import Context

ACCURATE, FAST = "accurate", "fast"
MODELS = (ACCURATE, FAST)
DEFAULT = ACCURATE if is_installed() else FAST
"""The better one where the package that runs it is there."""


class Classifier(Protocol):
    """Says how probable the three labels are."""

    def probabilities(self, contexts: Sequence[Context]) -> Doubles:
        """Return the probabilities of against, neutral and favour, a row a context."""


def load_model(name: str) -> Classifier:
    """Return a model by its name.

    Raises:
        InputError: there is no such model, or what it needs is not installed.
    """
    if name == FAST:
        return fast.read_model(fast.FILE)
    if name != ACCURATE:
        choices = " or ".join(map(repr, MODELS))
        raise InputError(f"There is no stance model {name!r}; choose {choices}.")
    if not is_installed():
        raise InputError(
            f"The model {ACCURATE!r} needs the package {NEEDED}: "
            f"pip install 'nbhelpers[accurate]', or choose the model {FAST!r}."
        )
    return accurate.read_model(accurate.FILE)
