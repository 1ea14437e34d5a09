"""Questions to tables that are larger than memory, asked of DuckDB."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from nbhelpers.annotation.work import WORK

MEMORY = "500MB"


@contextmanager
def database(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a database in memory that spills into the folder of a run, and clear up after it."""
    with scratch(folder, "database") as spill:
        settings = {"memory_limit": MEMORY, "threads": "1", "temp_directory": spill.as_posix()}
        with duckdb.connect(config={**settings, "preserve_insertion_order": "false"}) as sql:
            yield sql


@contextmanager
def scratch(folder: Path, name: str) -> Iterator[Path]:
    """Give a folder of this name for what is too large for memory, and clear up after it."""
    spill = spill_folder(folder, name)
    shutil.rmtree(spill, ignore_errors=True)  # of a run that was killed
    spill.mkdir(parents=True)
    try:
        yield spill
    finally:
        shutil.rmtree(spill, ignore_errors=True)


def spill_folder(folder: Path, name: str) -> Path:
    """Return where :func:`scratch` gives a folder of this name."""
    return folder / WORK / f"spill-{name}"
