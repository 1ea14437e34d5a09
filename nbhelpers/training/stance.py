"""Make the stance model ``fast`` again from NewsMTSC (Hamborg and Donnay, EACL 2021).

Usage: ``python -m nbhelpers.training.stance --data FOLDER``, where the folder holds ``train.jsonl``
(a line a mention: text, target as start and end, label negative, neutral or positive). Writes
``stance_fast.npz``; the same data give the same file.

1. A logistic regression is trained on named features, and small networks on word vectors.
2. The same is done five times on four fifths of the sentences; what these models say of the other
   fifth tells how far their probabilities can be trusted, and calibrates them.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from nbhelpers.target_sentiment.features import named_features, vector_features
from nbhelpers.target_sentiment.masking import Context, context
from nbhelpers.target_sentiment.models import (
    FILE,
    LABELS,
    Linear,
    Model,
    Network,
    matrix,
    mean,
    save_model,
)

GOLD_LABELS = ("negative", "neutral", "positive")
FOLDS = 5
SEEN_AT_LEAST = 3  # contexts in which a named feature must occur
PENALTY = 2.5  # of the linear model: chosen on dev and by cross-validation, like all that follows
NETWORKS = 3
UNITS = 64
DECAY = 1e-3
EPOCHS = 25
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
    parser.add_argument("--out", type=Path, default=FILE, help="the model to write")
    given = parser.parse_args(arguments)
    save_model(given.out, train(read_examples(given.data / "train.jsonl")))


def read_examples(path: Path) -> Examples:
    """Read the gold mentions; all of one sentence are in one fold."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    contexts: list[Context] = [context(row["text"], tuple(row["target"])) for row in rows]
    return Examples(
        [named_features(c) for c in contexts],
        vector_features(contexts),
        np.array([GOLD_LABELS.index(row["label"]) for row in rows]),
        np.array([zlib.crc32(row["text"].encode()) % FOLDS for row in rows]),
    )


def train(examples: Examples) -> Model:
    """Train all parts of the model."""
    sharpness, shift = fit_calibration(unseen_opinions(examples), examples.labels)
    return Model(fit_linear(examples), fit_network(examples), sharpness, shift)


def unseen_opinions(examples: Examples) -> Doubles:
    """Return what is said of each example by a model that has not seen its sentence."""
    opinions = np.zeros((len(examples.labels), len(LABELS)))
    for fold in range(FOLDS):
        held = examples.fold == fold
        if held.any() and not held.all():
            seen, unseen = examples.where(~held), examples.where(held)
            opinions[held] = mean(
                fit_linear(seen).log_probabilities(unseen.named),
                fit_network(seen).log_probabilities(unseen.vectors),
            )
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
    """Train one network by Adam (Kingma and Ba 2015)."""
    random = np.random.default_rng(seed)
    sizes = vectors.shape[1], UNITS, len(LABELS)
    weights = [
        (random.uniform(-1, 1, size) * (6 / sum(size)) ** 0.5).astype(np.float32)
        for size in ((sizes[0], sizes[1]), (1, sizes[1]), (sizes[1], sizes[2]), (1, sizes[2]))
    ]
    weights[1][:] = weights[3][:] = 0
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    wanted = np.eye(len(LABELS), dtype=np.float32)[labels]
    step = 0
    for _ in range(EPOCHS):
        order = random.permutation(len(labels))
        for chosen in np.split(order, range(BATCH, len(order), BATCH)):
            step += 1
            gradients = _gradients(weights, vectors[chosen], wanted[chosen])
            for w, g, m, v in zip(weights, gradients, first, second, strict=True):
                m += 0.1 * (g - m)
                v += 0.001 * (g * g - v)
                rate = RATE * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
                w -= rate * m / (np.sqrt(v) + 1e-8)
    return [weights[0], weights[1][0], weights[2], weights[3][0]]


def _gradients(weights: list[Floats], vectors: Floats, wanted: Floats) -> list[Floats]:
    """The gradients of the cross-entropy and the decay of weights."""
    hidden = (vectors @ weights[0] + weights[1]).clip(min=0)
    errors = (softmax(hidden @ weights[2] + weights[3], axis=1) - wanted) / len(wanted)
    back = (errors @ weights[2].T) * (hidden > 0)
    return [
        vectors.T @ back + DECAY * weights[0],
        back.sum(axis=0, keepdims=True),
        hidden.T @ errors + DECAY * weights[2],
        errors.sum(axis=0, keepdims=True),
    ]


def fit_calibration(opinions: Doubles, labels: Ints) -> tuple[float, Floats]:
    """Fit the sharpness and the shift by which the opinions become probabilities."""

    def loss(values: Doubles) -> float:
        logs = log_softmax(values[0] * opinions + np.append(values[1:], 0), axis=1)
        return float(-logs[np.arange(len(labels)), labels].mean())

    fitted = minimize(loss, np.array([1.0, 0.0, 0.0]), method="Nelder-Mead").x
    return float(fitted[0]), np.append(fitted[1:], 0).astype(np.float32)


if __name__ == "__main__":
    main()
