"""Make the stance model ``accurate`` again: MiniLM, trained on sentences with all names hidden.

Usage: ``python -m nbhelpers.training.stance_encoder --newsmtsc FOLDER --news FILE --polnear FILE
--encoder FOLDER --work FOLDER``. Writes ``stance_accurate.onnx`` and ``.json`` beside it, how it
errs in ``stance_errors.tsv``, and ``encoder_words.npz``; logs each epoch. What is in the work
folder is not made again: a run that was cut off goes on after its last epoch.

1. It learns from three kinds of sentences: NewsMTSC's (persons in US politics), news of war and
   diplomacy with labels of our own (``stance_conflict.jsonl``: places and labels, no text), and
   sentences made from patterns, anew in each epoch (:mod:`nbhelpers.training.stance_patterns`).
2. NewsMTSC's development sets say how its opinions become probabilities, and how it errs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from nbhelpers.encoder import pieces as words
from nbhelpers.target_sentiment import accurate
from nbhelpers.target_sentiment.accurate import marked_pieces
from nbhelpers.target_sentiment.errors import FILE as ERRORS
from nbhelpers.target_sentiment.errors import counted, save_confusion
from nbhelpers.target_sentiment.labels import LABELS, calibrated
from nbhelpers.target_sentiment.masking import context
from nbhelpers.target_sentiment.models import ACCURATE
from nbhelpers.training.encoder import (
    WIDTH,
    Encoder,
    Ints,
    batches,
    layered,
    load_encoder,
    padded,
    take_steps,
    train,
)
from nbhelpers.training.labelled_places import (
    CONFLICT,
    CONFLICT_TIMES,
    label_number,
    read_mentions,
    read_rows,
    read_texts,
)
from nbhelpers.training.onnx_graph import Graph, Shapes
from nbhelpers.training.stance import fit_calibration
from nbhelpers.training.stance_patterns import made_sentences

SEED = 0
EPOCHS = 3
BATCH = 32
RATE = 1.5e-4  # of the last layer
LOWER = 0.85  # of it, for each layer further down
HEAD_RATE = 1e-3
DECAY = 0.01
SMOOTHING = 0.1  # share of a label's weight that all three have
WARMING = 0.1  # share of the steps in which the rate rises
MADE = 500  # made sentences in an epoch
DROPPED = 0.1

Doubles = npt.NDArray[np.float64]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """Word pieces, the mention's place among them, and how probable each label should be."""

    pieces: list[int]
    place: int
    wanted: Doubles


