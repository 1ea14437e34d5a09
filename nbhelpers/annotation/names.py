"""Who is who in the whole corpus, from what was read in each part."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nbhelpers.annotation.work import Done, Job, noted
from nbhelpers.loading.annotated import TEXTS
from nbhelpers.loading.parts import part_path, read_part, whole_path, write_part
from nbhelpers.naming.across import (
    cited,
    named,
    named_most,
    names_of_entities,
    names_of_sources,
)
from nbhelpers.naming.merging import Reading, merged
from nbhelpers.naming.records import from_record


def write_names(job: Job, parts: int) -> Done:
    """Give each source and each named entity of each part its name in the whole corpus."""
    began = time.process_time()

    def readings() -> Iterator[Reading]:
        for part in range(parts):
            yield from _read(job, part)

    sources, entities = merged(readings, cited, named)
    rows = {"source_names": 0, "entity_names": 0}
    files = []
    for part in range(parts):
        read = list(_read(job, part))
        frames = {
            "source_names": names_of_sources(sources, read),
            "entity_names": names_of_entities(entities, read),
        }
        for name, frame in frames.items():
            files.append(part_path(job.folder, name, part))
            write_part(frame, files[-1])
            rows[name] += len(frame)
    most = named_most(entities)
    files.append(whole_path(job.folder, "actors"))
    write_part(most, files[-1])
    done = rows | {"actors": len(most)}
    return Done(done, noted(job.folder, files), seconds=time.process_time() - began)


def _read(job: Job, part: int) -> Iterator[Reading]:
    """What was read in the texts of a part."""
    texts = read_part(part_path(job.folder, TEXTS, part)).set_index("doc_id")["text"]
    records = read_part(part_path(job.folder, "records", part))
    for doc_id, record in zip(records["doc_id"], records["record"], strict=True):
        yield Reading(doc_id, texts[doc_id], from_record(record)[1])
