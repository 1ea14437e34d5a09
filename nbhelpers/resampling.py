"""Whole texts drawn anew or exchanged between two groups: intervals and tests of a difference."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.stats import LEVEL
from nbhelpers.words import Floats, Ints

Bools = npt.NDArray[np.bool_]


class Cells(NamedTuple):
    """The cases of two groups; a cell is what one text has of one group."""

    size: Floats
    """The cases of each cell."""
    text: Ints
    """The number of each cell's text, from 0 on."""
    first: Bools
    """Whether a cell is of the first group."""
    pairs: Floats
    """For each two cells, the sum over all pairs of their cases of how these differ."""


def mean_cells(cases: pd.DataFrame) -> Cells:
    """Return cells whose pairs of cases differ by the values: their statistic is that of means.

    Args:
        cases: a row a case, with ``text``, ``first`` (whether of the first group) and ``value``.

    >>> cases = pd.DataFrame({"text": [0, 1, 1], "first": [True, False, False], "value": [1, 0, 1]})
    >>> mean_cells(cases).pairs
    array([[ 0.,  1.],
           [-1.,  0.]])
    """
    cells = cases.groupby(["text", "first"])["value"].agg(["size", "sum"])
    size, total = cells["size"].to_numpy(float), cells["sum"].to_numpy(float)
    return _cells(cells, size, np.outer(total, size) - np.outer(size, total))


def order_cells(cases: pd.DataFrame) -> Cells:
    """Return cells whose pairs differ by 1, 0 or -1, by which is higher: for Cliff's delta.

    >>> cases = pd.DataFrame({"text": [0, 1, 1], "first": [True, False, False], "value": [1, 0, 1]})
    >>> order_cells(cases).pairs
    array([[ 0.,  1.],
           [-1.,  0.]])
    """
    cases = cases.sort_values(["text", "first"])
    grouped = cases.groupby(["text", "first"])["value"]
    cells = grouped.agg(["size"])
    size, values = cells["size"].to_numpy(), cases["value"].to_numpy(float)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    columns = []
    for start, n in zip(starts, size, strict=True):
        here = np.sort(values[start : start + n])
        lower = np.searchsorted(here, values, "left") + np.searchsorted(here, values, "right") - n
        columns.append(np.add.reduceat(lower, starts))
    return _cells(cells, size.astype(float), np.array(columns, float).T)


def _cells(cells: pd.DataFrame, size: Floats, pairs: Floats) -> Cells:
    text = pd.factorize(cells.index.get_level_values(0))[0]
    return Cells(size, text, cells.index.get_level_values(1).to_numpy(bool), pairs)


def statistic(cells: Cells, first: Bools, copies: Floats) -> tuple[Floats, Floats]:
    """Return the mean difference over all pairs of cases, and its standard error over texts.

    The error is linearised: each text's share in the deviation is squared and summed. For means it
    is that of ratio estimators (Cochran 1977, 6.3), for order that of Obuchowski (1997).

    Args:
        cells: of ``mean_cells`` or ``order_cells``.
        first: which cells are of the first group; a row a draw, or one row for all draws.
        copies: how often each text was drawn; a row a draw.

    Returns both for each draw; not a number where a group came out empty.
    """
    drawn = copies[:, cells.text]
    ours, theirs = drawn * first, drawn * ~first
    # A group of one text counts as having no spread; who asks for its interval is told NA.
    widening = [np.maximum(part.sum(axis=1), 2) for part in (ours, theirs)]
    scale = [np.sqrt(k / (k - 1)) for k in widening]
    with np.errstate(invalid="ignore", divide="ignore"):
        n_ours, n_theirs = ours @ cells.size, theirs @ cells.size
        from_ours = (theirs @ cells.pairs.T) / n_theirs[:, None]
        from_theirs = (ours @ cells.pairs) / n_ours[:, None]
        found = (ours * from_ours).sum(axis=1) / n_ours
        centred = found[:, None] * cells.size
        of_cell = np.where(
            first,
            (from_ours - centred) * (scale[0] / n_ours)[:, None],
            (from_theirs - centred) * (scale[1] / n_theirs)[:, None],
        )
    of_text = of_cell @ np.eye(copies.shape[1])[cells.text]
    return found, np.sqrt((copies * of_text**2).sum(axis=1))


def observed(cells: Cells) -> tuple[float, float]:
    """Return the statistic of the cells as they are, and its standard error."""
    once = np.ones((1, cells.text.max() + 1))
    found, error = statistic(cells, cells.first, once)
    return float(found[0]), float(error[0])


def interval(
    cells: Cells, *, seed: int, resamples: int, reach: float
) -> tuple[float, float, float]:
    """Return the difference and its studentised bootstrap interval, within ``-reach`` to ``reach``.

    Texts that have cases of both groups are drawn with both; where there are none, each group's
    texts are drawn apart. The interval is not a number where texts do not differ.
    """
    random = np.random.default_rng(seed)
    found, error = observed(cells)
    if error < 1e-12:
        return found, np.nan, np.nan
    centre, spread = statistic(cells, cells.first, _draws(cells, random, resamples))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (centre - found) / spread
    tails = [(1 + LEVEL) / 2, (1 - LEVEL) / 2]
    upper, lower = np.quantile(t[~np.isnan(t)], tails, method="inverted_cdf")
    low, high = np.clip([found - upper * error, found - lower * error], -reach, reach)
    return found, float(low), float(high)


def _draws(cells: Cells, random: np.random.Generator, resamples: int) -> Floats:
    """How often each text is drawn, a row a draw."""
    n = cells.text.max() + 1
    paired = (np.bincount(cells.text) == 2).any()
    groups = [np.arange(n)] if paired else [cells.text[cells.first], cells.text[~cells.first]]
    copies = np.zeros((resamples, n))
    for group in groups:
        copies[:, group] = random.multinomial(
            len(group), np.full(len(group), 1 / len(group)), resamples
        )
    return copies


def permutation_p(cells: Cells, *, seed: int, resamples: int) -> float:
    """Return the two-sided p value of the studentised difference when whole texts change groups."""
    random = np.random.default_rng(seed)
    found, error = observed(cells)
    if error < 1e-12:
        return np.nan
    copies = np.ones((1, cells.text.max() + 1))
    centre, spread = statistic(cells, _exchanges(cells, random, resamples), copies)
    # Ties with the observed order count, also where rounding hides them.
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = np.abs(centre) / spread >= abs(found) / error - 1e-9
    return float((1 + beyond.sum()) / (1 + resamples))


def _exchanges(cells: Cells, random: np.random.Generator, resamples: int) -> Bools:
    """Which cells are of the first group after an exchange, a row a draw."""
    shared = np.bincount(cells.text)[cells.text] == 2
    first = np.tile(cells.first, (resamples, 1))
    first[:, ~shared] = random.permuted(first[:, ~shared], axis=1)
    swaps = random.random((resamples, cells.text.max() + 1)) < 0.5
    first[:, shared] ^= swaps[:, cells.text[shared]]
    return first
