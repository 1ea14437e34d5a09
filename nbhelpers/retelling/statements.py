"""The statements that are compared: the sentences of attributed contents, and those without."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from scipy import sparse

from nbhelpers.attribution import attributions, spans
from nbhelpers.cleaning import sentences
from nbhelpers.corpus import Corpus
from nbhelpers.retelling.terms import (
    COUNTRY,
    NUMBER,
    countries_of_two,
    general_share,
    terms_of,
    weights,
)
from nbhelpers.text import Span, normalise, word_spans
from nbhelpers.words import Floats

_LEAST_TERMS = 4
_MOST_WORDS = 120  # what is longer is no sentence: a list, a table, broken text
_STOP = re.compile(r"[,;:.!?…()–—]")
_COVERED = 0.5  # of a sentence's words, from which on it is no longer the author's


class Word(NamedTuple):
    """A word: its place, its form, its terms; whether it has a capital, and a stop before it."""

    start: int
    end: int
    form: str
    terms: tuple[str, ...]
    is_name: bool
    begins_clause: bool


@dataclass(frozen=True, eq=False)
class Statement:
    """A sentence, or what of it belongs to one attribution (None: the author's own words)."""

    doc_id: str
    spans: tuple[Span, ...]
    sentence: Span
    attribution_id: str | None
    words: tuple[Word, ...]
    is_question: bool

    @cached_property
    def terms(self) -> list[str]:
        """Its telling words in their order, those that recur more than once."""
        return [term for word in self.words for term in word.terms]

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Its telling words, each once."""
        return frozenset(self.terms)

    @cached_property
    def numbers(self) -> dict[str, str]:
        """Its numbers, and how they are written."""
        return {t: w.form for w in self.words for t in w.terms if t.startswith(NUMBER)}

    @cached_property
    def names(self) -> dict[str, str]:
        """Its names and countries, and how they are written."""
        found: dict[str, str] = {}
        for word in self.words:
            for term in word.terms:
                if term.startswith(COUNTRY):
                    found[term] = term[1:]
                elif word.is_name and not term.startswith(NUMBER):
                    found.setdefault(term, word.form.title())
        return found


def statements(corpus: Corpus, *, formula_above: int, model: str) -> list[Statement]:
    """Return what the texts of a corpus state, in the order of the texts.

    What more than ``formula_above`` texts state in the same words is a formula of their site.

    The sentences of an attributed content stand for themselves, for outlets choose among the
    sentences of a speech; the stretches of one sentence (“X,” he said, “Y”) stay together. Where
    somebody only carries another's words, the first source's attribution has them. A sentence most
    of which nobody is said to have said is the author's.
    """
    contents = _contents(corpus, model)
    found: list[Statement] = []
    frame = sentences(corpus)
    frame = frame[frame["is_content"]]
    rows = zip(*(frame[c].tolist() for c in ("doc_id", "start", "end")), strict=True)
    for doc_id, of_text in groupby(rows, key=itemgetter(0)):
        text = corpus.text(doc_id)
        for sentence, attributed in _by_sentence([r[1:] for r in of_text], contents[doc_id]):
            words = list(_words(text, sentence))
            if len(words) <= _MOST_WORDS:
                is_question = text[slice(*sentence)].rstrip("\"'”’»)").endswith("?")
                found += _of_sentence(doc_id, sentence, words, attributed, is_question)
    found = [s for s in found if len(s.distinct) >= _LEAST_TERMS]
    texts = Counter(words for words, _ in {(s.distinct, s.doc_id) for s in found})
    return [s for s in found if texts[s.distinct] <= formula_above]


def _contents(corpus: Corpus, model: str) -> dict[str, list[tuple[int, int, str]]]:
    """The stretches of all contents by text, a carrier's only where its source has not the same."""
    told = attributions(corpus, model=model)
    carriers = dict(zip(told["attribution_id"], told["reported_via"], strict=True))
    stretches = spans(corpus, model=model)
    stretches = stretches[stretches["role"] == "content"]
    rows = zip(
        *(stretches[c].tolist() for c in ("doc_id", "start", "end", "attribution_id")), strict=True
    )
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for doc_id, start, end, name in rows:
        found[doc_id].append((start, end, name))
    for of_text in found.values():
        owners = defaultdict(set)
        for start, end, name in of_text:
            owners[start, end].add(name)
        of_text[:] = sorted(
            (start, end, name)
            for start, end, name in of_text
            if not any(carriers.get(other) == name for other in owners[start, end])
        )
    return found


def _by_sentence(
    found: Sequence[Span], contents: Sequence[tuple[int, int, str]]
) -> Iterator[tuple[Span, dict[str, list[Span]]]]:
    """Each sentence with the stretches of contents in it, by attribution."""
    open_: list[tuple[int, int, str]] = []
    ahead = iter(contents)
    following = next(ahead, None)
    for start, end in found:
        while following and following[0] < end:
            open_.append(following)
            following = next(ahead, None)
        open_ = [content for content in open_ if content[1] > start]
        inside: dict[str, list[Span]] = defaultdict(list)
        for first, last, name in open_:
            if first < end:
                inside[name].append((max(first, start), min(last, end)))
        yield (start, end), inside


def _words(text: str, sentence: Span) -> Iterator[Word]:
    """The words of a sentence; a country of two words has its term at the first of them."""
    places = word_spans(text, *sentence)
    forms = [normalise(text[a:b]) for a, b in places]
    pairs = countries_of_two()
    before = sentence[0]
    taken = -1
    for i, ((start, end), form) in enumerate(zip(places, forms, strict=True)):
        raw = text[start:end]
        following = forms[i + 1] if i + 1 < len(forms) else ""
        if taken == i:
            terms: tuple[str, ...] = ()
        elif (form, following) in pairs:
            terms, taken = (pairs[form, following],), i + 1
        elif form == "us":
            terms = terms_of("u.s.") if raw == "US" else ()
        else:
            terms = terms_of(form)
        begins_clause = bool(_STOP.search(text, before, start))
        yield Word(start, end, form, terms, i > 0 and raw[0].isupper(), begins_clause)
        before = end


def _of_sentence(
    doc_id: str,
    sentence: Span,
    words: list[Word],
    attributed: dict[str, list[Span]],
    is_question: bool,
) -> Iterator[Statement]:
    covered: set[int] = set()
    for name, stretches in attributed.items():
        inside = [w for w in words if any(a <= w.start and w.end <= b for a, b in stretches)]
        covered |= {w.start for w in inside}
        if inside:
            yield Statement(doc_id, tuple(stretches), sentence, name, tuple(inside), is_question)
    if len(covered) < _COVERED * len(words):
        yield Statement(doc_id, (sentence,), sentence, None, tuple(words), is_question)


class Index(NamedTuple):
    """Statements and their terms: ``matrix`` (statements by terms) holds 1 where one has a term."""

    statements: list[Statement]
    terms: dict[str, int]
    matrix: sparse.csr_matrix
    weight: Floats  # of each term, in bits


def index(found: list[Statement]) -> Index:
    """Number the terms of statements, and weigh them."""
    terms: defaultdict[str, int] = defaultdict()
    terms.default_factory = terms.__len__
    general: Counter[int] = Counter()
    row, column = [], []
    for number, statement in enumerate(found):
        for word in statement.words:
            for term in word.terms:
                code = terms[term]
                row.append(number)
                column.append(code)
                general[code] = max(general[code], general_share(word.form))  # type: ignore[assignment]
    shape = (len(found), len(terms))
    matrix = sparse.csr_matrix((np.ones(len(row)), (row, column)), shape=shape)
    matrix.data[:] = 1
    shares = np.array([general[code] for code in range(len(terms))], float)
    present = np.asarray(matrix.sum(axis=0)).ravel()
    return Index(found, dict(terms), matrix, weights(present, shares, len(found)))
