"""The systems that `stance.py` compares: each is run by the Python that has it.

    PYTHON benchmarks/stance_sides.py SYSTEM MENTIONS.jsonl OUT.json

Standard library only, but for what a system needs itself. The clock runs from the sentences to the
labels: lexicons and models are loaded in that time, packages are imported before it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NEUTRAL_WITHIN = 0.05  # of 0, as VADER's authors advise

Judge = Callable[[list[dict[str, Any]]], dict[str, Any]]


def accurate() -> Judge:
    return _nbhelpers("accurate")


def fast() -> Judge:
    return _nbhelpers("fast")


def _nbhelpers(model: str) -> Judge:
    from nbhelpers.stance import classify

    names = {"against": "negative", "neutral": "neutral", "favour": "positive"}

    def judge(rows: list[dict[str, Any]]) -> dict[str, Any]:
        texts, spans = [r["text"] for r in rows], [tuple(r["target"]) for r in rows]
        found = classify(texts, spans, model=model)
        probabilities = found[["p_against", "p_neutral", "p_favour"]].to_numpy().tolist()
        return {"labels": found["label"].map(names).tolist(), "probabilities": probabilities}

    return judge


def vader() -> Judge:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    def judge(rows: list[dict[str, Any]]) -> dict[str, Any]:
        analyzer = SentimentIntensityAnalyzer()
        return _labelled([analyzer.polarity_scores(r["text"])["compound"] for r in rows])

    return judge


def textblob() -> Judge:
    from textblob import TextBlob

    def judge(rows: list[dict[str, Any]]) -> dict[str, Any]:
        return _labelled([TextBlob(r["text"]).sentiment.polarity for r in rows])

    return judge


def _labelled(scores: list[float]) -> dict[str, Any]:
    names = ("neutral", "positive", "negative")
    return {"labels": [names[(s > NEUTRAL_WITHIN) - (s < -NEUTRAL_WITHIN)] for s in scores]}


def main() -> None:
    system, mentions, out = sys.argv[1:]
    judge = {f.__name__: f for f in (accurate, fast, vader, textblob)}[system]()
    rows = [json.loads(line) for line in Path(mentions).read_text("utf-8").splitlines()]
    begun = time.process_time()
    found = judge(rows)
    found["seconds"] = time.process_time() - begun
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
