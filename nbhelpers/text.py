"""Paragraphs, sentences, words and quotation marks, all as offsets into the raw text.

Everything here takes a plain string and gives back ``(start, end)`` pairs of code points,
end exclusive, so that ``text[start:end]`` is always the thing itself. Nothing is changed,
normalised or thrown away on the way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from nupunkt import sent_spans

Span = tuple[int, int]

# An acronym keeps its stops, a number its separators; a hyphen or an apostrophe inside a word
# belongs to it, but a possessive 's does not, so that "Russia’s" counts for "Russia".
WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"
    r"|(?!(?<=\w['’])[sS]\b)[^\W_]+"
    r"(?:(?:-|['’](?![sS]\b)|(?<=\d)[.,/](?=\d))[^\W_]+|[\u0300-\u036f]+[^\W_]*)*"
)

# The months as news writes them, with their capital; a pattern may ignore case.
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)

WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"

OPENING_MARKS = "“„«"
CLOSING_MARKS = "”»"
STRAIGHT_MARK = '"'
_LOW_PAIR = ("„", "“")  # closed by what elsewhere opens

_TYPOGRAPHIC = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"'})
_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_BLANK_LINE = re.compile(r"(?:\r\n|\n|\r(?!\n))[^\S\r\n]*(?:\r\n|\n|\r(?!\n))|\u2029")
_WRAPPED_LINE_WIDTH = range(50, 101)
_WRAPPED_LINES_AT_LEAST = 3
_UNBROKEN_FROM = 1000  # characters without white space
_STOPS_FROM = 200  # stops in a row
_UNBROKEN = re.compile(rf"\S{{{_UNBROKEN_FROM}}}|[.!?…](?:\s*[.!?…]){{{_STOPS_FROM}}}")


class Quotation(NamedTuple):
    """A stretch between quotation marks, marks included; ``closed`` is False if one is missing."""

    start: int
    end: int
    closed: bool


def normalise(word: str) -> str:
    """Return the form under which a word is counted.

    Lower case, straight apostrophes and quotes, accents as one character with their letter (NFC).

    >>> normalise("Don’t")
    "don't"
    """
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word).translate(_TYPOGRAPHIC).lower()


def word_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the words of ``text[start:end]`` as spans.

    Figures stay whole (``10,000``, ``2-1/2-year``), acronyms keep their stops (``U.S.``), a
    possessive 's belongs to no word.

    >>> text = "Russia’s 10,000 U.S.-made drones"
    >>> [text[a:b] for a, b in word_spans(text)]
    ['Russia', '10,000', 'U.S.', 'made', 'drones']
    """
    stop = len(text) if end is None else end
    return [match.span() for match in WORD.finditer(text, start, stop)]


def count_words(text: str, start: int = 0, end: int | None = None) -> int:
    """Return the number of words of ``text[start:end]``.

    >>> count_words("Don’t panic.")
    2
    """
    return len(WORD.findall(text, start, len(text) if end is None else end))


