"""A paragraph on its way to a kind, and what can be said of it by its form alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbhelpers.text import count_words, ends_with, normalise

CONTENT_KINDS = frozenset({"title", "body"})

LONG = 1500  # characters: what is longer is a paragraph, whatever it says
STORY_PARAGRAPH = 20  # words from which a paragraph counts as part of the story
LINE_AT_MOST = 30  # words in a line that a lexicon entry may claim by its first words
PART_AT_MOST = 90  # words in a paragraph that a lexicon entry may claim by some of its words
NAME_AT_MOST = 6  # words in the name of a person or a site
TITLE_AT_LEAST = 4  # words
_LEFT_EDGE = re.compile(r"[^\w\"'(\[@#$£€©]+")

_KEPT_AT_RIGHT_EDGE = frozenset("_.!?\"')]…%")

_STRAIGHT = str.maketrans("’‘“”", "''\"\"")

NO_NEIGHBOURS = (None, "title", "body", "embed", "teaser", "dateline")


@dataclass
class Block:
    """A paragraph on its way to a kind: its span, its plain form, and what was found out."""

    start: int
    end: int
    raw: str
    plain: str
    n_words: int
    kind: str | None = None
    opens: str = ""

    @property
    def ends_with_stop(self) -> bool:
        """Whether the paragraph ends like a sentence."""
        return ends_with(self.raw, ".!?…")

    @property
    def is_story(self) -> bool:
        """Whether this can only be running text: long enough, ended, and claimed by no rule."""
        return self.kind is None and self.n_words >= STORY_PARAGRAPH and self.ends_with_stop


def block_of(text: str, start: int, end: int) -> Block:
    """Return the paragraph ``text[start:end]`` as a block that no rule has claimed."""
    raw = text[start:end]
    straight = raw[:LONG].translate(_STRAIGHT).replace("''", '"')
    n_words = count_words(raw) if len(raw) <= LONG else len(raw.split())
    return Block(start, end, raw, _plain(straight), n_words)


def line_key(line: str) -> str:
    """Return the form under which a line is recognised elsewhere: its words, normalised.

    >>> line_key(" Read  also: ")
    'read also'
    """
    return normalise(_plain(line))


def _plain(line: str) -> str:
    """The line with single spaces, without the bullets and dashes at its edges."""
    line = " ".join(line.split())
    left = _LEFT_EDGE.match(line)
    start, end = left.end() if left else 0, len(line)
    while end > start and not (line[end - 1].isalnum() or line[end - 1] in _KEPT_AT_RIGHT_EDGE):
        end -= 1
    return line[start:end]


def claim(block: Block, kind: str) -> None:
    """Give a block its kind, unless a rule before has done so."""
    if block.kind is None:
        block.kind = kind


def neighbours(blocks: list[Block]) -> Iterator[tuple[Block | None, Block, Block | None]]:
    """Go through the blocks, each with the one before and the one after."""
    padded = [None, *blocks, None]
    for i, block in enumerate(blocks):
        yield padded[i], block, padded[i + 2]


def is_headline(block: Block) -> bool:
    """Whether this may be a headline in a list of links: some words, and no full stop."""
    return 2 <= block.n_words <= 25 and not block.raw.endswith((".", ".”", '."', ":", ",", ";"))


def is_headline_or_word(block: Block) -> bool:
    """Whether this is short and no sentence: a heading, a caption, a button, a name."""
    return block.n_words <= 25 and not re.search(
        r"[.:;,?!…—–-][\"'”’)]*$|^[\"“]|[a-z]{2}\.\s[A-Z]", block.raw
    )
