"""Everything a reader sees: tables, figures and pages. The only place that makes HTML.

Nothing here computes; it lays out what the analysis functions returned. All text of a corpus is
escaped, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.corpus import Document, Problem


class Link(NamedTuple):
    """A page of the report: what it is called, and where it lies below the report's folder."""

    title: str
    href: str


class NotebookCard(NamedTuple):
    """A notebook on the index page; ``failure`` says in one sentence what went wrong, if it did."""

    title: str
    href: str
    question: str
    failure: str | None = None


class TableFile(NamedTuple):
    """A table beside the report: its address below the report's folder, rows, what it holds."""

    href: str
    n_rows: int
    description: str


def reader_name(doc_id: str) -> str:
    """Return the file name of a text's reader page: safe on every system, unique, stable."""
    raise NotImplementedError


def reader_link(doc_id: str, start: int | None = None, end: int | None = None) -> str:
    """Return the address of a text's reader page (below the report's folder), or a place in it."""
    raise NotImplementedError


def notebook_page(
    notebook: Any, *, title: str, navigation: Sequence[Link] = (), banner: str | None = None
) -> str:
    """Return the page of an executed notebook; it lies in the report's folder itself.

    ``navigation`` are all pages of the report, addresses below the report's folder; the link whose
    title is ``title`` is marked as the current page. ``banner`` is a sentence shown on top, for a
    notebook that failed.
    """
    raise NotImplementedError


def reader_page(
    document: Document,
    segments: pd.DataFrame,
    damage: pd.DataFrame,
    *,
    layers: pd.DataFrame | None = None,
    facts: Mapping[str, object] | None = None,
    navigation: Sequence[Link] = (),
) -> str:
    """Return the reader page of one text; it lies at ``texts/`` + :func:`reader_name`.

    ``segments`` and ``damage`` are the rows of this text alone. ``layers`` has the columns start,
    end, kind, label, note. ``facts`` (outlet, words ...) stand in the head; missing ones are shown
    as unknown. ``navigation`` as in :func:`notebook_page` (addresses below the report's folder).
    """
    raise NotImplementedError


def index_page(
    *,
    title: str,
    documents: pd.DataFrame,
    notebooks: Sequence[NotebookCard],
    tables: Sequence[TableFile] = (),
    problems: Iterable[Problem] = (),
    provenance: Mapping[str, object] | None = None,
    made_at: str | None = None,
) -> str:
    """Return the page that ties the report together, ``index.html``.

    ``documents`` has a row per text: doc_id and, as far as known, title, outlet, published,
    n_words, n_words_content. ``provenance`` says how the report was made (command, versions,
    parameters), in the order given; ``made_at`` is the report's only time stamp.
    """
    raise NotImplementedError
