"""How well stance is told, how fast, and whether names change it, beside two sentiment scorers.

Takes mentions labelled like NewsMTSC's (a line a mention: id, text, target as start and end, label
negative, neutral or positive) and a scorer kept beside them; neither is part of this project. Over
the same mentions, in one run:

- `stance.classify` with its models `accurate` and `fast`;
- VADER and TextBlob, which give a whole sentence one score, whoever is meant.

Of our models it also says how sure the figures are (bootstrap over sentences), log loss, and in
which kinds of sentences they err.

With `--polnear TRAIN.jsonl` the conflict set is scored as well: `stance_conflict.jsonl` beside this
file, mentions of states and armed groups in reports of war and diplomacy, read and labelled (places
and labels, no texts). The development part was looked at while the model was made, the others not.

Then the names: in 500 sentences whose mention is a name, nine others stand in for it, once in the
marked place alone and once wherever it stands. A flip is a sentence that does not keep one label.

    .venv/bin/python benchmarks/stance.py GOLD.jsonl [GOLD.jsonl ...] --scorer SCORER.py
"""

from __future__ import annotations

import argparse
import json
import math
import operator
import random
import re
import statistics
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

from attribution import load_scorer
from harness import CACHE, Cost, alternate, machine, news, peer, run, versions_here, versions_in

from nbhelpers.training.labelled_places import read_mentions, read_texts

SIDES = Path(__file__).with_name("stance_sides.py")
PEERS = {"vader": "vaderSentiment==3.3.2", "textblob": "textblob==0.20.1"}
OWN = ("accurate", "fast")
LABELS = ["negative", "neutral", "positive"]
CONFLICT = Path(__file__).with_name("stance_conflict.jsonl")
CONFLICT_LABELS = {"against": "negative", "neutral": "neutral", "favour": "positive"}
SURE = (0.0, 0.6, 0.8)
NAMES = [
    *("Russia", "Ukraine", "the United States", "China", "Israel", "Iran"),
    *("the European Union", "Volodymyr Zelenskyy", "Joe Biden"),
]
SENTENCES = 500
DRAWS = 1_000
NEGATION = re.compile(r"\b(?:not|no|never|nor|without|neither|cannot)\b|n['’]t")
QUOTED = re.compile('["“”]')
BINS = [0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]

Rows = list[dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--scorer", type=Path, required=True)
    parser.add_argument("--polnear", type=Path, help="PolNeAR's train.jsonl, for the conflict set")
    parser.add_argument("--runs", type=int, default=3, help="runs of each system (%(default)s)")
    given = parser.parse_args()
    CACHE.mkdir(exist_ok=True)
    scorer = load_scorer(given.scorer)
    golds = {path.stem: read(path) for path in given.gold}
    pythons = dict.fromkeys(OWN, Path(sys.executable))
    pythons |= {name: peer(name, requirement) for name, requirement in PEERS.items()}
    everything = [row for rows in golds.values() for row in rows]
    sides = {name: partial(judge, name, python, everything) for name, python in pythons.items()}
    costs = alternate(sides, given.runs)
    print_systems(scorer, golds, costs)
    print_intervals(scorer, golds)
    for name in OWN:
        print_reliability(name, everything)
        print_errors(name, everything)
    if given.polnear:
        print_conflict(scorer, given.polnear)
    print_flips(pythons, everything)
    about = machine() | versions_here("nbhelpers", "numpy", "scipy", "onnxruntime")
    for name, requirement in PEERS.items():
        about |= versions_in(pythons[name], requirement.partition("==")[0])
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))


def read(path: Path) -> Rows:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def judge(name: str, python: Path, rows: Rows) -> Cost:
    """Let a system label mentions; the seconds are its own, the memory its process's."""
    mentions = CACHE / "stance-mentions.jsonl"
    mentions.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    cost = run([python, SIDES, name, mentions, output(name)])
    return Cost(results(name)["seconds"], cost.megabytes)


def output(name: str) -> Path:
    return CACHE / f"stance-{name}.json"


def results(name: str) -> dict[str, Any]:
    return json.loads(output(name).read_text("utf-8"))


