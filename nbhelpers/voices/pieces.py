"""Whose stretch of a sentence is whose: the words of each voice, apart from all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from nbhelpers.attribution import attributions, spans
from nbhelpers.cleaning import segments, sentences
from nbhelpers.corpus import Corpus
from nbhelpers.extraction.vocabulary import word_class
from nbhelpers.naming.relations import relations
from nbhelpers.text import OPENING_MARKS, STRAIGHT_MARK, Span
from nbhelpers.voices.selection import AUTHOR, word_owners
from nbhelpers.words import Bools, Ints, codes, positions, sentence_numbers, words

NOBODY = -2  # the owner's voice is not known: somebody's words, and nobody is named
_OWN = -1
_STANCE_CLASSES = ("RB", "MD")


@dataclass(frozen=True)
class Pieces:
    """The words of a corpus, parted by sentence and voice.

    Attributes:
        tokens: :func:`nbhelpers.words.words`.
        rows: a row for each sentence and voice: doc_id, sentence_id, voice, kind, segment, start,
            end, n_words.
        row: for each word the number of its row, or -1 where it is left out.
        is_cue: for each word whether it stands in the cue of somebody else's words.
        is_attributed: for each word whether it stands in the content of any attribution.
        stretches: of each row, the stretches of text that belong to it.
        cues: of each row, the words in it that report somebody else's.
    """

    tokens: pd.DataFrame
    rows: pd.DataFrame
    row: Ints
    is_cue: Bools
    is_attributed: Bools
    stretches: list[list[Span]]
    cues: list[list[Span]]


def pieces(corpus: Corpus, *, model: str, min_confidence: float, content_only: bool) -> Pieces:
    """Part the words of a corpus by sentence and voice."""
    tokens = words(corpus)
    every = attributions(corpus, model=model)
    chosen = every[every["confidence"] >= min_confidence].reset_index(drop=True)
    owner = word_owners(corpus, chosen, model=model)
    voices, voice_of = _voices(corpus, chosen, model)
    voice = np.where(owner >= 0, voice_of[owner], _OWN) if len(chosen) else owner
    sentence = sentence_numbers(corpus, tokens)
    kept = tokens["is_content"].to_numpy(bool) if content_only else np.ones(len(tokens), bool)
    starts_run = np.ones(len(tokens), bool)
    starts_run[1:] = (np.diff(sentence) != 0) | (np.diff(voice) != 0)
    rows, row = _rows(sentence, voice, kept)
    runs = np.flatnonzero(starts_run & kept)
    extents = _extents(corpus, tokens, sentence, starts_run)
    stretches: list[list[Span]] = [[] for _ in range(len(rows))]
    for number, run in zip(row[runs].tolist(), runs.tolist(), strict=True):
        stretches[number].append(extents[run])
    found = sentences(corpus).iloc[rows["sentence"]].reset_index(drop=True)
    frame = pd.DataFrame(
        {
            "doc_id": found["doc_id"],
            "sentence_id": found["sentence_id"].astype("int64"),
            "voice": [_name(number, voices) for number in rows["voice"].tolist()],
            "kind": _kinds(chosen, np.where(voice == _OWN, _OWN, owner), row, len(rows)),
            "segment": _segment_kinds(corpus, found),
            "start": np.array([of[0][0] for of in stretches], np.int64),
            "end": np.array([of[-1][1] for of in stretches], np.int64),
            "n_words": np.bincount(row[row >= 0], minlength=len(rows)).astype(np.int64),
        }
    )
    frame = frame.astype(dict.fromkeys(("doc_id", "voice", "kind", "segment"), "str"))
    cue = _cue_words(corpus, tokens, chosen, voice, voice_of, model)
    attributed = word_owners(corpus, every, model=model) >= 0
    cues = _cues(tokens, row, cue, len(rows))
    return Pieces(tokens, frame, row, cue, attributed, stretches, cues)


def own_words(text: str, stretches: list[Span]) -> str:
    """Return a voice's stretches of a text as one string, others' words blank.

    The string has the length of what it covers, so that every offset from its start holds.

    >>> own_words("“No,” he raged, “never.”", [(0, 5), (16, 24)])
    '“No,”           “never.”'
    """
    parts = [text[slice(*stretches[0])]]
    for before, stretch in pairwise(stretches):
        parts += [" " * (stretch[0] - before[1]), text[slice(*stretch)]]
    return "".join(parts)


def crossed_out(text: str, spans: Iterable[Span], sign: str) -> str:
    """Return a text with the characters of some spans replaced, every offset as it was.

    >>> crossed_out("he raged on", [(3, 8)], "x")
    'he xxxxx on'
    """
    for start, end in spans:
        text = text[:start] + sign * (end - start) + text[end:]
    return text


def _cues(tokens: pd.DataFrame, row: Ints, is_cue: Bools, n_rows: int) -> list[list[Span]]:
    """The words of each row that report somebody else's."""
    cues: list[list[Span]] = [[] for _ in range(n_rows)]
    number = np.flatnonzero(is_cue & (row >= 0))
    found = tokens.iloc[number]
    for of, start, end in zip(row[number], found["start"], found["end"], strict=True):
        cues[of].append((int(start), int(end)))
    return cues


