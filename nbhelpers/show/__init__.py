"""Everything a reader sees: tables, figures and pages. The only place that makes HTML.

Nothing here computes; it lays out what the analysis functions returned. All text of a corpus is
escaped, whatever it holds.
"""

from nbhelpers.show.charts import intervals, stacked_bars
from nbhelpers.show.dated import dated_values
from nbhelpers.show.figures import PALETTE, figure, style
from nbhelpers.show.graphs import chain_graph
from nbhelpers.show.grids import interval_grid
from nbhelpers.show.html import Link, Shown, reader_link, reader_name
from nbhelpers.show.pages import NotebookCard, TableFile, index_page, notebook_page
from nbhelpers.show.reader import reader_page
from nbhelpers.show.tables import note, table

__all__ = [
    "PALETTE",
    "Link",
    "NotebookCard",
    "Shown",
    "TableFile",
    "chain_graph",
    "dated_values",
    "figure",
    "index_page",
    "interval_grid",
    "intervals",
    "note",
    "notebook_page",
    "reader_link",
    "reader_name",
    "reader_page",
    "stacked_bars",
    "style",
    "table",
]
