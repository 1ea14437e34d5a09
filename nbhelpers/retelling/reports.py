"""Which pairs of statements report one utterance, and which pairs report the same one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from nbhelpers.retelling.candidates import candidates
from nbhelpers.retelling.grouping import groups
from nbhelpers.retelling.index import Index
from nbhelpers.retelling.likeness import likenesses, probability
from nbhelpers.retelling.statements import Statement
from nbhelpers.words import Floats, Ints

_SENTENCE = ("document", "sentence")
_OVERLAPPING = 0.5
_DIGITS = 6  # of a probability; what differs by less is alike


class Reports(NamedTuple):
    """Pairs of statements that report one utterance, in the order of their places.

    ``pairs``: two columns of numbers of statements; ``similarity``: how probable each is;
    ``utterance``: a number for each, in the order in which they come first.
    """

    pairs: Ints
    similarity: Floats
    utterance: Ints

    def stretch(self, first: int, stop: int) -> Reports:
        """Return those from one number up to another, without it."""
        some = slice(first, stop)
        return Reports(self.pairs[some], self.similarity[some], self.utterance[some])


def reports(index: Index, *, least: float, retold: bool) -> Reports:
    """Return the pairs of statements that report one utterance with so much probability.

    Args:
        index: the statements.
        least: the least probability.
        retold: as for :func:`nbhelpers.retelling.candidates.candidates`.
    """
    pairs, similar = _probable(index, least, retold)
    kept = _best_of_place(index, pairs, similar)
    pairs, similar = pairs[kept], similar[kept]
    sides = (index.records[side] for side in pairs.T[::-1])
    order = np.lexsort([side[name] for side in sides for name in ("end", "start", "document")])
    pairs, similar = pairs[order], similar[order]
    return Reports(pairs, similar, _utterances(pairs, similar))


def _probable(index: Index, least: float, retold: bool) -> tuple[Ints, Floats]:
    """The candidates that are probable enough, the earlier statement first."""
    every: list[Ints] = [np.empty((0, 2), np.int64)]
    similar = [np.empty(0)]
    for pairs in candidates(index, retold=retold):
        found = probability(likenesses(index, pairs, least=least)).round(_DIGITS)
        every.append(pairs[found >= least])
        similar.append(found[found >= least])
    return np.concatenate(every), np.concatenate(similar)


def _best_of_place(index: Index, pairs: Ints, similar: Floats) -> Ints:
    """Of pairs that lie over each other on both sides, the likest.

    A content within another's, and the sentence around both, would else be pairs of their own.
    """
    document, sentence = (index.records[name].astype(np.int64) for name in _SENTENCE)
    sentences = ((document << 32) + sentence)[pairs]
    order = np.lexsort((*pairs.T[::-1], -similar, *sentences.T))
    begin = np.flatnonzero(np.diff(sentences[order], axis=0, prepend=-1).any(axis=1))
    size = np.diff(begin, append=len(order))
    best = [order[begin[size == 1]]]
    for first, n_pairs in zip(begin[size > 1].tolist(), size[size > 1].tolist(), strict=True):
        here = order[first : first + n_pairs]
        best.append(here[_apart(index, pairs[here])])
    return np.sort(np.concatenate(best))


def _apart(index: Index, pairs: Ints) -> list[int]:
    """Which pairs between two sentences lie over none before them."""
    taken: list[tuple[Statement, Statement]] = []
    found = []
    for number, (a, b) in enumerate(pairs.tolist()):
        one, two = index[a], index[b]
        if not any(_overlap(one, first) and _overlap(two, second) for first, second in taken):
            taken.append((one, two))
            found.append(number)
    return found


def _overlap(one: Statement, two: Statement) -> bool:
    words = {word.start for word in one.words}, {word.start for word in two.words}
    return len(words[0] & words[1]) >= _OVERLAPPING * min(map(len, words))


def _utterances(pairs: Ints, similar: Floats) -> Ints:
    """The utterance of each pair; a pair between two groups is one of its own."""
    keys = np.empty(len(pairs), np.int64)
    base = int(pairs.max(initial=0)) + 2
    for some in _connected(pairs):
        here = list(map(tuple, pairs[some].tolist()))
        member = groups(here, similar[some].tolist())
        keys[some] = [
            member[a] * base if member[a] == member[b] else a * base + b + 1 for a, b in here
        ]
    return np.asarray(pd.factorize(keys)[0], np.int64)


def _connected(pairs: Ints) -> Iterator[Ints]:
    """The numbers of the pairs that hang together, in their order."""
    size = int(pairs.max(initial=-1)) + 1
    graph = sparse.coo_matrix((np.ones(len(pairs), bool), tuple(pairs.T)), (size, size))
    _, component = connected_components(graph, directed=False)
    of_pair = component[pairs[:, 0]]
    order = np.argsort(of_pair, kind="stable")
    edges = np.flatnonzero(np.diff(of_pair[order], prepend=-1)).tolist()
    for first, stop in pairwise([*edges, len(order)]):
        yield order[first:stop]
