"""How probable it is that two statements report one utterance, from a few plain likenesses."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from nbhelpers.retelling.index import Index
from nbhelpers.retelling.speakers import SAME, agreement
from nbhelpers.retelling.statements import Statement
from nbhelpers.target_sentiment.lexicon import known_words
from nbhelpers.words import Bools, Floats, Ints

WEIGHTS = Path(str(files("nbhelpers") / "models" / "retelling.json"))
LIKENESSES = (
    "meant",  # share of the poorer statement's weight that the other has, in these or like words
    "wording",  # rapidfuzz's token_set_ratio: how like the words are, those that only one has aside
    "run",  # share of the poorer one's telling words that follow one another in both
    "plain",  # bits of the shared words that are neither name nor number, as a logarithm
    "one_speaker",  # 1 if they agree (see speakers.SAME)
    "numbers_apart",  # 1 if both have numbers, and none in common
)
_WORDING = LIKENESSES.index("wording")
ALIKE = 0.4  # cosine of two words' vectors from which on they mean something alike


def likenesses(index: Index, pairs: Ints, *, least: float = 0.0) -> Floats:
    """Return a row for each pair, a column for each of :data:`LIKENESSES`.

    Args:
        index: the statements.
        pairs: two columns of numbers of statements.
        least: a pair whose probability cannot be this high has the likenesses that it could have at
            most, which takes a tenth of the time.
    """
    words, of_pair = np.unique(index.same_words[pairs], axis=0, return_inverse=True)
    rows = _at_most(index, words)
    meanings = Meanings(index)
    for number in np.flatnonzero(probability(rows) >= least).tolist():
        rows[number] = _row(index, meanings, words[number].tolist(), rows[number][_WORDING])
    rows = rows[of_pair.ravel()]
    rows[:, LIKENESSES.index("one_speaker")] = _is_one_speaker(index, pairs)
    return rows


def _is_one_speaker(index: Index, pairs: Ints) -> Bools:
    speakers, of_pair = np.unique(index.records["speaker"][pairs], axis=0, return_inverse=True)
    known = index.speakers
    agreed = [agreement(known[a], known[b]) in SAME for a, b in speakers.tolist()]
    return np.array(agreed, bool)[of_pair.ravel()]


def _at_most(index: Index, pairs: Ints) -> Floats:
    """The likenesses that make each pair most probable, given its wording and shared weight."""
    known = {"wording": _wording(index, pairs), "plain": np.log1p(index.shared(pairs))}
    best = {name: float(weight > 0) for name, weight in learned().items()} | known
    return np.column_stack([np.broadcast_to(best[name], len(pairs)) for name in LIKENESSES])


def probability(rows: Floats, weights: Mapping[str, float] | None = None) -> Floats:
    """Return the probability that each pair reports one utterance (logistic regression).

    The weights were learned by :mod:`nbhelpers.training.retelling` from annotated pairs.
    """
    weights = weights or learned()
    # Row by row: a product of matrices would round a pair otherwise beside other pairs.
    score = (rows * [weights[name] for name in LIKENESSES]).sum(axis=1) + weights["constant"]
    found: Floats = 1 / (1 + np.exp(-score))
    return found


@cache
def learned() -> dict[str, float]:
    """Return the weight of each likeness, and the ``constant``."""
    table: dict[str, float] = json.loads(WEIGHTS.read_text("utf-8"))
    return table


class Meanings:
    """Which terms mean something alike, by the vectors of their words."""

    def __init__(self, index: Index) -> None:
        """Take the terms of an index."""
        self._index = index

    def between(self, terms: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the cosine of each of some terms with each of the others."""
        found: npt.NDArray[np.float32] = self._vectors(terms) @ self._vectors(others).T
        return found

    def _vectors(self, terms: Sequence[str]) -> npt.NDArray[np.float32]:
        codes = [self._index.terms[term] for term in terms]
        return _unit_vectors()[self._index.word_rows[codes]]


@cache
def _unit_vectors() -> npt.NDArray[np.float32]:
    """The vectors of all known words, each of length 1, and zeros in the last row."""
    known = known_words().vectors
    length = np.linalg.norm(known, axis=1, keepdims=True)
    unit: npt.NDArray[np.float32] = known / np.maximum(length, 1e-9)
    return np.vstack([unit, np.zeros_like(unit[:1])])


def _wording(index: Index, pairs: Ints) -> Floats:
    one, two = ([index.forms(i) for i in pairs[:, side].tolist()] for side in (0, 1))
    found: Floats = process.cpdist(one, two, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100
    return found


def _row(index: Index, meanings: Meanings, pair: Sequence[int], wording: float) -> list[float]:
    poorer, richer = sorted(pair, key=index.total.__getitem__)
    one, two = index[poorer], index[richer]
    numbers = one.numbers.keys(), two.numbers.keys()
    plain = (one.distinct & two.distinct) - one.names.keys() - two.names.keys() - numbers[0]
    return [
        _meant(index, meanings, one, two) / max(index.total[poorer], 1e-9),
        wording,
        _longest_run(one.terms, two.terms) / len(one.terms),
        math.log1p(index.weigh(plain)),
        0.0,
        float(bool(numbers[0] and numbers[1]) and not numbers[0] & numbers[1]),
    ]


def _meant(index: Index, meanings: Meanings, one: Statement, two: Statement) -> float:
    """How much of a statement another has, in the same words or in like ones, in bits."""
    shared = one.distinct & two.distinct
    rest, others = sorted(one.distinct - shared), sorted(two.distinct - shared)
    found = index.weigh(shared)
    if rest and others:
        best = meanings.between(rest, others).max(axis=1).tolist()
        weights = (index.weight[index.terms[term]] for term in rest)
        found += sum(w * like for w, like in zip(weights, best, strict=True) if like >= ALIKE)
    return found


def _longest_run(one: Sequence[str], two: Sequence[str]) -> int:
    """The length of the longest run of terms that both have."""
    best = 0
    before: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for place, term in enumerate(two):
        places.setdefault(term, []).append(place)
    for term in one:
        here = {place: before.get(place - 1, 0) + 1 for place in places.get(term, ())}
        best = max(best, max(here.values(), default=0))
        before = here
    return best
