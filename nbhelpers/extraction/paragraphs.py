"""A paragraph as the tagger sees it: tokens, sentences and quotations, as offsets into the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nbhelpers.text import (
    CLOSING_MARKS,
    OPENING_MARKS,
    STRAIGHT_MARK,
    Quotation,
    Span,
    quotations,
    sentence_spans,
)

MARKS = frozenset(OPENING_MARKS + CLOSING_MARKS + STRAIGHT_MARK) | {"''", "``"}

LONGEST = 10_000  # characters of a paragraph

# Words keep inner apostrophes, hyphens and stops; two straight apostrophes are a quotation mark.
_TOKEN = re.compile(r"\w+(?:['’.\-]\w+)*|''|``|\S")
# Speech in single marks, in a line without double ones: three words or more with a stop at their
# end, or before a colon or a dash, as in headlines.
_SINGLE = re.compile(
    r"(?<![\w’'])[‘'](?=\w)((?:[^‘'’\n]|(?<=\w)['’](?=\w)|(?<=s)['’](?= \w))+"
    r"(?:[.,!?…](?=['’](?!\w))|(?=['’](?:\s*:|\s+[-–—]))))['’]"
)
_DOUBLE_MARKS = frozenset('“”„«»"')
_OPENING_PAIR = re.compile(r"``|(?<!\S)''(?=\S)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a text.

    ``tokens`` are spans, ``words`` their strings; ``sentence`` and ``quotation`` give for each
    token the number of its sentence and of the quotation it stands in (-1: in none).
    """

    start: int
    end: int
    is_title: bool
    tokens: list[Span]
    words: list[str]
    sentence: list[int]
    quotation: list[int]
    quotations: list[Quotation]

    @property
    def is_left_open(self) -> bool:
        """Whether it ends inside a quotation that may go on in the next paragraph."""
        return bool(self.quotations) and not self.quotations[-1].closed and self.quotation[-1] >= 0

    def sentence_start(self, token: int) -> int:
        """Return the first token of the sentence in which a token stands."""
        while token and self.sentence[token - 1] == self.sentence[token]:
            token -= 1
        return token

    def is_word(self, token: int) -> bool:
        """Return whether a token is a word or a number, not a mark or a stop."""
        first = self.words[token][0]
        return first.isalnum() or first == "_"


def paragraphs(text: str, spans: Iterable[tuple[int, int, bool]]) -> Iterator[Paragraph]:
    """Yield paragraphs from their spans (start, end, whether it is a title); long ones in parts."""
    text = _with_speech_marks(text)
    marked = with_plain_marks(text)
    for start, end, is_title in _parts(text, spans):
        tokens = [match.span() for match in _TOKEN.finditer(text, start, end)]
        if tokens:
            quoted = quotations(marked, start, end)
            yield Paragraph(
                start,
                end,
                is_title,
                tokens,
                [text[a:b] for a, b in tokens],
                _numbers_of(tokens, sentence_spans(marked, start, end)),
                _quotation_of(tokens, quoted),
                quoted,
            )


def _parts(text: str, spans: Iterable[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    """Cut what is longer than any paragraph of prose, if possible where a sentence ends."""
    for start, end, is_title in spans:
        while end - start > LONGEST:
            stop = start + LONGEST
            cut = text.rfind(". ", start, stop) + 1 or text.rfind(" ", start, stop) + 1 or stop
            yield start, cut, is_title
            start = cut
        yield start, end, is_title


@lru_cache(maxsize=2)  # a clause of a text is searched by itself, and there may be thousands
def with_plain_marks(text: str) -> str:
    """Return the text with other marks of speech as double ones, every offset as it was.

    Doubled apostrophes become straight marks; speech in single marks, as British papers have it,
    gets curly ones.

    >>> with_plain_marks("''Yes,'' he said.")
    ' "Yes,"  he said.'
    >>> with_plain_marks("‘I don’t know them,’ he said of the ‘elite’.")
    '“I don’t know them,” he said of the ‘elite’.'
    """
    text = _with_speech_marks(text)
    if "''" not in text and "``" not in text:
        return text
    return _OPENING_PAIR.sub(' "', text).replace("''", '" ')


@lru_cache(maxsize=2)
def _with_speech_marks(text: str) -> str:
    """The text with curly double marks around speech in single ones."""
    if "‘" not in text and " '" not in text and "\n'" not in text and text[:1] != "'":
        return text
    return "".join(map(_with_double_marks, text.splitlines(keepends=True)))


def _with_double_marks(line: str) -> str:
    """A line with its single marks of speech doubled, if it has no double ones."""
    if not _DOUBLE_MARKS.isdisjoint(line):
        return line
    return _SINGLE.sub(_doubled, line)


def _doubled(speech: re.Match[str]) -> str:
    words = speech[1]
    return f"“{words}”" if words.count(" ") >= 2 else speech[0]


def _numbers_of(tokens: list[Span], spans: list[Span]) -> list[int]:
    starts = [start for start, _ in spans]
    return [max(0, bisect_right(starts, start) - 1) for start, _ in tokens]


def _quotation_of(tokens: list[Span], quoted: list[Quotation]) -> list[int]:
    """A mark belongs to the quotation that it opens or closes."""
    inside = [-1] * len(tokens)
    number = 0
    for index, (start, end) in enumerate(tokens):
        while number < len(quoted) and quoted[number].end <= start:
            number += 1
        if number < len(quoted) and end > quoted[number].start:
            inside[index] = number
    return inside
