"""The first stage: the texts as they come, in parts; and the lines that recur in many of them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from nbhelpers.annotation.database import database
from nbhelpers.annotation.work import WORK, Done, noted
from nbhelpers.cleaning import REPEATED_IN, SYNDICATED_FROM, line_keys
from nbhelpers.corpus import Document, Problem
from nbhelpers.loading.annotated import TEXTS, text_frame
from nbhelpers.loading.parts import part_path, table_folder, whole_path, write_json, write_part
from nbhelpers.text import count_words

PART_TEXTS = 200
PART_CHARACTERS = 1_000_000
PARTS = f"{WORK}/parts.json"
_LINES = f"{WORK}/lines"


class Size(NamedTuple):
    """How much a part holds."""

    texts: int
    words: int


def write_texts(folder: Path, items: Iterable[Document | Problem]) -> Done:
    """Write the documents in parts, their short lines beside, the problems, and what is where."""
    began = time.process_time()
    problems: list[Problem] = []
    files = [folder / PARTS, whole_path(folder, "problems")]
    sizes: list[Size] = []
    digest = hashlib.sha256()
    for number, part in enumerate(_parts(items, problems)):
        rows = [(d.doc_id, d.text, d.file, dict(d.metadata), d.notes) for d in part]
        lines = [(d.doc_id, key) for d in part for key in line_keys(d.text)]
        frames = {TEXTS: text_frame(rows), _LINES: pd.DataFrame(lines, columns=["doc_id", "line"])}
        for table, frame in frames.items():
            files.append(part_path(folder, table, number))
            write_part(frame.astype("str"), files[-1])
        sizes.append(Size(len(part), sum(count_words(d.text) for d in part)))
        for row in rows:
            digest.update(repr(row).encode("utf-8", "surrogatepass"))
    write_part(problem_frame(problems), whole_path(folder, "problems"))
    write_json({"sha256": digest.hexdigest(), "parts": sizes}, folder / PARTS)
    counts = {TEXTS: sum(size.texts for size in sizes), "problems": len(problems)}
    return Done(counts, noted(folder, files), seconds=time.process_time() - began)


def read_sizes(folder: Path) -> tuple[str, list[Size]]:
    """Return the digest of all texts, and how large each part is."""
    found = json.loads((folder / PARTS).read_text(encoding="utf-8"))
    return found["sha256"], [Size(*size) for size in found["parts"]]


def problem_frame(problems: Iterable[Problem]) -> pd.DataFrame:
    """Return problems as a table."""
    columns = {**dict.fromkeys(["file", "place", "problem", "remedy"], "str"), "lost": "bool"}
    rows = [{**asdict(problem), "place": problem.place or None} for problem in problems]
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _parts(
    items: Iterable[Document | Problem], problems: list[Problem]
) -> Iterator[list[Document]]:
    """The documents, some at a time; the problems are put aside."""
    part: list[Document] = []
    size = 0
    for item in items:
        if isinstance(item, Problem):
            problems.append(item)
            continue
        if part and (len(part) == PART_TEXTS or size + len(item.text) > PART_CHARACTERS):
            yield part
            part, size = [], 0
        part.append(item)
        size += len(item.text)
    if part:
        yield part


# The same as nbhelpers.cleaning.repeated_lines, out of memory.
_REPEATED = """
with lines as (select * from read_parquet($files)),
recurring as (
    select line from lines group by line having count(distinct doc_id) >= $texts
),
shares as (
    select
        doc_id,
        coalesce(sum(length(line)) filter (line in (from recurring)), 0)
            / greatest(1, sum(length(line))) as share
    from lines group by doc_id
)
select line
from (select distinct doc_id, line from lines where line in (from recurring))
join shares using (doc_id)
group by line having median(share) < $share
order by line
"""


def write_repeated_lines(folder: Path) -> Done:
    """Find the lines that a site sets on many pages."""
    began = time.process_time()
    files = (table_folder(folder, _LINES) / "part-*.parquet").as_posix()
    given = {"files": files, "texts": REPEATED_IN, "share": SYNDICATED_FROM}
    with database(folder) as sql:
        found = sql.execute(_REPEATED, given).df()
    path = whole_path(folder, "repeated_lines")
    write_part(found.astype("str"), path)
    seconds = time.process_time() - began
    return Done({"repeated_lines": len(found)}, noted(folder, [path]), seconds=seconds)
