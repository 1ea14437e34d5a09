"""Texts in any number, grown from a few thousand: paragraphs put together anew, with a seed."""

from __future__ import annotations

import csv
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness import news

from nbhelpers.text import paragraph_spans, sentence_spans

SENTENCES = 3  # of a paragraph


def grow(texts: Sequence[str], n: int, seed: int, *, share: float = 1.0) -> Iterator[str]:
    """Yield n texts, each with as many paragraphs as one of the texts, drawn from all of them.

    A paragraph stands in n / len(texts) of the new texts on average. The first texts are the same
    whatever n is. With ``share``, each has only this share of as many paragraphs.
    """
    draw = random.Random(seed)
    parted = [paragraphs(text) for text in texts]
    every = [paragraph for of_text in parted for paragraph in of_text]
    for _ in range(n):
        yield "\n".join(draw.choices(every, k=max(1, round(share * len(draw.choice(parted))))))


def write_grown(path: Path, n: int, seed: int, *, share: float = 1.0) -> None:
    """Write texts grown from the news articles, a JSON line each, whole or not at all."""
    unready = path.with_suffix(".part")
    with unready.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(grow(articles(news()), n, seed, share=share)):
            lines.write(json.dumps({"doc_id": f"t{number:07}", "text": text}) + "\n")
    unready.rename(path)


def paragraphs(text: str) -> list[str]:
    """Return the lines of a text, long ones as some sentences each: the articles have one line.

    >>> paragraphs("One. Two. Three. Four.")
    ['One. Two. Three.', 'Four.']
    """
    found = []
    for start, end in paragraph_spans(text):
        spans = list(sentence_spans(text, start, end))
        for first in range(0, len(spans), SENTENCES):
            some = spans[first : first + SENTENCES]
            found.append(text[some[0][0] : some[-1][1]])
    return found


def articles(path: Path) -> list[str]:
    """Return the texts of a CSV file with a column ``text``."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines) if row["text"].strip()]
