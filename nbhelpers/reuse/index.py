"""The words that are compared, in scratch files: read part by part, or text by text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus
from nbhelpers.scratch import Array, Scratch, by_hash
from nbhelpers.words import Bools, Ints, ranks, sentence_numbers, stop_word_set, words

Hashes = npt.NDArray[np.uint64]

# Words that every report uses to name its source are no evidence of copying either.
_REPORTING_WORDS = frozenset({"according", "also", "said", "say", "says", "told", "will", "would"})
_FORMULA_WORDS = 5
_MOSTLY_CAPITALS = 0.6
_WORDS_AT_ONCE = 300_000

_WORD = np.dtype(
    [("code", "u8"), ("start", "i4"), ("end", "i4"), ("sentence", "i4"), ("marks", "u1")]
)
_BREAK, _FUNCTION, _NAME, _GOES_ON, _FORMULA = 1, 2, 4, 8, 16


class Words:
    """Words of some texts, text after text.

    ``document`` (number of the text), ``code`` (hash of the word), ``start``, ``end``, ``sentence``
    (its id in the text) of each; ``place`` (of the first: number in the index).
    """

    def __init__(self, records: Array, document: Ints, place: int = 0) -> None:
        """Take the records of an index."""
        self.document, self.place = document, place
        self.code: Hashes = np.ascontiguousarray(records["code"])
        self.start: Ints = records["start"].astype(np.int64)
        self.end: Ints = records["end"].astype(np.int64)
        self.sentence: Ints = records["sentence"].astype(np.int64)
        self._marks = records["marks"]

    @cached_property
    def stretch(self) -> Ints:
        """Changes where a text ends or furniture was left out."""
        found: Ints = np.cumsum(self._has(_BREAK))
        return found

    @cached_property
    def telling(self) -> Bools:
        """Whether each is neither a function word nor part of a formula."""
        return ~self._has(_FUNCTION | _FORMULA)

    @cached_property
    def name(self) -> Bools:
        """Whether each is part of a name."""
        return self._has(_NAME)

    @cached_property
    def evidence(self) -> Ints:
        """Running total of the telling words, a name counting once, after a leading 0."""
        return np.concatenate([[0], np.cumsum(self.telling & ~self._has(_GOES_ON))])

    def _has(self, mark: int) -> Bools:
        found: Bools = (self._marks & mark) != 0
        return found

    def sentences(self, least: int) -> tuple[Ints, Ints]:
        """Return where sentences of so many words or more begin, and how many they have."""
        new = (np.diff(self.sentence, prepend=-1) != 0) | (np.diff(self.stretch, prepend=-1) != 0)
        first = np.flatnonzero(new)
        length = np.diff(np.append(first, len(self.code)))
        return first[length >= least], length[length >= least]


class Index:
    """All words of a corpus that are compared; texts are numbered as they come.

    In memory are the ids and the places of the texts; the words and the texts are in scratch files.
    """

    def __init__(self, scratch: Scratch) -> None:
        """Begin without any text."""
        self.scratch = scratch
        self.doc_ids: list[str] = []
        self._words = scratch.records(_WORD)
        self._sentences = scratch.records("i4,i4")
        self._texts = scratch.records("u1")
        self._edges: list[list[int]] = [[0, 0, 0]]

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.doc_ids)

    def add(self, corpus: Corpus, *, content_only: bool) -> None:
        """Put the texts of a corpus, or of a part of one, to the others."""
        found, n_words = _records(corpus, content_only)
        frame = sentences(corpus)
        n_sentences = frame.groupby("doc_id").size().reindex(corpus.doc_ids, fill_value=0)
        self._words.append(found)
        edges = np.rec.fromarrays([frame["start"], frame["end"]], dtype="i4,i4")
        self._sentences.append(edges)
        for document, *sizes in zip(corpus, n_words, n_sentences.tolist(), strict=True):
            text = np.frombuffer(document.text.encode(), np.uint8)
            self._texts.append(text)
            last = self._edges[-1]
            self._edges.append([a + b for a, b in zip(last, (*sizes, len(text)), strict=True)])
        self.doc_ids += corpus.doc_ids

    @cached_property
    def edges(self) -> Ints:
        """The place of the first word of each text, and behind the last one."""
        return np.array([words for words, _, _ in self._edges], np.int64)

    @cached_property
    def order(self) -> Ints:
        """The numbers of the texts in the order of their ids."""
        return np.argsort(self.rank)

    @cached_property
    def rank(self) -> Ints:
        """The place of each text in the order of the ids."""
        return ranks(self.doc_ids)

    def document(self, place: Ints) -> Ints:
        """Return the number of the text in which each word stands."""
        found: Ints = np.searchsorted(self.edges, place, side="right") - 1
        return found

    def blocks(self) -> Iterator[Words]:
        """Yield all words, some texts at a time."""
        first = 0
        while first < len(self):
            past = np.searchsorted(self.edges, self.edges[first] + _WORDS_AT_ONCE)
            stop = min(len(self), max(first + 1, int(past)))
            a, b = self.edges[first], self.edges[stop]
            document = np.repeat(np.arange(first, stop), np.diff(self.edges[first : stop + 1]))
            yield Words(self._words.read(a, b), document, int(a))
            first = stop

    def load(self, documents: Sequence[int]) -> Words:
        """Return the words of some texts, in this order, numbered by their rank."""
        parts = [self._words.read(*self.edges[d : d + 2]) for d in documents]
        sizes = np.array([len(part) for part in parts], np.int64)
        numbers = np.repeat(self.rank[np.array(documents, np.int64)], sizes)
        return Words(np.concatenate([self._words.read(0, 0), *parts]), numbers)

    def text(self, document: int) -> str:
        """Return the text with this number."""
        data = self._texts.read(self._edges[document][2], self._edges[document + 1][2])
        return data.tobytes().decode()

    def sentence_spans(self, document: int) -> Array:
        """Return the offsets of the sentences of a text: two columns."""
        found = self._sentences.read(self._edges[document][1], self._edges[document + 1][1])
        return found.view("i4").reshape(-1, 2)

    def mark_formulas(self, above: int) -> None:
        """Mark the words of each sequence of five that occurs more often than this."""
        formulas = self.common(_FORMULA_WORDS, above)
        if not len(formulas):
            return
        for block in self.blocks():
            at, value = sequences(block, _FORMULA_WORDS)
            at = at[is_in(value, formulas)]
            marked = self._words.read(block.place, block.place + len(block.code)).copy()
            for k in range(_FORMULA_WORDS):
                marked["marks"][at + k] |= _FORMULA
            self._words.write(block.place, marked)

    def common(self, n: int, above: int) -> Hashes:
        """Return the hashes of the sequences of n words that occur more often than this, sorted."""
        buckets = self.scratch.buckets("u8")
        for block in self.blocks():
            _, value = sequences(block, n)
            buckets.add(value, by_hash(value))
        counted = (np.unique(values, return_counts=True) for values in buckets)
        return np.concatenate([value[count > above] for value, count in counted])


def sequences(block: Words, n: int) -> tuple[Ints, Hashes]:
    """Return where sequences of n words begin, and their hashes.

    Sequences are alike if their 64-bit hashes are: of corpora of 10 million words one in 400,000
    is to be expected to hold a chance agreement.
    """
    last = max(len(block.code) - n + 1, 0)
    value = np.zeros(last, np.uint64)
    for k in range(n):
        value = value * np.uint64(0xD6E8FEB86659FD93) + block.code[k : last + k]
    value ^= value >> np.uint64(32)
    if not last:
        return np.empty(0, np.int64), value
    at = np.flatnonzero(block.stretch[:last] == block.stretch[n - 1 :])
    return at, value[at]


def is_in(values: Array, listed: Array) -> Bools:
    """Return which values are in a sorted list."""
    if not len(listed):
        return np.zeros(len(values), bool)
    found: Bools = listed[np.searchsorted(listed, values).clip(max=len(listed) - 1)] == values
    return found


def _records(corpus: Corpus, content_only: bool) -> tuple[Array, list[int]]:
    """The words of a corpus as an index keeps them, and how many each text has."""
    tokens = words(corpus)
    row = np.flatnonzero(tokens["is_content"]) if content_only else np.arange(len(tokens))
    tokens = tokens.iloc[row]
    document = tokens["doc_id"].cat.codes.to_numpy(np.int64)
    vocabulary = tokens["word"].cat.categories
    code = tokens["word"].cat.codes.to_numpy(np.int64)
    found = np.empty(len(tokens), _WORD)
    found["code"] = pd.util.hash_array(vocabulary.to_numpy(object))[code]
    found["start"], found["end"] = tokens["start"], tokens["end"]
    numbers = sentence_numbers(corpus, tokens)
    found["sentence"] = sentences(corpus)["sentence_id"].to_numpy()[numbers]
    breaks = (np.diff(document, prepend=-1) != 0) | (np.diff(row, prepend=-2) != 1)
    function = vocabulary.isin(stop_word_set("english") | _REPORTING_WORDS)[code]
    capitalised = _capitalised(corpus, document, found["start"])
    name = _names(capitalised, tokens["paragraph"].to_numpy(np.int64))
    goes_on = _continues_name(name, function, np.cumsum(breaks))
    found["marks"] = breaks * _BREAK + function * _FUNCTION + name * _NAME + goes_on * _GOES_ON
    return found, np.bincount(document, minlength=len(corpus)).tolist()


def _capitalised(corpus: Corpus, document: Ints, start: Array) -> Bools:
    """Whether each word begins with a capital."""
    initials = np.zeros(len(start), np.uint32)
    edges = np.searchsorted(document, np.arange(len(corpus) + 1))
    for number, item in enumerate(corpus):
        here = slice(edges[number], edges[number + 1])
        code_points = np.frombuffer(item.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        initials[here] = code_points[start[here]]
    letters, position = np.unique(initials, return_inverse=True)
    capitals = np.array([chr(letter).isupper() for letter in letters], bool)
    found: Bools = capitals[position]
    return found


def _names(capitalised: Bools, paragraph: Ints) -> Bools:
    """Capitals mark a name, except in a headline, where most words have one."""
    total = np.bincount(paragraph)
    share = np.bincount(paragraph, weights=capitalised) / np.maximum(total, 1)
    names: Bools = capitalised & (share[paragraph] < _MOSTLY_CAPITALS)
    return names


def _continues_name(name: Bools, function: Bools, stretch: Ints) -> Bools:
    """The words of a name after its first: *Obama* in "Barack Obama", *State* in "... of State"."""
    before = np.zeros((3, len(name)), bool)
    for back in (1, 2):
        same = stretch[back:] == stretch[:-back]
        before[back, back:] = name[:-back] & same
    linked = before[2].copy()
    linked[1:] &= function[:-1]
    continues: Bools = name & (before[1] | linked)
    return continues
