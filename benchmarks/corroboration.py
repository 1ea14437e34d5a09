"""What it costs to compare the claims of a thousand news articles, step by step.

`.venv/bin/python benchmarks/corroboration.py [--model accurate]`: the first thousand articles
that the benchmarks share, from the loaded corpus to all tables on claims and provenance; then
one group of 5,000 claims, which must not make 12 million verdicts. CPU seconds of this process, and
its peak memory. The attributions are those of ``fast`` unless the other model is named.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import resource
import sys
import time
from collections.abc import Callable

import harness
import pandas as pd

from nbhelpers.attribution import attributions
from nbhelpers.claims import claims
from nbhelpers.corpus import Corpus, Document
from nbhelpers.corroboration import claim_groups, joins, provenance, timeline, verdicts
from nbhelpers.dates import events
from nbhelpers.reuse import passages
from nbhelpers.utterances import utterances

ARTICLES = 1000
BELOW = (attributions, events, passages, utterances)  # which notebooks 02 and 01 need too
STEPS = (claims, claim_groups, verdicts, provenance, joins, timeline)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="fast", help="the model of the attributions")
    model = parser.parse_args().model
    with harness.news().open(encoding="utf-8", newline="") as lines:
        csv.field_size_limit(sys.maxsize)
        rows = [row["text"] for _, row in zip(range(ARTICLES), csv.DictReader(lines), strict=False)]
    measure(f"{len(rows):,} articles", rows, model)
    capitals = "Oslo Rome Paris Kyiv Seoul Tokyo Madrid Lisbon Vienna Prague".split()
    numbers = ((f"{capitals[n % 10]} said", 1000 + 7 * n % 9000) for n in range(5000))
    stated = [f"{who} {number:,} Polish soldiers came to Rome." for who, number in numbers]
    measure("one group", [" ".join(stated[n : n + 10]) for n in range(0, 5000, 10)], model)


def measure(name: str, texts: list[str], model: str) -> None:
    corpus = Corpus(Document(f"{n:06}", text, "news") for n, text in enumerate(texts))
    print(f"\n{name}\n{'table':14} {'CPU s':>7} {'rows':>8} {'peak MB':>8}")
    total = sum(step(corpus, function, model) for function in (*BELOW, *STEPS))
    print(f"{'all':14} {total:7.1f}")


def step(corpus: Corpus, function: Callable[..., pd.DataFrame], model: str) -> float:
    given = {"model": model} if "model" in inspect.signature(function).parameters else {}
    start = time.process_time()
    rows = len(function(corpus, **given))
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{function.__name__:14} {seconds:7.1f} {rows:8,} {peak:8,}", flush=True)
    return seconds


if __name__ == "__main__":
    main()
