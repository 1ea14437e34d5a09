"""What is kept for the next time stays small, whatever the texts have in them."""

import gc
import random
import string
import tracemalloc

import pytest

from nbhelpers.annotation.stages import STAGES, tables_of
from nbhelpers.corpus import Corpus, Document
from nbhelpers.corroboration import verdicts
from nbhelpers.utterances import utterances

TEXTS = 5
BLOB = 100_000  # characters; four in each text


def texts_with_blobs(seed: int) -> Corpus:
    """Texts with pictures in them, as pages have them where their addresses should be."""
    letters = random.Random(seed)
    blobs = iter(lambda: "".join(letters.choices(string.ascii_letters, k=BLOB)), None)
    return Corpus(
        Document(
            f"{n}",
            f"“The {next(blobs)} is safe,” President Ann {next(blobs)} said on Monday in Oslo. "
            f"{next(blobs).title()} sent 3,000 {next(blobs)} soldiers to Norway, she added.",
            f"{n}.txt",
        )
        for n in range(TEXTS)
    )


def annotated(seed: int) -> int:
    corpus = texts_with_blobs(seed)
    tables = [table for stage in STAGES for table in tables_of(stage, "accurate").values()]
    rows = sum(len(table.function(corpus, **table.options)) for table in tables)
    return rows + len(utterances(corpus)) + len(verdicts(corpus))


@pytest.mark.slow
def test_blobs_that_were_read_leave_nothing_behind_in_memory():
    assert annotated(0) > 0  # loads what is loaded once
    tracemalloc.start()
    try:
        one, two = (kept_after(seed) for seed in (1, 2))
    finally:
        tracemalloc.stop()
    assert two - one < 0.9 * TEXTS * 4 * BLOB  # one cache of whole words would keep all


def kept_after(seed: int) -> int:
    annotated(seed)
    gc.collect()
    kept, _ = tracemalloc.get_traced_memory()
    return kept
