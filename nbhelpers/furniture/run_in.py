"""Lines of furniture that a scraper has run into the end of a paragraph."""

from __future__ import annotations

import re

from nbhelpers.furniture.blocks import Block, block_of
from nbhelpers.furniture.lexicon import entry_for_line, entry_for_part, lexicon
from nbhelpers.text import Span, sentence_spans, trim

_RUN_IN_FROM = 400  # characters of a paragraph that may have swallowed the lines after it
_STOP_AND_SPACE = re.compile(r"[.!?…][\"”’)]*\s+")

_RUN_IN_AT_MOST = 1500  # characters that these lines may come to
_RUN_IN_CREDIT = re.compile(
    r"\((?:additional |with )?(?:reporting|writing|editing|compiled|translated)\b"
    r"[^()]{3,300}\)\.?$",
    re.IGNORECASE,
)

_RUN_IN_HINT = re.compile(
    r"\b(?:you|your|our|us|subscribe|follow|contributed|copyright|rights|reporting|editing|newsletter|"
    r"sign|click)\b",
    re.IGNORECASE,
)


def parts_of(text: str, start: int, end: int) -> list[Span]:
    """Part a paragraph from the furniture that was run into it: rows of buttons, lines at its end.

    A row of buttons may stand anywhere, and lines of furniture before it.
    """
    parts, begin = list[Span](), start
    for row in _rows_of_buttons(text, start, end):
        parts += [*_without_tail(text, *trim(text, begin, row[0])), row]
        begin = row[1]
    parts += _without_tail(text, *trim(text, begin, end))
    return [part for part in parts if part[0] < part[1]]


def _rows_of_buttons(text: str, start: int, end: int) -> list[Span]:
    if end - start < _RUN_IN_FROM:
        return []
    rows = lexicon().row.finditer(text[start:end])
    return [(start + row.start(), start + row.end()) for row in rows]


def _without_tail(text: str, start: int, end: int) -> list[Span]:
    tail = max(start, end - _RUN_IN_FROM)
    credit = _RUN_IN_CREDIT.search(text, tail, end)
    if credit and credit.start() > start:
        return [trim(text, start, credit.start()), credit.span()]
    if end - start < _RUN_IN_FROM or not _may_end_in_furniture(text, tail, end):
        return [(start, end)]
    sentences = sentence_spans(text, max(start, end - _RUN_IN_AT_MOST), end)
    kept = len(sentences)
    while kept > 1 and _is_known(block_of(text, *sentences[kept - 1])):
        kept -= 1
    return [(start, sentences[kept - 1][1]), *sentences[kept:]]


def _may_end_in_furniture(text: str, tail: int, end: int) -> bool:
    """Whether what follows one of the last stops is known: cheap, so that few are looked into."""
    if not _RUN_IN_HINT.search(text, tail, end):
        return False
    stops = [match.end() for match in _STOP_AND_SPACE.finditer(text, tail, end)]
    return any(_is_known(block_of(text, stop, end)) for stop in stops[-3:])


def _is_known(block: Block) -> bool:
    return bool(entry_for_line(block) or entry_for_part(block))