def trim(text: str, start: int, end: int) -> Span:
    """Return the span without the white space at its edges; empty (start, start) if all is blank.

    >>> trim("  a b ", 0, 6)
    (2, 5)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def ends_with(paragraph: str, stops: str) -> bool:
    """Return whether a paragraph ends with one of these stops, perhaps in quotes or brackets.

    >>> ends_with("(He said “yes.”)", ".!?")
    True
    """
    return paragraph.rstrip("\"'”’»)]")[-1:] in tuple(stops)


def paragraph_spans(text: str) -> list[Span]:
    """Return the paragraphs of a text, without the white space around them.

    A line is a paragraph, as in text taken from web pages; only where the text is evidently
    wrapped at a fixed width do blank lines alone part paragraphs.

    >>> paragraph_spans("Title\\n\\nFirst.\\nSecond.\\n")
    [(0, 5), (7, 13), (14, 21)]
    """
    lines = [match.span() for match in _LINE.finditer(text)]
    spans = [span for span in (trim(text, *line) for line in lines) if span[0] < span[1]]
    return _join_wrapped(text, spans) if _is_wrapped(text, spans) else spans


def _is_wrapped(text: str, lines: list[Span]) -> bool:
    """No line is wider than a page, and many break off where the next goes on in lower case."""
    if any(end - start > _WRAPPED_LINE_WIDTH[-1] for start, end in lines):
        return False
    full = [pair for pair in pairwise(lines) if pair[0][1] - pair[0][0] in _WRAPPED_LINE_WIDTH]
    broken = sum(text[a[1] - 1] not in ".!?:" and text[b[0]].islower() for a, b in full)
    return broken >= _WRAPPED_LINES_AT_LEAST and 4 * broken >= len(full)


def _join_wrapped(text: str, lines: list[Span]) -> list[Span]:
    width = max(end - start for start, end in lines)
    joined = [lines[0]]
    for previous, line in pairwise(lines):
        if _BLANK_LINE.search(text, previous[1], line[0]) or _had_room(text, previous, line, width):
            joined.append(line)
        else:
            joined[-1] = (joined[-1][0], line[1])
    return joined


def _had_room(text: str, previous: Span, line: Span, width: int) -> bool:
    """The next line's first word would have fitted: the break was meant."""
    first_word = text[slice(*line)].split(maxsplit=1)[0]
    return previous[1] - previous[0] + 1 + len(first_word) <= width


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of one paragraph, ``text[start:end]``, as trimmed spans.

    Boundaries are nupunkt's (Bommarito et al. 2025), which knows the abbreviations of news and
    law. Call it paragraph by paragraph: a boundary that the page already shows need not be guessed.

    >>> text = "Mr. Smith left. He said so."
    >>> [text[a:b] for a, b in sentence_spans(text)]
    ['Mr. Smith left.', 'He said so.']
    """
    paragraph = text[start : len(text) if end is None else end]
    found: list[Span] = []
    for begin, stop in _pieces(paragraph):
        spans = [(begin + a, begin + b) for a, b in sent_spans(paragraph[begin:stop])]
        if found and spans:  # a cut is no boundary
            spans[0] = (found.pop()[0], spans[0][1])
        found += spans
    trimmed = (trim(text, start + a, start + b) for a, b in found)
    return [span for span in trimmed if span[0] < span[1]]


def _pieces(paragraph: str) -> Iterator[Span]:
    """Cut what is no prose, for nupunkt takes quadratic time where no word or run of stops ends."""
    begin = 0
    if len(paragraph) > _UNBROKEN_FROM and _has_unbroken(paragraph):
        for match in _UNBROKEN.finditer(paragraph):
            yield begin, match.end()
            begin = match.end()
    if begin < len(paragraph):
        yield begin, len(paragraph)


def _has_unbroken(paragraph: str) -> bool:
    words = paragraph.split()
    if max(map(len, words), default=0) >= _UNBROKEN_FROM:
        return True
    spaced = " ".join(words)
    return sum(spaced.count(stop) for stop in (" .", " !", " ?", " …")) > _STOPS_FROM


def quotations(text: str, start: int = 0, end: int | None = None) -> list[Quotation]:
    """Return what stands between double quotation marks in one paragraph, ``text[start:end]``.

    Typographic, straight and angle marks are known, also where one quotation mixes them. A mark
    that is never closed reaches to the next that opens, or to the paragraph's end, and no further;
    a closing mark that nothing opened is no quotation (see :func:`stray_marks`).

    >>> quotations("He said “yes” and “no.")
    [Quotation(start=8, end=13, closed=True), Quotation(start=18, end=22, closed=False)]
    """
    return _paired_marks(text, start, len(text) if end is None else end)[0]


def stray_marks(text: str, start: int = 0, end: int | None = None) -> list[int]:
    """Return the closing quotation marks of ``text[start:end]`` that nothing opened.

    >>> stray_marks("There are concerns.” Singh said.")
    [19]
    """
    return _paired_marks(text, start, len(text) if end is None else end)[1]


def _paired_marks(text: str, start: int, stop: int) -> tuple[list[Quotation], list[int]]:
    """The quotations, and the closing marks that stand in none of them."""
    found: list[Quotation] = []
    strays: list[int] = []
    opened: int | None = None
    for position, opens in _marks(text, start, stop):
        if opened is None:
            if opens is False:
                strays.append(position)
            elif not text[
                max(start, position - 1) : position
            ].isdigit():  # that would be an inch mark
                opened = position
        elif opens is True and (text[opened], text[position]) != _LOW_PAIR:
            found.append(Quotation(opened, position, False))
            opened = position
        else:
            found.append(Quotation(opened, position + 1, True))
            opened = None
    if opened is not None:
        found.append(Quotation(opened, stop, False))
    return found, strays


def _marks(text: str, start: int, stop: int) -> Iterator[tuple[int, bool | None]]:
    """Each double quotation mark and whether it opens (True), closes (False) or may do both."""
    for match in _MARK.finditer(text, start, stop):
        mark = match.group()
        if mark == STRAIGHT_MARK:
            yield match.start(), _direction_of_straight(text, match.start(), start, stop)
        else:
            yield match.start(), mark in OPENING_MARKS


def _direction_of_straight(text: str, position: int, start: int, stop: int) -> bool | None:
    before = text[position - 1] if position > start else " "
    after = text[position + 1] if position + 1 < stop else " "
    if before.isdigit() and not after.isalnum():
        return None  # an inch mark, or the end of a quotation
    if before.isspace() == after.isspace():
        return None
    return before.isspace()


_MARK = re.compile("[" + OPENING_MARKS + CLOSING_MARKS + STRAIGHT_MARK + "]")
