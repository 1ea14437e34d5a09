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
from nbhelpers.naming.story import Story, story

PENALTY = 2.0
NOBODY = "nobody"

Choice = tuple[list[list[str]], int]  # the traits of each candidate, the last is nobody; the right


def main() -> None:
    """Learn the weights and write them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the PolNeAR files")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    given = parser.parse_args()
    choices = [choice for text in read(given.data, "train") for choice in choices_of(*text)]
    weights = fit(choices)
    right = sum(is_right(weights, choice) for choice in choices)
    print(f"{len(choices)} pronouns, {right / len(choices):.3f} of them right")
    lines = json.dumps(dict(sorted(weights.items())), indent=1)
    given.out.write_text(lines + "\n", encoding="utf-8")


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
    labelled = segments(corpus)[["start", "end", "kind"]].values.tolist()
    read = story(text["text"], list(story_paragraphs(text["text"], labelled)))
    known = entities(read)
    sources = {p for a in text["attributions"] for s in a["source"] for p in range(*s)}
    chains = _chains(silver)
    memory = Memory()
    for place, event in sorted(
        [(n.start, n) for n in read.names] + [(p.span[0], p) for p in pronouns(read, sources)],
        key=lambda pair: pair[0],
    ):
        if isinstance(event, Name):
            _mention_name(memory, read, known[event], event, place in sources)
            continue
        meant = _meant(event, chains, known)
        candidates = memory.candidates()
        found = [traits(event, trace, rank, memory) for rank, trace in enumerate(candidates)]
        among = [n for n, trace in enumerate(candidates) if trace.entity is meant]
        yield [*found, [NOBODY]], among[0] if among else len(found)
        if meant:
            memory.mention(
                meant,
                span=event.span,
                sentence=event.sentence,
                part=event.part,
                is_pronoun=True,
                is_source=event.is_source,
            )


def _mention_name(memory: Memory, read: Story, entity: Entity, name: Name, source: bool) -> None:
    memory.mention(
        entity,
        span=name.span,
        sentence=read.sentence_at(name.start),
        part=read.part_number(name.start),
        is_quoted=name.is_quoted,
        is_source=source,
    )


def _chains(silver: Mapping[str, Any]) -> dict[int, list[tuple[int, int]]]:
    """For each place where a mention of one word begins, the stretches of its chain."""
    tokens = silver["tokens"]
    found: dict[int, list[tuple[int, int]]] = {}
    for chain in silver["coreference"]:
        spans = [(tokens[first][0], tokens[past - 1][1]) for first, past in chain]
        for first, past in chain:
            if past - first == 1:
                found[tokens[first][0]] = spans
    return found


def _meant(
    pronoun: Pronoun, chains: Mapping[int, Sequence[tuple[int, int]]], known: Mapping[Name, Entity]
) -> Entity | None:
    """The entity most of whose names end mentions of the pronoun's chain."""
    spans = chains.get(pronoun.span[0], ())
    votes: dict[int, int] = {}
    for name in known:
        if any(name.end <= end <= name.end + 2 and start <= name.start for start, end in spans):
            votes[id(known[name])] = votes.get(id(known[name]), 0) + 1
    people = [e for e in known.values() if votes.get(id(e)) and e.kind != "institution"]
    return max(people, key=lambda e: votes[id(e)], default=None)


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


def is_right(weights: Mapping[str, float], choice: Choice) -> bool:
    """Return whether the highest score is that of the right candidate."""
    scores = [sum(weights.get(trait, 0.0) for trait in option) for option in choice[0]]
    return scores.index(max(scores)) == choice[1]


if __name__ == "__main__":
    main()
