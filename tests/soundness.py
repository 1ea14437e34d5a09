"""What holds for every table of every corpus, however hostile its texts."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import groupby

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus

# Of these tables, the columns that repeat the text between start and end of their row.
TEXT_AT = {
    **dict.fromkeys(("segments", "damage", "sentences"), ("text",)),
    **dict.fromkeys(("source_mentions", "source_evidence"), ("text",)),
    **dict.fromkeys(("date_expressions", "unresolved"), ("text",)),
    "passages": ("text", "other_text"),
}
BY_PLACE = ("segments", "damage", "sentences", "attributions", "claims", "date_expressions", "tone")
NOT_BLANK = re.compile(r"\S")


def faults(corpus: Corpus, tables: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """Yield what is wrong with the tables of a corpus, a sentence each."""
    lengths = {document.doc_id: len(document.text) for document in corpus}
    for name, frame in tables.items():
        for start in (column for column in frame if str(column).endswith("start")):
            yield from _outside(name, frame, str(start), lengths)
        for column in TEXT_AT.get(name, ()):
            yield from _other_text(corpus, name, frame, column)
        if name in BY_PLACE and not _in_order(frame):
            yield f"{name}: not sorted by text and place"
    if "segments" in tables:
        yield from _not_covered(corpus, tables["segments"])
    if {"attributions", "spans"} <= set(tables):
        yield from _roles(corpus, tables["attributions"], tables["spans"])


def _of_other(column: str) -> str:
    return "other_" if column.startswith("other_") else ""


def _outside(
    name: str, frame: pd.DataFrame, start: str, lengths: Mapping[str, int]
) -> Iterator[str]:
    end = start.removesuffix("start") + "end"
    known = frame[frame[start].notna() & frame[end].notna()]
    if len(known) != frame[start].notna().sum() or len(known) != frame[end].notna().sum():
        yield f"{name}: {start} without {end}, or the other way round"
    first, last = known[start].to_numpy(np.int64), known[end].to_numpy(np.int64)
    length = known[f"{_of_other(start)}doc_id"].map(lengths).to_numpy(np.int64)
    wrong = np.flatnonzero((first < 0) | (first >= last) | (last > length))
    if len(wrong):
        row = known.iloc[wrong[0]]
        yield f"{name}: {start} and {end} are no stretch of {row['doc_id']!r}: {row.to_dict()}"


def _other_text(corpus: Corpus, name: str, frame: pd.DataFrame, column: str) -> Iterator[str]:
    prefix = _of_other(column)
    rows = zip(*(frame[f"{prefix}{key}"] for key in ("doc_id", "start", "end")), strict=True)
    for (doc_id, start, end), text in zip(rows, frame[column], strict=True):
        there = corpus.text(doc_id)[start:end] if pd.notna(start) else text
        if there != text and not _in_pieces(text, there):
            yield f"{name}: {column} of {doc_id!r} at {start} to {end} is not the text there"
            return


def _in_pieces(text: str, there: str) -> bool:
    """Whether a text is stretches of another, joined as those of a role are that stand apart."""
    pieces = text.split(" … ")
    in_order = ".*".join(map(re.escape, pieces))
    return len(pieces) > 1 and bool(re.fullmatch(in_order, there, re.DOTALL))


def _in_order(frame: pd.DataFrame) -> bool:
    keys = list(zip(frame["doc_id"], frame["start"], strict=True))
    return keys == sorted(keys)


def _not_covered(corpus: Corpus, segments: pd.DataFrame) -> Iterator[str]:
    rows = zip(segments["doc_id"], segments["start"], segments["end"], strict=True)
    by_id = {doc_id: [*own] for doc_id, own in groupby(rows, key=lambda row: row[0])}
    for document in corpus:
        reached = 0
        for _, start, end in [*by_id.get(document.doc_id, ()), ("", len(document.text), 0)]:
            if start < reached:
                yield f"segments: two of {document.doc_id!r} overlap at {start}"
            if NOT_BLANK.search(document.text, reached, start):
                yield f"segments: {document.doc_id!r} has words in none from {reached} to {start}"
            reached = max(reached, end)


def _roles(corpus: Corpus, attributions: pd.DataFrame, spans: pd.DataFrame) -> Iterator[str]:
    """The text of each role is that of its spans, and the row reaches from first to last."""
    pieces: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for row in spans.itertuples(index=False):
        pieces.setdefault((row.attribution_id, row.role), []).append((row.start, row.end))
    for row in attributions.itertuples(index=False):
        text = corpus.text(row.doc_id)
        whole = []
        for role in ("source", "cue", "content"):
            own = sorted(pieces.pop((row.attribution_id, role), []))
            said = getattr(row, role)
            whole += own
            if " … ".join(text[a:b] for a, b in own) != ("" if pd.isna(said) else said):
                yield f"attributions: {role} of {row.attribution_id!r} is not that of its spans"
        if (row.start, row.end) != (min(a for a, _ in whole), max(b for _, b in whole)):
            yield f"attributions: {row.attribution_id!r} does not reach from first to last span"
    if pieces:
        yield f"spans: of no attribution: {next(iter(pieces))}"


_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_MARKS = "\"'`´‘’‚‛“”„‟«»‹›"
_NUMBER = re.compile(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")


def formulas(written: str) -> Iterator[str]:
    """Yield the cells of a CSV that a spreadsheet would compute, whatever it splits cells at.

    It plays a careless one: blanks, unseen characters and marks other than an apostrophe are
    dropped from the beginning, letters in full width are read as plain, and where the comma
    is the decimal mark, cells end at semicolons. A leading apostrophe makes a cell text.
    """
    csv.field_size_limit(2**31 - 1)
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(written, newline=""), delimiter=delimiter):
            for cell in filter(_begins_formula, row):
                if not (delimiter == "," and _NUMBER.fullmatch(cell)):
                    yield cell
    for row in csv.reader(io.StringIO(written, newline="")):
        yield from (cell for cell in row if cell[:1] in {"\t", "\r", "\n"})


def _begins_formula(cell: str) -> bool:
    if cell[:1].isalnum() or cell[:1] == "'":
        return False
    plain = unicodedata.normalize("NFKC", cell[:1000]).replace("−", "-")
    begins = _UNSEEN.sub("", plain).lstrip(_MARKS)
    return begins.startswith(("=", "+", "-", "@"))
