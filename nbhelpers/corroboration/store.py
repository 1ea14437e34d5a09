"""The claims of a corpus, put into groups: in memory, or in scratch files where they are many."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus
from nbhelpers.corroboration.described import Described, described
from nbhelpers.corroboration.grouping import Joined, join_alike, label, matched, story
from nbhelpers.corroboration.values import overlap
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.reuse import passages
from nbhelpers.scratch import Scratch
from nbhelpers.utterances import utterances
from nbhelpers.voices.selection import MIN_CONFIDENCE
from nbhelpers.words import Ints, ranks

UTTERANCE = "utterance"
Place = tuple[str, int, int]


class Repetition(NamedTuple):
    """Two places of the same words: verbatim, near (reworded), or one utterance in two reports."""

    kind: str
    place: Place
    other_place: Place


class Group(NamedTuple):
    """Claims that can be compared.

    ``names`` are the ids of the members; ``repeats``: which two of them (numbers, the smaller
    first) stand in the two places of a repetition with one figure.
    """

    group_id: str
    label: str
    members: Sequence[Described]
    wholes: Sequence[str | None]  # of which claim each is a part, or comes on top
    repeats: Mapping[tuple[int, int], Repetition]


class Claims(Sequence[Described]):
    """The claims of a corpus in the order of the ids of their texts, and the groups they make.

    Add all parts of the corpus, then link all repetitions, then ask for groups. In memory are some
    two hundred bytes for each claim and each text, and the members of one group.
    """

    def __init__(self, scratch: Scratch) -> None:
        """Begin without any claim."""
        self._scratch = scratch
        self._described = scratch.shelf()
        self._doc_ids: list[str] = []
        self._document, self._start = array("q"), array("q")
        self._key, self._whole = array("q"), array("q")
        self._counts = array("b")
        self._pairs = array("q")  # of claims of one figure: the two, and the number of
        self._repetitions = scratch.shelf()

    def add(self, doc_ids: list[str], claims: Iterable[Described]) -> None:
        """Put the claims of a part of the corpus, with the ids of all its texts, to the others."""
        number = {doc_id: n for n, doc_id in enumerate(doc_ids, len(self._doc_ids))}
        self._doc_ids += doc_ids
        for item in claims:
            self._described.append(item)
            self._document.append(number[item.claim.doc_id])
            self._start.append(item.claim.start)
            self._key.append(hash(item.key))
            self._whole.append(item.whole or 0)
            self._counts.append(item.thing is not None)

    def __len__(self) -> int:
        """Return the number of claims."""
        return len(self._described)

    def __getitem__(self, row: int) -> Described:  # type: ignore[override]
        """Return a claim by its number in the order of the texts."""
        item: Described = self._described[self._order[row]]
        return item

    def link(self, places: Iterable[pd.DataFrame]) -> None:
        """Join the claims that stand in both places of shared passages or of one utterance.

        Each frame has doc_id, start, end, the same with the prefix ``other_``, and ``kind``:
        verbatim, near or utterance.
        """
        for frame in places:
            sides = [self._rows_in(frame, prefix) for prefix in ("", "other_")]
            for (rows, place), (other, other_place), kind in zip(
                *sides, frame["kind"].tolist(), strict=True
            ):
                if rows and other:
                    self._repeat(rows, other, Repetition(kind, place, other_place))

    def groups(self, *, least: int = 1) -> Iterator[Group]:
        """Yield the groups of so many claims or more, the largest first, then by text and place."""
        rows, edges = self._members
        names = self._names
        repeats = self._repeats
        for number in range(int(np.searchsorted(-np.diff(edges), -least, "right"))):
            here = rows[edges[number] : edges[number + 1]]
            first, stop = np.searchsorted(repeats[:, 0], [number, number + 1])
            pairs = np.searchsorted(here, repeats[first:stop, 1:3]).tolist()
            found = (self._repetitions[n] for n in repeats[first:stop, 3].tolist())
            yield Group(
                *names(number),
                [self[row] for row in here.tolist()],
                [self._whole_of(row) for row in here.tolist()],
                dict(zip(map(tuple, pairs), found, strict=True)),
            )

    @cached_property
    def _order(self) -> array[int]:
        """The numbers of the claims as they came, in the order of the texts."""
        rank = self._ranks.to_numpy()[np.asarray(self._document, np.int64)]
        return array("q", np.argsort(rank, kind="stable").tolist())

    @cached_property
    def _ranks(self) -> pd.Series[int]:
        return pd.Series(ranks(self._doc_ids), self._doc_ids, dtype="int64")

    @cached_property
    def _at(self) -> Ints:
        """Where the claims begin, on one line of numbers for the whole corpus."""
        rank = self._ranks.to_numpy()[np.asarray(self._document, np.int64)]
        return np.sort((rank << 32) + np.asarray(self._start, np.int64))

    @cached_property
    def _joined(self) -> Joined:
        """The claims that belong together by what they count."""
        joined = Joined(len(self))
        order = np.asarray(self._order, np.int64)
        counted = np.flatnonzero(np.asarray(self._counts, bool)[order])
        key = np.asarray(self._key, np.int64)[order][counted]
        by_key = np.argsort(key, kind="stable")
        for rows in np.split(counted[by_key], np.flatnonzero(np.diff(key[by_key])) + 1):
            join_alike(rows.tolist(), self, joined)
        whole = np.asarray(self._whole, np.int64)[order]
        for row in np.flatnonzero(whole).tolist():
            joined.join(row, row + int(whole[row]))
        return joined

    def _rows_in(self, frame: pd.DataFrame, prefix: str) -> list[tuple[range, Place]]:
        """The claims in each place of one side, and the place."""
        spans = [frame[prefix + name].tolist() for name in ("doc_id", "start", "end")]
        rank = self._ranks.reindex(spans[0]).to_numpy(np.int64) << 32
        edges = (np.searchsorted(self._at, rank + np.array(e, np.int64)) for e in spans[1:])
        rows = map(range, *(edge.tolist() for edge in edges))
        return list(zip(rows, zip(*spans, strict=True), strict=True))

    def _repeat(self, rows: range, other_rows: range, repeated: Repetition) -> None:
        """Join claims of two places, and keep which of them have one figure."""
        across = repeated.place[0] != repeated.other_place[0]
        here, there = ({row: self[row] for row in some} for some in (rows, other_rows))
        for one, other in matched(here, there):
            alike = overlap(here[one].claim.value, there[other].claim.value)
            if alike or (across and here[one].thing):
                self._joined.join(one, other)
        before = len(self._pairs)
        for one, other in product(rows, other_rows):
            if overlap(here[one].claim.value, there[other].claim.value):
                self._pairs.extend((min(one, other), max(one, other), len(self._repetitions)))
        if len(self._pairs) > before:
            self._repetitions.append(repeated)

    @cached_property
    def _members(self) -> tuple[Ints, Ints]:
        """The claims of all groups, group after group, and where each group begins.

        Of a number that counts nothing no group is made unless it is repeated.
        """
        root = np.array([self._joined.root(row) for row in range(len(self))], np.int64)
        size = np.bincount(root, minlength=len(root))[root]
        counts = np.asarray(self._counts, bool)[np.asarray(self._order, np.int64)]
        rows = np.flatnonzero((size > 1) | counts)
        rows = rows[np.lexsort((rows, root[rows], -size[rows]))]
        edges = np.flatnonzero(np.diff(root[rows], prepend=-1))
        return rows, np.append(edges, len(rows))

    @cached_property
    def _names(self) -> Callable[[int], tuple[str, str]]:
        """The id and the label of a group by its number."""
        rows, edges = self._members
        kept = self._scratch.shelf()
        hashes = np.empty((len(edges) - 1, 2), np.int64)
        for number, here in enumerate(np.split(rows, edges[1:-1]) if len(rows) else ()):
            members = [self[row] for row in here.tolist()]
            plain = label(members)
            told = plain + story(members)
            kept.append((plain, told))
            hashes[number] = hash(plain), hash(told)
        return _named(kept, hashes)

    @cached_property
    def _repeats(self) -> Ints:
        """Group, two claims of it, number of the repetition; each pair once, by group and turn."""
        rows, edges = self._members
        group = np.full(len(self), -1)
        group[rows] = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
        found = np.asarray(self._pairs, np.int64).reshape(-1, 3)
        _, first = np.unique(found[:, :2], axis=0, return_index=True)
        found = found[np.sort(first)]
        of = group[found[:, :2]]
        found = np.column_stack([of[:, 0], found])[(of[:, 0] == of[:, 1]) & (of[:, 0] >= 0)]
        by_group: Ints = found[np.argsort(found[:, 0], kind="stable")]
        return by_group

    def _whole_of(self, row: int) -> str | None:
        """The id of the claim of which one is part, or on top of which it comes."""
        whole = self._whole[self._order[row]]
        return self[row + whole].claim.claim_id if whole else None


def _named(kept: Sequence[tuple[str, str]], hashes: Ints) -> Callable[[int], tuple[str, str]]:
    """Labels that several groups would share have the names of their stories; ids, a number too."""
    _, label_of, shared = np.unique(hashes[:, 0], return_inverse=True, return_counts=True)
    is_told = shared[label_of] > 1
    turn = pd.Series(np.where(is_told, hashes[:, 1], hashes[:, 0]))
    turns = turn.groupby(turn).cumcount().to_numpy()

    def name(number: int) -> tuple[str, str]:
        text = kept[number][int(is_told[number])]
        return (f"{text} ({turns[number] + 1})" if turns[number] else text), text

    return name


def collect(
    parts: Iterable[Corpus],
    places: Iterable[pd.DataFrame],
    *,
    scratch: Path | None = None,
    content_only: bool = False,
    min_confidence: float = MIN_CONFIDENCE,
    model: str = DEFAULT,
) -> Claims:
    """Describe and group the claims of a corpus that comes part by part.

    Args:
        parts: the corpus in parts of some hundred documents, in any order; each is read once.
        places: what the parts share: the frames of :func:`nbhelpers.reuse.passages_of`, then
            those of :func:`repeated_utterances`.
        scratch: a folder for what does not go into memory: some two thousand bytes a claim.
        content_only, min_confidence, model: as for :func:`nbhelpers.claims.claims`.
    """
    known = (
        (
            part.doc_ids,
            described(part, content_only=content_only, min_confidence=min_confidence, model=model),
        )
        for part in parts
    )
    return collect_described(known, places, scratch=scratch)


def collect_described(
    parts: Iterable[tuple[list[str], Sequence[Described]]],
    places: Iterable[pd.DataFrame],
    *,
    scratch: Path | None = None,
) -> Claims:
    """Group the claims of a corpus whose parts have been gone through already.

    As :func:`collect` does, from the ids of the texts of each part and its claims as
    :func:`nbhelpers.corroboration.described.described` returns them.
    """
    found = Claims(Scratch(scratch))
    for doc_ids, claims in parts:
        found.add(doc_ids, claims)
    found.link(places)
    return found


def repeated_utterances(found: pd.DataFrame) -> pd.DataFrame:
    """Return the places of utterances that repeat one another; reversals do not."""
    return found[found["verdict"] != "polarity_conflict"].assign(kind=UTTERANCE)


_COLLECTED: WeakKeyDictionary[Corpus, dict[Any, Claims]] = WeakKeyDictionary()


def collected(corpus: Corpus, *, content_only: bool, min_confidence: float, model: str) -> Claims:
    """Return the claims of a corpus in memory; they are put together once."""
    known = _COLLECTED.setdefault(corpus, {})
    options = (content_only, min_confidence, model)
    if options not in known:
        same = repeated_utterances(utterances(corpus, model=model))
        known[options] = collect(
            [corpus],
            [passages(corpus), same],
            content_only=content_only,
            min_confidence=min_confidence,
            model=model,
        )
    return known[options]