def _name(voice: int, names: list[str]) -> str | None:
    if voice == _OWN:
        return AUTHOR
    return None if voice == NOBODY else names[voice]


def _voices(corpus: Corpus, chosen: pd.DataFrame, model: str) -> tuple[list[str], Ints]:
    """The source_ids, and the voice of each attribution: its source, the author, or nobody."""
    found = relations(corpus, model=model)
    authors = {
        attribution
        for attribution, resolution in zip(
            found["attribution_id"], found["resolution"], strict=True
        )
        if resolution and resolution.entity.kind == AUTHOR
    }
    names = sorted(set(chosen["source_id"].dropna()))
    number = {name: code for code, name in enumerate(names)}
    voice = [
        _OWN if attribution in authors else number.get(source, NOBODY)
        for attribution, source in zip(chosen["attribution_id"], chosen["source_id"], strict=True)
    ]
    return names, np.array(voice, np.int64)


def _rows(sentence: Ints, voice: Ints, kept: Bools) -> tuple[pd.DataFrame, Ints]:
    """A row for each sentence and voice, in the order of first words, and the row of each word."""
    row = np.full(len(sentence), -1, np.int64)
    n_voices = int(voice.max(initial=0)) + 1 - NOBODY
    numbers, found = pd.factorize(sentence[kept] * n_voices + voice[kept] - NOBODY)
    row[kept] = numbers
    return pd.DataFrame({"sentence": found // n_voices, "voice": found % n_voices + NOBODY}), row


def _extents(
    corpus: Corpus, tokens: pd.DataFrame, sentence: Ints, starts_run: Bools
) -> dict[int, Span]:
    """The stretch of text of each run, by its first word; those of a sentence cover all of it."""
    firsts = np.flatnonzero(starts_run)
    pasts = np.append(firsts, len(tokens))[1:]
    found = sentences(corpus)
    opens, closes = found["start"].to_numpy(), found["end"].to_numpy()
    starts, ends = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    documents = codes(tokens["doc_id"])
    texts = [document.text for document in corpus]
    extents: dict[int, Span] = {}
    begin = 0
    for first, past in zip(firsts.tolist(), pasts.tolist(), strict=True):
        number = sentence[first]
        if not first or sentence[first - 1] != number:
            begin = int(opens[number])
        if past < len(tokens) and sentence[past] == number:
            text = texts[documents[first]]
            end, following = _cut(text, int(ends[past - 1]), int(starts[past]))
        else:
            end = following = int(closes[number])
        extents[first] = (begin, end)
        begin = following
    return extents


def _cut(text: str, start: int, end: int) -> Span:
    """Where one voice ends and the next begins, in the gap between two words."""
    gap = text[start:end]
    opening = next((i for i, c in enumerate(gap) if c.isspace() or c in OPENING_MARKS), None)
    if opening is None:
        opening = max(gap.find(STRAIGHT_MARK), 0)
    blanks = len(gap) - opening - len(gap[opening:].lstrip())
    return start + opening, start + opening + blanks


def _kinds(chosen: pd.DataFrame, owner: Ints, row: Ints, n_rows: int) -> list[str | None]:
    """The kind of attribution of each row that is not the author's."""
    attributed = (owner >= 0) & (row >= 0)
    kind = chosen["kind"].to_numpy()
    kinds: list[set[str]] = [set() for _ in range(n_rows)]
    pairs = np.unique(np.stack([row[attributed], owner[attributed]]), axis=1)
    for number, of in pairs.T.tolist():
        kinds[number].add(kind[of])
    return [None if not found else found.pop() if len(found) == 1 else "mixed" for found in kinds]


def _segment_kinds(corpus: Corpus, found: pd.DataFrame) -> list[str]:
    labelled = segments(corpus)
    place = positions(corpus, labelled)
    number = np.searchsorted(place, positions(corpus, found), side="right") - 1
    kinds: list[str] = labelled["kind"].to_numpy()[number].tolist()
    return kinds


def _cue_words(
    corpus: Corpus,
    tokens: pd.DataFrame,
    chosen: pd.DataFrame,
    voice: Ints,
    voice_of: Ints,
    model: str,
) -> Bools:
    """Which words report another voice than the one that they belong to.

    "I think" is the speaker's own opinion, "it is believed" the author's own reserve, and so are
    the adverbs and modals of a cue ("reportedly said").
    """
    cue = np.zeros(len(tokens), bool)
    number = {name: row for row, name in enumerate(chosen["attribution_id"])}
    found = spans(corpus, model=model).query("role == 'cue'")
    found = found[found["attribution_id"].isin(number)]
    place = positions(corpus, tokens)
    first = np.searchsorted(place, positions(corpus, found))
    past = np.searchsorted(place, positions(corpus, found.assign(start=found["end"])))
    for name, begin, end in zip(found["attribution_id"], first, past, strict=True):
        reported = voice_of[number[name]]
        if reported != NOBODY:
            cue[begin:end] |= voice[begin:end] != reported
    words_of_cues = np.flatnonzero(cue)
    forms = tokens["word"].iloc[words_of_cues]
    cue[words_of_cues] = [word_class(form) not in _STANCE_CLASSES for form in forms]
    return cue
