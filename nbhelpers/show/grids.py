"""Grids of means with their intervals: a row for each target, a column for each outlet or voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nbhelpers.show.figures import GRID, GROUND, MUTED, PALETTE, figure, wrapped
from nbhelpers.show.html import Shown
from nbhelpers.show.tables import note

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS, MOST_COLUMNS = 15, 12

# In inches. Seven columns are as wide as other figures and fit on a phone; more scroll sideways.
_WIDTH, _MARGIN = 6.0, 0.1
_NARROWEST, _WIDEST, _BETWEEN = 0.82, 2.9, 0.18  # of columns
_LINE, _SCALE, _CAP, _GAP = 0.17, 0.2, 0.06, 0.07
_LEGEND = 0.85
_NEGATIVE, _POSITIVE, _OPEN = PALETTE[1], PALETTE[0], PALETTE[-1]


def interval_grid(
    cells: pd.DataFrame,
    *,
    row: str,
    column: str,
    value: str,
    low: str,
    high: str,
    n: str,
    ends: tuple[str, str],
    alt: str,
    caption: str,
) -> Shown:
    """Return a grid with a mean and its interval, on a scale from -1 to 1, in each cell.

    A filled triangle points to the side that the whole interval is on; a hollow circle stands where
    the interval holds 0 or there is none. Place and marker tell the side, colour only repeats it.

    Args:
        cells: a row a cell; the grid's rows and columns stand in the order in which they come.
        row: column of ``cells`` with the names of the grid's rows.
        column: column with the names of the grid's columns.
        value: column of means, from -1 to 1. A cell without one, or without a row in ``cells``, is
            shown as empty.
        low: column of the intervals' lower bounds, from -1 to 1; NA where there is no interval.
        high: column of the upper bounds.
        n: column of the numbers of cases, which stand below the means.
        ends: what -1 and 1 mean, for instance ``("against", "in favour")``.
        alt: as for :func:`nbhelpers.show.figure`.
        caption: likewise. Of more than 15 rows or 12 columns the first are shown; it says so.

    Returns:
        The figure; without a cell a sentence instead.

    Raises:
        ValueError: a mean or a bound is not between -1 and 1, or a cell is there twice.
    """
    if cells.empty:
        return note(f"{caption.rstrip('.')}: none.")
    means = cells.set_index([row, column])[[value, low, high, n]]
    means = means.set_axis(["value", "low", "high", "n"], axis=1).astype("float64")
    if (means.drop(columns="n").abs() > 1).any(axis=None):
        raise ValueError(f"{value}, {low} and {high} must be between -1 and 1.")
    if not means.index.is_unique:
        twice = means.index[means.index.duplicated()][0]
        raise ValueError(f"There are two means for {twice}; give one for each row and column.")
    rows, columns = cells[row].unique(), cells[column].unique()
    shown = pd.MultiIndex.from_product([rows[:MOST_ROWS], columns[:MOST_COLUMNS]])
    caption = _with_rest(caption, len(rows), len(columns))
    return figure(_drawn(means.reindex(shown), ends), alt=alt, caption=caption)


def _with_rest(caption: str, n_rows: int, n_columns: int) -> str:
    """The caption, and what did not fit."""
    sizes = {"rows": (MOST_ROWS, n_rows), "columns": (MOST_COLUMNS, n_columns)}
    cut = [f"{most} of {n} {what}" for what, (most, n) in sizes.items() if n > most]
    return f"{caption.rstrip('.')}. Shown are the first {' and '.join(cut)}." if cut else caption


def _drawn(cells: pd.DataFrame, ends: tuple[str, str]) -> Figure:
    """The grid of these cells, laid out from the top down."""
    import matplotlib.pyplot as plt

    rows, columns = (list(cells.index.unique(level)) for level in (0, 1))
    width = min(_WIDEST, max(_NARROWEST, (_WIDTH - 2 * _MARGIN) / len(columns)))
    sheet = max(_WIDTH, 2 * _MARGIN + width * len(columns))
    heads = [wrapped(str(name), width - _GAP, lines=3) for name in columns]
    names = [wrapped(str(name), _WIDTH - 2 * _MARGIN, lines=2) for name in rows]
    # A row has its name, the scales, the numbers of cases.
    heights = [3 * _GAP + _LINE * (len(name) + 1) + _SCALE for name in names]
    tops = np.cumsum([_MARGIN + _LINE * max(map(len, heads)) + _GAP, *heights])
    fig = plt.figure(figsize=(sheet, tops[-1] + _LEGEND), layout="none")
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, sheet), ylim=(tops[-1] + _LEGEND, 0))
    ax.axis("off")
    x = _MARGIN + width * (np.arange(len(columns)) + 0.5)
    y = tops[1:] - _GAP - _LINE - _SCALE / 2
    half = (width - _BETWEEN) / 2
    for middle, head in zip(x, heads, strict=True):
        _write(ax, head, middle, tops[0] - _GAP - _LINE * len(head), ha="center")
        _write_scale(ax, middle, half, tops[-1] + _GAP)
    for top, name in zip(tops[:-1], names, strict=True):
        _write_name(ax, name, top, sheet)
    placed = cells.assign(x=np.tile(x, len(rows)), y=np.repeat(y, len(columns)))
    _draw_means(ax, placed, half, ends)
    _write_cases(ax, placed)
    below = (0, tops[-1] + _GAP + _LINE)
    ax.legend(loc="upper left", bbox_to_anchor=below, bbox_transform=ax.transData, ncols=2)
    return fig


def _write(ax: Axes, lines: list[str], x: float, top: float, **looks: Any) -> None:
    """Lines of text, the first of them below ``top``."""
    for place, line in enumerate(lines):
        y = top + _LINE * (place + 0.5)
        ax.text(x, y, line, va="center_baseline", fontsize=10, **looks)


def _write_scale(ax: Axes, middle: float, half: float, top: float) -> None:
    for place, number in enumerate(["−1", "0", "1"], -1):
        _write(ax, [number], middle + half * place, top, ha="center", color=MUTED)


def _write_name(ax: Axes, name: list[str], top: float, sheet: float) -> None:
    """The name of a row, below a line."""
    left, right = _MARGIN, sheet - _MARGIN
    ax.plot([left, right], [top, top], color=GRID, linewidth=1)
    _write(ax, name, left, top + _GAP, fontweight="bold")
    if sheet > _WIDTH:  # where a grid is scrolled, one of its ends is out of sight
        _write(ax, name, right, top + _GAP, fontweight="bold", ha="right")


def _draw_means(ax: Axes, cells: pd.DataFrame, half: float, ends: tuple[str, str]) -> None:
    """Scales, intervals and means; ``half`` a scale is from 0 to 1."""
    known = cells[cells["value"].notna()]
    ax.hlines(known["y"], known["x"] - half, known["x"] + half, color=GRID, linewidth=1.2)
    up_and_down = known["y"] - _SCALE / 2, known["y"] + _SCALE / 2
    ax.vlines(known["x"], *up_and_down, color=MUTED, linewidth=1)
    below, above = known["high"] < 0, known["low"] > 0
    looks = [
        (below, "<", _NEGATIVE, _NEGATIVE, f"whole interval {ends[0]}"),
        (above, ">", _POSITIVE, _POSITIVE, f"whole interval {ends[1]}"),
        (~below & ~above, "o", _OPEN, GROUND, "interval holds 0, or there is none"),
    ]
    for is_here, marker, colour, fill, meaning in looks:
        _draw_kind(ax, known[is_here], half, colour, marker=marker, mfc=fill, label=meaning)


def _draw_kind(ax: Axes, cells: pd.DataFrame, half: float, colour: str, **looks: Any) -> None:
    """Means with their intervals in one look, and its line in the legend."""
    if cells.empty:
        return
    low, mean, high = (cells["x"] + half * cells[name] for name in ("low", "value", "high"))
    y, line = cells["y"], dict[str, Any](color=colour, linewidth=1.6)
    ax.hlines(y, low, high, **line)
    for bound in (low, high):  # caps show an interval that is narrower than the marker
        ax.vlines(bound, y - _CAP, y + _CAP, **line)
    ax.plot(mean, y, linestyle="none", color=colour, markersize=5.5, markeredgewidth=1.4, **looks)


def _write_cases(ax: Axes, cells: pd.DataFrame) -> None:
    """A dash in each empty cell, and the number of cases in every cell."""
    empty = cells[cells["value"].isna()]
    if len(empty):
        ax.plot(empty["x"], empty["y"], "_", color=MUTED, label="too few cases, or none")
    for cell in cells[cells["n"].notna()].to_dict("records"):
        n = f"n = {cell['n']:,.0f}"
        _write(ax, [n], cell["x"], cell["y"] + _SCALE / 2, ha="center", color=MUTED)
