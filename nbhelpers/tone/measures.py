"""The tone of every sentence and voice, and every word that it is counted from."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, TypedDict, Unpack

import numpy as np
import pandas as pd

from nbhelpers.corpus import Corpus, table
from nbhelpers.extraction.models import DEFAULT
from nbhelpers.text import word_spans
from nbhelpers.tone.lexicon import Lexicon, combined, read_lexicon, valence_weights
from nbhelpers.tone.matching import Match, is_headline_case, matches
from nbhelpers.tone.scare_quotes import scare_quotes
from nbhelpers.tone.valence import Valence, vader
from nbhelpers.voices.pieces import Pieces, crossed_out, own_words, pieces
from nbhelpers.voices.selection import MIN_CONFIDENCE
from nbhelpers.words import Floats

_COUNTS = {
    "n_hedges": "hedge",
    "n_boosters": "booster",
    "n_evidentials": "evidential",
    "n_intensifiers": "intensifier",
    "n_opinion_markers": "opinion_marker",
    "n_first_person": "first_person",
    "n_loaded": "loaded",
    "n_scare_quotes": "scare_quote",
    "n_valenced": "valence",
}
_TONE_COLUMNS = {
    "doc_id": "str",
    "sentence_id": "int64",
    "voice": "str",
    "kind": "str",
    "segment": "str",
    "start": "int64",
    "end": "int64",
    "n_words": "int64",
    "valence": "float64",
    "certainty": "float64",
    **dict.fromkeys(_COUNTS, "int64"),
    "evidence": "str",
}
_WORD_COLUMNS = {
    "doc_id": "str",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "category": "str",
    "weight": "float64",
    "negated": "bool",
    "is_cue": "bool",
    "voice": "str",
    "kind": "str",
    "sentence_id": "int64",
}
_PER = 100  # words
_NEAR = 100  # characters around a word in which a headline shows as such
_INSIDE_SENTENCE = ",;'’-–&)"


class Word(NamedTuple):
    """A matched term at its place in the text."""

    start: int
    end: int
    category: str
    weight: float
    negated: bool
    is_cue: bool


def tone(
    corpus: Corpus,
    *,
    lexicon: str | Path | None = None,
    model: str = DEFAULT,
    min_confidence: float = MIN_CONFIDENCE,
    content_only: bool = True,
) -> pd.DataFrame:
    """Measure the tone of every sentence, apart for each voice in it.

    Words in the content of an attribution are its source's, the innermost where one lies in
    another; all others are the author's, with the clauses that report ("he said"). A word that
    reports another voice (``whined``, ``confirmed``) counts for neither: :func:`tone_words` lists
    it as a cue.

    Args:
        corpus: the texts.
        lexicon: a file of your own (see :func:`nbhelpers.tone.read_lexicon`); its categories take
            the place of the package's, the others stay.
        model: as for :func:`nbhelpers.attribution.attributions`.
        min_confidence: attributions with less count as the author's words.
        content_only: leave page furniture out.

    Columns: ``doc_id``, ``sentence_id``, ``voice`` (``author``, a source_id, or NA: somebody who is
    not named), ``kind`` (of the attribution: what is ``indirect`` is worded by the author; NA for
    the author), ``segment`` (kind of segment), ``start``, ``end`` (code points, from the first to
    the last of the voice's stretches), ``n_words``, ``valence``, ``certainty``, ``n_hedges``,
    ``n_boosters``, ``n_evidentials``, ``n_intensifiers``, ``n_opinion_markers``,
    ``n_first_person``, ``n_loaded``, ``n_scare_quotes``, ``n_valenced`` (matched terms),
    ``evidence`` (their words in order, joined by "; "; NA if none). Sorted by text and place.

    ``valence`` is VADER's compound score (Hutto and Gilbert 2014, ICWSM), from -1 to 1. It adds up
    how pleasant single words are, with rules for negation and degree. It does not tell good news
    from praise or bad news from blame: the report of a massacre scores low whoever wrote it. Nor
    does it tell of whom anything is said: for people in news sentences (NewsMTSC, Hamborg and
    Donnay 2021, EACL) its macro F1 is about 50 %. Such lexicons agree little with readers of news,
    or with one another (Boukes et al. 2020, Communication Methods and Measures 14(2); van Atteveldt
    et al. 2021, ibid. 15(2)). Use it to find sentences to read.
    Names do not count (words with a capital inside a sentence: *United*, *Defense*), and
    typographic marks are written straight, as VADER's own are; all else is VADER as published.

    ``certainty`` is :func:`certainty`: boosters less hedges for a hundred words. It sees wording,
    not belief.

    Raises:
        InputError: the lexicon cannot be used, or there is no such model.

    >>> from nbhelpers.corpus import Document
    >>> text = "“The regime will certainly fall,” Ann Lee said. It may not."
    >>> frame = tone(Corpus([Document("a", text, "a.txt")]))
    >>> frame[["voice", "n_words", "certainty", "n_loaded", "evidence"]]
         voice  n_words  certainty  n_loaded           evidence
    0  ann lee        5  20.000000         1  regime; certainly
    1   author        3   0.000000         0                NaN
    2   author        3 -33.333333         0                may
    """
    own = None if lexicon is None else read_lexicon(lexicon)
    return _tone(
        corpus, lexicon=own, model=model, min_confidence=min_confidence, content_only=content_only
    )


def tone_words(
    corpus: Corpus,
    *,
    lexicon: str | Path | None = None,
    model: str = DEFAULT,
    min_confidence: float = MIN_CONFIDENCE,
    content_only: bool = True,
) -> pd.DataFrame:
    """List every word and phrase that :func:`tone` counts, at its place.

    Args:
        corpus: the texts.
        lexicon: as for :func:`tone`.
        model: as for :func:`tone`.
        min_confidence: as for :func:`tone`.
        content_only: as for :func:`tone`.

    Columns: ``doc_id``, ``start``, ``end`` (code points), ``text``, ``category`` (hedge, booster,
    evidential, intensifier, opinion_marker, first_person, loaded, scare_quote, valence: what it
    counts as, so that "certain" in "not certain" is a hedge), ``weight`` (of the lexicon; of
    valence, what VADER's rules make of it), ``negated`` (a negation stands up to three words
    before it), ``is_cue`` (it reports somebody else's words, and is not counted), ``voice``,
    ``kind``, ``sentence_id`` (as in :func:`tone`). Sorted by text, place and category.

    Raises:
        InputError: as for :func:`tone`.

    >>> from nbhelpers.corpus import Document
    >>> corpus = Corpus([Document("a", "It was not certain that the regime fell.", "a.txt")])
    >>> tone_words(corpus)[["start", "text", "category", "weight", "negated"]]
       start          text category  weight  negated
    0     11       certain  valence  -0.814     True
    1     11  certain that    hedge   1.000     True
    2     28        regime   loaded   1.000    False
    """
    own = None if lexicon is None else read_lexicon(lexicon)
    return _tone_words(
        corpus, lexicon=own, model=model, min_confidence=min_confidence, content_only=content_only
    )


def certainty(boosters: Floats, hedges: Floats, n_words: Floats) -> Floats:
    """Return boosters less hedges for a hundred words, from -100 to 100; 0 where neither prevails.

    The arguments are summed weights. A hedge weighs 1 where it presents something as possible, half
    where as probable (the steps of Saurí and Pustejovsky 2009, Language Resources and Evaluation
    43(3)), and nothing where it blurs a figure ("about 3,000") and not the speaker's commitment
    (Prince, Frader and Bosk 1982). Sums of sentences give the value of any group of them.

    >>> float(certainty(np.array(1.0), np.array(3.0), np.array(50.0)))
    -4.0
    """
    return _PER * (boosters - hedges) / n_words


class _Options(TypedDict):
    """The options of :func:`tone`, the lexicon read: the file may change between two calls."""

    lexicon: Lexicon | None
    model: str
    min_confidence: float
    content_only: bool


@table
def _tone(corpus: Corpus, **options: Unpack[_Options]) -> pd.DataFrame:
    frame = _analysed(corpus, **options)
    listed = _listed(corpus, frame)
    counted = listed[~listed["is_cue"]]
    for column, category in _COUNTS.items():
        frame[column] = _sums(counted, category, frame)
    boosters, hedges = (_sums(counted, name, frame, "weight") for name in ("booster", "hedge"))
    frame["certainty"] = certainty(boosters, hedges, frame["n_words"].to_numpy(np.float64))
    frame["evidence"] = (
        counted.drop_duplicates(["row", "start", "end"]).groupby("row")["text"].agg("; ".join)
    )
    return frame[[*_TONE_COLUMNS]].astype(_TONE_COLUMNS)


@table
def _tone_words(corpus: Corpus, **options: Unpack[_Options]) -> pd.DataFrame:
    frame = _analysed(corpus, **options)
    listed = _listed(corpus, frame)
    of = frame.iloc[listed["row"]].reset_index(drop=True)
    for name in ("voice", "kind", "sentence_id"):
        listed[name] = of[name]
    order = ["doc_id", "start", "end", "category"]
    return listed.sort_values(order, ignore_index=True)[[*_WORD_COLUMNS]].astype(_WORD_COLUMNS)


@table
def _analysed(
    corpus: Corpus,
    *,
    lexicon: Lexicon | None,
    model: str,
    min_confidence: float,
    content_only: bool,
) -> pd.DataFrame:
    """A row for each sentence and voice, as in :func:`tone`, with its ``words`` as a list."""
    parts = pieces(corpus, model=model, min_confidence=min_confidence, content_only=content_only)
    frame = parts.rows
    scores, found = _valence(corpus, parts, lexicon)
    found += _terms(corpus, parts, combined(lexicon))
    by_row: list[list[Word]] = [[] for _ in range(len(frame))]
    for row, word in sorted(found):
        by_row[row].append(word)
    frame["valence"] = scores
    frame["words"] = pd.Series(by_row, dtype=object)
    return frame


def _terms(corpus: Corpus, parts: Pieces, lexicon: Lexicon) -> list[tuple[int, Word]]:
    """The terms of the lexicon and the scare quotes, each with its row."""
    starts, ends = (parts.tokens[name].tolist() for name in ("start", "end"))
    found = matches(corpus, parts, lexicon)
    found += [Match(*span, "scare_quote", 1.0, False) for span in scare_quotes(corpus, parts)]
    return [
        (
            int(parts.row[match.first]),
            Word(
                starts[match.first],
                ends[match.past - 1],
                match.category,
                match.weight,
                match.is_negated,
                bool(parts.is_cue[match.first : match.past].any()),
            ),
        )
        for match in found
    ]


def _valence(
    corpus: Corpus, parts: Pieces, lexicon: Lexicon | None
) -> tuple[list[float], list[tuple[int, Word]]]:
    """The compound score of each row, and the words that VADER counts, each with its row."""
    weights = valence_weights(lexicon or (), parts.tokens["word"].cat.categories)
    analyser = vader() if weights is None else Valence(weights)
    scores: list[float] = []
    found: list[tuple[int, Word]] = []
    for row, (doc_id, stretches) in enumerate(
        zip(parts.rows["doc_id"], parts.stretches, strict=True)
    ):
        begin = stretches[0][0]
        cues = [(start - begin, end - begin) for start, end in parts.cues[row]]
        text = crossed_out(own_words(corpus.text(doc_id), stretches), cues, "x")
        score, valenced = analyser.measure(text)
        if names := [word[:2] for word in valenced if _is_name(text, *word[:2])]:
            score, valenced = analyser.measure(crossed_out(text, names, "x"))
        scores.append(score)
        found += [
            (row, Word(begin + w.start, begin + w.end, "valence", w.weight, w.is_negated, False))
            for w in valenced
        ]
    return scores, found


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a word has a capital inside a sentence that is no headline: the United States.

    >>> text = "It united the United Nations."
    >>> _is_name(text, 3, 9), _is_name(text, 14, 20)
    (False, True)
    """
    word = text[start:end]
    if not word[0].isupper() or (word.isupper() and len(word) > 1):
        return False
    before = text[max(0, start - _NEAR) : start].rstrip()
    if not before or not (before[-1].isalnum() or before[-1] in _INSIDE_SENTENCE):
        return False
    around = text[max(0, start - _NEAR) : end + _NEAR]
    return not is_headline_case(around[a:b] for a, b in word_spans(around))


def _listed(corpus: Corpus, frame: pd.DataFrame) -> pd.DataFrame:
    """A row for each word of each row, with its text and the ``row``'s number."""
    rows = [
        (row, doc_id, corpus.text(doc_id)[word.start : word.end], *word)
        for row, (doc_id, words) in enumerate(zip(frame["doc_id"], frame["words"], strict=True))
        for word in words
    ]
    listed = pd.DataFrame(rows, columns=["row", "doc_id", "text", *Word._fields])
    return listed.astype({"row": "int64", "text": "str", "weight": "float64", "is_cue": "bool"})


def _sums(
    listed: pd.DataFrame, category: str, frame: pd.DataFrame, column: str | None = None
) -> Floats:
    """For each row of the frame the number of words of a category, or the sum of a column."""
    chosen = listed[listed["category"] == category]
    weights = chosen[column].to_numpy() if column else None
    return np.bincount(chosen["row"], weights, len(frame)).astype(np.float64)
