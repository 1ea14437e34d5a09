"""Pictures of who cites whom: from the first source on the left to the text on the right."""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from nbhelpers.show.figures import PALETTE, figure, wrapped
from nbhelpers.show.html import Shown
from nbhelpers.show.tables import note

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In inches. Letters are as large as in other figures: a phone shows them at two thirds.
_WIDTH, _MARGIN, _GAP, _BETWEEN, _HEAD = 6.0, 0.1, 0.38, 0.14, 0.3
_LINE, _PADDING, _MOST_LINES = 0.175, 0.09, 3
_FONT_SIZE = 10
_DIRECT, _CARRIED, _SOURCE = PALETTE[5], PALETTE[1], PALETTE[0]


class _Name(NamedTuple):
    """A name in its column, 0 on the right; or the way of a source's lines through a column."""

    column: int
    name: str
    is_way: bool = False


class _Box(NamedTuple):
    """What a name looks like, from the upper left corner of its box."""

    left: float
    top: float
    lines: list[str]

    @property
    def height(self) -> float:
        return _LINE * len(self.lines) + _PADDING * (2 if self.lines else 0)

    @property
    def middle(self) -> float:
        return self.top - self.height / 2


class _Line(NamedTuple):
    """A citation: the stations of its line from source to text, and how often."""

    stations: list[_Name]
    times: int
    is_carried: bool


def chain_graph(citations: pd.DataFrame, *, cited_in: str, alt: str, caption: str) -> Shown:
    """Return a picture of who cites whom, read from left to right.

    Sources stand on the left, groups on the right under the heading ``cited_in``; in between are
    those who carry a source's words to a group. The thicker a line, the more often; what is carried
    has another colour. ``citations`` has the columns citing, citing_level, cited and count (see
    :func:`nbhelpers.voices.citations`). Without a row there is a sentence instead.
    """
    if citations.empty:
        return note(f"{caption.rstrip('.')}: none.")
    import matplotlib.pyplot as plt

    lines = _lines(citations)
    columns = _columns(lines)
    width = (_WIDTH - 2 * _MARGIN - _GAP * (len(columns) - 1)) / len(columns)
    boxes, height = _laid_out(columns, width)
    fig = plt.figure(figsize=(_WIDTH, height), layout="none")
    ax = fig.add_axes((0, 0, 1, 1), xlim=(0, _WIDTH), ylim=(0, height))
    ax.axis("off")
    for column in range(len(columns)):
        heading = "source" if column == len(columns) - 1 else "through" if column else cited_in
        ax.text(
            _left(column, len(columns), width),
            height - _HEAD / 2,
            heading,
            fontweight="bold",
            va="center",
        )
    for line in sorted(lines, key=attrgetter("is_carried")):
        _draw_line(ax, line, boxes, width, 1.4 + 3 * line.times / citations["count"].max())
    for name, box in boxes.items():
        if not name.is_way:
            last = name.column == len(columns) - 1
            _draw_box(ax, box, width, _SOURCE if last else _CARRIED if name.column else _DIRECT)
    return figure(fig, alt=alt, caption=caption)


def _lines(citations: pd.DataFrame) -> list[_Line]:
    """Each citation as a line that has a station in every column that it crosses."""
    rows = list(
        zip(
            *(citations[name].tolist() for name in ("citing_level", "citing", "cited", "count")),
            strict=True,
        )
    )
    column = {citing: level for level, citing, _, _ in rows if level}  # carriers
    first = max(column.values(), default=0) + 1
    lines = []
    for level, citing, cited, count in rows:
        start, end = _Name(column.get(cited, first), cited), _Name(level, citing)
        ways = [_Name(c, cited, True) for c in range(start.column - 1, end.column, -1)]
        lines.append(_Line([start, *ways, end], count, level > 0 or cited in column))
    return lines


def _columns(lines: list[_Line]) -> list[list[_Name]]:
    """The names of each column, groups first; each name as high as what cites it, on average."""
    targets = defaultdict(set)
    for line in lines:
        for station, following in zip(line.stations, line.stations[1:], strict=False):
            targets[station].add(following)
    names = sorted({station for line in lines for station in line.stations})
    height: dict[_Name, float] = {}
    columns = []
    for column in range(names[-1].column + 1):
        rank = {}
        for name in names:
            if name.column == column:
                above = [height[target] for target in targets[name] if target in height]
                rank[name] = sum(above) / len(above) if above else 0
        ordered = sorted(rank, key=rank.__getitem__)
        height |= {name: (place + 0.5) / len(ordered) for place, name in enumerate(ordered)}
        columns.append(ordered)
    return columns


def _laid_out(columns: list[list[_Name]], width: float) -> tuple[dict[_Name, _Box], float]:
    """Boxes for all names, each column spread over the height that the fullest needs."""
    texts = {
        name: [] if name.is_way else wrapped(name.name, width - 2 * _PADDING, lines=_MOST_LINES)
        for column in columns
        for name in column
    }
    filled = [sum(_Box(0, 0, texts[name]).height for name in column) for column in columns]
    height = max(
        full + _BETWEEN * (len(column) + 1) for full, column in zip(filled, columns, strict=True)
    )
    boxes = {}
    for full, column in zip(filled, columns, strict=True):
        between = (height - full) / (len(column) + 1)
        top = height - between
        for name in column:
            boxes[name] = _Box(_left(name.column, len(columns), width), top, texts[name])
            top -= boxes[name].height + between
    return boxes, height + _HEAD


def _left(column: int, n_columns: int, width: float) -> float:
    """Where a column begins, the first being on the right."""
    return _MARGIN + (n_columns - 1 - column) * (width + _GAP)


def _draw_line(
    ax: Axes, line: _Line, boxes: dict[_Name, _Box], width: float, thickness: float
) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    stations = [boxes[name] for name in line.stations]
    points, codes = [(stations[0].left + width, stations[0].middle)], [Path.MOVETO]
    for box in stations[1:]:
        (x, y), end = points[-1], (box.left, box.middle)
        bend = 0.6 * (end[0] - x)
        points += [(x + bend, y), (end[0] - bend, end[1]), end, (end[0] + width, end[1])]
        codes += [Path.CURVE4] * 3 + [Path.LINETO]
    path = Path(points[:-1], codes[:-1])
    colour = _CARRIED if line.is_carried else _DIRECT
    ax.add_patch(PathPatch(path, fill=False, edgecolor=colour, linewidth=thickness, alpha=0.7))


def _draw_box(ax: Axes, box: _Box, width: float, colour: str) -> None:
    import matplotlib
    from matplotlib.patches import FancyBboxPatch

    ground = matplotlib.rcParams["axes.facecolor"]
    shape = FancyBboxPatch(
        (box.left, box.top - box.height),
        width,
        box.height,
        "round,pad=0,rounding_size=0.06",
        facecolor=ground,
        edgecolor=colour,
        linewidth=1.3,
        zorder=2,
    )
    ax.add_patch(shape)
    for place, line in enumerate(box.lines):
        at = box.top - _PADDING - _LINE * (place + 0.5)
        ax.text(box.left + _PADDING, at, line, fontsize=_FONT_SIZE, va="center_baseline", zorder=3)
