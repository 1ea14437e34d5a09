"""Make the stance model ``accurate`` again: MiniLM, taught by a large encoder, all names hidden.

Usage: ``python -m nbhelpers.training.stance_encoder --newsmtsc FOLDER --dse FILE --news FILE
--polnear FILE --kept FILE --encoder FOLDER --large FOLDER --work FOLDER``. Writes
``stance_accurate.onnx`` and ``.json`` beside it, how it errs in ``stance_errors.tsv``, and
``encoder_words.npz``; logs each epoch. What is in the work folder is not made again: a run that was
cut off goes on after its last epoch.

1. Two large encoders, the teachers, learn from three kinds of sentences: NewsMTSC's (persons in
   US politics), news of war and diplomacy with our own labels (``stance_conflict.jsonl``: places
   and labels, no text), and sentences made from patterns, anew in each epoch
   (:mod:`nbhelpers.training.stance_patterns`).
2. The small encoder, the pupil, learns the same and what the teachers say (Hinton et al. 2015): of
   NewsMTSC's mentions, beside their label, and of further ones without any, of persons and states
   (in the sentences of Park et al. 2021, whose labels are not used, and in articles).
3. NewsMTSC's development sets say how its opinions become probabilities, and how it errs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import softmax
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
from nbhelpers.training.large_encoder import load_large_encoder
from nbhelpers.training.onnx_graph import Graph, Shapes
from nbhelpers.training.stance import fit_calibration
from nbhelpers.training.stance_patterns import made_sentences
from nbhelpers.training.unlabelled import further_mentions, people, states_in_war

BATCH = 32
DECAY = 0.01
SMOOTHING = 0.1  # share of a label's weight that all three have
WARMING = 0.1  # share of the steps in which the rate rises
MADE = 500  # made sentences in an epoch
DIRECTED = 22_000  # mentions without a label: of whom the sentences of directed sentiment name
PEOPLE = 26_000  # of people in articles
STATES = 8_000  # of states in articles on war
HELD = "dev-mt", "dev-rw"
DROPPED = 0.1

Doubles = npt.NDArray[np.float64]
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """Word pieces, the mention's place among them, and how probable each label should be.

    The last are zeros where nobody has said it.
    """

    pieces: list[int]
    place: int
    wanted: Doubles


@dataclass(frozen=True, slots=True)
class Schooling:
    """How a model is trained.

    The rate rises, then falls; ``lower`` is the share of a layer's rate that the one below has.
    """

    seed: int
    epochs: int
    rate: float
    lower: float
    head_rate: float


TEACHERS = (
    Schooling(seed=0, epochs=3, rate=5e-5, lower=0.9, head_rate=5e-4),
    Schooling(seed=2, epochs=2, rate=5e-5, lower=0.9, head_rate=5e-4),
)
PUPIL = Schooling(seed=1, epochs=4, rate=1.5e-4, lower=0.85, head_rate=1e-3)


class Judge(nn.Module):
    """An encoder and what stands on it: the mention's state and the mean of all, two layers."""

    def __init__(self, encoder: Encoder, table: Tensor) -> None:
        """Make it; what stands on the encoder has random weights."""
        super().__init__()
        width = table.shape[1]
        self.encoder = encoder
        self.table = table
        self.hidden = nn.Linear(2 * width, width)
        self.output = nn.Linear(width, len(LABELS))
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
    given = _parser().parse_args(arguments)
    given.work.mkdir(parents=True, exist_ok=True)
    save_words(given.words, given.encoder)
    held_rows = {part: read_rows(given.newsmtsc / f"{part}.jsonl") for part in HELD}
    held = {part: examples(rows) for part, rows in held_rows.items()}
    measured = {row["text"] for rows in held_rows.values() for row in rows}
    texts = read_texts(given.news, given.polnear)
    gold = examples(read_rows(given.newsmtsc / "train.jsonl"))
    war = CONFLICT_TIMES * examples(read_mentions(CONFLICT, texts))
    kept = {(row["origin"], row["doc_id"]) for row in read_rows(given.kept)}
    articles = [text for document, text in texts.items() if document not in kept]
    further = [
        *further_mentions(read_rows(given.dse), measured, DIRECTED),
        *further_mentions(people(articles), measured, PEOPLE),
        *further_mentions(states_in_war(articles), measured, STATES),
    ]
    untold = [*gold, *examples(further)]
    opinions = []
    for schooling in TEACHERS:
        teacher = new_judge(*load_large_encoder(given.large, word_pieces(given.encoder)), schooling)
        name = f"teacher-{schooling.seed}"
        fit(teacher, given.work / f"{name}.pt", [*gold, *war], schooling, held)
        opinions.append(kept_opinions(teacher, untold, given.work / f"{name}.npy"))
    pupil = new_judge(*load_encoder(given.encoder), PUPIL)
    fit(pupil, given.work / "pupil.pt", [*war, *taught(untold, opinions)], PUPIL, held)
    save(given.out, pupil, [example for seen in held.values() for example in seen])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--newsmtsc", type=Path, required=True, help="folder of NewsMTSC's files")
    parser.add_argument("--dse", type=Path, required=True, help="train.jsonl of directed sentiment")
    parser.add_argument("--news", type=Path, required=True, help="table of news articles")
    parser.add_argument("--polnear", type=Path, required=True, help="PolNeAR's train.jsonl")
    parser.add_argument("--kept", type=Path, required=True, help="places in texts kept to measure")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of MiniLM's files")
    parser.add_argument("--large", type=Path, required=True, help="folder of MPNet's files")
    parser.add_argument("--work", type=Path, required=True, help="where checkpoints are kept")
    parser.add_argument("--out", type=Path, default=accurate.FILE, help="the graph to write")
    parser.add_argument("--words", type=Path, default=words.FILE, help="the table to write")
    return parser


