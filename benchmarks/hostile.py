"""Hostile texts through everything that a report computes: faults, seconds, growth.

`.venv/bin/python benchmarks/hostile.py`: 100,000 texts made from a seed (see
`tests/hostile_texts.py`), 200 to a corpus, each written to files of one kind or another, loaded,
and put through every table of a report with the fast models, into CSV and into reader pages.
Nothing may raise; every place must lie in its text and hold what the row says; no cell may be a
formula. A fault is told with the command that repeats it.

`--growth`: each unit of `tests/hostile_texts.py`, repeated to more and more characters; the seconds
of each table, and the exponent of its growth (the slope of log seconds over log characters).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import random
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

if __name__ == "__main__":  # where it is looked at only, it must leave others what they import
    sys.modules["onnxruntime"] = None  # type: ignore[assignment]  # leaves the fast models alone

import harness
import pandas as pd

sys.path.insert(0, str(harness.ROOT / "tests"))

from hostile_texts import SENTENCES, TRAPS, UNITS, texts
from soundness import faults, formulas

from nbhelpers.corpus import Corpus, Document, load_corpus
from nbhelpers.export import TABLES, to_csv
from nbhelpers.positioning import stance_layers
from nbhelpers.show import reader_page
from nbhelpers.voices import layers

STEPS = {name: table.compute for name, table in TABLES.items()}
STEPS |= {"layers": layers, "stance_layers": stance_layers}

LARGEST = 160_000
STEEP = 1.2
"""Above this exponent, growth is told."""
NOTICED = 0.4
"""Seconds below which the growth of a table is noise."""

Row = Mapping[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=100_000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    parser.add_argument("--first", type=int, default=0, help="number of the first text")
    parser.add_argument("--batch", type=int, default=200, help="texts to a corpus (%(default)s)")
    parser.add_argument("--growth", action="store_true", help="measure growth instead")
    parser.add_argument("--units", nargs="*", default=list(UNITS), help="only these, for --growth")
    parser.add_argument("--largest", type=int, default=LARGEST, help="characters (%(default)s)")
    options = parser.parse_args()
    if options.growth:
        sys.exit(growth(options.units, options.largest))
    sys.exit(Run(options.seed, real_texts()).all(options.first, options.texts, options.batch))


def real_texts() -> list[str]:
    """Sentences, the seeds, and the news articles if an earlier benchmark has fetched them."""
    known = [*SENTENCES, *(document.text for document in load_corpus(harness.ROOT / "seeds"))]
    path = harness.CACHE / "news.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as lines:
            csv.field_size_limit(sys.maxsize)
            known += [row["text"] for row in csv.DictReader(lines)]
    else:
        print("benchmarks/cache/news.csv is not there: mutations are of the seeds alone")
    return known


# Faults -----------------------------------------------------------------------------------------


class Run:
    """Texts in batches, with what they took and what went wrong."""

    def __init__(self, seed: int, real: Sequence[str]) -> None:
        self.seed = seed
        self.real = real
        self.seconds: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.faults: dict[str, list[int]] = {}
        self.characters = 0

    def all(self, first: int, count: int, batch: int) -> bool:
        """Run all; print what there is to say; return whether anything went wrong."""
        begun = time.monotonic()
        for start in range(first, first + count, batch):
            size = min(batch, first + count - start)
            self.one_batch(
                dict(enumerate(texts(self.seed, size, first=start, real=self.real), start))
            )
            done = start + size - first
            if done % (5 * batch) == 0 or done == count:
                took = f"{time.monotonic() - begun:,.0f} s"
                print(f"{done:,} texts, {took}, {len(self.faults)} kinds of faults", flush=True)
        self.tell()
        return bool(self.faults)

    def one_batch(self, batch: Mapping[int, str]) -> None:
        self.characters += sum(map(len, batch.values()))
        found = self.timed("load", lambda: self.loaded(batch), batch)
        corpus = found if isinstance(found, Corpus) else Corpus(plain(batch))
        tables = {}
        for name, compute in STEPS.items():
            frame = self.timed(name, lambda compute=compute: compute(corpus), batch)
            if isinstance(frame, pd.DataFrame):
                tables[name] = frame
                self.rows[name] += len(frame)
        for fault in faults(corpus, tables):
            self.note(fault.split("'")[0], next(iter(batch)), fault)
        for name, frame in tables.items():
            written = self.timed("to_csv", lambda frame=frame: to_csv(frame), batch)
            for cell in formulas(str(written)):
                self.note(f"{name}.csv: a formula", next(iter(batch)), cell)
        self.timed("pages", lambda: pages(corpus, tables), batch)

    def timed(self, step: str, work: Callable[[], object], batch: Mapping[int, str]) -> object:
        begun = time.process_time()
        try:
            return work()
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{step}: {type(error).__name__} in {Path(at.filename).name}:{at.lineno}"
            self.note(kind, self.guilty(step, batch), traceback.format_exc(limit=-4))
            return None
        finally:
            self.seconds[step] += time.process_time() - begun

    def guilty(self, step: str, batch: Mapping[int, str]) -> int:
        """The first text on which a table fails alone, or the first of the batch."""
        for number, text in batch.items():
            try:
                STEPS.get(step, len)(Corpus(plain({number: text})))
            except Exception:
                return number
        return next(iter(batch))

    def note(self, kind: str, number: int, said: str) -> None:
        if kind not in self.faults:
            print(f"\n{kind}, text {number}\n{said}", flush=True)
        self.faults.setdefault(kind, []).append(number)

    def loaded(self, batch: Mapping[int, str]) -> Corpus:
        """Write the texts to files of a kind that their numbers choose, and load them.

        Texts with NUL are refused as binary, so these go into the corpus past the files.
        """
        dice = random.Random(f"{self.seed}:{next(iter(batch))}:files")
        column = f"{dice.choice(TRAPS)} column"
        rows = [row(number, text, dice) | {column: "x"} for number, text in batch.items()]
        write = dice.choice((write_json, write_csv, write_parquet, write_folder, write_zip))
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), rows)
            corpus = load_corpus(folder)
        # In a file of its own, a byte order mark at the start is no part of the text; a blank text
        # is refused.
        mark = "\ufeff" if write in (write_folder, write_zip) else ""
        readable = (t.removeprefix(mark) for t in batch.values() if "\0" not in t)
        expected = Counter(t for t in readable if t.strip())
        got = Counter(document.text for document in corpus)
        for text in (expected - got) | (got - expected):
            self.note(f"{write.__name__}: changed or lost", next(iter(batch)), repr(text[:300]))
        refused = {n: text for n, text in batch.items() if "\0" in text}
        return Corpus([*corpus, *plain(refused)])

    def tell(self) -> None:
        print(f"\n{'step':18} {'CPU s':>9} {'rows':>12}")
        for step, seconds in self.seconds.items():
            print(f"{step:18} {seconds:9,.1f} {self.rows[step]:12,}")
        total = sum(self.seconds.values())
        print(f"{'all':18} {total:9,.1f}   for {self.characters:,} characters\n")
        for kind, numbers in self.faults.items():
            again = f"--seed {self.seed} --first {numbers[0]} --texts 1"
            print(f"{len(numbers):7,} x {kind}\n          repeat: hostile.py {again}")
        print(f"{len(self.faults)} kinds of faults")


def plain(batch: Mapping[int, str]) -> Iterator[Document]:
    return (Document(f"{number:07}", text, "past") for number, text in batch.items())


def pages(corpus: Corpus, tables: Mapping[str, pd.DataFrame]) -> None:
    """A reader page for every tenth text."""
    names = ("segments", "damage", "layers", "stance_layers")
    by_text = [dict([*tables[name].groupby("doc_id")]) for name in names]
    for document in [*corpus][::10]:
        segments, damage, *marks = (
            rows.get(document.doc_id, tables[name].iloc[:0])
            for name, rows in zip(names, by_text, strict=True)
        )
        reader_page(document, segments, damage, layers=pd.concat(marks), facts=document.metadata)


def row(number: int, text: str, dice: random.Random) -> Row:
    """A text with metadata of the same kind; the number keeps its id apart from all others."""
    return {
        "doc_id": f"{dice.choice(TRAPS)}{number}".replace("\0", ""),
        "text": text,
        "outlet": dice.choice(TRAPS),
        "title": dice.choice(TRAPS),
        "published": dice.choice(("2024-10-28", "2024-10-29T10:00", "")),
    }


def write_json(folder: Path, rows: Sequence[Row]) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


def write_csv(folder: Path, rows: Sequence[Row]) -> None:
    """With NULs, which Python's reader takes since 3.11; as UTF-8 with a byte order mark."""
    with (folder / "a.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


def write_parquet(folder: Path, rows: Sequence[Row]) -> None:
    pd.DataFrame(rows).to_parquet(folder / "a.parquet")


def write_folder(folder: Path, rows: Sequence[Row]) -> None:
    for number, row in enumerate(rows):
        (folder / f"{number}.txt").write_bytes(str(row["text"]).encode())


def write_zip(folder: Path, rows: Sequence[Row]) -> None:
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_STORED) as out:
        for number, row in enumerate(rows):
            out.writestr(f"{number}.txt", str(row["text"]).encode())


