"""Single lines that are furniture by their words or their form, wherever they stand."""

from __future__ import annotations

import re

from nbhelpers.furniture.blocks import LINE_AT_MOST, Block, claim, neighbours
from nbhelpers.furniture.lexicon import Entry, entry_for_line, entry_for_part
from nbhelpers.text import quotations

CAPITALS_AT_LEAST = 6  # words in a line of capitals from which it is no sub-heading any more
_WORDY = re.compile(r"[^\W\d_]")


def label_phrases(blocks: list[Block]) -> None:
    """Lines that the lexicon knows.

    Between two paragraphs of the story a phrase must stand in a paragraph's first sentence: a
    story may well tell of a page that says "subscribe to our newsletter".
    """
    for block in blocks:
        _claim_by(block, entry_for_line(block))
    for before, block, after in neighbours(blocks):
        in_story = before is not None and before.is_story and after is not None and after.is_story
        if block.kind is None:
            _claim_by(block, entry_for_part(block, first_sentence_only=in_story))


def _claim_by(block: Block, entry: Entry | None) -> None:
    if block.kind is None and entry:
        block.kind, block.opens = entry.kind, entry.opens


def label_menus(blocks: list[Block]) -> None:
    """Lines of link labels between separators, bare links, and lines of capitals in mid-story."""
    capitals_are_normal = sum(_is_capitals(b.plain) for b in blocks) > max(3, len(blocks) // 4)
    for i, block in enumerate(blocks):
        labels = [part.split() for part in re.split(r"\s[|/›»>·•→]\s|[|›»→]", block.plain)]
        if len(labels) >= 3 and all(len(words) <= 4 for words in labels):
            claim(block, "other_furniture")
        elif re.fullmatch(r"(?:https?://|www\.)\S+", block.raw):
            claim(block, "related_links")
        elif i and not capitals_are_normal and _is_capital_promo(block):
            claim(block, "promo")


def _is_capitals(plain: str) -> bool:
    return bool(_WORDY.search(plain)) and plain == plain.upper()


def _is_capital_promo(block: Block) -> bool:
    quoted = sum(q.end - q.start for q in quotations(block.raw))
    return (
        _is_capitals(block.plain)
        and CAPITALS_AT_LEAST <= block.n_words <= LINE_AT_MOST
        and 2 * quoted < len(block.raw)
    )


def label_counters(blocks: list[Block]) -> None:
    """Figures alone on a line count something of the page if furniture stands beside them."""
    for i, block in enumerate(blocks):
        beside = [b.kind for b in blocks[max(0, i - 1) : i + 2] if b is not block]
        if re.fullmatch(r"[\d\s.,kKmM]+", block.raw) and any(
            k not in (None, "body") for k in beside
        ):
            claim(block, "visit_counter")
