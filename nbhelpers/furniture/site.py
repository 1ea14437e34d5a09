"""Paragraphs in which the site speaks of itself: appeals, biographies, what it repeats."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from nbhelpers.furniture.blocks import (
    CONTENT_KINDS,
    NO_NEIGHBOURS,
    PART_AT_MOST,
    STORY_PARAGRAPH,
    TITLE_AT_LEAST,
    Block,
    claim,
    is_headline,
    is_headline_or_word,
    line_key,
)
from nbhelpers.furniture.head import story_begins
from nbhelpers.furniture.lexicon import first_match, outside_quotations

SENTENCE_AT_LEAST = 6  # words
_SITE = re.compile(
    r"\b(?:our|us|we|this (?:site|page|blog|website|channel|newsletter)|newsroom|newsletter)\b",
    re.I,
)

_READER = re.compile(r"\b(?:you|your|yours|readers?|subscribers?|supporters?)\b", re.I)

_ASKS = re.compile(
    r"\b(?:donat\w+|subscri\w+|support|chip in|contribut(?:e|ion)s?|sign up|follow us|become|inbox|"
    r"membership|patrons?|click|download|register|bitcoin|crypto|paypal|patreon)\b",
    re.IGNORECASE,
)

_GIVING = re.compile(
    r"\b(?:donat\w+|support|contribut\w+|chip in|patrons?|fund\w*|gave|give)\b", re.I
)


def label_repeated(blocks: list[Block], repeated: AbstractSet[str]) -> None:
    """Lines that the site sets on other pages too.

    A title, and a sentence that does not speak of the site, may also recur because several outlets
    carry one dispatch.
    """
    begin = story_begins(blocks)
    for i, block in enumerate(blocks):
        may_be_title = i < begin and block.n_words >= TITLE_AT_LEAST
        if line_key(block.raw) in repeated and not may_be_title and not _is_report(block):
            block.kind = "other_furniture"


def _is_report(block: Block) -> bool:
    outside = outside_quotations(block.plain)
    speaks_of_site = any(pattern.search(outside) for pattern in (_SITE, _READER, _ASKS))
    return block.n_words >= SENTENCE_AT_LEAST and block.ends_with_stop and not speaks_of_site


def label_between(blocks: list[Block]) -> None:
    """A paragraph between two pieces of furniture that speaks to the reader about the site."""
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        beside = (before.kind, after.kind)
        among_furniture = not any(kind in NO_NEIGHBOURS for kind in beside)
        if block.kind is None and among_furniture and _addresses_reader(block):
            block.kind = _kind_of_appeal(block)


def label_tail(blocks: list[Block]) -> None:
    """After the story: from the end upwards, as long as each paragraph speaks of the site."""
    for i in range(len(blocks) - 1, 0, -1):
        block = blocks[i]
        if block.kind in CONTENT_KINDS:
            return
        if block.kind is None and not _claim_in_tail(blocks, i) and block.is_story:
            return


def keep_some_story(blocks: list[Block]) -> None:
    """A text of furniture alone is hardly ever one: its longest paragraph is left to the story."""
    if blocks and not any(block.kind in (None, *CONTENT_KINDS) for block in blocks):
        longest = max(blocks, key=lambda block: block.n_words)
        if longest.n_words >= STORY_PARAGRAPH and longest.ends_with_stop:
            longest.kind = None


def _claim_in_tail(blocks: list[Block], i: int) -> bool:
    block, below = blocks[i], blocks[i + 1] if i + 1 < len(blocks) else None
    outside = "" if block.n_words > PART_AT_MOST else outside_quotations(block.plain)
    if entry := first_match("tail", outside):
        block.kind = entry.kind
        if entry.kind == "promo" and is_headline(blocks[i - 1]):
            claim(blocks[i - 1], "related_links")
    elif _addresses_reader(block) and (below is None or below.kind not in NO_NEIGHBOURS):
        block.kind = _kind_of_appeal(block)
    elif (below is None or below.kind) and _is_stub(block) and blocks[i - 1].ends_with_stop:
        block.kind = "other_furniture"
    return block.kind is not None


def _is_stub(block: Block) -> bool:
    return block.n_words <= 2 and is_headline_or_word(block)


def _addresses_reader(block: Block) -> bool:
    """Whether the site speaks to its reader: of itself and of them, or asking for something."""
    if block.n_words > PART_AT_MOST or '""' in (outside := outside_quotations(block.plain)):
        return False
    found = [bool(pattern.search(outside)) for pattern in (_SITE, _READER, _ASKS)]
    return sum(found) >= 2


def _kind_of_appeal(block: Block) -> str:
    return "donation_appeal" if _GIVING.search(block.plain) else "promo"
