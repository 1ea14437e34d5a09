"""Figures that read in light and in dark, and are the same bytes in every run."""

from __future__ import annotations

import base64
import io
import re
import warnings
from textwrap import wrap
from typing import TYPE_CHECKING

from nbhelpers.show.html import Shown, render

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Each colour of a light figure and what stands for it in a dark one. The palette follows Okabe
# and Ito (2008), darkened or lightened until each colour has a contrast of 3:1 with its ground.
GROUND, INK, MUTED, GRID = "#ffffff", "#1d2429", "#56616b", "#dde2e6"
_DARK = {
    GROUND: "#1a2025",
    INK: "#e4e8eb",
    MUTED: "#a5b0b9",
    GRID: "#353e46",
    "#0072b2": "#56b4e9",
    "#d55e00": "#f0874a",
    "#00855f": "#2fc79c",
    "#b3558b": "#e29cc4",
    "#8c6d00": "#e0be3a",
    "#5b6670": "#aeb8c0",
}
PALETTE = tuple(list(_DARK)[4:])

_MATPLOTLIB_FONT = "'DejaVu Sans'"
_SYSTEM_FONTS = (
    "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', Ubuntu, 'Helvetica Neue', 'Liberation Sans',"
    " Arial"
)
_PIXELS_PER_INCH = 96
_LETTER, _MORE_FOR_CAPITAL = 0.075, 0.025  # inches, of letters of size 10
_INVALID_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")

_named = {"model": ""}


def style(*, model: str | None = None) -> None:
    """Let all that is shown from here on look like the report: call it once, before all else.

    ``model``: by which model it was found; each caption names it. Colours come from
    :data:`PALETTE`, which people with a colour vision deficiency can tell apart. Dollar signs are
    plain text from now on, in labels and in pandas' own frames: words of a corpus may hold them.
    """
    import matplotlib
    import pandas as pd
    from cycler import cycler

    _named["model"] = f" (model: {model})" if model else ""
    pd.set_option("display.html.use_mathjax", False)
    matplotlib.rcParams.update(
        {
            "figure.figsize": (5.6, 3.4),
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.h_pad": 0.12,
            "figure.constrained_layout.w_pad": 0.12,
            "figure.facecolor": GROUND,
            "axes.facecolor": GROUND,
            "savefig.facecolor": GROUND,
            "font.family": ["DejaVu Sans"],
            "font.size": 11,
            "axes.titlesize": 12,
            "axes.titlelocation": "left",
            "axes.titlepad": 10,
            "axes.labelsize": 11,
            "xtick.labelsize": 10,
            "ytick.labelsize": 10,
            "legend.fontsize": 10.5,
            "legend.frameon": False,
            "text.color": INK,
            "text.parse_math": False,
            "axes.labelcolor": MUTED,
            "axes.edgecolor": MUTED,
            "axes.titlecolor": INK,
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.grid": True,
            "grid.color": GRID,
            "grid.linewidth": 0.8,
            "axes.prop_cycle": cycler(color=PALETTE),
            "lines.linewidth": 1.8,
            "patch.edgecolor": GROUND,
            "svg.fonttype": "none",
            "svg.hashsalt": "nbhelpers",
        }
    )


def captioned(caption: str) -> str:
    """Return a caption with the model that :func:`style` was told of.

    >>> captioned("Who speaks")
    'Who speaks'
    """
    return caption + _named["model"]


def figure(fig: Figure, *, alt: str, caption: str) -> Shown:
    """Return a matplotlib figure with its description and caption, and close it.

    ``alt`` says in words what the picture shows, for those who cannot see it; ``caption`` says what
    it tells. The picture comes in a light and a dark version, each on its own ground, so that it
    reads wherever it is shown. Raises ValueError if one of the two is empty.
    """
    import matplotlib.pyplot as plt

    if not alt.strip() or not caption.strip():
        raise ValueError("A figure needs alt (what it shows) and caption (what it tells).")
    caption = captioned(caption)
    width = round(fig.get_figwidth() * _PIXELS_PER_INCH)
    light = _svg(fig)
    plt.close(fig)
    dark = _COLOUR.sub(lambda match: _DARK.get(match.group(), match.group()), light)
    html = render(
        "figure.html.j2",
        light=_address(light),
        dark=_address(dark),
        width=width,
        alt=alt,
        caption=caption,
    )
    return Shown(html, f"{caption}\n{alt}")


def wrapped(name: str, width: float, *, lines: int) -> list[str]:
    """Return a name in at most so many lines that each fit in ``width`` (inches, letters of 10).

    >>> wrapped("The Gazette of the Coast", 1.0, lines=2)
    ['The Gazette', 'of the Coast']
    """
    letter = _LETTER + _MORE_FOR_CAPITAL * sum(map(str.isupper, name)) / max(len(name), 1)
    return wrap(name, int(width / letter), max_lines=lines, placeholder=" …") or ["–"]


def _svg(fig: Figure) -> str:
    sheet = io.StringIO()
    with warnings.catch_warnings():
        # The browser draws the letters with fonts of its own, so a glyph missing here is no loss.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        fig.savefig(sheet, format="svg", metadata={"Date": None, "Creator": None})
    svg = _INVALID_IN_XML.sub("\N{REPLACEMENT CHARACTER}", sheet.getvalue())
    return svg.replace(_MATPLOTLIB_FONT, _SYSTEM_FONTS)


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
