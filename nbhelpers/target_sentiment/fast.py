"""The model ``fast``: a linear model of named features and small networks over word vectors.

Each says how probable the three labels are; their geometric mean, calibrated, is what counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax

from nbhelpers.target_sentiment.features import named_features, vector_features
from nbhelpers.target_sentiment.labels import LABELS, Doubles, Floats, calibrated
from nbhelpers.target_sentiment.masking import Context, with_one_sign

FILE = Path(str(files("nbhelpers") / "models" / "stance_fast.npz"))

_SCALE = 4.0  # length of the vector of named features
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Linear:
    """A weight for each feature and label."""

    index: Mapping[str, int]
    weights: Floats
    bias: Floats

    def log_probabilities(self, named: Iterable[Mapping[str, float]]) -> Doubles:
        """Return how probable each label is, for each context's features."""
        scores = matrix(named, self.index) @ self.weights + self.bias
        return np.asarray(log_softmax(scores.astype(np.float64), axis=1))


@dataclass(frozen=True, slots=True)
class Network:
    """Several networks with one hidden layer of rectified units; their opinions are averaged."""

    hidden: Floats
    hidden_bias: Floats
    output: Floats
    output_bias: Floats

    def log_probabilities(self, vectors: Floats) -> Doubles:
        """Return how probable each label is, for each context's vector."""
        # Not BLAS, whose sums depend on where among others a row stands
        hidden = np.einsum("ri,kiu->kru", vectors, self.hidden) + self.hidden_bias[:, None]
        scores = np.einsum("kru,kul->krl", hidden.clip(min=0), self.output)
        each = softmax((scores + self.output_bias[:, None]).astype(np.float64), axis=2)
        return np.asarray(np.log(each.mean(axis=0)))


@dataclass(frozen=True, slots=True)
class Model:
    """Both parts, and how their mean becomes a probability: times ``sharpness``, plus ``shift``."""

    linear: Linear
    network: Network
    sharpness: float
    shift: Floats

    def probabilities(self, contexts: Sequence[Context]) -> Doubles:
        """Return the probabilities of against, neutral and favour, a row a context."""
        contexts = [with_one_sign(context) for context in contexts]
        starts = range(0, len(contexts), _AT_ONCE)
        found = [self._calibrated(contexts[k : k + _AT_ONCE]) for k in starts]
        return np.concatenate(found) if found else np.empty((0, len(LABELS)))

    def _calibrated(self, contexts: Sequence[Context]) -> Doubles:
        linear = self.linear.log_probabilities(map(named_features, contexts))
        network = self.network.log_probabilities(vector_features(contexts))
        return calibrated((linear + network) / 2, self.sharpness, self.shift)


def matrix(named: Iterable[Mapping[str, float]], index: Mapping[str, int]) -> csr_matrix:
    """Return the known features as rows of one length."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for features in named:
        known = [(index[name], value) for name, value in features.items() if name in index]
        scale = _SCALE / max(sum(value * value for _, value in known), 1e-9) ** 0.5
        columns += [column for column, _ in known]
        values += [scale * value for _, value in known]
        ends.append(len(columns))
    numbers = np.array(values, dtype=np.float32)
    shape = len(ends) - 1, len(index)
    return csr_matrix((numbers, np.array(columns, dtype=np.int64), np.array(ends)), shape=shape)


@cache
def read_model(path: Path) -> Model:
    """Read the file that :func:`save_model` wrote."""
    with np.load(path, allow_pickle=False) as file:
        names = json.loads(file["names"].tobytes())
        parts = {name: file[name].astype(np.float32) for name in file.files if name != "names"}
    index = {name: row for row, name in enumerate(names)}
    network = Network(*(parts[key] for key in _NETWORK))
    linear = Linear(index, parts["weights"], parts["bias"])
    return Model(linear, network, float(parts["sharpness"]), parts["shift"])


def save_model(path: Path, model: Model) -> None:
    """Write a model: numbers of two bytes, and the names of features as JSON."""
    names = json.dumps(list(model.linear.index), ensure_ascii=False)
    numbers = {key: getattr(model.network, key) for key in _NETWORK}
    numbers |= {"weights": model.linear.weights, "bias": model.linear.bias}
    np.savez_compressed(
        path,
        names=np.frombuffer(names.encode(), dtype=np.uint8),
        sharpness=np.float32(model.sharpness),
        shift=model.shift.astype(np.float32),
        **{key: value.astype(np.float16) for key, value in numbers.items()},
    )


_NETWORK = ("hidden", "hidden_bias", "output", "output_bias")
