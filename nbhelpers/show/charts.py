"""Charts that the notebooks have in common: shares in bars, and values with their intervals."""

from __future__ import annotations

import pandas as pd

from nbhelpers.show.figures import PALETTE, figure
from nbhelpers.show.html import Shown

_HATCHES = ("", "//", "..", "xx")
_WIDTH = 7.0  # inches: what a page shows without a scroll bar
_ROW = 0.32


def stacked_bars(shares: pd.DataFrame, *, xlabel: str, alt: str, caption: str) -> Shown:
    """Return a bar for each row of a frame, made of the row's shares side by side.

    ``shares`` has a name for each bar as index, a column for each kind, and shares from 0 to 1.
    Kinds differ in colour and hatching, so that the colours need not be told apart.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(_WIDTH, 1.4 + _ROW * max(len(shares), len(shares.columns) / 2)))
    left = pd.Series(0.0, shares.index)
    looks = [(colour, hatch) for hatch in _HATCHES for colour in PALETTE]
    for (kind, share), (colour, hatch) in zip(shares.items(), looks, strict=False):
        ax.barh(shares.index, share, left=left, label=str(kind), color=colour, hatch=hatch)
        left += share
    ax.xaxis.set_major_formatter("{x:.0%}")
    ax.grid(axis="y", visible=False)
    ax.set(xlabel=xlabel, xlim=(0, max(0.05, 1.03 * left.max()) if len(left) else 1))
    if len(shares.columns):
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    ax.invert_yaxis()
    return figure(fig, alt=alt, caption=caption)


def intervals(
    rows: pd.DataFrame,
    *,
    value: str,
    low: str,
    high: str,
    label: str,
    group: str,
    xlabel: str,
    alt: str,
    caption: str,
) -> Shown:
    """Return a dot with its interval for each row, first row on top, coloured by group.

    ``value``, ``low``, ``high``, ``label`` and ``group`` name columns of ``rows``; a line at 0
    shows which intervals hold no difference.
    """
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=(_WIDTH, 1.2 + _ROW * len(rows)))
    places = pd.Series(range(len(rows)), rows.index)
    for (name, part), colour in zip(rows.groupby(group, sort=False), PALETTE * 9, strict=False):
        error = [part[value] - part[low], part[high] - part[value]]
        place = places[part.index]
        ax.errorbar(part[value], place, xerr=error, fmt="o", color=colour, label=str(name))
    ax.axvline(0, linewidth=1, color=PALETTE[-1])
    ax.set_yticks(places, rows[label].astype(str))
    ax.set(xlabel=xlabel, ylim=(len(rows) - 0.4, -0.6))
    if len(rows):
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure(fig, alt=alt, caption=caption)
