"""Charts that the notebooks have in common: shares in bars, and values with their intervals."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

import pandas as pd

from nbhelpers.show.figures import PALETTE, figure
from nbhelpers.show.html import Shown
from nbhelpers.show.tables import note

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HATCHES = ("", "//", "..", "xx")
_MARKERS = "osD^"
_WIDTH = 6.0  # inches
_NAME = 28  # characters of a name that fit beside or below a chart
_ROW = 0.32


def stacked_bars(shares: pd.DataFrame, *, xlabel: str, alt: str, caption: str) -> Shown:
    """Return a bar for each row of a frame, made of the row's shares side by side.

    ``shares`` has a name for each bar as index, a column for each kind, and shares from 0 to 1.
    Kinds differ in colour and hatching, so that the colours need not be told apart. Without a row
    there is a sentence instead.
    """
    if shares.empty:
        return note(f"{caption}: none.")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    legend = _columns(shares.columns)
    height = 1 + _ROW * (len(shares) + 0.8 * len(shares.columns) / legend)
    fig, ax = plt.subplots(figsize=(_WIDTH, height))
    left = pd.Series(0.0, shares.index)
    looks = [(colour, hatch) for hatch in _HATCHES for colour in PALETTE]
    for (kind, share), (colour, hatch) in zip(shares.items(), looks, strict=False):
        ax.barh(range(len(share)), share, left=left, label=_short(kind), color=colour, hatch=hatch)
        left += share
    ax.set_yticks(range(len(shares)), [_short(name) for name in shares.index])
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))  # whole per cents
    ax.grid(axis="y", visible=False)
    ax.set(xlabel=xlabel, xlim=(0, max(0.05, 1.03 * left.max())))
    ax.invert_yaxis()
    _legend(fig, legend)
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
    shares: bool = False,
) -> Shown:
    """Return a dot with its interval for each row, first row on top, coloured by group.

    ``value``, ``low``, ``high``, ``label`` and ``group`` name columns of ``rows``; a line at 0
    shows which intervals hold no difference. ``shares`` are written as per cents, from 0 to 100 %.
    Without a row there is a sentence instead.
    """
    if rows.empty:
        return note(f"{caption.rstrip('.')}: none.")
    import matplotlib.pyplot as plt
    from matplotlib.ticker import PercentFormatter

    legend = _columns(rows[group].unique())
    height = 1.2 + _ROW * (len(rows) + 0.8 * rows[group].nunique() / legend)
    fig, ax = plt.subplots(figsize=(_WIDTH, height))
    places = pd.Series(range(len(rows)), rows.index)
    looks = [(colour, marker) for marker in _MARKERS for colour in PALETTE]
    for (name, part), (colour, fmt) in zip(rows.groupby(group, sort=False), looks, strict=False):
        error = [part[value] - part[low], part[high] - part[value]]
        place = places[part.index]
        ax.errorbar(part[value], place, xerr=error, fmt=fmt, color=colour, label=_short(name))
    ax.axvline(0, linewidth=1, color=PALETTE[-1])
    ax.set_yticks(places, rows[label].map(_short))
    ax.set(xlabel=xlabel, ylim=(len(rows) - 0.4, -0.6))
    if shares:
        ax.set_xlim(-0.02, 1.02)  # dots at the edge stay whole
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    _legend(fig, legend)
    return figure(fig, alt=alt, caption=caption)


def _columns(names: Iterable[Hashable]) -> int:
    """How many names fit beside each other in a legend."""
    return 3 if all(len(str(name)) <= _NAME // 2 for name in names) else 2


def _legend(fig: Figure, columns: int) -> None:
    """Below the chart, where it costs no width: a phone has little."""
    if fig.axes[0].get_legend_handles_labels()[0]:
        fig.legend(loc="outside lower center", ncols=columns)


def _short(name: object) -> str:
    text = str(name)
    return text if len(text) <= _NAME else text[: _NAME - 1] + "…"