def print_systems(scorer: ModuleType, golds: dict[str, Rows], costs: dict[str, list[Cost]]) -> None:
    total = sum(map(len, golds.values()))
    print(f"{total} mentions; macro F1 and accuracy in %, mentions a CPU second: median of runs\n")
    columns = ["system", *(f"{gold}, {x}" for gold in golds for x in ("macro F1", "accuracy"))]
    columns += ["mentions a CPU second", "peak MB"]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for name, runs in costs.items():
        labels = iter(results(name)["labels"])
        cells = [name]
        for rows in golds.values():
            pairs = [(row["label"], next(labels)) for row in rows]
            scores = scorer.stats(pairs, LABELS, "all")
            cells += [f"{100 * scores[key]:.1f}" for key in ("macro_f1", "accuracy")]
        cells.append(f"{total / statistics.median(run.seconds for run in runs):,.0f}")
        cells.append(f"{max(run.megabytes for run in runs):.0f}")
        print(f"| {' | '.join(cells)} |")


def print_intervals(scorer: ModuleType, golds: dict[str, Rows]) -> None:
    """What sentences drawn anew would give: macro F1, and how much the two models differ."""
    everything = [row for rows in golds.values() for row in rows]
    sentences: dict[str, list[int]] = {}
    for number, row in enumerate(everything):
        sentences.setdefault(row["text"], []).append(number)
    labels = {name: results(name)["labels"] for name in OWN}
    draw = random.Random(1)
    drawn: dict[str, list[float]] = {name: [] for name in OWN}
    for _ in range(DRAWS):
        texts = draw.choices(list(sentences), k=len(sentences))
        numbers = [number for text in texts for number in sentences[text]]
        for name, found in labels.items():
            pairs = [(everything[k]["label"], found[k]) for k in numbers]
            drawn[name].append(100 * scorer.stats(pairs, LABELS, "all")["macro_f1"])
    better = [one - other for one, other in zip(*drawn.values(), strict=True)]
    print(f"\n| all sets, {DRAWS} draws of the sentences | macro F1, 90 % interval |\n|---|---|")
    for name, values in [*drawn.items(), (" - ".join(OWN), better)]:
        cuts = statistics.quantiles(values, n=20)
        print(f"| {name} | {cuts[0]:.1f} to {cuts[-1]:.1f} |")


def print_errors(name: str, rows: Rows) -> None:
    """Log loss, how each label is told, and in which sentences labels are wrong."""
    found = results(name)
    gold = [row["label"] for row in rows]
    right = list(map(operator.eq, gold, found["labels"]))
    told = zip(gold, found["probabilities"], strict=True)
    loss = statistics.mean(-math.log(chance[LABELS.index(label)]) for label, chance in told)
    print(f"\nLog loss: {loss:.3f}\n\n| label | precision | recall |\n|---|---|---|")
    for label in LABELS:
        hits = sum(r for r, mark in zip(right, gold, strict=True) if mark == label)
        cells = (100 * hits / max(1, marks.count(label)) for marks in (found["labels"], gold))
        print(f"| {label} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |")
    print("\n| mentions in sentences | n | wrong |\n|---|---|---|")
    for kind, is_of in sentence_kinds(rows).items():
        wrong = [not r for r, row in zip(right, rows, strict=True) if is_of(row)]
        print(f"| {kind} | {len(wrong)} | {100 * sum(wrong) / max(1, len(wrong)):.0f} % |")


def sentence_kinds(rows: Rows) -> dict[str, Callable[[dict[str, Any]], bool]]:
    """Kinds of sentences, and how each is told."""
    labels: dict[str, set[str]] = {}
    for row in rows:
        labels.setdefault(row["text"], set()).add(row["label"])
    return {
        "of 40 words or more": lambda row: len(row["text"].split()) >= 40,
        "of 20 to 39 words": lambda row: 20 <= len(row["text"].split()) < 40,
        "of fewer words": lambda row: len(row["text"].split()) < 20,
        "with a negation": lambda row: bool(NEGATION.search(row["text"])),
        "without": lambda row: not NEGATION.search(row["text"]),
        "with quotation marks": lambda row: bool(QUOTED.search(row["text"])),
        "without them": lambda row: not QUOTED.search(row["text"]),
        "where targets have different labels": lambda row: len(labels[row["text"]]) > 1,
        "where all have one label": lambda row: len(labels[row["text"]]) == 1,
    }


