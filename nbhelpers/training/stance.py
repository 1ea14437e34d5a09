"""Make the stance model ``fast`` again from NewsMTSC (Hamborg and Donnay, EACL 2021) and war news.

Usage: ``python -m nbhelpers.training.stance --data FOLDER --news FILE --polnear FILE``, where the
folder holds ``train.jsonl`` (a line a mention: text, target as start and end, label negative,
neutral or positive), and the files the texts of the mentions that are labelled in
``stance_conflict.jsonl``; without them, these are left out. Writes ``stance_fast.npz`` and,
beside it in ``stance_errors.tsv``, how it errs on NewsMTSC; the same data give the same files.

1. A logistic regression is trained on named features, and small networks on word vectors.
2. The same is done five times on four fifths of the sentences; what these models say of the other
   fifth tells how far their probabilities can be trusted and how often a label is taken for
   another, and calibrates them.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from nbhelpers.target_sentiment.errors import FILE as ERRORS
from nbhelpers.target_sentiment.errors import counted, save_confusion
from nbhelpers.target_sentiment.fast import FILE, Linear, Model, Network, matrix, save_model
from nbhelpers.target_sentiment.features import named_features, vector_features
from nbhelpers.target_sentiment.labels import LABELS, calibrated
from nbhelpers.target_sentiment.masking import context, with_one_sign
from nbhelpers.target_sentiment.models import FAST
from nbhelpers.training.labelled_places import (
    CONFLICT,
    CONFLICT_TIMES,
    label_number,
    read_mentions,
    read_rows,
    read_texts,
)

FOLDS = 5
SEEN_AT_LEAST = 3  # contexts in which a named feature must occur
PENALTY = 2.5  # of the linear model: chosen on dev and by cross-validation, like all that follows
NETWORKS = 4
UNITS = 128
DROPPED_INPUTS = 0.3  # share of the numbers left out at each step, and so below
DROPPED_UNITS = 0.5
DECAY = 1e-4
EPOCHS = 50
BATCH = 200
RATE = 1e-3

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Examples:
    """Contexts as the classifier sees them, their labels, and the fold that each belongs to."""

    named: list[Mapping[str, float]]
    vectors: Floats
    labels: Ints
    fold: Ints

    def where(self, chosen: npt.NDArray[np.bool_]) -> Examples:
        """Return some of them."""
        named = [self.named[i] for i in np.flatnonzero(chosen)]
        return Examples(named, self.vectors[chosen], self.labels[chosen], self.fold[chosen])


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True, help="folder of NewsMTSC's files")
    parser.add_argument("--news", type=Path, help="table of news articles")
    parser.add_argument("--polnear", type=Path, help="PolNeAR's train.jsonl")
    parser.add_argument("--out", type=Path, default=FILE, help="the model to write")
    given = parser.parse_args(arguments)
    gold = read_rows(given.data / "train.jsonl")
    conflict = []
    if given.news and given.polnear:
        conflict = [*read_mentions(CONFLICT, read_texts(given.news, given.polnear))]
    examples = examples_of([*gold, *CONFLICT_TIMES * conflict])
    opinions = unseen_opinions(examples)
    model = train(examples, opinions)
    save_model(given.out, model)
    labelled = calibrated(opinions, model.sharpness, model.shift).argmax(axis=1)
    errors = counted(examples.labels[: len(gold)], labelled[: len(gold)])
    save_confusion(given.out.with_name(ERRORS.name), errors, model=FAST)


def examples_of(rows: Sequence[Mapping[str, Any]]) -> Examples:
    """Return mentions as the classifier sees them; all of one sentence are in one fold."""
    contexts = [with_one_sign(context(row["text"], tuple(row["target"]))) for row in rows]
    return Examples(
        [named_features(c) for c in contexts],
        vector_features(contexts),
        np.array([label_number(row["label"]) for row in rows]),
        np.array([zlib.crc32(row["text"].encode()) % FOLDS for row in rows]),
    )


def train(examples: Examples, opinions: Doubles) -> Model:
    """Train all parts of the model; ``opinions`` as of :func:`unseen_opinions`."""
    sharpness, shift = fit_calibration(opinions, examples.labels)
    return Model(fit_linear(examples), fit_network(examples), sharpness, shift)


def unseen_opinions(examples: Examples) -> Doubles:
    """Return what is said of each example by a model that has not seen its sentence."""
    opinions = np.zeros((len(examples.labels), len(LABELS)))
    for fold in range(FOLDS):
        held = examples.fold == fold
        if held.any() and not held.all():
            seen, unseen = examples.where(~held), examples.where(held)
            linear = fit_linear(seen).log_probabilities(unseen.named)
            network = fit_network(seen).log_probabilities(unseen.vectors)
            opinions[held] = (linear + network) / 2
    return opinions


def fit_linear(examples: Examples) -> Linear:
    """Fit a multinomial logistic regression in which each label has the same weight."""
    seen = Counter(name for features in examples.named for name in features)
    kept = sorted(name for name, n in seen.items() if n >= SEEN_AT_LEAST)
    index = {name: i for i, name in enumerate(kept)}
    rows = matrix(examples.named, index)
    columns = rows.T.tocsr()
    wanted = np.eye(len(LABELS))[examples.labels]
    counts = np.bincount(examples.labels, minlength=len(LABELS)).clip(min=1)
    importance = (len(examples.labels) / len(LABELS) / counts)[examples.labels][:, None]

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        weights = flat.reshape(len(index) + 1, len(LABELS))
        logs = log_softmax(rows @ weights[:-1] + weights[-1], axis=1)
        errors = importance * (np.exp(logs) - wanted)
        penalty = PENALTY * weights[:-1]
        gradient = np.vstack([columns @ errors + penalty, errors.sum(axis=0)])
        total = (penalty * weights[:-1]).sum() / 2 - (importance * wanted * logs).sum()
        return float(total), gradient.ravel()

    start = np.zeros((len(index) + 1) * len(LABELS))
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-6}).x
    weights = fitted.reshape(-1, len(LABELS)).astype(np.float32)
    return Linear(index, weights[:-1], weights[-1])


def fit_network(examples: Examples) -> Network:
    """Train networks that differ in their seed alone."""
    each = [_fit_one(examples.vectors, examples.labels, seed) for seed in range(NETWORKS)]
    return Network(*(np.stack(part) for part in zip(*each, strict=True)))


def _fit_one(vectors: Floats, labels: Ints, seed: int) -> list[Floats]:
    """Train one network by Adam (Kingma and Ba 2015) with dropout (Srivastava et al. 2014)."""
    random = np.random.default_rng(seed)
    weights = _first_weights(random, vectors.shape[1])
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    wanted = np.eye(len(LABELS), dtype=np.float32)[labels]
    step = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(labels))
        for chosen in np.split(order, range(BATCH, len(order), BATCH)):
            step += 1
            rate = RATE * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
            gradients = _gradients(random, weights, vectors[chosen], wanted[chosen])
            for w, g, (first, second) in zip(weights, gradients, moments, strict=True):
                first += 0.1 * (g - first)
                second += 0.001 * (g * g - second)
                w -= rate * first / (np.sqrt(second) + 1e-8)
    return [weights[0], weights[1][0], weights[2], weights[3][0]]


def _first_weights(random: np.random.Generator, inputs: int) -> list[Floats]:
    """Weights and biases of both layers (Glorot and Bengio 2010)."""
    found: list[Floats] = []
    for before, after in ((inputs, UNITS), (UNITS, len(LABELS))):
        reach = (6 / (before + after)) ** 0.5
        found.append(random.uniform(-reach, reach, (before, after)).astype(np.float32))
        found.append(np.zeros((1, after), dtype=np.float32))
    return found


def _gradients(
    random: np.random.Generator, weights: list[Floats], vectors: Floats, wanted: Floats
) -> list[Floats]:
    """The gradients of the cross-entropy and the decay of weights."""
    vectors = vectors * _kept(random, vectors.shape, DROPPED_INPUTS)
    hidden = (vectors @ weights[0] + weights[1]).clip(min=0)
    kept = _kept(random, hidden.shape, DROPPED_UNITS)
    errors = (softmax((hidden * kept) @ weights[2] + weights[3], axis=1) - wanted) / len(wanted)
    back = (errors @ weights[2].T) * kept * (hidden > 0)
    return [
        vectors.T @ back + DECAY * weights[0],
        back.sum(axis=0, keepdims=True),
        (hidden * kept).T @ errors + DECAY * weights[2],
        errors.sum(axis=0, keepdims=True),
    ]


def _kept(random: np.random.Generator, shape: tuple[int, ...], dropped: float) -> Floats:
    """Zero for what is left out; the rest makes up for it."""
    kept = random.random(shape, dtype=np.float32) >= dropped
    return kept.astype(np.float32) / np.float32(1 - dropped)


def fit_calibration(opinions: Doubles, labels: Ints) -> tuple[float, Floats]:
    """Fit the sharpness and the shift by which the opinions become probabilities."""

    def loss(values: Doubles) -> float:
        logs = log_softmax(values[0] * opinions + np.append(values[1:], 0), axis=1)
        return float(-logs[np.arange(len(labels)), labels].mean())

    fitted = minimize(loss, np.array([1.0, 0.0, 0.0]), method="Nelder-Mead").x
    return float(fitted[0]), np.append(fitted[1:], 0).astype(np.float32)


if __name__ == "__main__":
    main()
