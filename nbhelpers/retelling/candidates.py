"""Pairs of statements that are worth a comparison, found without comparing all with all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse

from nbhelpers.retelling.statements import Index
from nbhelpers.words import Bools, Floats, Ints

_MOST_TELLING = 8  # terms of a statement whose pairs lead to others
_SHARED_BY_AT_MOST = 60  # statements; a pair of terms that more have tells nothing
_ROWS_AT_ONCE = 50_000


def candidates(index: Index, group: Ints, attributed: Bools) -> Ints:
    """Return pairs of statements of different groups, at least one of each pair attributed.

    Two statements meet where they share two of their most telling terms, and no more than some
    dozens of statements have these two: so the work grows with the statements, not with their
    square. The result has two columns of numbers of statements, the earlier first.
    """
    return _meeting(_keys(index), group, attributed)


def _keys(index: Index) -> pd.DataFrame:
    """Each pair of telling terms of each statement: statement, key."""
    matrix = index.matrix
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    column = matrix.indices.astype(np.int64)
    shared = np.asarray(matrix.sum(axis=0)).ravel()[column] > 1
    row, column = row[shared], column[shared]
    order = np.lexsort((column, -index.weight[column], row))
    row, column = row[order], column[order]
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    row, column = row[rank < _MOST_TELLING], column[rank < _MOST_TELLING]
    found = [np.empty((0, 2), np.int64)]
    for lag in range(1, _MOST_TELLING):
        same = np.flatnonzero(row[lag:] == row[:-lag])
        one, two = column[same], column[same + lag]
        key = np.minimum(one, two) * len(index.terms) + np.maximum(one, two)
        found.append(np.stack([row[same], key], axis=1))
    return pd.DataFrame(np.concatenate(found), columns=["statement", "key"])


def _meeting(keys: pd.DataFrame, group: Ints, attributed: Bools) -> Ints:
    """Pairs of statements that share a key."""
    keys = keys.sort_values(["key", "statement"], ignore_index=True)
    size = keys.groupby("key")["statement"].transform("size").to_numpy()
    keys = keys[(size > 1) & (size <= _SHARED_BY_AT_MOST)]
    statement, key = keys["statement"].to_numpy(), keys["key"].to_numpy()
    total = len(group)
    found = [np.empty(0, np.int64)]
    for lag in range(1, min(_SHARED_BY_AT_MOST, len(key))):
        same = np.flatnonzero(key[lag:] == key[:-lag])
        one, two = statement[same], statement[same + lag]
        wanted = (group[one] != group[two]) & (attributed[one] | attributed[two])
        found.append(np.unique(one[wanted] * total + two[wanted]))
    code = np.unique(np.concatenate(found))
    return np.stack([code // max(total, 1), code % max(total, 1)], axis=1)


def overlaps(index: Index, pairs: Ints) -> tuple[Floats, Floats]:
    """Return for each pair the weighted cosine of its terms, and how much the poorer one shares.

    The second is the share of the poorer statement's weight that the other has too.
    """
    weighted = index.matrix @ sparse.diags(np.sqrt(index.weight))
    norm = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
    shared = np.zeros(len(pairs))
    for top in range(0, len(pairs), _ROWS_AT_ONCE):
        here = pairs[top : top + _ROWS_AT_ONCE]
        both = weighted[here[:, 0]].multiply(weighted[here[:, 1]])
        shared[top : top + _ROWS_AT_ONCE] = np.asarray(both.sum(axis=1)).ravel()
    one, two = norm[pairs[:, 0]], norm[pairs[:, 1]]
    return shared / np.sqrt(one * two), shared / np.minimum(one, two)
