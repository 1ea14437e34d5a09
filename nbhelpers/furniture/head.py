"""What stands above the story: title, by-lines, section labels, teasers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile

from nbhelpers.furniture.blocks import (
    NAME_AT_MOST,
    TITLE_AT_LEAST,
    Block,
    is_headline_or_word,
    line_key,
    neighbours,
)

DATELINE_AT_MOST = 40  # characters of place and agency before a story's first words
_NAME_PARTICLES = frozenset(
    {"and", "at", "de", "del", "der", "van", "von", "bin", "al", "of", "in"}
)


def label_head(blocks: list[Block]) -> None:
    """Before the story begins: title, section labels, by-lines, and a teaser that repeats it."""
    begin = story_begins(blocks)
    speakers = speaker_labels(blocks)
    head = [b for b in blocks[:begin] if b.kind is None and line_key(b.raw) not in speakers]
    title = _title(head)
    if title and begin < len(blocks):
        title.kind = "title"
        label_head_lines([b for b in blocks[:begin] if line_key(b.raw) not in speakers])
        label_repeated_title(blocks, title)
    label_teasers(blocks)


def label_head_lines(head: list[Block]) -> None:
    """Names and section labels beside what is known not to be the story."""
    for before, block, after in neighbours(head):
        beside = {b.kind for b in (before, after) if b is not None} - {None}
        if block.kind is None and beside and re.fullmatch(r"[^\d:]+", block.raw):
            if block.n_words <= NAME_AT_MOST and _is_name(block.plain):
                block.kind = "credit"
            elif block.n_words <= 3 and after is not None and is_headline_or_word(block):
                block.kind = "other_furniture"


def story_begins(blocks: list[Block]) -> int:
    """The first paragraph of running text, not counting a standfirst above by-line or date."""
    for i, block in enumerate(blocks):
        if block.kind is None and block.n_words >= 8 and block.ends_with_stop:
            below = takewhile(lambda b: b.kind or not b.is_story, blocks[i + 1 : i + 4])
            if not any(b.kind in ("credit", "dateline") for b in below):
                return i
    return len(blocks)


def _title(head: list[Block]) -> Block | None:
    """The first line above the story that is long enough for a title."""
    lines = [b for b in head if b.n_words <= 35 and not _ends_a_sentence(b)]
    for at_least in (TITLE_AT_LEAST, 1):
        if found := next((b for b in lines if b.n_words >= at_least), None):
            return found
    return None


def speaker_labels(blocks: list[Block]) -> frozenset[str]:
    """Short lines that come again and again before paragraphs: the speakers of a transcript."""
    before_text = Counter(
        line_key(block.raw)
        for _, block, after in neighbours(blocks)
        if block.n_words <= 4 and after is not None and after.kind is None and after.n_words > 4
    )
    return frozenset(key for key, n in before_text.items() if n >= 3)


def _is_name(plain: str) -> bool:
    words = re.findall(r"[\w.'-]+|[,;]", plain)
    return len(words) >= 2 and all(w[0].isupper() or w in _NAME_PARTICLES for w in words)


def _ends_a_sentence(block: Block) -> bool:
    return block.raw.endswith((".", ".”", '."', ":", ";"))


def label_repeated_title(blocks: list[Block], title: Block) -> None:
    """The title once more, perhaps with the site's name behind it."""
    key = line_key(title.raw)
    for block in blocks:
        if block is not title and len(key) >= 15 and block.n_words <= title.n_words + 6:
            other = line_key(block.raw)
            if other == key or (
                other.startswith(key) and re.match(r"\s*[|–—-]", other[len(key) :])
            ):
                block.kind = "other_furniture"


def label_teasers(blocks: list[Block]) -> None:
    """A standfirst that only gives the words with which the story then begins."""
    first = next((i for i, b in enumerate(blocks) if b.is_story), len(blocks))
    for i, block in enumerate(blocks[: min(first + 1, 10, len(blocks) - 1)]):
        if block.kind is None and block.n_words >= 8:
            teaser = _words(_without_cut_word(block.plain))
            if len(teaser) > 30 and _opens_with(blocks[i + 1 : i + 12], teaser):
                block.kind = "teaser"


def _without_cut_word(plain: str) -> str:
    if not plain.endswith(("...", "…", "...]", "…]")):
        return plain
    return plain.rstrip(" .…[]").rpartition(" ")[0]


def _opens_with(blocks: list[Block], teaser: str) -> bool:
    """Whether one of the first blocks, read on into the next, begins with the teaser's words."""
    reach = DATELINE_AT_MOST + len(teaser) + 2
    words = [_words(b.plain[: 2 * reach]) for b in blocks]
    openings = (f" {' '.join(words[i:])} "[:reach] for i in range(min(6, len(words))))
    return any(f" {teaser} " in opening for opening in openings)


def _words(plain: str) -> str:
    return " ".join(re.findall(r"\w+", plain.lower()))
