"""The page of a notebook, and the page that ties a report together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from nbhelpers.corpus import Problem
from nbhelpers.show.html import Link, Shown, render_page, showable
from nbhelpers.show.tables import table

if TYPE_CHECKING:
    from nbformat import NotebookNode

_DOCUMENT_COLUMNS = {
    "doc_id": "text",
    "title": "title",
    "outlet": "outlet",
    "published": "published",
    "n_words": "words as found",
    "n_words_content": "words after cleaning",
}


_MOST_DOCUMENTS = 5_000  # a browser lays out so many rows in a second or two


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


class _Heading(NamedTuple):
    level: int
    anchor: str
    text: str


def index_page(
    *,
    title: str,
    documents: pd.DataFrame,
    notebooks: Sequence[NotebookCard],
    drawn_from: int | None = None,
    tables: Sequence[TableFile] = (),
    problems: Iterable[Problem] = (),
    provenance: Mapping[str, object] | None = None,
    made_at: str | None = None,
    navigation: Sequence[Link] = (),
) -> str:
    """Return the page that ties the report together, ``index.html``.

    ``documents`` has a row per text: doc_id and, as far as known, title, outlet, published,
    n_words, n_words_content; ``drawn_from`` is the number of texts of which they are a sample.
    ``provenance`` says how the report was made (command, versions,
    parameters), in the order given; ``made_at`` is the report's only time stamp.
    ``navigation`` as in :func:`notebook_page`.
    """
    return render_page(
        "index.html.j2",
        title=title,
        n_documents=len(documents),
        drawn_from=drawn_from,
        documents=_documents(documents),
        notebooks=notebooks,
        tables=tables,
        problems=list(problems),
        provenance=provenance or {},
        made_at=made_at,
        navigation=navigation,
        current="index.html",
    )


def _documents(documents: pd.DataFrame) -> Shown:
    columns = {name: header for name, header in _DOCUMENT_COLUMNS.items() if name in documents}
    return table(
        documents,
        caption="The texts; each leads to its reader page",
        columns=columns,
        evidence=True,
        limit=_MOST_DOCUMENTS,
    )


def notebook_page(
    notebook: NotebookNode,
    *,
    title: str,
    navigation: Sequence[Link] = (),
    banner: str | None = None,
) -> str:
    """Return the page of an executed notebook; it lies in the report's folder itself.

    ``navigation`` are all pages of the report, addresses below the report's folder; the link whose
    title is ``title`` is marked as the current page. ``banner`` is a sentence shown on top, for a
    notebook that failed.

    HTML in outputs goes in as it is (it comes from :mod:`nbhelpers.show` and from pandas, which
    escape); everything else is escaped: HTML inside Markdown, Markdown outputs, LaTeX, messages.
    JavaScript is left out, and the page's content security policy lets none run but our own.
    """
    body, headings = _convert(notebook)
    return render_page(
        "notebook.html.j2",
        title=title,
        body=Markup(showable(body)),
        headings=[heading for heading in headings if heading.level in (2, 3)],
        has_title=any(heading.level == 1 for heading in headings),
        navigation=navigation,
        current=next((link.href for link in navigation if link.title == title), None),
        banner=banner,
    )


def _convert(notebook: NotebookNode) -> tuple[str, list[_Heading]]:
    """Turn the cells into HTML, and collect the headings on the way."""
    from jinja2 import PackageLoader
    from nbconvert.exporters import HTMLExporter

    headings: list[_Heading] = []
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        extra_loaders=[PackageLoader("nbhelpers")],
        template_file="cells.html.j2",
        filters={"markdown_cell": lambda source: _markdown(source, headings)},
    )
    body, _ = exporter.from_notebook_node(notebook)
    return body, headings


def _markdown(source: str, headings: list[_Heading]) -> str:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    class Renderer(IPythonRenderer):
        def heading(self, text: str, level: int, **_: Any) -> str:
            plain = Markup(text).striptags()
            heading = _Heading(level, _anchor(plain, headings), plain)
            headings.append(heading)
            return f'<h{level} id="{heading.anchor}">{text}</h{level}>\n'

    renderer = Renderer(escape=True, allow_harmful_protocols=False)
    return MarkdownWithMath(renderer=renderer).render(source)


def _anchor(text: str, headings: list[_Heading]) -> str:
    """An id made from the heading's words; the second of the same words gets a number."""
    stem = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "section"
    taken = {heading.anchor for heading in headings}
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(a for a in numbered if a not in taken)