def print_reliability(name: str, rows: Rows) -> None:
    """Of the labels with such a probability, how many are right; and how far off on average."""
    found = results(name)
    judged = [
        (max(probabilities), label == row["label"])
        for row, label, probabilities in zip(
            rows, found["labels"], found["probabilities"], strict=True
        )
    ]
    print(f"\n{name}\n\n| probability | mentions | mean probability | right |\n|---|---|---|---|")
    error = 0.0
    for low, high in pairwise(BINS):
        within = [(p, right) for p, right in judged if low < p <= high]
        if within:
            mean, right = (statistics.mean(column) for column in zip(*within, strict=True))
            error += abs(mean - right) * len(within) / len(judged)
            print(f"| {low:.1f} to {high:.1f} | {len(within)} | {mean:.2f} | {right:.2f} |")
    print(f"\nExpected calibration error: {error:.3f}")


def print_conflict(scorer: ModuleType, polnear: Path) -> None:
    """How the labels of the conflict set are told, and what is right of those that take a side."""
    rows = list(read_mentions(CONFLICT, read_texts(news(), polnear)))
    gold = [CONFLICT_LABELS[row["label"]] for row in rows]
    sure = [f"right of those on a side, {p:.0%} sure or more" for p in SURE]
    columns = ["model", "set", "mentions", "on a side", "macro F1", "accuracy", *sure]
    print(f"\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for name in OWN:
        judge(name, Path(sys.executable), rows)
        labels, probabilities = (results(name)[key] for key in ("labels", "probabilities"))
        for part in dict.fromkeys(sorted(row["set"] for row in rows)):
            of_part = [k for k, row in enumerate(rows) if row["set"] == part]
            scores = scorer.stats([(gold[k], labels[k]) for k in of_part], LABELS, "all")
            cells = [name, part, str(len(of_part))]
            cells.append(str(sum(gold[k] != "neutral" for k in of_part)))
            cells += [f"{100 * scores[key]:.1f}" for key in ("macro_f1", "accuracy")]
            for least in SURE:
                sided = [k for k in of_part if labels[k] != "neutral"]
                sided = [k for k in sided if max(probabilities[k]) >= least]
                cells.append(f"{sum(gold[k] == labels[k] for k in sided)} of {len(sided)}")
            print(f"| {' | '.join(cells)} |")


def print_flips(pythons: dict[str, Path], rows: Rows) -> None:
    named = [row for row in rows if row["text"][row["target"][0]].isupper() and is_name(row)]
    chosen = random.Random(1).sample(named, min(SENTENCES, len(named)))
    print(f"\n| flips in {len(chosen)} sentences | mention alone | wherever it stands |")
    print("|---|---|---|")
    for name, python in pythons.items():
        cells = [name]
        for everywhere in (False, True):
            swapped = [swap(row, other, everywhere) for row in chosen for other in NAMES]
            judge(name, python, swapped)
            labels = results(name)["labels"]
            of_sentence = (labels[k : k + len(NAMES)] for k in range(0, len(labels), len(NAMES)))
            cells.append(str(sum(len(set(own)) > 1 for own in of_sentence)))
        print(f"| {' | '.join(cells)} |")


def is_name(row: dict[str, Any]) -> bool:
    """It is no pronoun and no description: each word but the smallest has a capital."""
    words = row["text"][slice(*row["target"])].split()
    capitals = all(word[0].isupper() for word in words if len(word) > 3)
    return capitals and words[0].lower() not in {"he", "she", "i", "they", "we", "you", "the", "it"}


def swap(row: dict[str, Any], name: str, everywhere: bool) -> dict[str, Any]:
    """Put a name in the place of the mention, or of whatever is written like it."""
    text, (start, end) = row["text"], row["target"]
    before, mention, after = text[:start], text[start:end], text[end:]
    if everywhere:
        same = re.compile(rf"(?<!\w){re.escape(mention)}(?!\w)")
        before, after = same.sub(name, before), same.sub(name, after)
    return {"text": before + name + after, "target": [len(before), len(before) + len(name)]}


if __name__ == "__main__":
    main()
