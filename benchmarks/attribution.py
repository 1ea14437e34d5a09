"""How well attributions are found, how far their confidence can be trusted, and how fast it goes.

Runs `attributions` and `spans` over texts annotated like PolNeAR (a line a text: doc_id, text,
ignore, attributions), scores them with a scorer kept beside the data, and prints the tables of the
model card. Neither data nor scorer are part of this project.

    .venv/bin/python benchmarks/attribution.py GOLD.jsonl --scorer SCORER.py
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import time
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pandas as pd

from nbhelpers.attribution import ROLES, attributions, spans
from nbhelpers.corpus import Corpus, Document

BINS = [0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorer", type=Path, required=True)
    given = parser.parse_args()
    scorer = load_scorer(given.scorer)
    gold = [json.loads(line) for line in given.gold.read_text("utf-8").splitlines()]
    begun = time.process_time()
    corpus = Corpus(Document(row["doc_id"], row["text"], given.gold.name) for row in gold)
    frame, found = attributions(corpus), predictions(corpus)
    taken = time.process_time() - begun
    words = sum(len(row["text"].split()) for row in gold)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{words / taken:,.0f} words a CPU second; {memory:.0f} MB\n")
    print_scores(scorer.score(gold, found))
    print_outlets(scorer, gold, found)
    print_reliability(scorer, gold, frame, spans(corpus))


def load_scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec and spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def predictions(corpus: Corpus) -> dict[str, list[dict[str, list[list[int]]]]]:
    """The spans of each attribution of each text, as the scorer takes them."""
    found: dict[str, dict[str, dict[str, list[list[int]]]]] = {id_: {} for id_ in corpus.doc_ids}
    for row in spans(corpus).itertuples(index=False):
        empty = {role: [] for role in ROLES}
        roles = found[row.doc_id].setdefault(row.attribution_id, empty)
        roles[row.role].append([row.start, row.end])
    return {doc_id: list(of_text.values()) for doc_id, of_text in found.items()}


def print_scores(scores: dict[str, float]) -> None:
    measures = {
        "content, exact": "content_exact",
        "content @50": "content_at50",
        "whole attribution": "triple_any",
        "source spans, exact": "source_span",
        "cue spans, exact": "cue_span",
        **{f"{kind}, exact": f"{kind}_exact" for kind in ("direct", "indirect", "mixed")},
        **{f"{kind} @50": f"{kind}_at50" for kind in ("direct", "indirect", "mixed")},
    }
    print("| measure | precision | recall | F1 |\n|---|---|---|---|")
    for name, key in measures.items():
        cells = " | ".join(f"{100 * scores[f'{key}_{x}']:.1f}" for x in ("p", "r", "f1"))
        print(f"| {name} | {cells} |")


def print_outlets(scorer: ModuleType, gold: list[dict], found: dict) -> None:
    """The outlet is what the ids of PolNeAR begin with."""
    outlets = defaultdict(list)
    for row in gold:
        outlets[row["doc_id"].partition("_")[0]].append(row)
    print("\n| outlet | texts | content @50 | whole | direct, exact |\n|---|---|---|---|---|")
    for outlet, rows in sorted(outlets.items()):
        scores = scorer.score(rows, found)
        keys = ("content_at50_f1", "triple_any_f1", "direct_exact_f1")
        cells = " | ".join(f"{100 * scores[key]:.1f}" for key in keys)
        print(f"| {outlet} | {len(rows)} | {cells} |")


def print_reliability(
    scorer: ModuleType, gold: list[dict], frame: pd.DataFrame, stretches: pd.DataFrame
) -> None:
    """Of the attributions with such a confidence, how many are right."""
    found = right_ones(scorer, gold, stretches)
    rows = frame[["attribution_id", "confidence"]].assign(
        right=frame["attribution_id"].isin(found),
        bin=pd.cut(frame["confidence"], BINS, include_lowest=True),
    )
    print("\n| confidence | attributions | mean confidence | right |\n|---|---|---|---|")
    for interval, group in rows.groupby("bin", observed=True):
        cells = f"{len(group)} | {group.confidence.mean():.2f} | {group.right.mean():.2f}"
        print(f"| {max(interval.left, 0):.1f} to {interval.right:.1f} | {cells} |")


def right_ones(scorer: ModuleType, gold: list[dict], stretches: pd.DataFrame) -> set[str]:
    """Content by half or more, source and cue touched, paired as the scorer pairs them."""
    right = set()
    of_text = dict(iter(stretches.groupby("doc_id")))
    for row in gold:
        document = scorer.Doc(row["text"])
        names, items = [], []
        for name, own in of_text.get(row["doc_id"], stretches[:0]).groupby("attribution_id"):
            roles = {role: own.loc[own.role == role, ["start", "end"]].values for role in ROLES}
            names.append(name)
            items.append({role: document.toks(roles[role].tolist()) for role in ROLES})
        wanted = document.items(row["attributions"])
        for i, j, dice in scorer.align(wanted, items):
            agree = all(
                bool(wanted[i][r] & items[j][r]) or not (wanted[i][r] or items[j][r])
                for r in ("source", "cue")
            )
            if dice >= 0.5 and agree:
                right.add(names[j])
    return right


if __name__ == "__main__":
    main()
