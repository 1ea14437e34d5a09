"""The rows of a table file, one at a time: csv, tsv, jsonl and parquet.

Cells are data: nothing in them is evaluated, and what looks like a formula stays as it is.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, BinaryIO, NamedTuple, TextIO

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from nbhelpers.loading.decoding import Encoding, detect_encoding, too_long
from nbhelpers.loading.files import (
    DOCUMENT_LIMIT,
    MEMBER_LIMIT,
    RATIO_FREE,
    RATIO_LIMIT,
    File,
    reading,
)
from nbhelpers.loading.problems import Problem, UnreadableError

# Few rows at a time, so that long texts never stand in memory by the thousand.
_PARQUET_ROWS = 16
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_UTF8 = Encoding("utf-8", lossless=True)
_TABLES = (".csv", ".tsv", ".jsonl", ".parquet")


class Row(NamedTuple):
    """A row: its number from 1, its place in words, and its cells; blank cells are left out.

    ``columns`` are the names of all columns, blank in this row or not.
    """

    number: int
    place: str
    columns: tuple[str, ...]
    cells: dict[str, Any]
    encoding: Encoding


def is_table(file: File) -> bool:
    """Return whether a file's kind is that of a table."""
    return file.kind in _TABLES


def read_rows(file: File) -> Iterator[Row | Problem]:
    """Yield the rows of a table; a row that cannot be read comes as a :class:`Problem`.

    Raises :class:`UnreadableError` where the table ends or fails as a whole. Only one row (in
    parquet: a few) is in memory at a time, and none is longer than ``DOCUMENT_LIMIT``.
    """
    if file.kind == ".parquet":
        yield from _parquet_rows(file)
        return
    with reading(file) as stream:
        encoding = detect_encoding(stream)
    delimiter = _delimiter(file, encoding)
    # Only csv takes a lone carriage return for the end of a line; "" and "\n" change none of them.
    newline = "\n" if file.kind == ".jsonl" else ""
    with reading(file) as stream:
        text = io.TextIOWrapper(stream, encoding.codec, "replace", newline)
        if file.kind == ".jsonl":
            yield from _json_rows(file, text, encoding)
        else:
            yield from _csv_rows(file, text, encoding, delimiter)


class _TooLongError(Exception):
    """A record is longer than one text may be."""


