"""What the steps across documents cost as a corpus grows: CPU for each article, and peak memory.

`.venv/bin/python benchmarks/across.py [ARTICLES ...] [--claims] [--more TEXTS.csv]`: articles grown
from those that the benchmarks share (and from others, a CSV file with a column `text`), put through
shared passages part by part, with scratch files; with `--claims` also through attributions by the
model `fast`, claims, groups, verdicts and provenance. Each size runs in a process of its own. Time
for reading the parts is left out: each part pays it once.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import growth
import harness
import pandas as pd

from nbhelpers import corroboration
from nbhelpers.claims import claims
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus, Document
from nbhelpers.corroboration.sayers import Sayer, sayers
from nbhelpers.reuse import passages_of
from nbhelpers.words import words

SIZES = (1000, 4000, 16000)
PART = 200
SEED = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="*", type=int, default=SIZES)
    parser.add_argument("--claims", action="store_true", help="groups, verdicts and provenance too")
    parser.add_argument("--more", type=Path, help="a CSV file with more texts to grow from")
    given = parser.parse_args()
    if len(given.articles) == 1:
        measure(given.articles[0], given.claims, given.more)
        return
    for number in given.articles:
        options = ["--claims"] * given.claims + (["--more", given.more] if given.more else [])
        subprocess.run([sys.executable, __file__, str(number), *options], check=True)


def measure(articles: int, with_claims: bool, more: Path | None) -> None:
    texts = growth.articles(harness.news()) + (growth.articles(more) if more else [])
    print(f"\n{articles:,} articles\n{'step':14} {'ms each':>8} {'rows':>9} {'peak MB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        steps = Steps(texts, articles, Path(folder))
        steps.run("passages", steps.passages)
        if with_claims:
            steps.run("collect", steps.collect)
            steps.run("claim_groups", lambda: map(len, steps.groups()))
            steps.run("verdicts", lambda: map(len, steps.verdicts()))
            steps.run("provenance", lambda: map(len, steps.provenance()))


class Steps:
    """The steps; each yields numbers of rows. Time for reading the parts counts for none."""

    def __init__(self, texts: Sequence[str], articles: int, folder: Path) -> None:
        self._texts, self._articles, self._folder = texts, articles, folder
        self._reading = 0.0
        self._frames: list[Path] = []
        self._sayers: dict[str, Sayer] = {}
        self._claims: corroboration.Claims | None = None

    def run(self, name: str, step: Callable[[], Iterable[int]]) -> None:
        start, reading = time.process_time(), self._reading
        rows = sum(step())
        seconds = time.process_time() - start - (self._reading - reading)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name:14} {1000 * seconds / self._articles:8.2f} {rows:9,} {peak:8,}", flush=True)

    def passages(self) -> Iterator[int]:
        for number, frame in enumerate(passages_of(self._parts(), scratch=self._folder)):
            self._frames.append(self._folder / f"{number}.parquet")
            frame.to_parquet(self._frames[-1])
            yield len(frame)

    def collect(self) -> Iterator[int]:
        shared = map(pd.read_parquet, self._frames)
        parts = self._with_claims(self._parts())
        self._claims = corroboration.collect(parts, shared, scratch=self._folder, model="fast")
        yield len(self._claims)

    def groups(self) -> Iterator[pd.DataFrame]:
        assert self._claims
        return corroboration.claim_groups_of(self._claims)

    def verdicts(self) -> Iterator[pd.DataFrame]:
        assert self._claims
        return corroboration.verdicts_of(self._claims, self._sayers)

    def provenance(self) -> Iterator[pd.DataFrame]:
        assert self._claims
        return corroboration.provenance_of(self._claims, self._sayers)

    def _parts(self) -> Iterator[Corpus]:
        texts = growth.grow(self._texts, self._articles, SEED)
        numbered = (Document(f"{n:07}", text, "") for n, text in enumerate(texts))
        while some := list(islice(numbered, PART)):
            start = time.process_time()
            part = Corpus(some)
            sentences(part)
            words(part)
            self._reading += time.process_time() - start
            yield part

    def _with_claims(self, parts: Iterable[Corpus]) -> Iterator[Corpus]:
        """The names of sources are those of their parts."""
        for part in parts:
            start = time.process_time()
            claims(part, model="fast")
            self._sayers |= sayers(part, model="fast")
            self._reading += time.process_time() - start
            yield part


if __name__ == "__main__":
    main()
