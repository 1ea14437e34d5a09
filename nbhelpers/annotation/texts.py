"""The first stage: the texts as they come, in parts; and the lines that recur in many of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from nbhelpers.annotation.database import database
from nbhelpers.annotation.work import WORK, Done, noted, write_all
from nbhelpers.cleaning import REPEATED_IN, SYNDICATED_FROM, line_keys
from nbhelpers.corpus import Document, Problem
from nbhelpers.loading.annotated import TEXTS, text_frame
from nbhelpers.loading.parts import any_part, part_path, whole_path, write_json
from nbhelpers.loading.problems import problem_frame
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
    sizes: list[Size] = []
    digest = hashlib.sha256()
    done = write_all(folder, _frames(folder, items, sizes, digest.update))
    write_json({"sha256": digest.hexdigest(), "parts": sizes}, folder / PARTS)
    return replace(done, files={**done.files, **noted(folder, [folder / PARTS])})


def _frames(
    folder: Path,
    items: Iterable[Document | Problem],
    sizes: list[Size],
    update: Callable[[bytes], None],
) -> Iterator[tuple[Path, pd.DataFrame]]:
    problems: list[Problem] = []
    for number, part in enumerate(_parts(items, problems)):
        rows = [(d.doc_id, d.text, d.file, dict(d.metadata), d.notes) for d in part]
        for row in rows:
            update(repr(row).encode("utf-8", "surrogatepass"))
        sizes.append(Size(len(part), sum(count_words(d.text) for d in part)))
        yield part_path(folder, TEXTS, number), text_frame(rows)
        lines = [(d.doc_id, key) for d in part for key in line_keys(d.text)]
        yield (
            part_path(folder, _LINES, number),
            pd.DataFrame(lines, columns=["doc_id", "line"]).astype("str"),
        )
    yield whole_path(folder, "problems"), problem_frame(problems)


def read_sizes(folder: Path) -> tuple[str, list[Size]]:
    """Return the digest of all texts, and how large each part is."""
    found = json.loads((folder / PARTS).read_text(encoding="utf-8"))
    return found["sha256"], [Size(*size) for size in found["parts"]]


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


def repeated(folder: Path) -> Iterator[tuple[Path, pd.DataFrame]]:
    """Yield the table of the lines that a site sets on many pages."""
    given = {"files": any_part(folder, _LINES), "texts": REPEATED_IN, "share": SYNDICATED_FROM}
    with database(folder) as sql:
        found = sql.execute(_REPEATED, given).df()
    yield whole_path(folder, "repeated_lines"), found.astype("str")