class _Lines:
    """The lines of a stream, for records that must not grow beyond one text's limit.

    A line that would make the record too long is passed over to its end and raises
    :class:`_TooLongError`; the next line can then be read.
    """

    def __init__(self, stream: TextIO, ends: tuple[str, ...]) -> None:
        self._stream = stream
        self._ends = ends
        self._used = 0
        self.number = 0

    def begin_record(self) -> None:
        self._used = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(DOCUMENT_LIMIT + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._used += len(line)
        if self._used > DOCUMENT_LIMIT:
            while line and not line.endswith(self._ends):
                line = self._stream.readline(1 << 16)
            raise _TooLongError
        return line


def _json_rows(file: File, stream: TextIO, encoding: Encoding) -> Iterator[Row | Problem]:
    lines = _Lines(stream, ends=("\n",))
    while True:
        lines.begin_record()
        try:
            line = next(lines, None)
        except _TooLongError:
            yield too_long().at(file.name, f"line {lines.number}")
            continue
        if line is None:
            return
        if not line.isspace():
            yield _json_row(file, lines.number, line, encoding)


def _json_row(file: File, number: int, line: str, encoding: Encoding) -> Row | Problem:
    place = f"line {number}"
    try:
        values, lossless = _json_object(line)
    except UnreadableError as fault:
        return fault.at(file.name, place)
    seen = encoding if lossless else replace(encoding, lossless=False)
    return _row(number, place, values, seen)


def _json_object(line: str) -> tuple[dict[str, Any], bool]:
    """The object on a line, and whether it is whole.

    Half of an escaped pair (one ``\\ud83d`` alone) is no character: it becomes U+FFFD.
    """
    try:
        value = json.loads(line)
        lossless = True
        if _ESCAPED_HALF.search(line):
            written = json.dumps(value, ensure_ascii=False)
            lossless = not _LONE_SURROGATE.search(written)
            value = value if lossless else json.loads(_LONE_SURROGATE.sub("\ufffd", written))
    except (ValueError, RecursionError) as error:
        reason = error.msg.lower() if isinstance(error, json.JSONDecodeError) else "out of bounds"
        raise UnreadableError(f"the line is not valid JSON ({reason})", "correct it") from None
    if not isinstance(value, dict):
        raise UnreadableError(
            "the line is no JSON object", 'write each text as {"text": "..."} on a line of its own'
        )
    return value, lossless


def _csv_rows(
    file: File, stream: TextIO, encoding: Encoding, delimiter: str
) -> Iterator[Row | Problem]:
    records = _csv_records(_Lines(stream, ends=("\n", "\r")), delimiter)
    place, header_record = next(records, ("", []))
    if isinstance(header_record, UnreadableError):
        raise header_record
    header = _header(header_record)
    for number, (lines, record) in enumerate(records, start=1):
        place = f"row {number} ({lines})"
        if isinstance(record, UnreadableError):
            yield record.at(file.name, place)
        elif any(record[len(header) :]) or len(record) < len(header):
            yield UnreadableError(
                f"it has {len(record)} cells where the first line names {len(header)}",
                "check its quotation marks and delimiters",
            ).at(file.name, place)
        else:
            yield _row(number, place, dict(zip(header, record, strict=False)), encoding)


def _csv_records(
    lines: _Lines, delimiter: str
) -> Iterator[tuple[str, list[str] | UnreadableError]]:
    """Each record, or why it cannot be read, with the lines it stands on; blank lines are none."""
    # The module's limit for a field is global, and 131,072 characters: it may only be raised.
    csv.field_size_limit(max(csv.field_size_limit(), DOCUMENT_LIMIT + 1))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    record: list[str] | UnreadableError | None = []
    while record is not None and not isinstance(record, _EndlessCellError):
        begin = lines.number + 1
        lines.begin_record()
        record = _next_record(reader, lines, begin)
        if record:
            end = lines.number
            yield (f"line {begin}" if end == begin else f"lines {begin} to {end}"), record


class _EndlessCellError(UnreadableError):
    """A cell that goes on over many lines, beyond the limit: where it ends cannot be told."""


def _next_record(
    reader: Iterator[list[str]], lines: _Lines, begin: int
) -> list[str] | UnreadableError | None:
    """The next record, or why it cannot be read; None at the end."""
    try:
        return next(reader, None)
    except _TooLongError:
        if lines.number == begin:
            return too_long()
        return _EndlessCellError(
            f"a cell that opens here with a quotation mark has no end within {DOCUMENT_LIMIT:,} "
            f"characters; the rest of the table was not read",
            "close the quotation mark, or split the text",
        )
    except csv.Error:
        return UnreadableError(
            "its quotation marks do not match, so its cells cannot be told apart",
            'close each cell that opens with ", and write "" for a mark inside it',
        )


def _delimiter(file: File, encoding: Encoding) -> str:
    """A tab in .tsv; in .csv the comma, or what stands in the first line instead of it."""
    if file.kind == ".tsv":
        return "\t"
    with reading(file) as stream:
        first_line = io.TextIOWrapper(stream, encoding.codec, "replace").readline(1 << 16)
    return next((mark for mark in ",;\t" if mark in first_line), ",")


def _header(names: Iterable[str]) -> tuple[str, ...]:
    """The names of the columns; a column without a name is a row count that nobody asked for."""
    header = tuple(name.strip() for name in names)
    twice = [name for name, count in Counter(header).items() if name and count > 1]
    if twice:
        raise UnreadableError(f"two columns are called {twice[0]!r}", "rename one of them")
    return header


def _parquet_rows(file: File) -> Iterator[Row | Problem]:
    with reading(file) as packed, _seekable(packed) as stream:
        try:
            table = pq.ParquetFile(stream, buffer_size=1 << 20)
            _refuse_bombs(table.metadata)
            header = _header(table.schema_arrow.names)
            rows = (
                batch.slice(row, 1)
                for batch in table.iter_batches(_PARQUET_ROWS, use_threads=False)
                for row in range(batch.num_rows)
            )
            for number, row in enumerate(rows, start=1):
                place = f"row {number}"
                try:
                    values = dict(zip(header, row.to_pylist()[0].values(), strict=True))
                    yield _row(number, place, values, _UTF8)
                except UnicodeDecodeError:
                    yield UnreadableError("a cell is not valid UTF-8", "write the table again").at(
                        file.name, place
                    )
        except (pa.ArrowException, OSError):
            raise UnreadableError(
                "it is no parquet file, or a damaged one", "write it again"
            ) from None


def _refuse_bombs(metadata: Any) -> None:
    for group in range(metadata.num_row_groups):
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            size = chunk.total_uncompressed_size
            if size > RATIO_FREE and size > RATIO_LIMIT * chunk.total_compressed_size:
                raise UnreadableError(
                    f"a column unpacks to more than {RATIO_LIMIT} times its packed size",
                    "write the table as .csv if you trust it",
                )


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The stream, by way of a nameless file on disk if it is unpacked as it is read."""
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as copy:
        while block := stream.read(1 << 20):
            if copy.tell() > MEMBER_LIMIT:
                raise UnreadableError("it unpacks to more than can be read", "unpack it yourself")
            copy.write(block)
        yield copy


def _row(number: int, place: str, values: dict[str, Any], encoding: Encoding) -> Row:
    cells = {name: value for name, value in values.items() if name and not _is_blank(value)}
    return Row(number, place, tuple(name for name in values if name), cells, encoding)


def _is_blank(value: Any) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, float) and math.isnan(value))
