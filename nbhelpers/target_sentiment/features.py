"""What the classifier looks at: the words around a mention, nearer ones more, and what they mean.

Two views of a context: named features (words, pairs of words, their side and place, valence), and
sums of word vectors over four windows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from nbhelpers.target_sentiment.lexicon import index_of_words, known_words
from nbhelpers.target_sentiment.masking import Context

HALF_WAY = 8  # words from the mention at which a word counts half
NEAR = 5  # words that count as near
AT_PLACE = 3  # words whose exact place counts
CLEAR = 0.4  # valence below which a word is neutral
NEGATED_WITHIN = 3  # words after a negation
WINDOWS = ((60, 8.0), (4, 3.0))  # words on each side, and at which one counts half
EDGE = "<edge>"

_NEGATIONS = frozenset("not no never without nor neither cannot hardly barely".split())

Floats = npt.NDArray[np.float32]
Features = defaultdict[str, float]


def named_features(context: Context) -> Features:
    """Return the named features of a context and their strengths."""
    found: Features = defaultdict(float)
    for side, words in _outward(context):
        _add_words(found, side, words)
        _add_valence(found, side, words)
    left, right = context.left[-1:] or [EDGE], context.right[:1] or [EDGE]
    found[f"between {left[0]} {right[0]}"] = 0.5
    quoted = '"' in context.left, '"' in context.right, context.left.count('"') % 2
    found[f"quoted {quoted}"] = 0.5
    return found


def _outward(context: Context) -> Iterable[tuple[str, list[str]]]:
    """The words of each side, nearest first."""
    return ("L", context.left[::-1]), ("R", context.right)


def _add_words(found: Features, side: str, words: Sequence[str]) -> None:
    for distance, word in enumerate(words):
        weight = 0.5 / (1 + distance / HALF_WAY)
        found[word] += weight
        found[f"{side} {word}"] += weight
        if distance < NEAR:
            found[f"{side}near {word}"] += 0.5
        if distance < AT_PLACE:
            found[f"{side}{distance} {word}"] += 0.5
        if distance + 1 < len(words):
            other = words[distance + 1]
            pair = f"{other} {word}" if side == "L" else f"{word} {other}"
            found[f"pair {pair}"] += 0.8 * weight
            found[f"{side}pair {pair}"] += 0.4 * weight
            if not distance:
                found[f"{side}0pair {pair}"] += 0.5


def _add_valence(found: Features, side: str, words: Sequence[str]) -> None:
    index, valence = index_of_words(), known_words().valence
    for distance, word in enumerate(words):
        row = index.get(word)
        if row is None or abs(valence[row]) < CLEAR:
            continue
        value = 0.5 * float(valence[row])
        if is_negated(side, words, distance):
            value = -value
            found["valence negated"] += 0.5
        sign = "+" if value > 0 else "-"
        strength = abs(value) / (1 + distance / HALF_WAY)
        found[f"valence {sign}"] += strength
        found[f"valence {side}{sign}"] += strength
        if distance <= NEAR:
            found[f"valence {side}near{sign}"] += abs(value)


def is_negated(side: str, words: Sequence[str], distance: int) -> bool:
    """Return whether a negation stands shortly before a word, in the order of the text."""
    if side == "L":
        before = words[distance + 1 : distance + 1 + NEGATED_WITHIN]
    else:
        before = words[max(0, distance - NEGATED_WITHIN) : distance]
    return any(word in _NEGATIONS or word.endswith("n't") for word in before)


def vector_features(contexts: Sequence[Context]) -> Floats:
    """Return for each context the weighted sums of word vectors over the windows, side by side."""
    index, table = index_of_words(), known_words()
    columns: list[int] = []
    weights: list[float] = []
    ends = [0]
    for context in contexts:
        for _, words in _outward(context):
            rows = [index.get(word) for word in words[: WINDOWS[0][0]]]
            for reach, half_way in WINDOWS:
                near = [(row, k) for k, row in enumerate(rows[:reach]) if row is not None]
                here = [1 / (1 + k / half_way) for _, k in near]
                norm = (sum(w * w for w in here) + 0.3) ** 0.5
                columns += [row for row, _ in near]
                weights += [w / norm for w in here]
                ends.append(len(columns))
    numbers = np.array(weights, dtype=np.float32)
    shape = len(ends) - 1, len(table.words)
    windows = csr_matrix((numbers, np.array(columns, dtype=np.int64), np.array(ends)), shape=shape)
    valence = table.valence[:, None]
    known = np.hstack([table.vectors, valence.clip(min=0), -valence.clip(max=0)])
    return np.asarray(windows @ known, dtype=np.float32).reshape(len(contexts), -1)
