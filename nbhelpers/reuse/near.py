"""Sentences that were reworded, shortened or translated back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from scipy import sparse

from nbhelpers.caching import LONGEST
from nbhelpers.reuse.candidates import SHARED_AT_LEAST, WORDS_AT_LEAST, members, wording
from nbhelpers.reuse.index import Hashes, Index, Words, sequences
from nbhelpers.reuse.pairs import Pairs
from nbhelpers.text import normalise
from nbhelpers.words import Bools, Floats, Ints

_COVERED_BY_VERBATIM = 0.8


class Sentences:
    """The sentences (as stretches of words) of some texts that are loaded."""

    def __init__(self, index: Index, words: Words) -> None:
        """Find them among the words, which are in the order of the ids."""
        self._index, self._words = index, words
        self.first, self.length = words.sentences(WORDS_AT_LEAST)
        self.document: Ints = words.document[self.first]
        self.wording = wording(words, self.first, self.length)
        _, self._code = np.unique(words.code, return_inverse=True)

    def numbers(self, places: Ints) -> Ints:
        """Return the numbers of the sentences that begin at these places."""
        found: Ints = np.searchsorted(self.first, places)
        return found

    def sharing(self, places: Ints) -> Ints:
        """Return the pairs of sentences of two texts, given by a place, that share enough words."""
        found = [np.empty((0, 2), np.int64)]
        telling = self._matrix(self._words.telling)
        for pair in self._words.document[places].tolist():
            (a, b), (c, d) = (np.searchsorted(self.document, [one, one + 1]) for one in pair)
            shared = (telling[a:b] @ telling[c:d].T).tocoo()
            enough = shared.data >= SHARED_AT_LEAST
            found.append(np.stack([shared.row[enough] + a, shared.col[enough] + c], axis=1))
        return np.concatenate(found)

    def near(self, pairs: Ints, min_evidence: int, min_similarity: float) -> Pairs:
        """Return which pairs of sentences of different words are like each other."""
        pairs = np.unique(pairs[self.wording[pairs[:, 0]] != self.wording[pairs[:, 1]]], axis=0)
        plain = self._matrix(self._words.telling & ~self._words.name)
        shared = plain[pairs[:, 0]].multiply(plain[pairs[:, 1]])
        pairs = pairs[np.asarray(shared.sum(axis=1)).ravel() >= min_evidence]
        similarity = self._similarity(pairs, min_similarity)
        pairs, similarity = pairs[similarity > 0], similarity[similarity > 0]
        best = self._best_for_either(pairs, similarity)
        first, other = pairs[best, 0], pairs[best, 1]
        return Pairs(
            self.first[first],
            self.length[first],
            self.first[other],
            self.length[other],
            similarity[best],
        )

    def same_words(self, near: Pairs, n: int) -> Ints:
        """Return pairs of places where the same n words begin in both stretches of a pair."""
        at, value = sequences(self._words, n)
        found = [np.empty((0, 2), np.int64)]
        for first, length, other, other_length in rows(near):
            (a, b), (c, d) = (
                np.searchsorted(at, [place, place + size - n + 1])
                for place, size in ((first, length), (other, other_length))
            )
            row, column = np.nonzero(value[a:b, None] == value[None, c:d])
            found.append(np.stack([at[a + row], at[c + column]], axis=1))
        return np.concatenate(found)

    def _matrix(self, chosen: Bools) -> sparse.csr_matrix:
        """Which of the chosen words each sentence has: sentences by words, 0 or 1."""
        row, word = members(self.first, self.length)
        row, column = row[chosen[word]], self._code[word[chosen[word]]]
        shape = (len(self.first), int(self._code.max(initial=-1)) + 1)
        matrix = sparse.csr_matrix((np.ones(len(row), np.int32), (row, column)), shape=shape)
        matrix.data[:] = 1
        return matrix

    def _similarity(self, pairs: Ints, cutoff: float) -> Floats:
        """Similarity of the sorted words of each pair; 0 below the cutoff."""
        sentence, position = np.unique(pairs, return_inverse=True)
        position = position.reshape(pairs.shape)
        bags = self._bags(sentence)
        percent = process.cpdist(
            [bags[i] for i in position[:, 0].tolist()],
            [bags[i] for i in position[:, 1].tolist()],
            scorer=fuzz.ratio,
            score_cutoff=100 * cutoff,
            dtype=np.float64,
        )
        return np.asarray(percent) / 100

    def _bags(self, numbers: Ints) -> list[str]:
        """The words of sentences in the order of the alphabet, blobs cut off."""
        bags, at, text = [], -1, ""
        for number in numbers.tolist():
            if at != (at := int(self.document[number])):
                text = self._index.text(int(self._index.order[at]))
            here = slice(self.first[number], self.first[number] + self.length[number])
            spans = zip(self._words.start[here], self._words.end[here], strict=True)
            bags.append(" ".join(sorted(normalise(text[a:b])[:LONGEST] for a, b in spans)))
        return bags

    def _best_for_either(self, pairs: Ints, similarity: Floats) -> Bools:
        """Pairs than which, between two texts, one of their sentences has no better.

        None is better than the same words.
        """
        frame = pd.DataFrame(
            {
                "document": self.document[pairs[:, 0]],
                "other_document": self.document[pairs[:, 1]],
                "first": pairs[:, 0],
                "other_first": pairs[:, 1],
                "similarity": similarity,
            }
        )
        best = np.zeros(len(frame), bool)
        for side, keys in enumerate((["first", "other_document"], ["document", "other_first"])):
            likest = frame["similarity"] == frame.groupby(keys)["similarity"].transform("max")
            best |= likest.to_numpy() & ~self._has_same(pairs[:, side], pairs[:, 1 - side])
        return best

    def _has_same(self, sentences: Ints, others: Ints) -> Bools:
        """Whether the text of another sentence has one in the same words, besides this one."""
        here = np.sort(_keys(self.wording, self.document))
        wanted = _keys(self.wording[sentences], self.document[others])
        size = np.searchsorted(here, wanted, "right") - np.searchsorted(here, wanted)
        found: Bools = size > (self.document[sentences] == self.document[others])
        return found


def _keys(wording: Hashes, document: Ints) -> Hashes:
    found: Hashes = wording ^ (document.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    return found


def not_covered(words: Words, near: Pairs, verbatim: Pairs) -> Pairs:
    """Return the pairs without those of which runs between the same texts show most."""
    runs: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for key, run in zip(_documents(words, verbatim), rows(verbatim), strict=True):
        runs.setdefault(key, []).append((run[0], run[2], run[1]))
    kept = []
    for i, (key, row) in enumerate(zip(_documents(words, near), rows(near), strict=True)):
        a, n, b, m = row
        covered = sum(_overlap(a, n, b, m, *run) for run in runs.get(key, []))
        if covered < _COVERED_BY_VERBATIM * min(n, m):
            kept.append(i)
    return near.take(np.array(kept, np.int64))


def _overlap(a: int, n: int, b: int, m: int, p: int, q: int, length: int) -> int:
    """Words of a run of ``length`` at p and q that lie in both stretches, a + n and b + m."""
    begin = max(a - p, b - q, 0)
    return max(0, min(a + n - p, b + m - q, length) - begin)


def _documents(words: Words, pairs: Pairs) -> list[tuple[int, int]]:
    first, other = words.document[pairs.first], words.document[pairs.other_first]
    return list(zip(first.tolist(), other.tolist(), strict=True))


def rows(pairs: Pairs) -> list[tuple[int, int, int, int]]:
    """Return the pairs one by one: first, length, other_first, other_length."""
    columns = (pairs.first, pairs.length, pairs.other_first, pairs.other_length)
    return list(zip(*(column.tolist() for column in columns), strict=True))
