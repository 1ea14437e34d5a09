"""What is fuzzed: each target takes any bytes, and raises where something does not hold."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import math
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pandas as pd
from soundness import faults

from nbhelpers.attribution import attributions, spans
from nbhelpers.claims import claims
from nbhelpers.cleaning import damage, segments, sentences
from nbhelpers.corpus import Corpus, Document, InputError, load_corpus
from nbhelpers.corroboration import claim_groups, timeline, unresolved, verdicts
from nbhelpers.dates import date_expressions, events
from nbhelpers.dates.grammar import find
from nbhelpers.loading.metadata import parse_date
from nbhelpers.params import notebook_parameters, resolve
from nbhelpers.quantities.reading import quantities
from nbhelpers.sources import source_evidence, source_mentions, sources
from nbhelpers.text import (
    paragraph_spans,
    quotations,
    sentence_spans,
    stray_marks,
    word_spans,
)

Span = tuple[int, int]


def text(data: bytes) -> None:
    """Paragraphs, sentences, words, quotations: in the text, in order, apart from one another."""
    whole = data.decode("utf-8", "replace")
    middle = len(whole) // 3, 2 * len(whole) // 3
    for start, end in ((0, len(whole)), middle):
        for split in (sentence_spans, word_spans):
            check_apart(split.__name__, split(whole, start, end), start, end)
        marks = [quotation[:2] for quotation in quotations(whole, start, end)]
        check_inside("quotations", marks, start, end)
        strays = [(place, place + 1) for place in stray_marks(whole, start, end)]
        check_apart("stray marks", strays, start, end)
    check_apart("paragraphs", paragraph_spans(whole), 0, len(whole))
    check_cover("paragraphs", whole, paragraph_spans(whole))
    check_cover("sentences", whole, sentence_spans(whole))


def check_inside(name: str, found: Sequence[Span], start: int, end: int) -> None:
    assert all(start <= a < b <= end for a, b in found), f"{name} outside: {found}"
    assert list(found) == sorted(found), f"{name} not in order: {found}"


def check_apart(name: str, found: Sequence[Span], start: int, end: int) -> None:
    check_inside(name, found, start, end)
    ends = [start, *(b for _, b in found)]
    assert all(b <= a for b, (a, _) in zip(ends, found, strict=False)), f"{name} overlap: {found}"


def check_cover(name: str, whole: str, found: Sequence[Span]) -> None:
    left_out, reached = "", 0
    for start, end in [*found, (len(whole), len(whole))]:
        left_out += whole[reached:start]
        reached = end
    assert not left_out.strip(), f"{name} leave words out: {left_out!r}"


NAMES = (
    *("a.txt", "a.md", "a.csv", "a.tsv", "a.jsonl", "a.parquet", "a.zip", "corpus.csv"),
    *("a.txt.gz", "a.csv.gz", "a.jsonl.gz", "a.parquet.gz"),
)


def loading(data: bytes) -> None:
    """A file of the kind that the first byte chooses; nothing but InputError may be raised."""
    if not data:
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / NAMES[data[0] % len(NAMES)]).write_bytes(data[1:])
        if NAMES[data[0] % len(NAMES)] == "corpus.csv":
            (Path(folder) / "a.txt").write_text("It rained.")
        try:
            corpus = load_corpus(folder)
        except InputError as error:
            assert str(error).strip(), "no reason given"
            return
    for document in corpus:
        assert document.text.strip(), "a blank text"
        assert "\0" not in document.text, "a NUL"
        document.text.encode()
        document.doc_id.encode()
    assert len(corpus.metadata) == len(corpus)
    corpus.problems.to_csv()
    corpus.metadata.to_csv()


def cleaning(data: bytes) -> None:
    """Segments, damage and sentences of two texts that share their lines."""
    whole = data.decode("utf-8", "replace")
    check(corpus_of(whole, whole[len(whole) // 2 :]), (segments, damage, sentences))


def attribution(data: bytes) -> None:
    """Who says what, and who that is."""
    tables = (segments, attributions, spans, sources, source_mentions, source_evidence)
    check(corpus_of(data.decode("utf-8", "replace")), tables)


def numbers(data: bytes) -> None:
    """The grammars of quantities and dates."""
    whole = data.decode("utf-8", "replace")
    parse_date(whole)
    dated = [(item.start, item.end) for item in find(whole)]
    check_apart("dates", dated, 0, len(whole))
    for item in (found := quantities(whole, 0, len(whole))):
        places = (item.span, item.number, item.counted, item.place)
        assert all(0 <= a < b <= len(whole) for a, b in filter(None, places)), f"outside: {item}"
        bounds = [bound for bound in (item.low, item.high) if bound is not None]
        assert bounds, f"no bound: {item}"
        assert bounds == sorted(bounds), f"bounds turned round: {item}"
        assert all(map(math.isfinite, bounds)), f"no number: {item}"
    check_apart("numbers", [item.number for item in found], 0, len(whole))


def comparison(data: bytes) -> None:
    """The tables that compare the quantities and dates of two like texts."""
    whole = data.decode("utf-8", "replace")
    tables = (claims, date_expressions, events, claim_groups, verdicts, timeline, unresolved)
    check(corpus_of(whole, whole), tables)


def corpus_of(*texts: str) -> Corpus:
    day = {"published": dt.date(2024, 10, 28)}
    return Corpus(Document(f"d{n}", text, "a.txt", day) for n, text in enumerate(texts))


def check(corpus: Corpus, tables: Iterable[Callable[..., pd.DataFrame]]) -> None:
    frames = {table.__name__: table(corpus) for table in tables}
    for fault in faults(corpus, frames):
        raise AssertionError(fault)


def parameters(data: bytes) -> None:
    """A notebook's parameters cell, or a value given for each type of parameter."""
    written = data[1:].decode("utf-8", "replace")
    kind = data[:1]
    try:
        if kind == b"n":
            read_notebook(data[1:])
        elif kind == b"c":
            read_cell(written)
        else:
            resolve({"a.ipynb": KNOWN}, dict.fromkeys(KNOWN, written))
            for parameter in KNOWN.values():
                try_value(parameter.name, written)
    except InputError as error:
        assert str(error).strip(), "no reason given"


