"""The sequence model: a linear-chain CRF whose weights are read from a file without any code in it.

Training is python-crfsuite's (:mod:`nbhelpers.training.attribution`); decoding is done here, so
that the sums of a word's own features are made once a word, which is most of the work.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nbhelpers.extraction.features import EDGE, LONGEST, WINDOW, form_of, place_features
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.tags import OUTSIDE, Piece, pieces_of

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]

FAVOUR = 1.5  # added to the score of content for each favoured token

_KEPT_WORDS = 100_000  # words whose sums are remembered


class Chain:
    """Linear-chain decoding: ``transitions`` has a row for the label before, a column for each."""

    def __init__(self, labels: Iterable[str], transitions: Floats) -> None:
        """Keep the exponentials."""
        self.labels = list(labels)
        self.transitions = transitions
        self.content = [k for k, label in enumerate(self.labels) if label[1:2] == "C"]
        self._exp_transitions = np.exp(transitions.astype(np.float64))

    def best_path(self, scores: Doubles) -> list[int]:
        """Return the best label of each token, as numbers (Viterbi)."""
        backward = []
        best = scores[0]
        transitions = self.transitions.T
        for row in scores[1:]:
            ways = transitions + best
            came_from = ways.argmax(axis=1)
            backward.append(came_from)
            best = ways.max(axis=1) + row
        path = [int(best.argmax())]
        for came_from in reversed(backward):
            path.append(int(came_from[path[-1]]))
        return path[::-1]

    def marginals(self, scores: Doubles) -> Doubles:
        """Return the probability of each label for each token (forward-backward algorithm)."""
        local = np.exp(scores - scores.max(axis=1, keepdims=True))
        forward, backward = np.empty_like(local), np.empty_like(local)
        forward[0] = local[0] / local[0].sum()
        backward[-1] = 1.0
        for i in range(1, len(local)):
            here = (forward[i - 1] @ self._exp_transitions) * local[i]
            forward[i] = here / here.sum()
        for i in range(len(local) - 2, -1, -1):
            there = self._exp_transitions @ (local[i + 1] * backward[i + 1])
            backward[i] = there / there.sum()
        joint: Doubles = forward * backward
        joint /= joint.sum(axis=1, keepdims=True)
        return joint


@dataclass(frozen=True, slots=True)
class Reading:
    """What a tagger makes of one paragraph: a row for each token, a column for each label."""

    scores: Doubles
    chain: Chain

    def pieces(self, favoured: Sequence[int] = ()) -> list[Piece]:
        """Return the pieces that the best row of labels spells.

        ``favoured`` tokens are taken for content unless much speaks against it.
        """
        scores = self.scores.copy()
        if favoured:
            scores[np.ix_(favoured, self.chain.content)] += FAVOUR
        path = self.chain.best_path(scores)
        tags = [self.chain.labels[k] for k in path]
        if all(tag == OUTSIDE for tag in tags):
            return []
        certain = self.chain.marginals(scores)[np.arange(len(path)), path]
        return pieces_of(tags, certain.tolist())


class Tagger:
    """Tags the tokens of paragraphs.

    ``weights`` has a row for each attribute and a column for each label, ``transitions`` a row for
    the label before. ``boldness`` is added to the score of tags that begin a piece: the higher it
    is, the more is found and the less of it is right.
    """

    def __init__(
        self,
        labels: Iterable[str],
        attributes: Iterable[str],
        weights: Floats,
        transitions: Floats,
        boldness: float = 0.0,
    ) -> None:
        """Index the attributes."""
        self.chain = Chain(labels, transitions)
        self._index = {name: i for i, name in enumerate(attributes)}
        self._weights = weights
        self._bias = boldness_of(self.chain.labels, boldness)
        self._word_sums: dict[str, Floats] = {}

    def read(self, parts: Iterable[Paragraph]) -> Iterator[Reading]:
        """Yield what the tagger makes of each paragraph of a text, given the one before it."""
        previous = None
        for paragraph in parts:
            yield Reading(self.scores(paragraph, previous), self.chain)
            previous = paragraph

    def scores(self, paragraph: Paragraph, previous: Paragraph | None) -> Doubles:
        """Return the score of each label for each token, transitions aside."""
        edges = [EDGE] * WINDOW
        sums = np.stack([self._sums_of(word) for word in (*edges, *paragraph.words, *edges)])
        n = len(paragraph.words)
        scores = sum(sums[k : k + n, k] for k in range(2 * WINDOW + 1)) + self._bias
        here = self._summed(place_features(paragraph, previous))
        return np.add(scores, here, dtype=np.float64)

    def _sums_of(self, word: str) -> Floats:
        """For each offset, the summed weights of the features of a word."""
        word = word[:LONGEST]
        if word not in self._word_sums:
            if len(self._word_sums) >= _KEPT_WORDS:
                self._word_sums.clear()
            self._word_sums[word] = self._summed(form_of(word).at)
        return self._word_sums[word]

    def _summed(self, features: Iterable[list[str]]) -> Floats:
        """The summed weights of each list of features."""
        index = self._index
        rows: list[int] = []
        first: list[int] = []
        for names in features:
            first.append(len(rows))
            rows += [index[name] for name in names if name in index]
            rows.append(-1)  # the last row is zero, so that no stretch is empty
        return np.add.reduceat(self._weights[rows], first, axis=0)


def boldness_of(labels: Iterable[str], boldness: float) -> Doubles:
    """Return what is added to the score of each label: something where a piece begins.

    >>> boldness_of(["BC>", "IC>", "O"], 0.5).tolist()
    [0.5, 0.0, 0.0]
    """
    return np.where([label[0] == "B" for label in labels], boldness, 0.0)


def load_tagger(path: Path, *, boldness: float = 0.0) -> Tagger:
    """Read a tagger from the file that :func:`save_weights` wrote."""
    with np.load(path, allow_pickle=False) as file:
        names = json.loads(file["names"].tobytes())
        weights = np.zeros((len(names["attributes"]) + 1, len(names["labels"])), dtype=np.float32)
        weights[file["rows"], file["columns"]] = file["values"]
        transitions = file["transitions"].astype(np.float32)
    return Tagger(names["labels"], names["attributes"], weights, transitions, boldness)


def save_weights(
    path: Path,
    labels: list[str],
    state: dict[tuple[str, str], float],
    transitions: dict[tuple[str, str], float],
) -> None:
    """Write the weights of a CRF: those of (attribute, label) and of (label before, label)."""
    attributes = sorted({attribute for attribute, _ in state})
    row = {name: i for i, name in enumerate(attributes)}
    column = {name: i for i, name in enumerate(labels)}
    between = np.zeros((len(labels), len(labels)))
    for (before, label), weight in transitions.items():
        between[column[before], column[label]] = weight
    names = json.dumps({"labels": labels, "attributes": attributes}, ensure_ascii=False)
    np.savez_compressed(
        path,
        names=np.frombuffer(names.encode(), dtype=np.uint8),
        rows=np.array([row[a] for a, _ in sorted(state)], dtype=np.int32),
        columns=np.array([column[b] for _, b in sorted(state)], dtype=np.int8),
        values=np.array([state[key] for key in sorted(state)], dtype=np.float16),
        transitions=between.astype(np.float32),
    )
