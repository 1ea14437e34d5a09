"""Pairs of statements that are worth a comparison, found without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nbhelpers.retelling.index import Index
from nbhelpers.scratch import Array, by_hash
from nbhelpers.words import Bools, Ints

_MOST_TELLING = 8  # terms of a statement whose pairs lead to others
_SHARED_BY_AT_MOST = 60  # statements; a pair of terms that more have tells nothing
_LEAST_COSINE = 0.25  # below it hardly any pair reports one utterance
_ROWS_AT_ONCE = 50_000
_KEY = np.dtype([("key", "i8"), ("statement", "i8")])
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # spreads keys over the buckets (Fibonacci hashing)


def candidates(index: Index, *, retold: bool) -> Iterator[Ints]:
    """Yield pairs of statements of different groups, one of each pair attributed, or both.

    Two statements meet where they share two of their most telling terms, and no more than some
    dozens of statements have these two: so the work grows with the statements, not with their
    square. A frame has two columns of numbers of statements, the earlier first; pairs of the same
    words are together.

    Args:
        index: the statements.
        retold: whether one of the two may be the author's own.
    """
    one_number = np.array([max(len(index), 1), 1])
    keys = index.scratch.buckets(_KEY)
    for found in _keys(index):
        keys.add(found, _bucket(found["key"]))
    pairs = index.scratch.buckets("i8")
    for of_key in keys:
        found = _meeting(of_key)
        found = found[_is_wanted(index, found, retold)]
        found = found[index.cosine(found) >= _LEAST_COSINE]
        pairs.add(found @ one_number, _bucket(index.same_words[found] @ one_number))
    for codes in pairs:
        yield np.column_stack(np.divmod(np.unique(codes), one_number[0]))


def _bucket(numbers: Ints) -> Ints:
    return by_hash(numbers.astype(np.uint64) * _SPREAD)


def _keys(index: Index) -> Iterator[Array]:
    """Each pair of telling terms of each statement, some statements at a time."""
    is_shared = index.statements_with > 1
    for top in range(0, len(index), _ROWS_AT_ONCE):
        matrix = index.matrix[top : top + _ROWS_AT_ONCE]
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        column = matrix.indices.astype(np.int64)
        row, column = row[is_shared[column]], column[is_shared[column]]
        order = np.lexsort((column, -index.weight[column], row))
        row, column = row[order], column[order]
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        row, column = row[rank < _MOST_TELLING], column[rank < _MOST_TELLING]
        found = [np.empty(0, _KEY)]
        for lag in range(1, _MOST_TELLING):
            same = np.flatnonzero(row[lag:] == row[:-lag])
            one, two = column[same], column[same + lag]
            key = np.minimum(one, two) * len(is_shared) + np.maximum(one, two)
            found.append(np.rec.fromarrays([key, row[same] + top], dtype=_KEY))
        yield np.concatenate(found)


def _meeting(keys: Array) -> Ints:
    """Pairs of statements that share a key."""
    keys = keys[np.lexsort((keys["statement"], keys["key"]))]
    begin = np.flatnonzero(np.diff(keys["key"], prepend=-1))
    size = np.diff(np.append(begin, len(keys)))
    shared = (size > 1) & (size <= _SHARED_BY_AT_MOST)
    keys = keys[np.repeat(shared, size)]
    found = [np.empty((0, 2), np.int64)]
    for lag in range(1, int(size[shared].max(initial=1))):
        same = np.flatnonzero(keys["key"][lag:] == keys["key"][:-lag])
        found.append(np.column_stack([keys["statement"][same], keys["statement"][same + lag]]))
    return np.concatenate(found)


def _is_wanted(index: Index, pairs: Ints, retold: bool) -> Bools:
    group, attributed = index.records["group"][pairs], index.records["attributed"][pairs]
    has_source = attributed.any(axis=1) if retold else attributed.all(axis=1)
    found: Bools = has_source & (group >= 0).all(axis=1) & (group[:, 0] != group[:, 1])
    return found
