"""A picture of figures by date: what was stated when, by whom, from where to where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from nbhelpers.show.charts import _legend, _short
from nbhelpers.show.figures import PALETTE, figure
from nbhelpers.show.html import Shown
from nbhelpers.show.tables import note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARKERS = "osD^vPX*"
_WIDTH, _HEIGHT, _LEGEND_ROW = 6.0, 3.4, 0.3  # inches
_WIDEST = 4.5  # the dates, beside a column of 1.2
_SPREAD = 0.8  # of a column's width that the marks of one column take
_LOG_FROM = 20  # times the smallest figure that the largest is
_MOST_TICKS = 4
_LARGEST = 1e30  # what no axis shows is beyond it
OTHERS, NOBODY = "others", "nobody named"
BY_TEXT = "by its text"


def dated_values(
    rows: pd.DataFrame, *, ylabel: str, alt: str, caption: str, most: int = len(_MARKERS) - 1
) -> Shown:
    """Return a mark for each figure over its date, with its range, its shape telling whose it is.

    ``rows`` has the columns ``value``, ``low``, ``high`` (the range; NA where it is open, which an
    arrow shows), ``day`` (datetime64; NaT where none is known), ``placed`` (the name of the column
    beside the dates in which a figure without a day stands; ``by its text`` makes a hollow mark)
    and ``claimant`` (NA: nobody is named). The ``most`` claimants with most figures have a shape
    and a colour of their own. The scale is logarithmic where the largest figure is 20 times the
    smallest. Infinite figures have no place. Without a row there is a sentence instead.
    """
    rows = rows[rows["value"].abs().lt(_LARGEST)].fillna({"claimant": NOBODY})
    if rows.empty:
        return note(f"{caption.rstrip('.')}: none.")
    import matplotlib.pyplot as plt

    names = [*rows["claimant"].value_counts().index[:most]]
    whose = rows["claimant"].where(rows["claimant"].isin(names), OTHERS)
    legend = [*names, *([OTHERS] if whose.eq(OTHERS).any() else [])]
    zones = _zones(rows)
    widths = [_wide(rows[zone]["day"]) for zone in zones.values()]
    height = _HEIGHT + _LEGEND_ROW * (len(legend) + 1) / 2
    size = (_WIDTH, height)
    fig, axes = plt.subplots(
        1, len(zones), sharey=True, width_ratios=widths, figsize=size, squeeze=False
    )
    looks = dict(zip(legend, zip(_MARKERS, PALETTE * 2, strict=False), strict=False))
    for ax, (name, zone) in zip(axes[0], zones.items(), strict=True):
        days = rows[zone]["day"]
        at = _dodged(days) if days.notna().any() else _spread(days)
        _draw(ax, rows[zone].assign(whose=whose, at=at), looks)
        _scale(ax, name, days)
    first = axes[0][0]
    for name, (marker, colour) in looks.items():
        first.plot([], [], marker, color=colour, label=_short(name))
    if rows["value"].min() > 0 and rows["value"].max() >= _LOG_FROM * rows["value"].min():
        first.set_yscale("log")
    _numbers(first, ylabel)
    _legend(fig, 2)
    return figure(fig, alt=alt, caption=caption)


def _zones(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Which rows stand over the dates, and which in each column beside them."""
    undated = rows["day"].isna()
    zones = {} if undated.all() else {"dated": ~undated}
    columns = dict.fromkeys(rows.loc[undated, "placed"])
    return zones | {name: undated & rows["placed"].eq(name) for name in columns}


def _wide(days: pd.Series) -> float:
    """How wide a zone is, beside the others."""
    return min(_WIDEST, 1 + 0.5 * days.nunique()) if days.notna().any() else 1.2


def _dodged(days: pd.Series) -> pd.Series:
    """Days, a little apart where several marks stand on one."""
    step = max((days.max() - days.min()) * 0.03, pd.Timedelta(hours=8))
    number = days.groupby(days).cumcount()
    middle = days.groupby(days).transform("size").sub(1) / 2
    dodged: pd.Series[Any] = days + (number - middle) * step
    return dodged


def _spread(days: pd.Series) -> pd.Series:
    """Places beside each other in a column, from 0 to 1."""
    place = (pd.Series(range(len(days)), days.index) + 0.5) / len(days)
    return _SPREAD * place + (1 - _SPREAD) / 2


def _draw(ax: Axes, rows: pd.DataFrame, looks: dict[str, tuple[str, str]]) -> None:
    columns = ("whose", "at", "value", "low", "high", "placed")
    for name, at, value, low, high, placed in zip(*(rows[c] for c in columns), strict=True):
        marker, colour = looks[name]
        ends = [bound for bound in (low, high) if not pd.isna(bound)]
        if len(ends) == 2 and ends[0] != ends[1]:
            ax.plot([at, at], ends, color=colour)
        if len(ends) == 1:
            _arrow(ax, at, value, upwards=pd.isna(high), colour=colour)
        face = "none" if placed == BY_TEXT else colour
        ax.plot([at], [value], marker, color=colour, markerfacecolor=face, markersize=7)


def _arrow(ax: Axes, x: Any, value: float, *, upwards: bool, colour: str) -> None:
    ax.annotate(
        "",
        (x, value),
        xytext=(0, 18 if upwards else -18),
        textcoords="offset points",
        arrowprops={"arrowstyle": "<-", "color": colour},
    )


def _scale(ax: Axes, name: str, days: pd.Series) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    known = sorted(days.dropna().unique())
    if not known:
        ax.set(xlim=(0, 1), xticks=[0.5], xticklabels=[name.replace(" a ", " a\n")])
        ax.tick_params(axis="x", length=0)
        ax.grid(axis="x", visible=False)
    elif len(known) == 1:
        edge = pd.Timedelta(days=2)
        day = pd.Timestamp(known[0])
        ax.set(xlim=(day - edge, day + edge), xticks=[day])
        ax.set_xticklabels([f"{day.day} {day:%b}\n{day:%Y}"])
    else:
        locator = AutoDateLocator(minticks=2, maxticks=_MOST_TICKS)  # type: ignore[no-untyped-call]
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        ax.margins(x=0.12)


def _numbers(ax: Axes, ylabel: str) -> None:
    from matplotlib.ticker import FuncFormatter, NullFormatter

    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _written(value)))
    if ax.get_yscale() == "log":
        ax.yaxis.set_minor_formatter(NullFormatter())
    ax.margins(y=0.15)
    ax.set_ylabel(ylabel)


def _written(value: float) -> str:
    for size, letter in ((1e12, "tn"), (1e9, "bn"), (1e6, "m")):
        if abs(value) >= size:
            return f"{value / size:,.3g} {letter}"
    return f"{value:,.10g}"
