"""Sentences that may be one another's rewording, found without holding all against all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nbhelpers.reuse.index import Hashes, Index, Words
from nbhelpers.reuse.pairs import each_with_each
from nbhelpers.scratch import Array, Buckets, by_hash
from nbhelpers.words import Ints

WORDS_AT_LEAST = 8
SHARED_AT_LEAST = 4
# In a large corpus only words in at most this many sentences lead from sentence to sentence: this
# bounds the work for each word, so that the whole grows with the corpus and not with its square.
_RARE_WORD_SENTENCES = 300
_PERMUTATIONS = 32
_BAND = 3  # values of a sketch that two texts must have in common
_BANDS = 10
_ALIKE = 0.4  # Jaccard index
_PAIRS_AT_ONCE = 100_000
_LARGEST_BAND = 100  # texts that are paired with each other, above it with the first alone
_PRODUCTS_AT_ONCE = 4_000_000

_ENTRY = np.dtype([("code", "u8"), ("place", "i8")])
_WORDING = np.dtype([("wording", "u8"), ("place", "i8")])


def sentence_pairs(index: Index, linked: int | None) -> Iterator[Ints]:
    """Yield pairs of places where sentences begin that share enough telling words.

    ``linked`` is None in a small corpus. Else rare words alone lead from one to another, and a
    sentence that stands in the same words in more places than this is compared in the first alone.
    """
    wordings = index.scratch.records(_WORDING)
    entries = index.scratch.buckets(_ENTRY)
    for block in index.blocks():
        first, length = block.sentences(WORDS_AT_LEAST)
        _add(entries, block, first, length)
        found = np.zeros(len(first), _WORDING)
        found["wording"], found["place"] = wording(block, first, length), first + block.place
        wordings.append(found)
    place, group = _by_wording(index, wordings.read())
    matrix, row = _matrix(entries, place, group, None if linked is None else _RARE_WORD_SENTENCES)
    size = np.bincount(group)
    edges = np.concatenate([[0], np.cumsum(size)])
    compared = np.where(size > (len(place) if linked is None else linked), 1, size)
    for one, other in sharing(matrix):
        yield _places(place, edges, compared, row[one], row[other])


def _add(entries: Buckets, block: Words, first: Ints, length: Ints) -> None:
    """Each telling word of each sentence, once."""
    row, word = members(first, length)
    row, word = row[block.telling[word]], word[block.telling[word]]
    order = np.lexsort((block.code[word], row))
    row, code = row[order], block.code[word[order]]
    new = np.ones(len(row), bool)
    new[1:] = (np.diff(row) != 0) | (code[1:] != code[:-1])
    found = np.zeros(int(new.sum()), _ENTRY)
    found["code"], found["place"] = code[new], first[row[new]] + block.place
    entries.add(found, by_hash(found["code"]))


def members(first: Ints, length: Ints) -> tuple[Ints, Ints]:
    """Return the number of its stretch and the place of each word of some stretches."""
    row = np.repeat(np.arange(len(first)), length)
    word = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length) + first[row]
    return row, word


def wording(block: Words, first: Ints, length: Ints) -> Hashes:
    """Return a hash of the words of each sentence in their order."""
    row, word = members(first, length)
    turn = (word - first[row]).astype(np.uint64) * np.uint64(2) + np.uint64(1)
    mixed = block.code[word] * (turn * np.uint64(0x9E3779B97F4A7C15) | np.uint64(1))
    mixed ^= mixed >> np.uint64(29)
    if not len(first):
        return np.empty(0, np.uint64)
    found: Hashes = np.add.reduceat(mixed, np.cumsum(length) - length)
    return found


def _by_wording(index: Index, found: Array) -> tuple[Ints, Ints]:
    """The places of sentences, those of one wording together, the first text first; its number."""
    rank = index.rank[index.document(found["place"])] if len(found) else found["place"]
    found = found[np.lexsort((found["place"], rank, found["wording"]))]
    new = np.ones(len(found), bool)
    new[1:] = found["wording"][1:] != found["wording"][:-1]
    return found["place"], np.cumsum(new) - 1


def _matrix(
    entries: Buckets, place: Ints, group: Ints, most: int | None
) -> tuple[sparse.csr_matrix, Ints]:
    """Which words each wording has (wordings by words, 0 or 1); the number of each row's wording.

    Left out are words of one sentence alone, and of more than ``most``.
    """
    first = place[np.searchsorted(group, np.arange(group[-1] + 1))] if len(group) else place
    order = np.argsort(first)
    rows, columns, n = [np.empty(0, np.int32)], [np.empty(0, np.int32)], 0
    for found in entries:
        _, column, size = np.unique(found["code"], return_inverse=True, return_counts=True)
        leads = (size > 1) & (size <= (most if most is not None else len(found)))
        number = np.cumsum(leads) - 1 + n
        row = np.searchsorted(first[order], found["place"]).clip(max=len(first) - 1)
        kept = leads[column] & (first[order][row] == found["place"])
        rows.append(row[kept].astype(np.int32))
        columns.append(number[column[kept]].astype(np.int32))
        n += int(leads.sum())
    row, column = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(row), np.int32)
    return sparse.csr_matrix((ones, (row, column)), shape=(len(first), n)), order


def sharing(matrix: sparse.csr_matrix) -> Iterator[tuple[Ints, Ints]]:
    """Yield pairs of rows that share enough columns, each pair once, some at a time."""
    others = matrix.T.tocsr()
    products = np.concatenate([[0], np.cumsum(np.diff(others.indptr)[matrix.indices])])
    work = products[matrix.indptr]
    top = 0
    while top < matrix.shape[0]:
        stop = int(np.searchsorted(work, work[top] + _PRODUCTS_AT_ONCE, side="right"))
        stop = min(max(stop - 1, top + 1), matrix.shape[0])
        shared = (matrix[top:stop] @ others).tocoo()
        enough = (shared.data >= SHARED_AT_LEAST) & (shared.row + top < shared.col)
        yield shared.row[enough].astype(np.int64) + top, shared.col[enough].astype(np.int64)
        top = stop


def _places(place: Ints, edges: Ints, size: Ints, one: Ints, other: Ints) -> Ints:
    """All places of pairs of wordings, each of the one with each of the other."""
    many = size[one] * size[other]
    pair = np.repeat(np.arange(len(one)), many)
    turn = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
    a, b = np.divmod(turn, size[other][pair])
    return np.stack([place[edges[one[pair]] + a], place[edges[other[pair]] + b]], axis=1)


def document_pairs(index: Index) -> Iterator[Ints]:
    """Yield pairs of texts (by the places of their first words) with much the same telling words.

    By MinHash-LSH: texts meet where three values of their sketches are the same.
    """
    documents, sketches = _sketches(index)
    order = np.argsort(index.rank[documents])
    documents, sketches = documents[order], sketches[order]
    for band in range(0, _BANDS * _BAND, _BAND):
        found = np.unique(sketches[:, band : band + _BAND], axis=0, return_inverse=True)
        group = found[1].ravel()
        rows = np.argsort(group, kind="stable")
        complete = np.bincount(group)[group[rows]] <= _LARGEST_BAND
        pairs = rows[np.stack(each_with_each(group[rows], complete), axis=1)]
        for some in np.split(pairs, range(_PAIRS_AT_ONCE, len(pairs), _PAIRS_AT_ONCE)):
            same = sketches[some[:, 0]] == sketches[some[:, 1]]
            yield index.edges[documents[some[same.mean(axis=1) >= _ALIKE]]]


def _sketches(index: Index) -> tuple[Ints, npt.NDArray[np.uint32]]:
    """The MinHash of the telling words of each text that has some."""
    from datasketch import MinHash  # takes a second to import

    documents, sketches = [np.empty(0, np.int64)], [np.empty((0, _PERMUTATIONS), np.uint32)]
    for block in index.blocks():
        code = (block.code[block.telling] & np.uint64(0xFFFFFFFF)).astype(object)
        found, edges = np.unique(block.document[block.telling], return_index=True)
        sets = [part.tolist() for part in np.split(code, edges[1:])] if len(found) else []
        made = MinHash.bulk(sets, num_perm=_PERMUTATIONS, seed=1, hashfunc=int)
        if made:
            documents.append(found.astype(np.int64))
            sketches.append(np.stack([m.hashvalues for m in made]).astype(np.uint32))
    return np.concatenate(documents), np.concatenate(sketches)
