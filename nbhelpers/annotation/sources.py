"""The sources of the whole corpus, some at a time, and what is known of those of each part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd

from nbhelpers.annotation.database import database
from nbhelpers.annotation.work import Job
from nbhelpers.loading.parts import any_part, in_parts, part_path, read_part
from nbhelpers.sources import listed_sources, values_by_text

AT_ONCE = 20_000  # sources
_NEEDED = ("source_mentions", "source_evidence", "source_names")


def sources_of(job: Job, parts: int) -> Iterator[tuple[Path, pd.DataFrame]]:
    """Yield the parts of the table ``sources``, and then of ``source_values``."""
    with database(job.folder) as sql:
        yield from in_parts(job.folder, "sources", _listed(sql, job.folder))
        known = _table(job.folder, "sources")
        for part in range(parts):
            names = read_part(part_path(job.folder, "source_names", part))
            cited = names[["source_id"]].dropna().drop_duplicates()
            sql.register("cited", cited)
            here = sql.execute(f"from {known} where source_id in (from cited)").df()
            yield part_path(job.folder, "source_values", part), values_by_text(names, here)


def _listed(sql: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[pd.DataFrame]:
    """The sources in the order of their ids, some at a time."""
    mentions, evidence, names = (_table(folder, name) for name in _NEEDED)
    # A text may have failed after its names were read.
    cited = f"(select doc_id, source_id from {mentions})"
    names = f"(select * from {names} where (doc_id, source_id) in {cited})"
    first = f"select min(source_id) from {names}"
    last = (
        f"select max(source_id) from (select distinct source_id from {names} "
        "where source_id >= $first order by source_id limit $at_once)"
    )
    after = f"select min(source_id) from {names} where source_id > $last"
    [begin] = sql.execute(first).fetchall()[0]
    begin = begin or ""  # so that a corpus without sources has the table too
    while begin is not None:
        [end] = sql.execute(last, {"first": begin, "at_once": AT_ONCE}).fetchall()[0]
        between = {"first": begin, "last": end}
        yield listed_sources(
            *(
                sql.execute(
                    f"from {table} where source_id between $first and $last order by {order}",
                    between,
                ).df()
                for table, order in (
                    (mentions, "doc_id, start"),
                    (evidence, "file_row_number"),
                    (names, "doc_id"),
                )
            )
        )
        [begin] = sql.execute(after, {"last": end}).fetchall()[0]


def _table(folder: Path, name: str) -> str:
    """All parts of a table, as SQL names them."""
    files = any_part(folder, name).replace("'", "''")
    return f"read_parquet('{files}', file_row_number = true)"
