"""Tables on disk: a folder of parquet parts for each, every part written whole or not at all."""

from __future__ import annotations

import glob
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from nbhelpers.loading.problems import InputError

MANIFEST = "manifest.json"
MADE_BY = "nbhelpers annotate"
WHOLE = "whole"
_AGAIN = "delete it and give the command that made the folder again, which makes what is not there"


def table_folder(folder: Path, table: str) -> Path:
    """Return where the parts of a table lie; ``pandas.read_parquet`` reads all of them from it."""
    return folder / f"{table}.parquet"


def part_path(folder: Path, table: str, number: int) -> Path:
    """Return where a part of a table lies.

    >>> part_path(Path("out"), "claims", 7).as_posix()
    'out/claims.parquet/part-00007.parquet'
    """
    return table_folder(folder, table) / f"part-{number:05}.parquet"


def whole_path(folder: Path, table: str) -> Path:
    """Return where a table lies that is made for the whole corpus at once."""
    return table_folder(folder, table) / f"{WHOLE}.parquet"


def in_parts(
    folder: Path, table: str, frames: Iterable[pd.DataFrame]
) -> Iterator[tuple[Path, pd.DataFrame]]:
    """Yield where each part of a table goes, and the part; those of an earlier run are removed."""
    if table_folder(folder, table).exists():
        shutil.rmtree(table_folder(folder, table))
    for number, frame in enumerate(frames):
        yield part_path(folder, table, number), frame


def any_part(folder: Path, table: str) -> str:
    """Return the pattern of a table's parts, as SQL reads them.

    >>> any_part(Path("out [2]"), "claims")
    'out [[]2]/claims.parquet/part-*.parquet'
    """
    return f"{glob.escape(table_folder(folder, table).as_posix())}/part-*.parquet"


def write_part(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as a parquet file, under another name until it is whole.

    Raises:
        InputError: there is no room, or no right to write.
    """
    table = pa.Table.from_pandas(frame, preserve_index=False)
    _write_whole(path, lambda unready: pq.write_table(table, unready, compression="zstd"))


def write_json(value: object, path: Path) -> None:
    """Write plain data as JSON, under another name until it is whole; errors as above."""
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    # A file name may hold bytes that are no UTF-8; as an escape it comes back as it was.
    data = text.encode("utf-8", "backslashreplace")
    _write_whole(path, lambda unready: unready.write_bytes(data))


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    unready = path.with_name(f".{path.name}.{os.getpid()}.unready")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(unready)
        with unready.open("rb+") as file:
            os.fsync(file.fileno())
        unready.replace(path)
    except OSError as error:
        unready.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError(
            f"{path}: cannot be written ({reason}); make room or mend the rights, and give the "
            "same command again: it goes on from here."
        ) from error


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object; an empty one where there is none that can be read."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def read_part(
    path: Path, *, doc_ids: Iterable[str] | None = None, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return a part as the frame that was written, or only its rows of some documents.

    Where a table names two documents in a row, both must be among them.

    Raises:
        InputError: the file is gone, cut off, no parquet, or has not the columns that are named.
    """
    table = _read(path)
    if columns is not None and table.column_names != list(columns):
        raise InputError(
            f"{path}: has the columns {', '.join(table.column_names)}, not {', '.join(columns)}; "
            f"{_AGAIN}."
        )
    if doc_ids is not None:
        wanted = pa.array(list(doc_ids), pa.large_string())
        for name in {"doc_id", "other_doc_id"} & set(table.column_names):
            chosen = pc.is_in(table[name].cast(pa.large_string()), value_set=wanted)
            table = table.filter(chosen)
    return _as_written(table)


def read_ids(path: Path) -> list[str]:
    """Return the documents of a part; errors as above."""
    ids: list[str] = _read(path, ["doc_id"])[0].to_pylist()
    return ids


def _read(path: Path, columns: list[str] | None = None) -> Any:
    try:
        return pq.read_table(path, columns=columns, partitioning=None)
    except (OSError, pa.ArrowException, IndexError) as error:
        reason = str(error).splitlines()[0][:200]
        raise InputError(f"{path}: cannot be read ({reason}); {_AGAIN}.") from error


def check_whole(folder: Path, files: Mapping[str, int]) -> None:
    """Check that files are there and have so many bytes.

    Raises:
        InputError: one is gone, or was changed.
    """
    for name, size in files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise InputError(
                f"{path}: is gone or was changed; give the command that made the folder again, "
                "which mends it."
            )


def _as_written(table: Any) -> pd.DataFrame:
    """The frame of a table; parquet has no seconds, so dates get their unit back."""
    columns = (table.schema.pandas_metadata or {}).get("columns", [])
    units = {c["name"]: c["numpy_type"] for c in columns if "datetime64[" in c["numpy_type"]}
    frame: pd.DataFrame = table.to_pandas()
    return frame.astype(units)


def column_names(folder: Path, table: str) -> list[str]:
    """Return the columns of a table, as its first file has them."""
    return list(pq.read_schema(part_files(folder, table)[0]).names)


def part_files(folder: Path, table: str) -> list[Path]:
    """Return the files of a table, in order."""
    return sorted(table_folder(folder, table).glob("[!.]*.parquet"))