class Judge(nn.Module):
    """An encoder and what stands on it: the mention's state and the mean of all, two layers."""

    def __init__(self, encoder: Encoder, table: Tensor) -> None:
        """Make it, with random weights where none are given."""
        super().__init__()
        self.encoder = encoder
        self.table = table
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, len(LABELS))
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, pieces: Tensor, mask: Tensor, places: Tensor) -> Tensor:
        """Return an opinion on each label."""
        states = self.encoder(self.table[pieces], mask)
        mention = states[torch.arange(len(pieces)), places]
        mean = (states * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
        pooled = self.dropout(torch.cat([mention, mean], dim=1))
        return self.output(self.dropout(self.hidden(pooled).tanh()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--newsmtsc", type=Path, required=True, help="folder of NewsMTSC's files")
    parser.add_argument("--news", type=Path, required=True, help="table of news articles")
    parser.add_argument("--polnear", type=Path, required=True, help="PolNeAR's train.jsonl")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of MiniLM's files")
    parser.add_argument("--work", type=Path, required=True, help="where checkpoints are kept")
    parser.add_argument("--out", type=Path, default=accurate.FILE, help="the graph to write")
    parser.add_argument("--words", type=Path, default=words.FILE, help="the table to write")
    given = parser.parse_args(arguments)
    given.work.mkdir(parents=True, exist_ok=True)
    save_words(given.words, given.encoder)
    texts = read_texts(given.news, given.polnear)
    gold = examples(read_rows(given.newsmtsc / "train.jsonl"))
    conflict = examples(read_mentions(CONFLICT, texts))
    judge = fit(given.encoder, given.work / "judge.pt", _lessons(gold, conflict, SEED), SEED)
    held = [
        example
        for part in ("dev-mt", "dev-rw")
        for example in examples(read_rows(given.newsmtsc / f"{part}.jsonl"))
    ]
    save(given.out, judge, held)


def examples(rows: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Return mentions as the classifier sees them, and the labels that they should get."""
    found = []
    for row in rows:
        also = [tuple(span) for span in row.get("also", [])]
        pieces, place = marked_pieces(context(row["text"], tuple(row["target"]), also))
        found.append(Example(pieces, place, _wanted(row["label"])))
    return found


def _wanted(label: str) -> Doubles:
    wanted = np.full(len(LABELS), SMOOTHING / len(LABELS))
    wanted[label_number(label)] += 1 - SMOOTHING
    return wanted


def _lessons(
    gold: list[Example], conflict: list[Example], seed: int
) -> Callable[[int], list[Example]]:
    """Return what is learned in an epoch, by its number."""

    def lesson(epoch: int) -> list[Example]:
        made = examples(made_sentences(MADE, 1000 * seed + epoch))
        return [*gold, *CONFLICT_TIMES * conflict, *made]

    return lesson


def fit(folder: Path, checkpoint: Path, lesson: Callable[[int], list[Example]], seed: int) -> Judge:
    """Train a model, or go on with it after the last epoch that its checkpoint has."""
    torch.manual_seed(seed)
    judge = Judge(*load_encoder(folder))
    heads = [*judge.hidden.parameters(), *judge.output.parameters()]
    groups = layered(judge.encoder, heads, rate=RATE, decay=LOWER, head_rate=HEAD_RATE)
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY, fused=True)

    def learn(epoch: int) -> float:
        torch.manual_seed(EPOCHS * seed + epoch)
        return _learn(judge, optimiser, lesson(epoch), epoch, np.random.default_rng([seed, epoch]))

    train(judge, optimiser, checkpoint, EPOCHS, learn)
    return judge


def _learn(
    judge: Judge,
    optimiser: torch.optim.Optimizer,
    lesson: list[Example],
    epoch: int,
    random: np.random.Generator,
) -> float:
    """Go once through the examples; return the mean loss."""

    def loss_of(rows: Ints) -> Tensor:
        chosen = [lesson[row] for row in rows]
        wanted = torch.tensor(np.array([e.wanted for e in chosen]), dtype=torch.float32)
        return functional.cross_entropy(_opinion(judge, chosen).float(), wanted)

    parts = [*batches(np.array([len(example.pieces) for example in lesson]), BATCH, random)]
    return take_steps(judge, optimiser, parts, loss_of, epoch=epoch, epochs=EPOCHS, warming=WARMING)


def _opinion(judge: Judge, chosen: Sequence[Example]) -> Tensor:
    pieces, mask = padded([example.pieces for example in chosen])
    places = torch.tensor([example.place for example in chosen])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return judge(pieces, mask, places)


def save_words(path: Path, folder: Path) -> None:
    """Write the table of word pieces, which the models share."""
    pieces = (folder / "vocab.txt").read_text("utf-8").splitlines()
    words.save_pieces(path, pieces, load_encoder(folder)[1].numpy())


def save(path: Path, judge: Judge, held: Sequence[Example]) -> None:
    """Write the graph, and beside it how its opinions on held sentences become probabilities."""
    graph = Graph()
    states = graph.encoder(judge.encoder, "embedded", "mask")
    pooled = graph.add("MatMul", "pooling", states)
    pooled = graph.add("Reshape", pooled, graph.constant(np.array([0, 2 * WIDTH], dtype=np.int64)))
    hidden = graph.add("Tanh", graph.linear(pooled, judge.hidden))
    graph.add("Identity", graph.linear(hidden, judge.output), output="opinions")
    inputs: Shapes = {
        "embedded": ["batch", "length", WIDTH],
        "mask": ["batch", "length"],
        "pooling": ["batch", 2, "length"],
    }
    graph.save(path, inputs, {"opinions": ["batch", len(LABELS)]})
    read = [(example.pieces, example.place) for example in held]
    plain = accurate.Model(path, 1.0, np.zeros(len(LABELS), dtype=np.float32))
    opinions = plain.opinions_of(read)
    labels = np.array([example.wanted.argmax() for example in held])
    sharpness, shift = fit_calibration(opinions, labels)
    kept = {"sharpness": round(sharpness, 4), "shift": [round(float(x), 4) for x in shift]}
    path.with_suffix(".json").write_text(json.dumps(kept) + "\n", "utf-8")
    given = calibrated(opinions, sharpness, shift).argmax(axis=1)
    save_confusion(path.with_name(ERRORS.name), counted(labels, given), model=ACCURATE)


if __name__ == "__main__":
    main()