def examples(rows: Iterable[Mapping[str, Any]]) -> list[Example]:
    """Return mentions as the classifier sees them."""
    found = []
    for row in rows:
        also = [tuple(span) for span in row.get("also", [])]
        pieces, place = marked_pieces(context(row["text"], tuple(row["target"]), also))
        found.append(Example(pieces, place, _wanted(row.get("label"))))
    return found


def _wanted(label: str | None) -> Doubles:
    wanted = np.zeros(len(LABELS))
    if label is not None:
        wanted += SMOOTHING / len(LABELS)
        wanted[label_number(label)] += 1 - SMOOTHING
    return wanted


def kept_opinions(teacher: Judge, seen: Sequence[Example], file: Path) -> Doubles:
    """Return what the teacher says of examples, a row each; it is kept in the file."""
    if not file.exists():
        np.save(file, opinions_of(teacher, seen))
    opinions: Doubles = np.load(file)
    return opinions


def taught(seen: Sequence[Example], opinions: Sequence[Doubles]) -> list[Example]:
    """Return examples with the mean of what the teachers say of them, and of their own label."""
    wanted = np.mean(opinions, axis=0) + [example.wanted for example in seen]
    wanted /= wanted.sum(axis=1, keepdims=True)
    return [replace(e, wanted=own) for e, own in zip(seen, wanted, strict=True)]


def new_judge(encoder: Encoder, table: Tensor, schooling: Schooling) -> Judge:
    """Return a model that has learned nothing of stance."""
    torch.manual_seed(schooling.seed)
    return Judge(encoder, table)


def fit(
    judge: Judge,
    checkpoint: Path,
    lessons: Sequence[Example],
    schooling: Schooling,
    held: Mapping[str, list[Example]],
) -> None:
    """Train a model, or go on with it after the last epoch that its checkpoint has.

    To the lessons come sentences made anew in each epoch, after which it is logged how well the
    held ones are told.
    """
    heads = [*judge.hidden.parameters(), *judge.output.parameters()]
    rates = {"rate": schooling.rate, "decay": schooling.lower, "head_rate": schooling.head_rate}
    optimiser = torch.optim.AdamW(
        layered(judge.encoder, heads, **rates), weight_decay=DECAY, fused=True
    )

    def learn(epoch: int) -> float:
        torch.manual_seed(schooling.epochs * schooling.seed + epoch)
        random = np.random.default_rng([schooling.seed, epoch])
        made = examples(made_sentences(MADE, 1000 * schooling.seed + epoch))
        loss = _learn(judge, optimiser, [*lessons, *made], epoch, schooling.epochs, random)
        for part, seen in held.items():
            print(f"{part}: macro F1 {_macro_f1(judge, seen):.1f}", flush=True)
        return loss

    train(judge, optimiser, checkpoint, schooling.epochs, learn)


def _macro_f1(judge: Judge, seen: Sequence[Example]) -> float:
    """Return the mean F1 of the labels in %."""
    told = opinions_of(judge, seen).argmax(axis=1)
    table = counted(_labels(seen), told).to_numpy()
    return float(200 * np.mean(table.diagonal() / (table.sum(axis=0) + table.sum(axis=1))))


def _labels(seen: Sequence[Example]) -> Ints:
    return np.array([example.wanted.argmax() for example in seen])


def opinions_of(judge: Judge, seen: Sequence[Example]) -> Doubles:
    """Return how probable each label is, a row an example."""
    judge.eval()
    found = np.zeros((len(seen), len(LABELS)))
    order = np.argsort([len(example.pieces) for example in seen], kind="stable")
    with torch.no_grad():
        for rows in np.split(order, range(BATCH, len(order), BATCH)):
            opinion = _opinion(judge, [seen[row] for row in rows])
            found[rows] = softmax(opinion.float().numpy(), axis=1)
    return found


def _learn(
    judge: Judge,
    optimiser: torch.optim.Optimizer,
    lesson: list[Example],
    epoch: int,
    epochs: int,
    random: np.random.Generator,
) -> float:
    """Go once through the examples; return the mean loss."""

    def loss_of(rows: Ints) -> Tensor:
        chosen = [lesson[row] for row in rows]
        wanted = torch.tensor(np.array([e.wanted for e in chosen]), dtype=torch.float32)
        return functional.cross_entropy(_opinion(judge, chosen).float(), wanted)

    parts = [*batches(np.array([len(example.pieces) for example in lesson]), BATCH, random)]
    return take_steps(judge, optimiser, parts, loss_of, epoch=epoch, epochs=epochs, warming=WARMING)


def _opinion(judge: Judge, chosen: Sequence[Example]) -> Tensor:
    pieces, mask = padded([example.pieces for example in chosen])
    places = torch.tensor([example.place for example in chosen])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return judge(pieces, mask, places)


def save_words(path: Path, folder: Path) -> None:
    """Write the table of word pieces, which the models share."""
    words.save_pieces(path, word_pieces(folder), load_encoder(folder)[1].numpy())


def word_pieces(folder: Path) -> list[str]:
    """Return an encoder's word pieces in the order of its table."""
    return (folder / "vocab.txt").read_text("utf-8").splitlines()


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
    labels = _labels(held)
    sharpness, shift = fit_calibration(opinions, labels)
    kept = {"sharpness": round(sharpness, 4), "shift": [round(float(x), 4) for x in shift]}
    path.with_suffix(".json").write_text(json.dumps(kept) + "\n", "utf-8")
    given = calibrated(opinions, sharpness, shift).argmax(axis=1)
    save_confusion(path.with_name(ERRORS.name), counted(labels, given), model=ACCURATE)


if __name__ == "__main__":
    main()
