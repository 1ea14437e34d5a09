"""Who is who in the whole corpus, from what was read in each part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from nbhelpers.annotation.work import Job
from nbhelpers.loading.annotated import TEXTS
from nbhelpers.loading.parts import part_path, read_part, whole_path
from nbhelpers.naming.across import (
    cited,
    named,
    named_most,
    names_of_entities,
    names_of_sources,
)
from nbhelpers.naming.merging import Reading, merged
from nbhelpers.naming.records import resolved_in


def names_of(job: Job, parts: int) -> Iterator[tuple[Path, pd.DataFrame]]:
    """Yield the name in the whole corpus of each source and each named entity of each part."""

    def readings() -> Iterator[Reading]:
        for part in range(parts):
            yield from _read(job, part)

    sources, entities = merged(readings, cited, named)
    for part in range(parts):
        read = list(_read(job, part))
        yield part_path(job.folder, "source_names", part), names_of_sources(sources, read)
        yield part_path(job.folder, "entity_names", part), names_of_entities(entities, read)
    yield whole_path(job.folder, "actors"), named_most(entities)


def _read(job: Job, part: int) -> Iterator[Reading]:
    """What was read in the texts of a part."""
    texts = read_part(part_path(job.folder, TEXTS, part)).set_index("doc_id")["text"]
    records = read_part(part_path(job.folder, "records", part))
    for doc_id, record in zip(records["doc_id"], records["record"], strict=True):
        yield Reading(doc_id, texts[doc_id], resolved_in(record))
