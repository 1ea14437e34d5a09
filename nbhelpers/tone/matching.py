"""Finding the terms of a lexicon among the words of a corpus, in the context that they need."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from nbhelpers.corpus import Corpus
from nbhelpers.extraction.vocabulary import word_class
from nbhelpers.tone.lexicon import OTHER_SENSE, Lexicon, Term
from nbhelpers.voices.pieces import Pieces
from nbhelpers.words import Bools, codes

# Within a layer the longest term wins ("no doubt" before "doubt"); layers do not see one another.
LAYERS = (
    ("hedge", "booster", "evidential", "intensifier"),
    ("opinion_marker",),
    ("first_person",),
    ("loaded",),
)
_NEGATORS = frozenset("not no never neither nor without cannot nobody none hardly scarcely".split())
_NEGATED_WITHIN = 3  # words before a term, as in VADER
_NEVER_NEGATED = frozenset({"first_person"})
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions dozen dozens half "
    "two-thirds three-quarters".split()
)
_CLASSES = (
    ("NOUN", ("NN", "?")),
    ("ADJECTIVE", ("JJ",)),
    ("ADVERB", ("RB",)),
    ("PARTICIPLE", ("VBN",)),
)
_BETWEEN_WORDS = frozenset(" \t\n\r\xa0-–\"“”„«»'‘’$€£¥#@~(")
_CONTRACTED = re.compile(r"^['’][sS]\b")  # belongs to no word
_HEADLINE_WORD = 4  # letters of a word that headlines capitalise
_HEADLINE_WORDS = 3
_HEADLINE_REACH = 15  # words to either side
_HEADLINE_SHARE = 0.7


class Match(NamedTuple):
    """A term at its place: its first word, the one behind its last, what it shows there."""

    first: int
    past: int
    category: str
    weight: float
    is_negated: bool


def matches(corpus: Corpus, parts: Pieces, lexicon: Lexicon) -> list[Match]:
    """Return the terms of a lexicon among the words that have a row, in order."""
    reader = _Reader(corpus, parts)
    found: list[Match] = []
    for layer in LAYERS:
        found += _in_layer(reader, [t for t in lexicon if t.category in (*layer, OTHER_SENSE)])
    return sorted(found)


def _in_layer(reader: _Reader, terms: list[Term]) -> Iterator[Match]:
    by_first = _by_first_word(terms, reader.forms)
    covered = 0
    for first in np.flatnonzero(_candidates(reader, by_first)).tolist():
        if first < covered:
            continue
        for words, term in by_first[reader.codes[first]]:
            past = first + len(words)
            if reader.has(first, words) and reader.suits(term, first, past):
                covered = past
                if match := _as_match(reader, term, first, past):
                    yield match
                break


def _by_first_word(
    terms: Iterable[Term], forms: list[str]
) -> dict[int, list[tuple[tuple[int, ...], Term]]]:
    """The terms whose words the corpus has, as codes, by the first; the longest come first."""
    code = {form: number for number, form in enumerate(forms)}
    found: defaultdict[int, list[tuple[tuple[int, ...], Term]]] = defaultdict(list)
    for term in terms:
        *before, last = term.words
        if last.endswith("*"):
            lasts = [number for form, number in code.items() if form.startswith(last[:-1])]
        else:
            lasts = [code[last]] if last in code else []
        if all(word in code for word in before):
            for number in lasts:
                words = (*(code[word] for word in before), number)
                found[words[0]].append((words, term))
    for listed in found.values():
        listed.sort(key=lambda pair: (-len(pair[0]), pair[1].words[-1].endswith("*")))
    return dict(found)


def _candidates(reader: _Reader, by_first: dict[int, list[tuple[tuple[int, ...], Term]]]) -> Bools:
    """Which words may begin a term: by themselves, or with the word behind them."""
    size = len(reader.forms)
    alone = np.zeros(size, bool)
    pairs = set()
    for first, listed in by_first.items():
        alone[first] = any(len(words) == 1 for words, _ in listed)
        pairs |= {words[0] * size + words[1] for words, _ in listed if len(words) > 1}
    following = np.append(reader.all_codes[1:], 0)
    is_pair = np.isin(reader.all_codes * size + following, np.array(sorted(pairs), np.int64))
    candidates: Bools = (alone[reader.all_codes] | is_pair) & (reader.parts.row >= 0)
    return candidates


def _as_match(reader: _Reader, term: Term, first: int, past: int) -> Match | None:
    """What a term shows at its place; None if it shows nothing there."""
    category = term.category
    negated = category not in _NEVER_NEGATED and reader.is_negated(first)
    if negated and term.context.negated:
        category = term.context.negated
    if category in (OTHER_SENSE, "none"):
        return None
    return Match(first, past, category, term.weight, negated)


def is_headline_case(written: Iterable[str]) -> bool:
    """Return whether most longer words have capitals, as in many headlines.

    >>> is_headline_case("Troops May Join the Fight".split())
    True
    """
    longer = [word for word in written if len(word) >= _HEADLINE_WORD]
    capitals = sum(word[0].isupper() for word in longer)
    return len(longer) >= _HEADLINE_WORDS and capitals >= _HEADLINE_SHARE * len(longer)


class _Reader:
    """The words of a corpus one by one, with what stands around them."""

    def __init__(self, corpus: Corpus, parts: Pieces) -> None:
        self.parts = parts
        self.forms: list[str] = list(parts.tokens["word"].cat.categories)
        self.all_codes = codes(parts.tokens["word"])
        self._texts = [document.text for document in corpus]

    @cached_property
    def codes(self) -> list[int]:
        found: list[int] = self.all_codes.tolist()
        return found

    @cached_property
    def _rows(self) -> list[int]:
        found: list[int] = self.parts.row.tolist()
        return found

    @cached_property
    def _starts(self) -> list[int]:
        found: list[int] = self.parts.tokens["start"].tolist()
        return found

    @cached_property
    def _ends(self) -> list[int]:
        found: list[int] = self.parts.tokens["end"].tolist()
        return found

    @cached_property
    def _documents(self) -> list[int]:
        found: list[int] = codes(self.parts.tokens["doc_id"]).tolist()
        return found

    def _text(self, word: int) -> str:
        """A word as it is written."""
        return self._texts[self._documents[word]][self._starts[word] : self._ends[word]]

    def _continues(self, word: int) -> bool:
        """Whether a word follows the one before it in the same voice, with no stop between."""
        if not 0 < word < len(self._rows) or self._rows[word] != self._rows[word - 1]:
            return False
        gap = self._texts[self._documents[word]][self._ends[word - 1] : self._starts[word]]
        return gap == " " or _BETWEEN_WORDS.issuperset(_CONTRACTED.sub("", gap))

    def has(self, first: int, words: tuple[int, ...]) -> bool:
        """Return whether these words stand there, one directly behind the other."""
        past = first + len(words)
        if len(words) == 1:
            return True
        return tuple(self.codes[first:past]) == words and all(
            self._continues(word) for word in range(first + 1, past)
        )

    def suits(self, term: Term, first: int, past: int) -> bool:
        """Return whether a term's context is the one that it needs."""
        needed = term.context
        if needed.next or needed.not_next:
            following = self._labels(past) if self._continues(past) else {"STOP"}
            if needed.not_next & following or (needed.next and not needed.next & following):
                return False
        if needed.previous or needed.not_previous:
            before = self._labels(first - 1) if self._continues(first) else {"STOP"}
            if needed.not_previous & before or (needed.previous and not needed.previous & before):
                return False
        return not needed.flags or self._is_written(needed.flags, first)

    def is_negated(self, first: int) -> bool:
        """Return whether one of the words before, in the same clause, is a negation."""
        for word in range(first, first - _NEGATED_WITHIN, -1):
            if not self._continues(word):
                return False
            form = self.forms[self.codes[word - 1]]
            if form in _NEGATORS or form.endswith("n't"):
                return True
        return False

    def _labels(self, word: int) -> set[str]:
        """A word's form and the classes that it may belong to, in capitals."""
        form, written = self.forms[self.codes[word]], self._text(word)
        labels = {form}
        if written[0].isdigit() or form in _NUMBERS:
            return labels | {"NUMBER"}
        if written[0].isupper():
            labels.add("NAME")
        seen = word_class(written).lstrip("^").split("|")
        labels |= {name for name, tags in _CLASSES if any(tag.startswith(tags) for tag in seen)}
        return labels

    def _is_written(self, flags: frozenset[str], word: int) -> bool:
        """Whether the case of a word is what these flags ask for."""
        written = self._text(word)
        if "capital" in flags and not written[0].isupper():
            return False
        if "not-caps" in flags and written.isupper():
            return False
        if "lower" not in flags or written.islower():
            return True
        return self._begins_sentence(word) or self._is_in_headline(word)

    def _begins_sentence(self, word: int) -> bool:
        return word == 0 or self._rows[word - 1] != self._rows[word]

    def _is_in_headline(self, word: int) -> bool:
        """Whether most longer words of its sentence have capitals."""
        near = range(max(0, word - _HEADLINE_REACH), min(len(self._rows), word + _HEADLINE_REACH))
        written = (self._text(w) for w in near if self._rows[w] == self._rows[word])
        return is_headline_case(written)
