"""The statements of a corpus, those of a site's formulas left out, and what their words tell."""

from __future__ import annotations

import pickle
from array import array
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from scipy import sparse

from nbhelpers.retelling.portions import RECORD, Portion
from nbhelpers.retelling.speakers import Speaker
from nbhelpers.retelling.statements import Statement
from nbhelpers.retelling.terms import COUNTRY, NUMBER, weights
from nbhelpers.retelling.vocabulary import Vocabulary
from nbhelpers.scratch import Array, Scratch
from nbhelpers.words import Bools, Floats, Ints, ranks

_KEPT = 10_000  # statements that were unpickled
_PAIRS_AT_ONCE = 50_000


class Index:
    """Statements numbered in the order of the ids of their texts.

    Add all parts of the corpus, then ask. In memory are some hundred bytes for each statement; the
    statements themselves are in scratch files, some thousand bytes each.
    """

    def __init__(self, scratch: Scratch, *, formula_above: int) -> None:
        """Begin without any statement.

        What more than ``formula_above`` texts state in the same words is a formula of their site.
        """
        self.scratch = scratch
        self._formula_above = formula_above
        kept = self._statements = scratch.shelf()
        self._forms = scratch.shelf()
        self._read = lru_cache(_KEPT)(lambda number: pickle.loads(kept[number]))
        self._read_forms = lru_cache(_KEPT)(self._forms.__getitem__)
        self._records = [np.empty(0, RECORD)]  # documents are numbered as they came
        self._doc_ids: list[str] = []
        self._groups: dict[str, int] = {}
        self._speakers: dict[Speaker, int] = {}
        self._vocabulary = Vocabulary()
        self._codes = self._vocabulary.codes
        self._coded, self._edges = array("i"), array("q", [0])  # the terms of each statement
        self._in_name = array("b")  # whether each is part of a name

    def add(self, part: Portion) -> None:
        """Put the statements of a part of the corpus to the others."""
        records = part.records.copy()
        groups = np.array([self._group(label) for label in part.labels], np.int32)
        speakers = np.array([self._speaker(who) for who in part.speakers], np.int32)
        records["group"] = groups[records["document"]]
        records["document"] += len(self._doc_ids)
        records["speaker"] = speakers[records["speaker"]]
        self._records.append(records)
        self._doc_ids += part.doc_ids
        self._statements.extend(part.statements)
        self._forms.extend(part.forms)
        codes = np.array([self._vocabulary.code(*term) for term in part.terms], np.int32)
        self._coded.frombytes(codes[np.asarray(part.codes)].tobytes())
        self._in_name.extend(part.in_name)
        self._edges.extend((self._edges[-1] + np.cumsum(part.sizes, dtype=np.int64)).tolist())

    def __len__(self) -> int:
        """Return the number of statements, without formulas."""
        return len(self._numbers)

    def __getitem__(self, number: int) -> Statement:
        """Return a statement."""
        found: Statement = self._read(int(self._numbers[number]))
        return found

    def forms(self, number: int) -> str:
        """Return the words of a statement, with blanks between them."""
        found: str = self._read_forms(int(self._numbers[number]))
        return found

    def shared(self, pairs: Ints, *, plain: bool = False) -> Floats:
        """Return how much the (plain) terms tell that two statements share, in bits."""
        return self._in_common(pairs, self.plain if plain else self.matrix, self.weight)

    def numbers_apart(self, pairs: Ints) -> Bools:
        """Return whether two statements both have numbers, and none in common."""
        in_common = self._in_common(pairs, self.matrix, self.is_number.astype(np.int64))
        found: Bools = (self._n_numbers[pairs] > 0).all(axis=1) & (in_common == 0)
        return found

    def cosine(self, pairs: Ints) -> Floats:
        """Return how alike the terms of two statements are, weighted by what they tell."""
        found: Floats = self.shared(pairs) / np.sqrt(self.total[pairs].prod(axis=1))
        return found

    @property
    def records(self) -> Array:
        """What is known of each statement: see :data:`~nbhelpers.retelling.portions.RECORD`."""
        return self._settled[1]

    @cached_property
    def speakers(self) -> list[Speaker]:
        """All speakers; nobody is one of them where a statement is the author's own."""
        return list(self._speakers)

    @cached_property
    def same_words(self) -> Ints:
        """The first statement with the words of each statement."""
        _, first, of_each = np.unique(self.records["words"], return_index=True, return_inverse=True)
        found: Ints = first[of_each]
        return found

    def telling(self, number: int) -> list[int]:
        """Return the numbers of a statement's terms in their order, those that recur repeatedly."""
        codes, _, edges = self._terms_in_order
        found: list[int] = self._order_of_codes[codes[edges[number] : edges[number + 1]]].tolist()
        return found

    @property
    def matrix(self) -> sparse.csr_matrix:
        """Statements by terms: 1 where one has a term."""
        return self._matrices[0]

    @property
    def plain(self) -> sparse.csr_matrix:
        """Statements by terms: 1 where one has a term that is neither a name nor a number there."""
        return self._matrices[1]

    @cached_property
    def is_number(self) -> Bools:
        """Whether each term is a number."""
        return self._begins_with(NUMBER)

    @cached_property
    def terms(self) -> dict[str, int]:
        """The number of each term, in the order in which they come first in the texts."""
        return dict(zip(self._codes, self._order_of_codes.tolist(), strict=True))

    @cached_property
    def statements_with(self) -> Ints:
        """How many statements have each term."""
        return np.asarray(self.matrix.sum(axis=0, dtype=np.int64)).ravel()

    @cached_property
    def weight(self) -> Floats:
        """How much each term tells, in bits."""
        general = np.asarray(self._vocabulary.general)[np.argsort(self._order_of_codes)]
        return weights(self.statements_with, general, len(self))

    @cached_property
    def total(self) -> Floats:
        """How much all terms of each statement tell, in bits."""
        found: Floats = self.matrix @ self.weight
        return found

    @cached_property
    def word_rows(self) -> Ints:
        """The row of each term in the table of word vectors; -1 if that has none of its forms."""
        known = self._vocabulary.rows
        rows = np.full(len(self._codes), -1)
        rows[self._order_of_codes[list(known)]] = list(known.values())
        return rows

    def _group(self, label: object) -> int:
        return self._groups.setdefault(label, len(self._groups)) if isinstance(label, str) else -1

    def _speaker(self, who: Speaker) -> int:
        return self._speakers.setdefault(who, len(self._speakers))

    def _in_common(self, pairs: Ints, matrix: sparse.csr_matrix, weight: Array) -> Array:
        """The weight of the terms that two statements share."""
        found = np.zeros(len(pairs), weight.dtype)
        for top in range(0, len(pairs), _PAIRS_AT_ONCE):
            some = slice(top, top + _PAIRS_AT_ONCE)
            one, two = pairs[some].T
            found[some] = matrix[one].multiply(matrix[two]) @ weight
        return found

    @cached_property
    def _n_numbers(self) -> Ints:
        """How many numbers each statement has."""
        return np.asarray(self.matrix @ self.is_number.astype(np.int64))

    @property
    def _numbers(self) -> Ints:
        """The statements, numbered as they came, in the order of the texts; no formulas."""
        return self._settled[0]

    @cached_property
    def _settled(self) -> tuple[Ints, Array]:
        came = np.concatenate(self._records)
        self._records.clear()  # kept once
        texts = pd.DataFrame({name: came[name] for name in ("terms", "document")})
        known, count = np.unique(texts.drop_duplicates()["terms"], return_counts=True)
        formulas = known[count > self._formula_above]
        came["document"] = ranks(self._doc_ids)[came["document"]]
        order = np.argsort(came["document"], kind="stable")
        numbers: Ints = order[~np.isin(came["terms"][order], formulas)]
        return numbers, came[numbers]

    @cached_property
    def _matrices(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        codes, in_name, edges = self._terms_in_order
        shape = (len(self), len(self._codes))
        entries = in_name.copy(), self._order_of_codes[codes], edges.copy()
        found = sparse.csr_matrix(entries, shape=shape)
        found.sum_duplicates()  # part of a name in one place or another
        is_marked = self.is_number | self._begins_with(COUNTRY)
        is_plain = ~(found.data | is_marked[found.indices])
        matrix, plain = (
            sparse.csr_matrix((data, found.indices, found.indptr), shape=shape)
            for data in (np.ones(len(is_plain), np.int8), is_plain.astype(np.int8))
        )
        return matrix, plain

    def _begins_with(self, mark: str) -> Bools:
        """Whether each term has a mark."""
        found = np.empty(len(self._codes), bool)
        found[self._order_of_codes] = [term.startswith(mark) for term in self._codes]
        return found

    @cached_property
    def _terms_in_order(self) -> tuple[Ints, Bools, Ints]:
        """The terms of all statements, numbered as they came; which are part of a name.

        The last are the places where each statement's terms begin.
        """
        edges = np.asarray(self._edges, np.int64)
        size = np.diff(edges)[self._numbers]
        begin = np.concatenate([[0], np.cumsum(size)])
        place = np.arange(begin[-1]) + np.repeat(edges[self._numbers] - begin[:-1], size)
        codes, in_name = np.asarray(self._coded, np.int32)[place], np.asarray(self._in_name)[place]
        self._coded, self._in_name = array("i"), array("b")  # kept once
        return codes, in_name.astype(bool), begin

    @cached_property
    def _order_of_codes(self) -> Ints:
        """The place of each term, numbered as it came, among those of the texts in their order."""
        codes, *_ = self._terms_in_order
        first = np.full(len(self._codes), len(codes))
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        return np.argsort(np.argsort(first, kind="stable")).astype(np.int32)
