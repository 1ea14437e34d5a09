"""The statements that are compared: the sentences of attributed contents, and those without."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from nbhelpers.attribution import attributions, spans
from nbhelpers.cleaning import damage, sentences
from nbhelpers.corpus import Corpus
from nbhelpers.retelling.speakers import NOBODY, Speaker, speakers
from nbhelpers.retelling.terms import COUNTRY, NUMBER, countries_of_two, terms_of
from nbhelpers.text import Span, normalise, word_spans

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
    """A sentence, or what of it belongs to one attribution (None: the author's own words).

    ``written``: the sentence as it stands in the text; ``act``: the class of the attribution's cue;
    ``is_damaged``: a flaw lies in the sentence, or begins the next.
    """

    doc_id: str
    spans: tuple[Span, ...]
    sentence: Span
    attribution_id: str | None
    words: tuple[Word, ...]
    written: str
    speaker: Speaker = NOBODY
    act: str | None = None
    is_damaged: bool = False

    def text(self, span: Span) -> str:
        """Return what stands in a stretch of the sentence."""
        begin = self.sentence[0]
        return self.written[span[0] - begin : span[1] - begin]

    @property
    def content(self) -> str:
        """Its words; stretches that stand apart are joined by an ellipsis."""
        return " … ".join(map(self.text, self.spans))

    @property
    def is_question(self) -> bool:
        """Whether the sentence ends in a question mark."""
        return self.written.rstrip("\"'”’»)").endswith("?")

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


def statements(corpus: Corpus, *, model: str) -> Iterator[Statement]:
    """Yield what the texts of a corpus state, in the order of the texts.

    The sentences of an attributed content stand for themselves, for outlets choose among the
    sentences of a speech; the stretches of one sentence (“X,” he said, “Y”) stay together. Where
    somebody only carries another's words, the first source's attribution has them. A sentence most
    of which nobody is said to have said is the author's.
    """
    contents = _contents(corpus, model)
    saying = _Saying(corpus, model)
    frame = sentences(corpus)
    frame = frame[frame["is_content"]]
    rows = zip(*(frame[c].tolist() for c in ("doc_id", "start", "end")), strict=True)
    for doc_id, of_text in groupby(rows, key=itemgetter(0)):
        text = corpus.text(doc_id)
        for sentence, attributed in _by_sentence([r[1:] for r in of_text], contents[doc_id]):
            words, written = tuple(_words(text, sentence)), text[slice(*sentence)]
            if len(words) > _MOST_WORDS:
                continue
            whole = Statement(doc_id, (sentence,), sentence, None, words, written)
            for found in _of_sentence(whole, attributed):
                if len(found.distinct) >= _LEAST_TERMS:
                    yield saying.completed(found)


class _Saying:
    """Who says the statements of a corpus, and how; and which of them are damaged."""

    def __init__(self, corpus: Corpus, model: str) -> None:
        told = attributions(corpus, model=model)
        self._speakers = speakers(corpus, model=model)
        self._acts = dict(zip(told["attribution_id"], told["cue_class"], strict=True))
        self._flawed = _flawed_sentences(corpus)

    def completed(self, statement: Statement) -> Statement:
        name = statement.attribution_id or ""
        return replace(
            statement,
            speaker=self._speakers.get(name, NOBODY),
            act=self._acts.get(name),
            is_damaged=(statement.doc_id, statement.sentence) in self._flawed,
        )


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
        begins_clause = text[before:start] != " " and bool(_STOP.search(text, before, start))
        yield Word(start, end, form, terms, i > 0 and raw[0].isupper(), begins_clause)
        before = end


def _of_sentence(whole: Statement, attributed: dict[str, list[Span]]) -> Iterator[Statement]:
    """The stretches of a sentence that are attributed, and the sentence where most is not."""
    covered: set[int] = set()
    for name, stretches in attributed.items():
        inside = [w for w in whole.words if any(a <= w.start and w.end <= b for a, b in stretches)]
        covered |= {w.start for w in inside}
        if inside:
            yield replace(whole, spans=tuple(stretches), attribution_id=name, words=tuple(inside))
    if len(covered) < _COVERED * len(whole.words):
        yield whole


def _flawed_sentences(corpus: Corpus) -> set[tuple[str, Span]]:
    """Sentences with a flaw in them, or that a flaw follows."""
    frame = sentences(corpus)
    flaws: dict[str, list[Span]] = defaultdict(list)
    marked = damage(corpus)
    for doc_id, start, end in zip(marked["doc_id"], marked["start"], marked["end"], strict=True):
        flaws[doc_id].append((start, end))
    found = set()
    rows = zip(*(frame[c].tolist() for c in ("doc_id", "start", "end")), strict=True)
    for doc_id, start, end in rows:
        if any(first <= end + 1 and last > start for first, last in flaws[doc_id]):
            found.add((doc_id, (start, end)))
    return found
