"""From pairs of places to the table of passages, some texts at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.reuse.index import Index
from nbhelpers.reuse.near import Sentences, not_covered
from nbhelpers.reuse.pairs import Pairs
from nbhelpers.reuse.verbatim import verbatim
from nbhelpers.scratch import BUCKETS, Array, Buckets
from nbhelpers.words import Ints

_TEXTS_AT_ONCE = 1_000
_PAIR = np.dtype([("rank", "i4"), ("other_rank", "i4"), ("first", "i8"), ("other", "i8")])
RUN, SENTENCES, TEXTS = "run", "sentences", "texts"
"""What a pair of places is: of a run, of two sentences, of two texts whose sentences are alike."""
_KINDS = (RUN, SENTENCES, TEXTS)

_ORDER = ["doc_id", "start", "end", "other_doc_id", "other_start", "other_end", "kind"]
_COLUMNS = [
    "passage_id",
    "doc_id",
    "start",
    "end",
    "other_doc_id",
    "other_start",
    "other_end",
    "kind",
    "similarity",
    "n_words",
    "other_n_words",
    "text",
    "other_text",
]


class Least(NamedTuple):
    """What a passage must have at least."""

    words: int
    evidence: int
    similarity: float


class Found:
    """Pairs of places that were found in a corpus, kept in the order of the texts."""

    def __init__(self, index: Index) -> None:
        """Begin without any."""
        self._index = index
        self._buckets = {kind: index.scratch.buckets(_PAIR) for kind in _KINDS}

    def add(self, kind: str, pairs: Iterable[Ints]) -> None:
        """Keep pairs of places (two columns), in any order."""
        for some in pairs:
            if len(some):
                self._add(self._buckets[kind], some)

    def _add(self, buckets: Buckets, places: Ints) -> None:
        rank = self._index.rank[self._index.document(places)]
        turned = (rank[:, 0] > rank[:, 1]) | (
            (rank[:, 0] == rank[:, 1]) & (places[:, 0] > places[:, 1])
        )
        places = np.where(turned[:, None], places[:, ::-1], places)
        rank = np.where(turned[:, None], rank[:, ::-1], rank)
        found = np.zeros(len(places), _PAIR)
        found["rank"], found["other_rank"] = rank.T
        found["first"], found["other"] = places.T
        share = max(_TEXTS_AT_ONCE, -(-len(self._index) // BUCKETS))
        buckets.add(found, found["rank"] // share)

    def by_texts(self) -> Iterator[dict[str, Array]]:
        """Yield the pairs of some texts at a time, by their kind, those of two texts together."""
        for parts in zip(*self._buckets.values(), strict=True):
            for some in _some_texts([part[np.lexsort(_columns(part))] for part in parts]):
                yield dict(zip(_KINDS, some, strict=True))


def _columns(pairs: Array) -> list[Array]:
    return [pairs[name] for name in reversed(_PAIR.names or ())]


def _some_texts(parts: list[Array]) -> Iterator[list[Array]]:
    """Cut sorted pairs where few enough texts have been met."""
    keys = [(p["rank"].astype(np.int64) << 32) + p["other_rank"] for p in parts]
    every = np.unique(np.concatenate(keys))
    top = 0
    while top < len(every):
        stop = _reach(every, top)
        bounds = every[top], every[stop - 1]
        yield [
            part[np.searchsorted(key, bounds[0]) : np.searchsorted(key, bounds[1], "right")]
            for part, key in zip(parts, keys, strict=True)
        ]
        top = stop


def _reach(keys: Ints, top: int) -> int:
    """How far pairs of texts go on until too many texts have been met."""
    some = keys[top : top + _TEXTS_AT_ONCE * 8]
    met = np.concatenate([some >> 32, some & 0xFFFFFFFF])
    _, first = np.unique(met, return_index=True)
    new = np.bincount(first % len(some), minlength=len(some))
    return top + max(1, int(np.searchsorted(np.cumsum(new), _TEXTS_AT_ONCE)))


def rows(index: Index, found: Found, least: Least) -> Iterator[pd.DataFrame]:
    """Yield the table in its order, those of a text (the first of two) together."""
    number, held = 0, _of_texts(index, {}, least)
    for frame in (_of_texts(index, pairs, least) for pairs in found.by_texts()):
        both = pd.concat([held, frame], ignore_index=True).sort_values(_ORDER, ignore_index=True)
        whole = int((both["doc_id"] != both["doc_id"].iloc[-1:].max()).sum())
        if whole:
            yield _numbered(both[:whole], number)
        number, held = number + whole, both[whole:]
    yield _numbered(held, number)


def _numbered(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    frame = frame.reset_index(drop=True)
    frame.insert(0, "passage_id", np.arange(number, number + len(frame)))
    return frame[_COLUMNS]


def _of_texts(index: Index, pairs: Mapping[str, Array], least: Least) -> pd.DataFrame:
    """The passages that some texts share."""
    runs = {kind: part for kind, part in pairs.items() if kind == RUN}
    others = {kind: part for kind, part in pairs.items() if kind != RUN}
    return pd.concat([_runs(index, runs, least), _near(index, others, least)])


def _runs(index: Index, pairs: Mapping[str, Array], least: Least) -> pd.DataFrame:
    loaded = Loaded(index, pairs.values())
    found = verbatim(loaded.words, loaded.places(pairs, RUN), least.words, least.evidence)
    return loaded.table(found, "verbatim")


def _near(index: Index, pairs: Mapping[str, Array], least: Least) -> pd.DataFrame:
    loaded = Loaded(index, pairs.values())
    some = Sentences(index, loaded.words)
    alike = [
        some.numbers(loaded.places(pairs, SENTENCES)),
        some.sharing(loaded.places(pairs, TEXTS)),
    ]
    near = some.near(np.concatenate(alike), least.evidence, least.similarity)
    shown = verbatim(loaded.words, some.same_words(near, least.words), least.words, least.evidence)
    return loaded.table(not_covered(loaded.words, near, shown), "near")


class Loaded:
    """The words of some texts, in the order of the ids, and their places."""

    def __init__(self, index: Index, pairs: Iterable[Array]) -> None:
        """Load the texts in which pairs of places lie."""
        ranks = [part[side] for part in pairs for side in ("rank", "other_rank")]
        self._ranks = np.unique(np.concatenate([np.empty(0, np.int64), *ranks]))
        self._index, self._numbers = index, index.order[self._ranks]
        self.words = index.load(self._numbers.tolist())
        self._bases = np.searchsorted(self.words.document, self._ranks)

    def places(self, pairs: Mapping[str, Array], kind: str) -> Ints:
        """Return the places of pairs among the words that are loaded: two columns."""
        if kind not in pairs:
            return np.empty((0, 2), np.int64)
        sides = []
        for rank, place in (("rank", "first"), ("other_rank", "other")):
            row = np.searchsorted(self._ranks, pairs[kind][rank])
            within = pairs[kind][place] - self._index.edges[self._numbers[row]]
            sides.append(self._bases[row] + within)
        return np.stack(sides, axis=1)

    def table(self, pairs: Pairs, kind: str) -> pd.DataFrame:
        """Return the columns of passages, without their number."""
        frame = pd.DataFrame(
            {
                **self._side("", pairs.first, pairs.length, kind),
                **self._side("other_", pairs.other_first, pairs.other_length, kind),
                "kind": kind,
                "similarity": pairs.similarity.round(4),
            }
        )
        return frame.astype({"kind": "str"})

    def _side(self, prefix: str, first: Ints, length: Ints, kind: str) -> dict[str, npt.ArrayLike]:
        """The columns of one side; a near passage is a sentence with its marks and stop."""
        words, numbers = self.words, self._index.order[self.words.document[first]]
        start, end = words.start[first], words.end[first + length - 1]
        texts = np.empty(len(first), object)
        order = np.argsort(numbers, kind="stable")
        for number, of_text in groupby(order.tolist(), key=numbers.__getitem__):
            text, spans = self._index.text(int(number)), self._index.sentence_spans(int(number))
            for row in of_text:
                if kind == "near":
                    start[row], end[row] = spans[words.sentence[first[row]]]
                texts[row] = text[start[row] : end[row]]
        ids = [self._index.doc_ids[number] for number in numbers.tolist()]
        return {
            prefix + "doc_id": pd.Series(ids, dtype="str"),
            prefix + "start": start,
            prefix + "end": end,
            prefix + "n_words": length,
            prefix + "text": pd.Series(texts, dtype="str"),
        }
