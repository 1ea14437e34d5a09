"""A folder that ``nbhelpers annotate`` made, read as far as it is needed."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from nbhelpers.loading.parts import (
    MADE_BY,
    MANIFEST,
    WHOLE,
    check_whole,
    part_files,
    read_ids,
    read_json,
    read_part,
    table_folder,
)
from nbhelpers.loading.problems import PROBLEM_COLUMNS, InputError, Problem, problems_of

TEXTS = "texts"
_TEXT_COLUMNS = ("doc_id", "text", "file", "metadata", "notes")
Row = tuple[str, str, str, dict[str, Any], tuple[str, ...]]


class Annotated:
    """The tables of an annotated folder, by what a table function was asked for."""

    def __init__(
        self,
        folder: Path,
        tables: Mapping[str, str],
        *,
        columns: Mapping[str, Sequence[str]] = MappingProxyType({}),
        model: str | None = None,
        parts: Iterable[int] | None = None,
        without: Iterable[str] = (),
    ) -> None:
        """Take tables from a folder: their names by key (see ``nbhelpers.corpus.table_key``).

        ``columns`` are those that tables should have, by name; ``model`` is the one by which they
        were made. With ``parts``, only parts of these numbers are looked at; ``without`` are
        documents that could not be annotated.
        """
        self.model = model
        self._columns = columns
        self._folder = folder
        self._tables = tables
        self._without = frozenset(without)
        self._parts = None if parts is None else {f"part-{number:05}" for number in parts}

    def frame(self, key: str, doc_ids: Iterable[str]) -> pd.DataFrame | None:
        """Return the rows of some documents, None where the folder has no such table."""
        name = self._tables.get(key)
        if name is None:
            return None
        files = part_files(self._folder, name)
        if self._parts is not None:
            files = [file for file in files if file.stem in (WHOLE, *self._parts)]
        wanted, columns = list(doc_ids), self._columns.get(name)
        frames = [read_part(file, doc_ids=wanted, columns=columns) for file in files]
        if not frames:
            return None
        filled = [frame for frame in frames if len(frame)] or frames[:1]
        frame = pd.concat(filled, ignore_index=True)
        if "doc_id" in frame:
            frame = frame.sort_values("doc_id", kind="stable", ignore_index=True)
        return frame

    def rows(self, *, sample: int | None = None) -> tuple[int, list[Row]]:
        """Return how many documents there are, and all or so many drawn by :func:`lot`."""
        ids = {file: self._ids(file) for file in part_files(self._folder, TEXTS)}
        total = sum(map(len, ids.values()))
        if sample is not None and sample < total:
            chosen = set(heapq.nsmallest(sample, chain.from_iterable(ids.values()), key=lot))
            ids = {file: [i for i in some if i in chosen] for file, some in ids.items()}
        parts = (_rows_in(file, doc_ids=some) for file, some in ids.items() if some)
        return total, list(chain.from_iterable(parts))

    def _ids(self, file: Path) -> list[str]:
        return [doc_id for doc_id in read_ids(file) if doc_id not in self._without]


def is_annotated(path: Path) -> bool:
    """Return whether a folder was made, or is being made, by ``nbhelpers annotate``."""
    if read_json(path / MANIFEST).get("made_by") == MADE_BY:
        return True
    known = (path / MANIFEST).is_file() or (path / "work" / "settings.json").is_file()
    return known and table_folder(path, TEXTS).is_dir()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what an annotated folder says of itself.

    Raises:
        InputError: it is not finished, or its manifest was changed, or a file is gone.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"{folder}: the annotation is not finished; give the command that began it again, it "
            "goes on where it stopped."
        ) from None
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / MANIFEST}: cannot be read ({error}).") from error
    if not isinstance(manifest, dict) or manifest.get("made_by") != MADE_BY:
        raise InputError(f"{folder / MANIFEST}: was not written by “{MADE_BY}”.")
    if not _has_form(manifest):
        raise InputError(
            f"{folder / MANIFEST}: is not as this version writes it; annotate the texts anew."
        )
    check_whole(folder, manifest["files"])
    return manifest


def _has_form(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest says what is read from it, and names tables that lie in its folder."""
    match manifest:
        case {
            "options": {"model": str()},
            "input": {"name": str()},
            "failed": [*failed],
            "tables": dict() as tables,
            "files": dict() as files,
        }:
            return (
                all(isinstance(doc_id, str) for doc_id in failed)
                and all(name.isidentifier() and _is_table(tables[name]) for name in tables)
                and all(isinstance(size, int) for size in files.values())
            )
    return False


def _is_table(entry: object) -> bool:
    match entry:
        case {"key": str() | None, "columns": [*columns]}:
            return all(isinstance(column, str) for column in columns)
    return False


def open_folder(folder: Path) -> Annotated:
    """Return the tables of a finished folder."""
    manifest = read_manifest(folder)
    keys = {entry["key"]: name for name, entry in manifest["tables"].items() if entry["key"]}
    model = manifest["options"]["model"]
    columns = {name: entry["columns"] for name, entry in manifest["tables"].items()}
    return Annotated(folder, keys, columns=columns, model=model, without=manifest["failed"])


def problems_in(folder: Path) -> list[Problem]:
    """Return what could not be read when the folder was made."""
    files = part_files(folder, "problems")
    return [
        p for file in files for p in problems_of(read_part(file, columns=list(PROBLEM_COLUMNS)))
    ]


def lot(doc_id: str) -> bytes:
    """Return the lot of a document: a sample is those with the smallest, whatever their order."""
    return hashlib.blake2b(doc_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _rows_in(file: Path, *, doc_ids: Iterable[str]) -> list[Row]:
    try:
        return text_rows(read_part(file, doc_ids=doc_ids, columns=_TEXT_COLUMNS))
    except InputError:
        raise
    except ValueError as error:
        raise InputError(f"{file}: cannot be read ({error}); annotate the texts anew.") from error


def text_frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Return documents as the table ``texts``: doc_id, text, file, metadata and notes (JSON)."""
    written = [
        (doc_id, text, file, _json(metadata), _json(notes))
        for doc_id, text, file, metadata, notes in rows
    ]
    return pd.DataFrame(written, columns=list(_TEXT_COLUMNS)).astype("str")


def text_rows(frame: pd.DataFrame) -> list[Row]:
    """Return the documents of a table ``texts``.

    >>> row = ("a", "It rained.", "a.txt", {"published": date(2024, 10, 30), "n": 3}, ("note",))
    >>> text_rows(text_frame([row])) == [row]
    True
    """
    found = []
    for row in _records(frame):
        metadata = json.loads(row["metadata"])
        if "published" in metadata:
            metadata["published"] = date.fromisoformat(metadata["published"])
        notes = tuple(json.loads(row["notes"]))
        found.append((row["doc_id"], row["text"], row["file"], metadata, notes))
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=date.isoformat)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    columns: defaultdict[str, list[Any]] = defaultdict(list)
    for name in frame:
        filled = frame[name].astype(object).where(frame[name].notna(), None)
        columns[str(name)] = filled.tolist()
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]
