"""How probable it is that two statements report one utterance, from a few plain likenesses."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

from nbhelpers.retelling.speakers import SAME
from nbhelpers.retelling.statements import Index, Statement
from nbhelpers.target_sentiment.lexicon import index_of_words, known_words
from nbhelpers.words import Floats, Ints

WEIGHTS = Path(str(files("nbhelpers") / "models" / "retelling.json"))
LIKENESSES = (
    "meant",  # share of the poorer statement's weight that the other has, in these or like words
    "wording",  # rapidfuzz's token_set_ratio: how like the words are, those that only one has aside
    "run",  # share of the poorer one's telling words that follow one another in both
    "plain",  # bits of the shared words that are neither name nor number, as a logarithm
    "one_speaker",  # 1 if they agree (see speakers.SAME)
    "numbers_apart",  # 1 if both have numbers, and none in common
)
ALIKE = 0.4  # cosine of two words' vectors from which on they mean something alike


def likenesses(index: Index, pairs: Ints, speakers: Sequence[str]) -> Floats:
    """Return a row for each pair, a column for each of :data:`LIKENESSES`.

    Args:
        index: the statements.
        pairs: two columns of numbers of statements.
        speakers: of each pair, as :func:`nbhelpers.retelling.speakers.agreement` names it.
    """
    meanings = Meanings(index)
    wording = _wording(index.statements, pairs).tolist()
    rows = [
        _row(index, meanings, a, b, like, float(speaker in SAME))
        for (a, b), like, speaker in zip(pairs.tolist(), wording, speakers, strict=True)
    ]
    return np.array(rows, float).reshape(len(rows), len(LIKENESSES))


def probability(rows: Floats, weights: Mapping[str, float] | None = None) -> Floats:
    """Return the probability that each pair reports one utterance (logistic regression).

    The weights were learned by :mod:`nbhelpers.training.retelling` from annotated pairs.
    """
    weights = weights or learned()
    score = rows @ np.array([weights[name] for name in LIKENESSES]) + weights["constant"]
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
        """Look up the vector of each term of an index."""
        rows = index_of_words()
        known = known_words().vectors
        self._codes = index.terms
        self._vectors = np.zeros((len(index.terms), known.shape[1]), np.float32)
        for statement in index.statements:
            for word in statement.words:
                row = rows.get(word.form)
                if row is not None and len(word.terms) == 1:
                    self._vectors[self._codes[word.terms[0]]] = known[row]
        length = np.linalg.norm(self._vectors, axis=1, keepdims=True)
        self._vectors /= np.maximum(length, 1e-9)

    def between(self, terms: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the cosine of each of some terms with each of the others."""
        one = self._vectors[[self._codes[term] for term in terms]]
        two = self._vectors[[self._codes[term] for term in others]]
        found: npt.NDArray[np.float32] = one @ two.T
        return found


def _wording(statements: Sequence[Statement], pairs: Ints) -> Floats:
    used = np.unique(pairs).tolist()
    forms = {i: " ".join(word.form for word in statements[i].words) for i in used}
    one, two = ([forms[i] for i in pairs[:, side].tolist()] for side in (0, 1))
    found: Floats = process.cpdist(one, two, scorer=fuzz.token_set_ratio, dtype=np.float64) / 100
    return found


def _row(
    index: Index, meanings: Meanings, a: int, b: int, wording: float, one_speaker: float
) -> list[float]:
    one, two = index.statements[a], index.statements[b]
    if weight(index, one.distinct) > weight(index, two.distinct):
        one, two = two, one  # the poorer first
    numbers = one.numbers.keys(), two.numbers.keys()
    plain = (one.distinct & two.distinct) - one.names.keys() - two.names.keys() - numbers[0]
    return [
        _meant(index, meanings, one, two),
        wording,
        _longest_run(one.terms, two.terms) / len(one.terms),
        math.log1p(weight(index, plain)),
        one_speaker,
        float(bool(numbers[0] and numbers[1]) and not numbers[0] & numbers[1]),
    ]


def weight(index: Index, terms: Iterable[str]) -> float:
    """Return how much some terms tell together, in bits."""
    return float(sum(index.weight[index.terms[term]] for term in terms))


def _meant(index: Index, meanings: Meanings, one: Statement, two: Statement) -> float:
    """The share of a statement's weight that another has, in the same words or in like ones."""
    shared = one.distinct & two.distinct
    rest, others = sorted(one.distinct - shared), sorted(two.distinct - shared)
    found = weight(index, shared)
    if rest and others:
        best = meanings.between(rest, others).max(axis=1).tolist()
        weights = (index.weight[index.terms[term]] for term in rest)
        found += sum(w * like for w, like in zip(weights, best, strict=True) if like >= ALIKE)
    return found / max(weight(index, one.distinct), 1e-9)


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
