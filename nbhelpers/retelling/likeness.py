"""How probable it is that two statements report one utterance, from a few plain likenesses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from nbhelpers.retelling.index import Index
from nbhelpers.retelling.speakers import SAME, agreement
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
    chosen = probability(rows) >= least
    rows[chosen] = _likenesses(index, words[chosen], rows[chosen, _WORDING])
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
        known = self._index.terms
        return _cosines(self._index, [known[t] for t in terms], [known[t] for t in others])


def _cosines(index: Index, terms: list[int], others: list[int]) -> npt.NDArray[np.float32]:
    """The cosine of each of some terms, by their numbers, with each of the others."""
    vectors, rows = _unit_vectors(), index.word_rows
    found: npt.NDArray[np.float32] = vectors[rows[terms]] @ vectors[rows[others]].T
    return found


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


def _likenesses(index: Index, pairs: Ints, wording: Floats) -> Floats:
    """The likenesses of statements, but for their speakers."""
    poorer_first = index.total[pairs[:, 0]] <= index.total[pairs[:, 1]]
    pairs = np.where(poorer_first[:, None], pairs, pairs[:, ::-1])
    compared = [_compared(index, *pair) for pair in pairs.tolist()]
    run, meant = np.array(compared, float).reshape(-1, 2).T
    weight = np.maximum(index.total[pairs[:, 0]], 1e-9)
    found = {
        "meant": (index.shared(pairs) + meant) / weight,
        "wording": wording,
        "run": run,
        "plain": np.log1p(index.shared(pairs, plain=True)),
        "one_speaker": np.zeros(len(pairs)),
        "numbers_apart": index.numbers_apart(pairs).astype(float),
    }
    return np.column_stack([found[name] for name in LIKENESSES])


def _compared(index: Index, poorer: int, richer: int) -> tuple[float, float]:
    """The share of a statement's terms that follow one another in another too.

    And how much of the rest that other has in words that mean something alike, in bits.
    """
    one, two = index.telling(poorer), index.telling(richer)
    return _longest_run(one, two) / len(one), _meant_otherwise(index, set(one), set(two))


def _meant_otherwise(index: Index, one: set[int], two: set[int]) -> float:
    rest, others = sorted(one - two), sorted(two - one)
    if not rest or not others:
        return 0.0
    best = _cosines(index, rest, others).max(axis=1)
    return float(index.weight[rest] @ np.where(best >= ALIKE, best, 0))


def _longest_run(one: Sequence[int], two: Sequence[int]) -> int:
    """The length of the longest run of terms that both have."""
    best = 0
    before: dict[int, int] = {}
    places: dict[int, list[int]] = {}
    for place, term in enumerate(two):
        places.setdefault(term, []).append(place)
    for term in one:
        here = {place: before.get(place - 1, 0) + 1 for place in places.get(term, ())}
        best = max(best, max(here.values(), default=0))
        before = here
    return best
