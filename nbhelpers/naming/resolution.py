"""What is decided about one mention of a source."""

from __future__ import annotations

from dataclasses import dataclass

from nbhelpers.naming.entities import Entity
from nbhelpers.text import Span


@dataclass(frozen=True, slots=True)
class Resolution:
    """Whom a mention means, on what basis, the place that shows it, or why it is unknown.

    ``probability`` is that of a pronoun's antecedent; all else is decided by rules.
    """

    entity: Entity
    basis: str
    antecedent: Span | None = None
    reason: str | None = None
    probability: float = 1.0


def apart(entity: Entity, reason: str) -> Resolution:
    """Return the decision not to decide: the mention stays a source of its own."""
    return Resolution(entity, "undecided", None, reason)
