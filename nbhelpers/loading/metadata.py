"""What is known of a text from outside: columns and their names, dates, the metadata table."""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from nbhelpers.loading.files import File
from nbhelpers.loading.problems import Problem, UnreadableError
from nbhelpers.loading.tables import Row, read_rows

TEXT_NAMES = ("text", "body", "content", "article", "full_text")
ID_NAMES = ("doc_id", "id", "article_id", "text_id", "document_id")
FILE_NAMES = ("file", "filename", "file_name")

CANONICAL_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "outlet": ("outlet", "source", "publication", "publisher", "newspaper"),
    "published": ("published", "date", "publish_date", "published_at", "publication_date"),
    "genre": ("genre",),
    "note": ("note", "notes"),
}
"""The columns that analyses know, each with the names under which tables may bring them."""

_OPTION = "name it ({0}_column=, --{0}-column)"

_DATE = re.compile(
    r"(\d{4})(?:([-/])(\d{1,2})\2(\d{1,2})|(\d\d)(\d\d))"
    r"(?:[T ]+\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)


def parse_date(text: str) -> dt.date | None:
    """Return the day of an ISO 8601 date (also yyyy/mm/dd; a time is left off), or None.

    Orders that differ between countries (10/11/2024) are not guessed.

    >>> parse_date("2024-10-28T16:28:00Z"), parse_date("2017/2/7"), parse_date("10/11/2024")
    (datetime.date(2024, 10, 28), datetime.date(2017, 2, 7), None)
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    year, _, month, day, month_basic, day_basic = match.groups()
    try:
        return dt.date(int(year), int(month or month_basic), int(day or day_basic))
    except ValueError:
        return None


def text_and_id_columns(
    columns: tuple[str, ...], text_column: str | None, id_column: str | None
) -> tuple[str, str | None]:
    """Return which column holds the texts and which the ids (None if there is none).

    A column that was asked for must be there. Otherwise ``text`` and ``doc_id`` are taken if
    present, else the one column that has another name of ``TEXT_NAMES`` or ``ID_NAMES``.
    """
    text = text_column or _guessed(columns, TEXT_NAMES, _OPTION.format("text"))
    if text is None:
        raise UnreadableError(
            f"no column is known to hold the texts; {_listed(columns)}", _OPTION.format("text")
        )
    id_ = id_column or _guessed(columns, ID_NAMES, _OPTION.format("id"))
    for name in filter(None, (text, id_)):
        if name not in columns:
            raise UnreadableError(
                f"there is no column {name!r}; {_listed(columns)}", "name one of these"
            )
    return text, id_


def _guessed(columns: tuple[str, ...], names: tuple[str, ...], remedy: str) -> str | None:
    found = {column.casefold(): column for column in columns if column.casefold() in names}
    if names[0] in found or len(found) <= 1:
        return found.get(names[0]) or next(iter(found.values()), None)
    raise UnreadableError(f"these columns may be meant: {', '.join(found.values())}", remedy)


def _listed(columns: tuple[str, ...]) -> str:
    shown = ", ".join(column[:40] for column in columns[:20])
    return f"its columns are {shown or 'none'}{', ...' if len(columns) > 20 else ''}"


@functools.lru_cache(maxsize=64)
def canonical_names(columns: tuple[str, ...]) -> Mapping[str, str]:
    """Return the name under which each column is kept: canonical if known, else its own.

    An alias counts only where it stands alone, so that no column takes another's place.

    >>> canonical_names(("headline", "source", "outlet", "pages"))
    {'headline': 'title', 'source': 'source', 'outlet': 'outlet', 'pages': 'pages'}
    """
    return {name: _canonical_name(name, columns) for name in columns}


def _canonical_name(name: str, columns: tuple[str, ...]) -> str:
    for known, aliases in CANONICAL_NAMES.items():
        present = [other for other in columns if other.casefold() in aliases]
        if present == [name]:
            return known
    return name


def metadata_of(
    row: Row, *, without: tuple[str | None, ...]
) -> tuple[dict[str, Any], UnreadableError | None]:
    """Return a row's cells under canonical names, but for some columns, and what is wrong.

    Outer white space is cut off and what is nested is written as JSON; ``published`` is a
    :class:`datetime.date`, or left out (and a fault returned) where it is no date.
    """
    names = canonical_names(row.columns)
    metadata = {
        names[column]: _plain(value) for column, value in row.cells.items() if column not in without
    }
    published = metadata.pop("published", None)
    if published is None:
        return metadata, None
    date = parse_date(str(published))
    if date is None:
        return metadata, UnreadableError(
            f"the date {str(published)[:40]!r} is not understood and is left out",
            "write it as YYYY-MM-DD",
            lost=False,
        )
    return {**metadata, "published": date}, None


def _plain(value: Any) -> str | int | float | bool:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


class MetadataTable:
    """The table beside the texts: a row for each, found by ``doc_id`` or by ``file``.

    Where both are given, the id decides. ``file`` is the path inside the corpus; for a table of
    texts, one row then serves all its texts.
    """

    def __init__(self, file: File) -> None:
        """Read the table; :attr:`problems` lists what is wrong with its rows."""
        self.name = file.name
        self.problems: list[Problem] = []
        self._by_id: dict[str, tuple[str, dict[str, Any]]] = {}
        self._by_file: dict[str, tuple[str, dict[str, Any]]] = {}
        self._unused: dict[str, str] = {}
        for row in read_rows(file):
            if isinstance(row, Problem):
                self.problems.append(replace(row, lost=False))
            else:
                self._add(row)

    def _add(self, row: Row) -> None:
        id_column = _guessed(row.columns, ID_NAMES, "call one of them doc_id")
        file_column = _guessed(row.columns, FILE_NAMES, "call one of them file")
        if not (id_column or file_column):
            raise UnreadableError(
                f"it has neither a column doc_id nor a column file; {_listed(row.columns)}",
                "add one that says which text each row is about",
            )
        metadata, fault = metadata_of(row, without=(id_column, file_column))
        self._note(fault, row.place)
        doc_id = as_id(row.cells.get(id_column or ""))
        name = as_path(row.cells.get(file_column or ""))
        self._keep(row.place, doc_id, name, metadata)

    def _keep(
        self, place: str, doc_id: str | None, name: str | None, metadata: dict[str, Any]
    ) -> None:
        if doc_id in self._by_id or (doc_id is None and name in self._by_file):
            fault = UnreadableError(
                f"there is a row for {doc_id or name} above", "keep one of them", lost=False
            )
            self._note(fault, place)
            return
        if doc_id is not None:
            self._by_id[doc_id] = (place, metadata)
        if name is not None:
            self._by_file.setdefault(name, (place, metadata))
        self._unused[place] = doc_id or name or "a blank id"

    def _note(self, fault: UnreadableError | None, place: str) -> None:
        if fault:
            self.problems.append(fault.at(self.name, place))

    def look_up(self, doc_id: str, file: str) -> dict[str, Any] | None:
        """Return what the table says of a document, None if it has no row for it."""
        place, metadata = self._by_id.get(doc_id) or self._by_file.get(file) or ("", None)
        self._unused.pop(place, None)
        return metadata

    def unmatched(self) -> Iterator[Problem]:
        """Yield the rows that no document was found for."""
        for place, key in self._unused.items():
            yield UnreadableError(
                f"no document of the corpus is {key}", "correct doc_id or file", lost=False
            ).at(self.name, place)


def as_id(value: Any) -> str | None:
    """Return a cell as a document id: a whole number without a decimal point, NFC, trimmed.

    >>> as_id(12.0), as_id(" x "), as_id(None)
    ('12', 'x', None)
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return None if value is None else unicodedata.normalize("NFC", str(value).strip())


def as_path(value: Any) -> str | None:
    r"""Return a cell as a path inside the corpus.

    >>> as_path(".\\a\\b.txt")
    'a/b.txt'
    """
    path = as_id(value)
    return path.replace("\\", "/").removeprefix("./") if path else None
