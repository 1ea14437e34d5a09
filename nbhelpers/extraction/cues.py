"""The lexicon of cue words: what class of speech act a word reports."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple


class CueWord(NamedTuple):
    """A word that may report speech or thought: its lemma, part of speech and class."""

    lemma: str
    part_of_speech: str
    cue_class: str


_SPEECH = frozenset("neutral confirms claims denies warns estimates reveals".split())  # classes


@cache
def cue_words() -> dict[str, CueWord]:
    """Return every form of every cue word, in lower case; where two share one, the verb has it.

    Words that belong together are joined by an underscore (``called_for``).

    The table is ``data/cue_words.tsv``; ``data/README.md`` says where it comes from.

    >>> cue_words()["denied"]
    CueWord(lemma='deny', part_of_speech='verb', cue_class='denies')
    """
    lines = (files("nbhelpers") / "data" / "cue_words.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    known: dict[str, CueWord] = {}
    for lemma, part_of_speech, cue_class, forms in sorted(rows, key=lambda row: row[1] != "verb"):
        for form in (lemma, *forms.split()):
            known.setdefault(form, CueWord(lemma, part_of_speech, cue_class))
    return known


def verb_of(word: str) -> CueWord | None:
    """Return what the lexicon says of a word as a verb, None where it is none.

    >>> verb_of("Says").cue_class, verb_of("claim").part_of_speech, verb_of("house")
    ('neutral', 'verb', None)
    """
    known = cue_words().get(word.lower())
    return known if known and known.part_of_speech == "verb" else None


def is_speech_verb(word: str) -> bool:
    """Return whether a word is a verb that reports speech, not thoughts or wishes.

    >>> is_speech_verb("announced"), is_speech_verb("hopes")
    (True, False)
    """
    known = verb_of(word)
    return known is not None and known.cue_class in _SPEECH
