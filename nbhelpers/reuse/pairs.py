"""Pairs of places."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nbhelpers.words import Bools, Floats, Ints


class Pairs(NamedTuple):
    """Pairs of stretches of words: ``first[i]:first[i] + length[i]`` and so on the other side."""

    first: Ints
    length: Ints
    other_first: Ints
    other_length: Ints
    similarity: Floats

    def take(self, rows: Ints) -> Pairs:
        """Return some of the pairs."""
        return Pairs(
            self.first[rows],
            self.length[rows],
            self.other_first[rows],
            self.other_length[rows],
            self.similarity[rows],
        )


def each_with_each(group: Ints, complete: Bools) -> tuple[Ints, Ints]:
    """Return the pairs of rows of one group, the earlier row first.

    ``group`` is sorted; in a group that is not ``complete`` each row is paired with the first one
    alone, so that a large group has as many pairs as rows and not their square.
    """
    first = np.searchsorted(group, group)
    linked = np.flatnonzero(~complete & (first != np.arange(len(group))))
    pairs = [(first[linked], linked)]
    rows = np.flatnonzero(complete)
    lag = 1
    while len(rows):
        rows = rows[rows + lag < len(group)]
        rows = rows[group[rows + lag] == group[rows]]
        pairs.append((rows, rows + lag))
        lag += 1
    return np.concatenate([one for one, _ in pairs]), np.concatenate([two for _, two in pairs])
