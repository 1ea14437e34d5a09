"""VADER on one voice's share of a sentence, with the place and weight of every word it counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer, SentiText, normalize

from nbhelpers.text import Span

# VADER strips ASCII punctuation alone and parts words at blanks: other marks are written its way,
# one character for one, so that every offset stays.
_PLAIN = str.maketrans("’‘ʼ“”„«»…–—/", '\'\'\'""""".   ')
_TOKEN = re.compile(r"\S+")
_LONGEST = 2000  # characters: VADER takes quadratic time, and no sentence is as long


class ValencedWord(NamedTuple):
    """A word with its place in the text and its weight after VADER's rules for its context."""

    start: int
    end: int
    weight: float
    is_negated: bool


class Valence(SentimentIntensityAnalyzer):  # type: ignore[misc]
    """VADER (Hutto and Gilbert 2014), which also tells what each word adds to its score."""

    def __init__(self, weights: Mapping[str, float] | None = None) -> None:
        """Take VADER's own lexicon, or these words and weights in its place."""
        super().__init__()
        if weights is not None:
            self.lexicon = dict(weights)

    def score_valence(self, sentiments: list[float], text: str) -> dict[str, Any]:
        """Return VADER's scores, and the weights that they are made of."""
        return {**super().score_valence(sentiments, text), "weights": list(sentiments)}

    def measure(self, text: str) -> tuple[float, list[ValencedWord]]:
        """Return the compound score of a text, and the words that it rests on.

        >>> score, words = Valence().measure("It was not a good “plan”.")
        >>> round(score, 2), words
        (-0.34, [ValencedWord(start=13, end=17, weight=-1.406, is_negated=True)])
        """
        plain = text.translate(_PLAIN)
        if len(plain) <= _LONGEST:
            return self._measure(plain)
        found = [
            word._replace(start=begin + word.start, end=begin + word.end)
            for begin, end in _parts(plain)
            for word in self._measure(plain[begin:end])[1]
        ]
        return normalize(sum(word.weight for word in found)), found

    def _measure(self, plain: str) -> tuple[float, list[ValencedWord]]:
        written, places = self._with_emoji_in_words(plain)
        scores = self.polarity_scores(written)
        spans = [match.span() for match in _TOKEN.finditer(written)]
        found = [
            self._word(written, places, span, weight)
            for span, weight in zip(spans, scores["weights"], strict=True)
            if weight
        ]
        return scores["compound"], found

    def _word(
        self, written: str, places: list[int] | None, span: Span, weight: float
    ) -> ValencedWord:
        """The word without the punctuation around it, which VADER leaves on emoticons."""
        start, end = span
        token: str = SentiText._strip_punc_if_word(written[start:end])
        start += written[start:end].index(token)
        end = start + len(token)
        listed = self.lexicon.get(token.lower(), weight)
        if places:
            start, end = places[start], places[end - 1] + 1
        return ValencedWord(start, end, round(weight, 3), listed * weight < 0)

    def _with_emoji_in_words(self, text: str) -> tuple[str, list[int] | None]:
        """The text as VADER reads it, and where each character comes from (None: where it was)."""
        if text.isascii() or not any(c in self.emojis for c in text):
            return text, None
        pieces: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            piece = f" {self.emojis[character]} " if character in self.emojis else character
            pieces.append(piece)
            places += [place] * len(piece)
        return "".join(pieces), places


def _parts(text: str) -> Iterator[Span]:
    """Cut what is too long to be a sentence, at blanks if it has any."""
    begin = 0
    while begin < len(text):
        end = begin + _LONGEST
        if end < len(text):
            end = text.rfind(" ", begin, end) + 1 or end
        yield begin, end
        begin = end


@cache
def vader() -> Valence:
    """Return VADER with its own lexicon, read once."""
    return Valence()
