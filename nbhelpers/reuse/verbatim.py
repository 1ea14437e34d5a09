"""Runs of the same words in two places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbhelpers.reuse.index import Index, Words, is_in, sequences
from nbhelpers.reuse.pairs import Pairs, each_with_each
from nbhelpers.scratch import Array, by_hash
from nbhelpers.words import Bools, Ints

_SEQUENCE = np.dtype([("value", "u8"), ("before", "u8"), ("place", "i8")])


def seeds(index: Index, min_words: int, most: int, linked: int) -> Iterator[Ints]:
    """Yield pairs of places from which the same words go on; every run of these holds one.

    A sequence of ``min_words`` words that occurs more than ``most`` times leads to none; where it
    occurs more than ``linked`` times, each place is paired with the first one alone.
    """
    common = index.common(min_words, min(most, linked))
    buckets = index.scratch.buckets(_SEQUENCE)
    for block in index.blocks():
        at, value = sequences(block, min_words)
        found = np.zeros(len(at), _SEQUENCE)
        found["value"], found["place"] = value, at + block.place
        # The sequence one word earlier, where all its places are paired with each other: two
        # places that it has in common are found from there.
        follows = np.flatnonzero((np.diff(at) == 1) & ~is_in(value[:-1], common))
        found["before"][follows + 1] = value[follows]
        if most <= linked:
            found = found[~is_in(value, common)]
        buckets.add(found, by_hash(found["value"]))
    for found in buckets:
        yield _pairs(index, found, most, linked)


def _pairs(index: Index, found: Array, most: int, linked: int) -> Ints:
    """Pairs of places where the same sequence begins, and not the same one before it."""
    rank = index.rank[index.document(found["place"])] if len(found) else found["place"]
    found = found[np.lexsort((found["place"], rank, found["value"]))]
    _, group, size = np.unique(found["value"], return_inverse=True, return_counts=True)
    several = (size[group] > 1) & (size[group] <= most)
    found, group = found[several], group[several]
    one, other = each_with_each(group, size[group] <= linked)
    before, other_before = found["before"][one], found["before"][other]
    new = (before != other_before) | (before == 0)
    return np.stack([found["place"][one[new]], found["place"][other[new]]], axis=1)


def verbatim(words: Words, places: Ints, min_words: int, min_evidence: int) -> Pairs:
    """Return the longest runs from pairs of places on, in words loaded in the order of the ids."""
    at, other, length = _extended(words, *_runs(places[:, 0], places[:, 1], min_words))
    within = words.document[at] == words.document[other]
    # A place may not overlap its own repetition, as in "ha ha ha".
    length = np.where(within, np.minimum(length, other - at), length)
    evidence = np.minimum(_evidence(words, at, length), _evidence(words, other, length))
    enough = (length >= min_words) & (evidence >= min_evidence)
    at, other, length = _one_to_one(words, at[enough], other[enough], length[enough], min_words)
    return Pairs(at, length, other, length, np.ones(len(at)))


def _evidence(words: Words, first: Ints, length: Ints) -> Ints:
    found: Ints = words.evidence[first + length] - words.evidence[first]
    return found


def _runs(at: Ints, other: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """Join sequences that follow each other at the same distance."""
    distance = other - at
    order = np.lexsort((at, distance))
    at, other, distance = at[order], other[order], distance[order]
    new = np.ones(len(at), bool)
    new[1:] = (np.diff(distance) != 0) | (np.diff(at) != 1)
    first = np.flatnonzero(new)
    length = np.diff(np.append(first, len(at))) + n - 1
    return at[first], other[first], length


def _extended(words: Words, at: Ints, other: Ints, length: Ints) -> tuple[Ints, Ints, Ints]:
    """Grow runs over the sequences that were left out as too frequent; then some are the same."""
    at, other, length = at.copy(), other.copy(), length.copy()
    growing = np.arange(len(at))
    while len(growing):
        growing = growing[_agree(words, at[growing], other[growing], -1)]
        at[growing] -= 1
        other[growing] -= 1
        length[growing] += 1
    growing = np.arange(len(at))
    while len(growing):
        to_last = length[growing] - 1
        growing = growing[_agree(words, at[growing] + to_last, other[growing] + to_last, 1)]
        length[growing] += 1
    unique = np.unique(np.stack([at, other, length], axis=1), axis=0)
    return unique[:, 0], unique[:, 1], unique[:, 2]


def _agree(words: Words, edge: Ints, other_edge: Ints, step: int) -> Bools:
    """Whether the next word (``step`` 1 or -1) is the same on both sides, with no break before."""
    inside = (np.minimum(edge, other_edge) + step >= 0) & (
        np.maximum(edge, other_edge) + step < len(words.code)
    )
    ahead, other_ahead = edge + step * inside, other_edge + step * inside
    same = words.code[ahead] == words.code[other_ahead]
    unbroken = words.stretch[ahead] == words.stretch[edge]
    other_unbroken = words.stretch[other_ahead] == words.stretch[other_edge]
    agree: Bools = inside & same & unbroken & other_unbroken
    return agree


def _one_to_one(
    words: Words, at: Ints, other: Ints, length: Ints, min_words: int
) -> tuple[Ints, Ints, Ints]:
    """Of runs between two documents that lie over each other keep the longest."""
    order = np.lexsort((other, at, -length, words.document[other], words.document[at]))
    taken: list[tuple[int, int, int]] = []
    kept: list[int] = []
    pair = (-1, -1)
    for i in order.tolist():
        here = (int(words.document[at[i]]), int(words.document[other[i]]))
        if here != pair:
            pair, taken = here, []
        a, b, n = int(at[i]), int(other[i]), int(length[i])
        over = sum(max(0, min(a + n, p + m) - max(a, p)) for p, _, m in taken)
        other_over = sum(max(0, min(b + n, q + m) - max(b, q)) for _, q, m in taken)
        if n - max(over, other_over) >= min_words:
            taken.append((a, b, n))
            kept.append(i)
    chosen = np.array(kept, np.int64)
    return at[chosen], other[chosen], length[chosen]
