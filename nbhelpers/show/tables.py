"""Tables and sentences for notebooks and pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from nbhelpers.show.figures import captioned
from nbhelpers.show.html import Shown, reader_link, render, showable
from nbhelpers.stats import UNSURE_BELOW

Format = str | Callable[[Any], str]

_NUMBERS = {"integer", "floating", "mixed-integer-float", "decimal"}
_TEXT_ROWS = 20
_LONG_TEXT = 48
_MOST_NAME = 120
_MOST_TEXT = 400  # characters of a cell; a link leads to the rest


class _Cell(NamedTuple):
    text: str
    align: str
    href: str | None = None
    place: str | None = None
    sort: str | None = None
    long: bool = False
    missing: bool = False
    small: bool = False
    unsure: bool = False


class _Column(NamedTuple):
    name: str
    header: str
    align: str
    format: Callable[[Any], str]
    numeric: bool


def note(text: str) -> Shown:
    """Return a paragraph in plain words, for a sentence that holds computed figures.

    >>> note("Two of five texts share a passage.")
    Two of five texts share a passage.
    """
    return Shown(render("note.html.j2", text=text), text)


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    notes: str | Sequence[str] = (),
    columns: Mapping[str, str] | Sequence[str] | None = None,
    formats: Mapping[str, Format] | None = None,
    align: Mapping[str, str] | None = None,
    evidence: bool = False,
    limit: int | None = 100,
    csv: str | None = None,
    unsure_below: float = UNSURE_BELOW,
) -> Shown:
    """Return a frame as a table that reads well in JupyterLab and in a report.

    - ``caption``: what the table shows, in one sentence; the model of :func:`style` is added,
      unless a column ``model`` names it.
    - ``notes``: sentences below it.
    - ``columns``: which columns, in which order; a mapping also names their headers.
    - ``formats``: a format specification (``".1%"``, ``"+.2f"``) or a function for a column; by
      default the decimals follow the size of the column's numbers.
    - ``align``: ``left``, ``right`` or ``center`` for a column; numbers stand right by default.
    - ``evidence``: in a report, let the reader sort and filter the rows.
    - ``limit``: how many rows go into the page at most; None for all. A page shows the first
      400 characters of a cell.
    - ``csv``: name of the table file that holds all rows (``tables/<csv>.csv``).
    - ``unsure_below``: rows whose column ``confidence`` is less are marked as unsure.

    A ``doc_id`` column links to the reader page, at the place that ``start`` and ``end`` name where
    the frame has them (the same for ``other_doc_id``). Rows where a boolean column ``small`` is
    true are marked as resting on little. Raises ValueError for an empty caption, KeyError for an
    unknown column.

    >>> counts = pd.DataFrame({"word": ["troops", "war"], "count": [1200, None]})
    >>> table(counts, caption="Most frequent words")
    Most frequent words
      word  count
    troops  1,200
       war      –
    """
    if not caption.strip():
        raise ValueError("A table needs a caption: say in one sentence what it shows.")
    chosen = _choose(frame, columns, formats or {}, align or {})
    caption = caption if any(column.name == "model" for column in chosen) else captioned(caption)
    shown = frame if limit is None else frame.head(limit)
    rows = _rows(shown, chosen, unsure_below)
    html = render(
        "table.html.j2",
        caption=caption,
        notes=[notes] if isinstance(notes, str) else list(notes),
        columns=chosen,
        rows=rows,
        any_small=any(row[0].small for row in rows if row),
        any_unsure=any(row[0].unsure for row in rows if row),
        unsure_below=unsure_below,
        n_rows=len(frame),
        evidence=evidence,
        csv=csv,
    )
    return Shown(html, _plain(caption, chosen, rows, len(frame)))


def _choose(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | Sequence[str] | None,
    formats: Mapping[str, Format],
    align: Mapping[str, str],
) -> list[_Column]:
    names = [str(name) for name in (frame.columns if columns is None else columns)]
    headers = columns if isinstance(columns, Mapping) else {}
    unknown = [name for name in [*names, *formats, *align] if name not in frame.columns]
    if unknown:
        raise KeyError(f"The frame has no column {unknown[0]!r}; it has {list(frame.columns)}.")
    in_link = {f"{p}{edge}" for p in _prefixes(names) for edge in ("start", "end")} | {"small"}
    return [
        _column(frame[name], headers.get(name, _header(name)), formats.get(name), align.get(name))
        for name in names
        if name not in in_link
    ]


def _prefixes(names: Sequence[str]) -> list[str]:
    return [name.removesuffix("doc_id") for name in names if name.endswith("doc_id")]


def _header(name: str) -> str:
    return {"doc_id": "text", "other_doc_id": "other text"}.get(name, name.replace("_", " "))


def _column(values: pd.Series, header: str, format_: Format | None, align: str | None) -> _Column:
    numeric = pd.api.types.infer_dtype(values, skipna=True) in _NUMBERS
    if isinstance(format_, str):
        specification = format_
        write: Callable[[Any], str] = lambda value: _minus(format(value, specification))  # noqa: E731
    else:
        write = format_ or (_number_format(values) if numeric else _write)
    return _Column(
        str(values.name), header, align or ("right" if numeric else "left"), write, numeric
    )


def _number_format(values: pd.Series) -> Callable[[Any], str]:
    """One number of decimals for the whole column, so that its figures stand in line."""
    sizes = [abs(float(value)) for value in values.dropna() if math.isfinite(value)]
    if all(size == int(size) for size in sizes):
        return lambda value: _minus(f"{value:,.0f}")
    largest = max(sizes)
    decimals = 0 if largest >= 1000 else 1 if largest >= 100 else 2 if largest >= 1 else 3
    smallest = 10**-decimals

    def write(value: Any) -> str:
        if 0 < abs(value) < smallest / 2:
            return f"<{smallest}" if value > 0 else f">−{smallest}"
        return _minus(f"{value:,.{decimals}f}")

    return write


def _minus(number: str) -> str:
    return number.replace("-", "−", 1) if number.startswith("-") else number


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return str(value.date() if value == value.normalize() else value)
    if isinstance(value, set | frozenset):
        return ", ".join(sorted(map(str, value)))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _rows(frame: pd.DataFrame, columns: list[_Column], unsure_below: float) -> list[list[_Cell]]:
    none = pd.Series(False, frame.index)
    small = frame.get("small", none).fillna(False).astype(bool)
    unsure = frame["confidence"].lt(unsure_below).fillna(False) if "confidence" in frame else none
    cells = [_cells(frame, column) for column in columns]
    return [
        [row[0]._replace(small=is_small, unsure=is_unsure), *row[1:]]
        for row, is_small, is_unsure in zip(zip(*cells, strict=True), small, unsure, strict=True)
    ]


def _cells(frame: pd.DataFrame, column: _Column) -> list[_Cell]:
    values = frame[column.name].tolist()
    if not column.name.endswith("doc_id"):
        return [_cell(value, column) for value in values]
    prefix = column.name.removesuffix("doc_id")
    edges = [
        frame[name].tolist() if (name := prefix + edge) in frame else [None] * len(frame)
        for edge in ("start", "end")
    ]
    return [_place(*place, column=column) for place in zip(values, *edges, strict=True)]


def _cell(value: Any, column: _Column) -> _Cell:
    if _missing(value):
        return _Cell("–", column.align, missing=True)
    text = _shortened(column.format(value))
    sort = repr(float(value)) if column.numeric else None
    return _Cell(text, column.align, sort=sort, long=len(text) > _LONG_TEXT)


def _place(doc_id: Any, start: Any, end: Any, *, column: _Column) -> _Cell:
    if _missing(doc_id):
        return _Cell("–", column.align, missing=True)
    if _missing(start) or _missing(end):
        return _Cell(_name(doc_id, column), column.align, href=reader_link(doc_id))
    href = reader_link(doc_id, int(start), int(end))
    return _Cell(_name(doc_id, column), column.align, href=href, place=f"{start:.0f}–{end:.0f}")


def _name(doc_id: Any, column: _Column) -> str:
    return _shortened(column.format(doc_id), _MOST_NAME)


def _shortened(text: str, most: int = _MOST_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _plain(caption: str, columns: list[_Column], rows: list[list[_Cell]], total: int) -> str:
    texts = [[_plain_cell(cell) for cell in row] for row in rows[:_TEXT_ROWS]]
    plain = pd.DataFrame(texts, columns=[column.header for column in columns], dtype=object)
    more = [f"({_TEXT_ROWS} of {total:,} rows)"] if total > _TEXT_ROWS else []
    return str(showable("\n".join([caption, plain.to_string(index=False), *more])))


def _plain_cell(cell: _Cell) -> str:
    marks = [cell.text, cell.place or "", "(few)" if cell.small else ""]
    marks.append("(unsure)" if cell.unsure else "")
    return " ".join(mark for mark in marks if mark).replace("\n", " ")
