"""The phrases of page furniture, read from ``data/page_furniture.tsv``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import re2  # type: ignore[import-untyped]

from nbhelpers.furniture.blocks import LINE_AT_MOST, PART_AT_MOST, Block
from nbhelpers.text import quotations, sentence_spans


@dataclass(frozen=True)
class Entry:
    """What a line of the lexicon says of the text that it matches."""

    kind: str
    opens: str


@dataclass(frozen=True)
class Lexicon:
    """The phrases of page furniture by the way in which they match.

    ``line``: the whole line; ``start``: how a short line begins; ``part``: anywhere outside
    quotation marks; ``tail``: the same, after the story; ``words``: lines of these words alone;
    ``row``: several of these words in a row, anywhere in a paragraph.
    """

    entries: dict[str, tuple[Entry, ...]]
    patterns: dict[str, re2.Set]
    words: frozenset[str]
    row: Any


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of page furniture, read from the package's data once."""
    table = files("nbhelpers").joinpath("data/page_furniture.tsv").read_text(encoding="utf-8")
    rows = [row.split("\t") for row in table.splitlines()[1:]]
    by_match = {m: [r for r in rows if r[1] == m] for m in _PATTERN_SETS}
    return Lexicon(
        {m: tuple(Entry(r[0], r[2]) for r in of) for m, of in by_match.items()},
        {m: _compiled(_PATTERN_SETS[m], [r[3] for r in of]) for m, of in by_match.items()},
        frozenset(word for r in rows if r[1] == "words" for word in r[3].split()),
        _row_of(word for r in rows if r[1] == "row" for word in r[3].split()),
    )


_PATTERN_SETS = {
    "line": re2.Set.FullMatchSet,
    "start": re2.Set.MatchSet,
    "part": re2.Set.SearchSet,
    "tail": re2.Set.SearchSet,
}


def _row_of(words: Iterable[str]) -> Any:
    """Five of the words with nothing but space or bars between them: a sentence has commas."""
    word = "(?:" + "|".join(map(re.escape, words)) + ")"
    return re2.compile(rf"(?i)\b{word}(?:[\s|·•/]+{word}){{4,}}\b")


def _compiled(new_set: Callable[[Any], re2.Set], patterns: list[str]) -> re2.Set:
    """RE2 takes time linear in the text whatever the pattern: a text may be hostile."""
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = 128 << 20
    compiled = new_set(options)
    for pattern in patterns:
        compiled.Add(pattern.replace("[\\w", r"[\pL\pN_").replace("\\w", r"[\pL\pN_]"))
    compiled.Compile()
    return compiled


def entry_for_line(block: Block) -> Entry | None:
    """Return the entry that claims the block as a line: by all its words, or by the first."""
    if block.n_words > PART_AT_MOST:
        return None
    bare = block.plain.rstrip(" .:!,;*")
    entry = first_match("line", bare)
    if entry is None and bare != block.plain:
        entry = first_match("line", block.plain)
    if entry:
        return entry
    if block.n_words > LINE_AT_MOST:
        return None
    return _BUTTONS if _is_buttons(block) else first_match("start", block.plain)


def entry_for_part(block: Block, *, first_sentence_only: bool = False) -> Entry | None:
    """Return the entry that claims the block by a phrase in it, outside quotation marks."""
    if block.n_words > PART_AT_MOST:
        return None
    searched = outside_quotations(block.plain)
    entry = first_match("part", searched)
    if entry and first_sentence_only:
        return first_match("part", searched[: sentence_spans(searched)[0][1]])
    return entry


def first_match(match: str, line: str) -> Entry | None:
    """Return the first entry of one way of matching whose pattern the line matches."""
    found = lexicon().patterns[match].Match(line)
    return lexicon().entries[match][min(found)] if found else None


_BUTTONS = Entry("share_widget", "")


def _is_buttons(block: Block) -> bool:
    """Whether the line is made of the labels of buttons alone: "Share Tweet Email 12"."""
    words = re.findall(r"\w+(?:-\w+)?", block.plain.lower())
    labels = [word for word in words if not word.isdigit()]
    return bool(labels) and all(word in lexicon().words for word in labels)


def outside_quotations(plain: str) -> str:
    """Return the line with ``""`` for each quotation: what others say claims nothing."""
    pieces, begin = [], 0
    for quotation in quotations(plain):
        pieces.append(plain[begin : quotation.start])
        begin = quotation.end
    return '""'.join([*pieces, plain[begin:]])
