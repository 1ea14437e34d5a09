"""The overview of 3,788 news articles against PyPI's conc building the same corpus.

nbhelpers loads the articles from CSV, labels their segments, splits sentences and
words, counts frequencies, computes the keyness of each article against the rest, makes one
concordance and finds shared passages. conc (a corpus linguistics library on spaCy and Polars) only
builds its corpus from the same CSV: it splits words and writes them to disk. Whole processes are
measured, imports included. Aim: at most conc's CPU time, and a peak below 1,000 MB.

conc asks for a spaCy model by name and then switches off all of it but the tokenizer. The models
are no packages of PyPI, so it gets spaCy's blank English, whose tokenizer is that of the models,
with placeholders under the names of the seven components that conc switches off.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from harness import (
    CACHE,
    Cost,
    alternate,
    arguments,
    news,
    peer,
    report,
    run,
    versions_here,
    versions_in,
)

CONC = "conc==0.1.13"
MODEL = CACHE / "blank-english"
STAGES = CACHE / "stages.txt"


def overview(articles: str) -> None:
    """Do nbhelpers' side, and note what each step took."""
    noted: list[tuple[str, float]] = []
    clock = time.process_time()

    def note(step: str) -> None:
        nonlocal clock
        now = time.process_time()
        noted.append((step, now - clock))
        clock = now

    from nbhelpers import cleaning, corpus, overview, reuse, words

    note("import")
    loaded = corpus.load_corpus(articles, text_column="text", id_column="article_id")
    note("load")
    steps: dict[str, Callable[[], object]] = {
        "segments": lambda: cleaning.segments(loaded),
        "sentences": lambda: cleaning.sentences(loaded),
        "words": lambda: words.words(loaded),
        "frequencies": lambda: overview.frequencies(loaded),
        "keyness": lambda: overview.keyness(loaded),
        "concordance": lambda: overview.concordance(loaded, "president"),
        "passages": lambda: reuse.passages(loaded),
    }
    for step, compute in steps.items():
        compute()
        note(step)
    lines = [f"  {step:30}{seconds:10.2f}\n" for step, seconds in noted]
    STAGES.write_text("".join(lines), encoding="utf-8")


def make_model() -> None:
    import spacy

    model = spacy.blank("en")
    switched_off = "parser ner lemmatizer tagger senter tok2vec attribute_ruler"
    for component in switched_off.split():
        model.add_pipe("sentencizer", name=component)
    model.to_disk(MODEL)


def build(articles: str) -> None:
    """Do conc's side."""
    from conc.corpus import Corpus

    Corpus(name="news", description="news articles").build_from_csv(
        source_path=articles,
        text_column="text",
        metadata_columns=["article_id"],
        save_path=str(CACHE / "conc-corpus"),
        model=str(MODEL),
    )


def build_afresh(python: Path, articles: Path) -> Cost:
    shutil.rmtree(CACHE / "conc-corpus", ignore_errors=True)
    return run([python, __file__, "--side", "build", articles])


def main() -> None:
    options = arguments(__doc__, times=3)
    articles, python = news(), peer("conc", CONC)
    run([python, __file__, "--side", "make_model"])
    sides: dict[str, Callable[[], Cost]] = {
        "nbhelpers overview": lambda: run(
            [sys.executable, __file__, "--side", "overview", articles]
        ),
        "conc build": lambda: build_afresh(python, articles),
    }
    costs = alternate(sides, options.runs)
    print("CPU seconds of each step, last run of nbhelpers\n" + STAGES.read_text("utf-8"))
    report(
        costs,
        ratio=("nbhelpers overview", "conc build"),
        aim="1 or less, and a peak below 1,000 MB",
        versions=versions_here("nbhelpers", "pandas", "numpy")
        | versions_in(python, "conc", "spacy", "polars"),
        out=options.json,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        {"overview": overview, "make_model": make_model, "build": build}[sys.argv[2]](*sys.argv[3:])
    else:
        main()