# Growth -----------------------------------------------------------------------------------------


def growth(units: Sequence[str], largest: int) -> bool:
    """Print each table that grows too fast with a unit; return whether there is one."""
    costs(" ".join(SENTENCES))  # what is loaded once
    steep = 0
    for name in units:
        sizes = [largest // 8, largest // 4, largest // 2, largest]
        seconds = [costs(UNITS[name] * (size // len(UNITS[name]))) for size in sizes]
        if any(is_steep(sizes, seconds, step) for step in STEPS):  # or the machine was busy
            again = [costs(UNITS[name] * (size // len(UNITS[name]))) for size in sizes]
            pairs = zip(seconds, again, strict=True)
            seconds = [{step: min(a[step], b[step]) for step in a} for a, b in pairs]
        print(f"{name:32} {sum(seconds[-1].values()):7.2f} s for {largest:,}", flush=True)
        for step in (step for step in STEPS if is_steep(sizes, seconds, step)):
            steep += 1
            took = [each[step] for each in seconds]
            told = " ".join(f"{second:.2f}" for second in took)
            print(f"    {step:20} exponent {slope(sizes, took):.2f}: {told}", flush=True)
    print(f"{len(units)} units, {len(STEPS)} tables: {steep} grow faster than n^{STEEP}")
    return steep > 0


def is_steep(sizes: Sequence[int], seconds: Sequence[Mapping[str, float]], step: str) -> bool:
    took = [each[step] for each in seconds]
    return took[-1] > NOTICED and slope(sizes, took) > STEEP


def costs(text: str) -> dict[str, float]:
    """CPU seconds of each table; what a table is made from is charged to the first that asks."""
    corpus = Corpus([Document("a", text, "a.txt")])
    took = {}
    for name, compute in STEPS.items():
        begun = time.process_time()
        compute(corpus)
        took[name] = time.process_time() - begun
    return took


def slope(sizes: Sequence[int], seconds: Sequence[float]) -> float:
    """The exponent of growth, by least squares on logarithms."""
    points = [(math.log(n), math.log(max(s, 1e-3))) for n, s in zip(sizes, seconds, strict=True)]
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


if __name__ == "__main__":
    main()
