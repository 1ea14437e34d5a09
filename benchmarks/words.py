"""Word splitting with offsets against a bare scan with the same regular expression.

Both go through the 3,788 news articles in one process; the scan only lets the expression find the
words, `nbhelpers.text.word_spans` also gives their offsets.
Aim: 60 % of the speed of the scan or better, so a ratio of times of 1.67 or less.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable

from harness import Cost, alternate, arguments, news, report, versions_here

from nbhelpers.text import WORD, word_spans


def timed(split: Callable[[str], list[object]], texts: list[str]) -> Cost:
    start = time.process_time()
    for text in texts:
        split(text)
    return Cost(time.process_time() - start)


def main() -> None:
    options = arguments(__doc__, times=7)
    csv.field_size_limit(2**31 - 1)
    with news().open(encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    sides = {
        "word_spans": lambda: timed(word_spans, texts),
        "bare scan": lambda: timed(WORD.findall, texts),
    }
    costs = alternate(sides, options.runs)
    n_words = sum(len(word_spans(text)) for text in texts)
    report(
        costs,
        ratio=("word_spans", "bare scan"),
        aim="1.67 or less",
        versions=versions_here("nbhelpers") | {"words": f"{n_words:,}"},
        out=options.json,
    )


if __name__ == "__main__":
    main()
