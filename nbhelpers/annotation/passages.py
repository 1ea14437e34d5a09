"""The passages that texts share: of all that compares texts, they alone need no names."""

from __future__ import annotations

import time
from dataclasses import replace

from nbhelpers.annotation.database import scratch
from nbhelpers.annotation.stages import corpus_of, failures_in
from nbhelpers.annotation.texts import read_sizes
from nbhelpers.annotation.work import Done, Job, mark, write_all
from nbhelpers.loading.parts import in_parts
from nbhelpers.reuse import passages_of

PASSAGES = "passages"


def make_passages(job: Job) -> Done:
    """Find the passages and write them, without the texts that have failed so far.

    Raises:
        InputError: a file cannot be read or written.
    """
    began = time.process_time()
    parts = range(len(read_sizes(job.folder)[1]))
    failures = failures_in(job, parts)
    with scratch(job.folder, PASSAGES) as spill:
        shared = passages_of((corpus_of(job, [part]) for part in parts), scratch=spill)
        done = write_all(job.folder, in_parts(job.folder, PASSAGES, shared))
    done = replace(done, failures=failures, seconds=time.process_time() - began)
    mark(job.folder, PASSAGES, done)
    return done
