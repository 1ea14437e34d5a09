"""What the steps hand on: one attribution, as spans of its roles."""

from __future__ import annotations

from dataclasses import dataclass, field

from nbhelpers.text import Span


@dataclass(slots=True, eq=False)
class Attribution:
    """Who is said to have said or thought what: spans of each role, in the order of the text.

    ``via`` is the attribution that carries this one; ``is_verbatim`` marks what is its author's
    own words without quotation marks: a post, a turn in a transcript.
    """

    source: list[Span] = field(default_factory=list)
    cue: list[Span] = field(default_factory=list)
    content: list[Span] = field(default_factory=list)
    confidence: float = 1.0
    via: Attribution | None = None
    is_verbatim: bool = False

    @property
    def start(self) -> int:
        """Where the first of its spans begins."""
        return min(start for start, _ in self.source + self.cue + self.content)

    @property
    def end(self) -> int:
        """Where the last of its spans ends."""
        return max(end for _, end in self.source + self.cue + self.content)
