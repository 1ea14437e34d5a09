"""Make the weights by which pronouns find whom they mean.

Usage: ``python -m nbhelpers.training.antecedents --data FOLDER``, where the folder holds PolNeAR's
``train.jsonl`` and CoreNLP's reading of it, ``train.corenlp.jsonl.gz`` (a line a text: tokens with
their places, sentences, chains of mentions). Right is the person whose name stands in the same
chain as the pronoun; a machine's chains err, so these are silver, not gold. A conditional logit
over the candidates and *nobody* is fitted with L2; the same data give the same file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus, Document
from nbhelpers.extraction.documents import story_paragraphs
from nbhelpers.naming.antecedents import WEIGHTS, Memory, Pronoun, pronouns, traits
from nbhelpers.naming.entities import Entity, entities
from nbhelpers.naming.names import Name
from nbhelpers.naming.phrases import phrase
from nbhelpers.naming.story import Story, story
from nbhelpers.text import Span

PENALTY = 2.0

Choice = tuple[list[list[str]], int]  # the traits of each candidate; which of them is right


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the PolNeAR files")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    given = parser.parse_args()
    choices = [choice for text in read(given.data, "train") for choice in choices_of(*text)]
    weights = fit(choices)
    print_reliability("train", weights, choices)
    lines = json.dumps(dict(sorted(weights.items())), indent=1)
    given.out.write_text(lines + "\n", encoding="utf-8")
    if (given.data / "dev.corenlp.jsonl.gz").exists():
        dev = [choice for text in read(given.data, "dev") for choice in choices_of(*text)]
        print_reliability("dev", weights, dev)


def read(folder: Path, split: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each text with what CoreNLP said of it."""
    lines = (folder / f"{split}.jsonl").read_text("utf-8").splitlines()
    texts = {row["doc_id"]: row for row in map(json.loads, lines)}
    with gzip.open(folder / f"{split}.corenlp.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            yield texts[row["doc_id"]], row


def choices_of(text: Mapping[str, Any], silver: Mapping[str, Any]) -> Iterator[Choice]:
    """Yield what each pronoun had to choose from, the earlier ones having chosen right."""
    corpus = Corpus([Document("text", text["text"], "text")])
    labelled = segments(corpus)[["start", "end", "kind"]].itertuples(index=False, name=None)
    read = story(text["text"], list(story_paragraphs(text["text"], labelled)))
    known = entities(read)
    sources = {p for a in text["attributions"] for s in a["source"] for p in range(*s)}
    chains = _chains(silver)
    described = _described(read, text["attributions"])
    places = {e: span for span, e in described}
    memory = Memory()
    events: list[tuple[int, Name | Pronoun | Entity]] = [
        *((name.start, name) for name in read.names),
        *((pronoun.span[0], pronoun) for pronoun in pronouns(read, sources)),
        *((span[0], entity) for span, entity in described),
    ]
    for place, event in sorted(events, key=lambda pair: pair[0]):
        if isinstance(event, Name):
            _mention(memory, read, known[event], event.span, place in sources, event.is_quoted)
        elif isinstance(event, Entity):
            _mention(memory, read, event, places[event], True)
        else:
            meant = _meant(event, chains, known, described)
            candidates = memory.candidates(event.word)
            among = [n for n, trace in enumerate(candidates) if trace.entity is meant]
            if among:
                found = [traits(event, trace, n, memory) for n, trace in enumerate(candidates)]
                yield found, among[0]
            if meant:
                _mention(memory, read, meant, event.span, event.is_source, pronoun=event.word)


def _described(read: Story, attributions: Sequence[Any]) -> list[tuple[Span, Entity]]:
    """The sources that are described, not named, each with its place."""
    found = []
    for span in {tuple(a["source"][0]) for a in attributions if a["source"]}:
        part = read.part_at(span[0])
        if part:
            first, end = part.tokens(*span)
            worded = phrase(part, first, max(end, first + 1))
            if worded.kind == "description":
                found.append((worded.span, Entity("described", description=worded)))
    return sorted(found, key=lambda pair: pair[0])


def _mention(
    memory: Memory,
    read: Story,
    entity: Entity,
    span: Span,
    is_source: bool,
    is_quoted: bool = False,
    pronoun: str = "",
) -> None:
    memory.mention(
        entity,
        span=span,
        sentence=read.sentence_at(span[0]),
        part=read.part_number(span[0]),
        pronoun=pronoun,
        is_quoted=is_quoted,
        is_source=is_source,
    )


def _chains(silver: Mapping[str, Any]) -> dict[int, list[Span]]:
    """For each place where a mention of one word begins, the stretches of its chain."""
    tokens = silver["tokens"]
    found: dict[int, list[Span]] = {}
    for chain in silver["coreference"]:
        spans = [(tokens[first][0], tokens[past - 1][1]) for first, past in chain]
        for first, past in chain:
            if past - first == 1:
                found[tokens[first][0]] = spans
    return found


def _meant(
    pronoun: Pronoun,
    chains: Mapping[int, Sequence[Span]],
    known: Mapping[Name, Entity],
    described: Sequence[tuple[Span, Entity]],
) -> Entity | None:
    """The entity most of whose names end mentions of the pronoun's chain, else one described."""
    spans = chains.get(pronoun.span[0], ())
    votes: Counter[int] = Counter()
    for name in known:
        if any(name.end <= end <= name.end + 2 and start <= name.start for start, end in spans):
            votes[id(known[name])] += 1
    people = [e for e in known.values() if votes[id(e)] and e.kind != "institution"]
    if people:
        return max(people, key=lambda e: votes[id(e)])
    return next((e for place, e in described if place in spans), None)


def fit(choices: Sequence[Choice]) -> dict[str, float]:
    """Return the weights that make the right choices most probable."""
    names = sorted({trait for options, _ in choices for option in options for trait in option})
    column = {name: number for number, name in enumerate(names)}
    options = [option for found, _ in choices for option in found]
    ends = np.cumsum([len(found) for found, _ in choices])
    starts = ends - [len(found) for found, _ in choices]
    right = starts + [best for _, best in choices]
    lengths = [len(option) for option in options]
    columns = [column[trait] for option in options for trait in option]
    matrix = csr_matrix(
        (np.ones(len(columns)), columns, np.concatenate([[0], np.cumsum(lengths)])),
        shape=(len(options), len(names)),
    )

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), ends - starts)
        shares = np.exp(scores)
        totals = np.add.reduceat(shares, starts)
        shares /= np.repeat(totals, ends - starts)
        value = -(scores[right] - np.log(totals)).sum() + PENALTY / 2 * weights @ weights
        shares[right] -= 1
        return value, matrix.T @ shares + PENALTY * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return {name: round(float(w), 4) for name, w in zip(names, found.x, strict=True)}


def print_reliability(name: str, weights: Mapping[str, float], choices: Sequence[Choice]) -> None:
    """Print how many choices are right, and how many of those with such a probability."""
    found = [_chosen(weights, choice) for choice in choices]
    right = sum(is_right for _, is_right in found) / max(1, len(found))
    print(f"{name}: {len(found)} pronouns, {right:.3f} of them right")
    for low in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        high = low + (0.5 if not low else 0.1)
        of_bin = [is_right for p, is_right in found if low <= p < high or p == high == 1.0]
        share = f"{sum(of_bin) / len(of_bin):.2f}" if of_bin else "none"
        print(f"  probability {low:.1f} to {high:.1f}: {len(of_bin)}, right {share}")


def _chosen(weights: Mapping[str, float], choice: Choice) -> tuple[float, bool]:
    """The probability of the best candidate, and whether it is the right one."""
    scores = [sum(weights.get(trait, 0.0) for trait in option) for option in choice[0]]
    best = max(scores)
    return 1 / sum(math.exp(score - best) for score in scores), scores.index(best) == choice[1]


if __name__ == "__main__":
    main()
