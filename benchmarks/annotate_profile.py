"""What each step of the chain costs, beside the bound that scanning and tagging alone would set.

One process, model `fast`, grown texts; a step's time is what it adds to those before it. The bound
is what nothing can do without: cutting texts into paragraphs, sentences and words, and the tags
of all words.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from growth import articles, grow
from harness import machine, news, versions_here

from nbhelpers.annotation.stages import STAGES, tables_of
from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus, Document
from nbhelpers.extraction.documents import story_paragraphs
from nbhelpers.extraction.models import FAST, load_model
from nbhelpers.naming.across import entity_names, source_names
from nbhelpers.naming.relations import readings
from nbhelpers.text import paragraph_spans, sentence_spans
from nbhelpers.words import words

SEED = 7
PART = 200


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=600)
    options = parser.parse_args()
    grown = list(grow(articles(news()), options.texts + PART, SEED))
    costs: dict[str, float] = {}
    _chain(grown[:PART], {})  # so that nothing is loaded in the time that is taken
    for first in range(PART, len(grown), PART):
        _chain(grown[first : first + PART], costs)
    bound = sum(_bound(grown[first : first + PART]) for first in range(PART, len(grown), PART))
    total = sum(costs.values())
    print(f"{'step':20}{'ms a text':>10}{'share':>8}")
    for name, seconds in sorted(costs.items(), key=lambda cost: -cost[1]):
        print(f"{name:20}{1000 * seconds / options.texts:10.2f}{seconds / total:8.0%}")
    print(f"{'all':20}{1000 * total / options.texts:10.2f}")
    print(f"{'scanning and tagging':20}{1000 * bound / options.texts:10.2f}{bound / total:8.0%}")
    about = machine() | versions_here("nbhelpers", "pandas", "numpy")
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))


def _corpus(texts: list[str]) -> Corpus:
    return Corpus(Document(f"t{number:05}", text, "") for number, text in enumerate(texts))


def _chain(texts: list[str], costs: dict[str, float]) -> None:
    corpus = _corpus(texts)
    tables = {name: table for stage in STAGES for name, table in tables_of(stage, FAST).items()}
    steps: dict[str, Callable[[], object]] = {
        "segments": lambda: tables["segments"].function(corpus),
        "sentences": lambda: tables["sentences"].function(corpus),
        "words": lambda: words(corpus),
        "readings": lambda: readings(corpus, model="fast"),
        "names": lambda: (source_names(corpus, model="fast"), entity_names(corpus, model="fast")),
    }
    for name, table in tables.items():
        steps.setdefault(name, lambda table=table: table.function(corpus, **table.options))
    for name, step in steps.items():
        costs[name] = costs.get(name, 0.0) + _seconds(step)


def _bound(texts: list[str]) -> float:
    tagger = load_model("fast").tagger

    def scan_and_tag() -> None:
        words(corpus)
        for text in texts:
            spans = list(paragraph_spans(text))
            for span in spans:
                list(sentence_spans(text, *span))
            parts = story_paragraphs(text, [(*span, "body") for span in spans])
            for reading in tagger.read(list(parts)):
                reading.pieces()

    corpus = _corpus(texts)
    segments(corpus)
    return _seconds(scan_and_tag)


def _seconds(step: Callable[[], object]) -> float:
    began = time.process_time()
    step()
    return time.process_time() - began


if __name__ == "__main__":
    main()
