"""How well dates are found and resolved, from text to table.

Takes `dates.jsonl` beside this file (the dates of 40 texts, read by hand; places and dates, no
texts), the texts of PolNeAR's development set, the news articles that the benchmarks share, and
the seeds. Each text is read with the day of its publication where one is known. An expression is
right if its `date` is one that the annotation allows, unresolved if its `basis` says so. The half
of the texts called `development` was looked at while the rules were made.

    .venv/bin/python benchmarks/dates.py POLNEAR_DEV.jsonl [--set development] [--errors]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import Counter, defaultdict
from pathlib import Path

import pandas as pd
from harness import ROOT
from speakers import read_articles, read_polnear

from nbhelpers.corpus import Corpus, Document
from nbhelpers.dates import date_expressions, events

GOLD = Path(__file__).with_name("dates.jsonl")
OUTCOMES = ("right", "unresolved", "not found", "wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("polnear", type=Path)
    parser.add_argument("--set", help="only the texts of this set")
    parser.add_argument("--errors", action="store_true", help="list what is wrong")
    given = parser.parse_args()
    rows = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
    texts = read_polnear(given.polnear) | read_articles() | read_seeds()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    wanted = defaultdict(list)
    for row in rows:
        if given.set in (None, row["set"]):
            wanted[row["set"], row["origin"], row["doc_id"]].append(row)
    for (set_, origin, doc_id), gold in wanted.items():
        text = texts[origin, doc_id]
        for outcome, what in outcomes(text, gold):
            counts[set_, origin][outcome] += 1
            counts[set_, "all"][outcome] += 1
            if given.errors and outcome not in ("right", "role right"):
                print(f"{doc_id[:30]:30} {outcome:10} {what}")
    print_counts(counts)


def read_seeds() -> dict[tuple[str, str], str]:
    return {
        ("seed", path.stem): path.read_text("utf-8") for path in (ROOT / "seeds").glob("0*.txt")
    }


def outcomes(text: str, gold: list[dict]) -> list[tuple[str, str]]:
    """What became of each date of a text, whether it was taken for that of the saying, and what
    was found besides."""
    published = gold[0]["published"]
    metadata = {"published": dt.date.fromisoformat(published)} if published else {}
    corpus = Corpus([Document("text", text, "text", metadata)])
    found = date_expressions(corpus)
    places = list(zip(found["start"], found["end"], strict=True))
    kinds = dict(events(corpus)[["date_start", "kind"]].values)
    used: set[int] = set()
    told = []
    for row in gold:
        here = [
            n for n, (start, end) in enumerate(places) if start < row["end"] and row["start"] < end
        ]
        used.update(here)
        if row.get("optional"):
            continue
        what = text[max(0, row["start"] - 40) : row["end"] + 30].replace("\n", " ")
        if not here:
            told.append(("not found", f"{row['dates']} in {what!r}"))
            continue
        best = found.iloc[here[0]]
        told.append((outcome(best, row), f"{best['date']}, not {row['dates']} in {what!r}"))
        if "dateline" not in row["roles"]:
            kind = kinds.get(best["start"])
            told.append(
                ("role right" if kind in row["roles"] else "role wrong", f"{kind} in {what!r}")
            )
    for n in set(range(len(places))) - used:
        start, end = places[n]
        told.append(("invented", repr(text[max(0, start - 40) : end + 30])))
    return told


def outcome(found: pd.Series, row: dict) -> str:
    date = None if pd.isna(found["date"]) else found["date"]
    if date in row["dates"]:
        return "right"
    return "unresolved" if found["basis"] == "unresolved" else "wrong"


def print_counts(counts: dict[tuple[str, str], Counter[str]]) -> None:
    print(f"| set | texts | dates | {' | '.join(OUTCOMES)} | invented | right, % |", end="")
    print(" right or unresolved, % | said or happened: right, % |")
    print("|---" * (len(OUTCOMES) + 7) + "|")
    for (set_, origin), of_row in sorted(counts.items()):
        total = sum(of_row[outcome] for outcome in OUTCOMES)
        roles = of_row["role right"] + of_row["role wrong"]
        cells = " | ".join(str(of_row[outcome]) for outcome in OUTCOMES)
        shares = (
            of_row["right"] / total,
            1 - of_row["wrong"] / total,
            of_row["role right"] / max(1, roles),
        )
        percent = " | ".join(f"{100 * share:.1f}" for share in shares)
        print(f"| {set_} | {origin} | {total} | {cells} | {of_row['invented']} | {percent} |")


if __name__ == "__main__":
    main()
