"""Make the weights by which statements of different texts are taken for one utterance.

Usage: ``python -m nbhelpers.training.retelling --gold benchmarks/utterances.jsonl --news FILE``,
where FILE has the columns ``article_id`` and ``text`` (``benchmarks/cache/news.csv``). A logistic
regression over :data:`nbhelpers.retelling.likeness.LIKENESSES` is fitted with L2 on the pairs of
the set ``development``; the same data give the same file.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from nbhelpers.corpus import Corpus, Document
from nbhelpers.extraction.models import FAST
from nbhelpers.retelling.index import Index
from nbhelpers.retelling.likeness import LIKENESSES, WEIGHTS, likenesses
from nbhelpers.retelling.portions import portion
from nbhelpers.scratch import Scratch
from nbhelpers.text import Span
from nbhelpers.words import Bools, Floats, Ints

PENALTY = 2.0


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True, help="annotated pairs")
    parser.add_argument("--news", type=Path, required=True, help="the articles, as CSV")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    given = parser.parse_args()
    gold = [row for row in read(given.gold) if row["set"] == "development"]
    corpus = corpus_of(gold, articles(given.news))
    found = Index(Scratch(), formula_above=20)
    found.add(portion(corpus, by="doc_id", model=FAST))
    pairs = places(found, gold)
    known = (pairs >= 0).all(axis=1)
    same = np.array([row["label"] == "same" for row in gold])
    weights = fit(likenesses(found, pairs[known]), same[known])
    given.out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    print(f"{known.sum()} of {len(gold)} pairs, {same[known].sum()} of one utterance")


def read(path: Path) -> list[dict[str, Any]]:
    """Return the annotated pairs."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def articles(path: Path) -> dict[str, str]:
    """Return the text of each article."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as file:
        return {row["article_id"]: row["text"] for row in csv.DictReader(file)}


def corpus_of(gold: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> Corpus:
    """Return the corpus of the articles that annotated pairs are from."""
    ids = sorted({row[side] for row in gold for side in ("doc_id", "other_doc_id")})
    return Corpus(Document(doc_id, texts[doc_id], f"{doc_id}.txt") for doc_id in ids)


def places(found: Index, gold: Sequence[Mapping[str, Any]]) -> Ints:
    """Return the numbers of the statements of each pair; -1 where none covers half of a place."""
    by_text: dict[str, list[int]] = {}
    for number in range(len(found)):
        by_text.setdefault(found[number].doc_id, []).append(number)
    pairs = [
        [
            _nearest(found, by_text.get(row[f"{side}doc_id"], []), row[f"{side}spans"])
            for side in ("", "other_")
        ]
        for row in gold
    ]
    return np.array(pairs, np.int64).reshape(-1, 2)


def _nearest(found: Index, numbers: Sequence[int], spans: Sequence[Span]) -> int:
    size = sum(end - start for start, end in spans)
    best = max((_dice(found[n].spans, spans, size), -n) for n in numbers) if numbers else (0.0, 1)
    return -best[1] if best[0] >= 0.5 else -1


def _dice(spans: Sequence[Span], others: Sequence[Span], size: int) -> float:
    both = sum(max(0, min(b, d) - max(a, c)) for a, b in spans for c, d in others)
    return 2 * both / max(1, size + sum(b - a for a, b in spans))


def fit(rows: Floats, same: Bools) -> dict[str, float]:
    """Return the weights of a logistic regression; the penalty is on standardised likenesses."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = (rows - mean) / spread
    sign = np.where(same, 1.0, -1.0)

    def loss(weights: Floats) -> float:
        score = scaled @ weights[:-1] + weights[-1]
        likelihood = np.logaddexp(0, -sign * score).sum()
        return float(likelihood + PENALTY / 2 * (weights[:-1] ** 2).sum())

    found = minimize(loss, np.zeros(rows.shape[1] + 1)).x
    weights = found[:-1] / spread
    table = dict(zip(LIKENESSES, weights.round(3).tolist(), strict=True))
    return {**table, "constant": round(float(found[-1] - weights @ mean), 3)}


if __name__ == "__main__":
    main()
