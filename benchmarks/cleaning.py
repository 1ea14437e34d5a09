"""How well page furniture is told from content, and how well flaws are found.

Runs `segments` and `damage` over the annotated pages in `tests/data/`: the development set, by
which the rules were made, and the held-out set, written by somebody who had not seen them and used
for nothing but this. Furniture is scored by characters that are not white space, flaws by place and
kind. Prints precision, recall and F1.

    .venv/bin/python benchmarks/cleaning.py
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from nbhelpers.cleaning import damage, segments
from nbhelpers.corpus import Corpus, Document
from nbhelpers.furniture import CONTENT_KINDS

DATA = Path(__file__).parent.parent / "tests" / "data"
SETS = {"development": "dirty_pages.jsonl", "held out": "dirty_pages_heldout.jsonl"}


def main() -> None:
    print(f"{'set':14}{'texts':>7}{'precision':>11}{'recall':>8}{'F1':>7}{'body kept':>11}")
    for name, file in SETS.items():
        pages = [json.loads(line) for line in (DATA / file).read_text("utf-8").splitlines()]
        corpus = Corpus(Document(p["doc_id"], p["text"], p["doc_id"]) for p in pages)
        print(f"{name:14}{len(pages):7}" + furniture(pages, segments(corpus)))
        if name == "development":
            found = flaws(pages, damage(corpus))
    print(f"\n{'flaw':18}{'marked':>8}{'found':>7}{'false':>7}")
    for kind, counts in sorted(found.items()):
        print(f"{kind:18}{counts[0]:8}{counts[1]:7}{counts[2]:7}")


def furniture(pages: list[dict], labelled: pd.DataFrame) -> str:
    counts = dict.fromkeys(((True, True), (True, False), (False, True), (False, False)), 0)
    rows = dict(iter(labelled.groupby("doc_id")))
    for page in pages:
        spans = rows[page["doc_id"]][["start", "end", "kind"]].itertuples(index=False, name=None)
        gold, found = mask(page["text"], page["segments"]), mask(page["text"], spans)
        for pair in zip(gold, found, strict=True):
            counts[pair] += 1
    hits, misses, alarms = counts[True, True], counts[True, False], counts[False, True]
    precision, recall = hits / (hits + alarms), hits / (hits + misses)
    f1 = 2 * precision * recall / (precision + recall)
    kept = counts[False, False] / (counts[False, False] + alarms)
    return f"{precision:11.3f}{recall:8.3f}{f1:7.3f}{kept:11.4f}"


def mask(text: str, spans) -> list[bool]:
    marks = [False] * len(text)
    for start, end, kind in spans:
        marks[start:end] = [kind not in CONTENT_KINDS] * (end - start)
    return [mark for mark, char in zip(marks, text, strict=True) if not char.isspace()]


def flaws(pages: list[dict], listed: pd.DataFrame) -> dict[str, list[int]]:
    """For each kind: how many are marked, found (same kind and place), listed where none is."""
    counts: dict[str, list[int]] = {}
    rows = dict(iter(listed.groupby("doc_id")))
    for page in pages:
        own = rows.get(page["doc_id"], listed.iloc[:0])
        found = list(zip(own["start"], own["end"], own["kind"], strict=True))
        gold = [tuple(mark) for mark in page["damage"]]
        for mark in gold:
            count = counts.setdefault(mark[2], [0, 0, 0])
            count[0] += 1
            count[1] += any(overlap(mark, other) and mark[2] == other[2] for other in found)
        for mark in found:
            counts.setdefault(mark[2], [0, 0, 0])[2] += not any(overlap(mark, g) for g in gold)
    return counts


def overlap(mark: tuple, other: tuple) -> bool:
    return mark[0] < other[1] and other[0] < mark[1]


if __name__ == "__main__":
    main()