def try_value(name: str, written: str) -> None:
    try:
        resolve({"a.ipynb": KNOWN}, {name: written})
    except InputError as error:
        assert "a.ipynb" in str(error), "not said which notebook"


def read_notebook(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ipynb"
        path.write_bytes(data)
        notebook_parameters(path)


def read_cell(source: str) -> None:
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
    notebook = {"cells": [cell | {"outputs": [], "execution_count": None, "id": "a"}]}
    notebook |= {"metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    read_notebook(json.dumps(notebook).encode())


_TYPES = (
    *("str", "int", "float", "bool", "list[str]", "list[int]", "list[float]"),
    *("int | None", "str | None", 'Literal["a", "b", 3]', "list[int] | str | None"),
)
_VALUES = ('""', "0", "0.5", "True", "[]", "[]", "[]", "None", "None", '"a"', "None")
_CELL = "".join(
    f"p{number}: {kind} = {value}  # help\n"
    for number, (kind, value) in enumerate(zip(_TYPES, _VALUES, strict=True))
)


def _known() -> dict[str, object]:
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": _CELL}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.ipynb"
        path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}))
        return dict(notebook_parameters(path))


KNOWN = _known()


def _files() -> list[bytes]:
    """One sound file of each kind, for a start."""
    table = b'doc_id,text,published\r\na,"It ""rained"".",2024-10-28\r\n'
    line = b'{"id": "a", "text": "It rained. \\ud83d\\ude00", "date": "2024-10-28"}\n'
    parquet, archive = io.BytesIO(), io.BytesIO()
    pd.DataFrame({"text": ["It rained."], "doc_id": ["a"]}).to_parquet(parquet)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a/b.txt", "It rained.")
        packed.writestr("a/c.csv", table)
    plain = [b"It rained.", "Ä ö “ü”".encode("cp1252"), table, table.replace(b",", b"\t"), line]
    plain += [parquet.getvalue(), archive.getvalue(), b"file,published\r\na.txt,2024-10-28\r\n"]
    packed_ = [gzip.compress(plain[n]) for n in (0, 2, 4, 5)]
    return [bytes([number]) + file for number, file in enumerate([*plain, *packed_])]


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (text, loading, cleaning, attribution, numbers, comparison, parameters)
}
SEEDS: dict[str, list[bytes]] = {
    "loading": _files(),
    "parameters": [
        *(b"v" + value for value in (b"5", b"a, b", b'["a", 1.5]', b"None", b"yes", b"-1e3")),
        b"c" + _CELL.encode(),
        b'n{"cells": [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": "a"}]}',
    ],
}
WORDS = (
    "list[",
    "Literal[",
    "None",
    "int | ",
    "# help",
    "PAR1",
    "PK\x03\x04",
    "\\ud83d",
    '"text":',
)
