"""Runs of lines: what a label opens, and fragments that stand among furniture."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, groupby

from nbhelpers.furniture.blocks import (
    NO_NEIGHBOURS,
    STORY_PARAGRAPH,
    Block,
    claim,
    is_headline,
    is_headline_or_word,
    line_key,
)
from nbhelpers.furniture.head import speaker_labels

REST_AFTER_STORY = 60  # words of story before "Comments" or "About the author" ends it
_BIOGRAPHICAL = re.compile(
    r"\b(?:I am|I'm|I was|I've|my (?:work|career|years)|(?:is|was) an? (?:\w+ ){0,3}"
    r"(?:reporter|journalist|writer|author|editor|columnist|correspondent|blogger|contributor))\b"
)


def label_sections(blocks: list[Block]) -> None:
    """What a label opens: a list of headlines, a row of buttons, or all the rest of the page."""
    unclaimed = [0 if block.kind else block.n_words for block in blocks]
    words_from = [*accumulate(reversed(unclaimed), initial=0)][::-1]
    words_before, claimed_to = 0, 0  # between a label and claimed_to nothing is unclaimed
    for i, block in enumerate(blocks):
        claimed_to = max(claimed_to, i + 1)
        if block.opens == "list":
            claimed_to = _label_while(blocks, i, claimed_to, is_headline)
        elif block.opens == "rest" and REST_AFTER_STORY <= words_before >= words_from[claimed_to]:
            return _label_rest(blocks, i)
        elif block.kind == "share_widget":
            claimed_to = _label_while(blocks, i, claimed_to, _is_button)
        words_before += block.n_words if block.kind in (None, "body") else 0


def _label_while(
    blocks: list[Block], opener: int, begin: int, belongs: Callable[[Block], bool]
) -> int:
    """Give the opener's kind to what belongs to it; return where that ends."""
    for i in range(begin, len(blocks)):
        block, below = blocks[i], blocks[i + 1] if i + 1 < len(blocks) else None
        sub_heading = i > opener + 1 and below and below.is_story and block.n_words <= 3
        if block.kind is None and (sub_heading or not belongs(block)):
            return i
        claim(block, blocks[opener].kind or "other_furniture")
    return len(blocks)


def _is_button(block: Block) -> bool:
    return block.n_words <= 2 and not block.ends_with_stop


def _label_rest(blocks: list[Block], opener: int) -> None:
    """All that follows is furniture."""
    kind = blocks[opener].kind or "other_furniture"
    for block in blocks[opener + 1 :]:
        claim(block, kind if kind == "author_bio" else _kind_after_story(block, kind))


def _kind_after_story(block: Block, opened_by: str) -> str:
    if block.n_words >= STORY_PARAGRAPH and _BIOGRAPHICAL.search(block.plain):
        return "author_bio"
    return opened_by if block.n_words <= 3 else "other_furniture"


def label_fragments(blocks: list[Block]) -> None:
    """Lines that are no sentences and stand among furniture: captions, link labels, buttons.

    A sub-heading looks just like them, so one alone is left to the story unless furniture follows;
    items of a list that a paragraph has announced with a colon, or that bear bullets, are left too.
    """
    speakers = speaker_labels(blocks)
    stories = [i for i, block in enumerate(blocks) if block.is_story]
    for is_run, run in groupby(range(len(blocks)), lambda i: _is_fragment(blocks, i, speakers)):
        if is_run:
            indices = list(run)
            _label_run(blocks, indices[0], indices[-1] + 1, stories)


def _is_fragment(blocks: list[Block], i: int, speakers: AbstractSet[str]) -> bool:
    block = blocks[i]
    if block.kind is not None or not is_headline_or_word(block):
        return False
    bulleted = re.match(r"\s*(?:[-–—•*·▪◦‣]|\(?\w{1,2}[.)])\s", block.raw)
    announced = i > 0 and blocks[i - 1].raw.endswith(":") and blocks[i - 1].kind in (None, "body")
    return not bulleted and not announced and line_key(block.raw) not in speakers


def _label_run(blocks: list[Block], start: int, stop: int, stories: Sequence[int]) -> None:
    before = blocks[start - 1].kind if start else None
    after = blocks[stop].kind if stop < len(blocks) else None
    page = (*(k for k in (before, after) if k not in NO_NEIGHBOURS),)
    if after == "credit" or (stop - start == 1 and blocks[start].n_words > 12):
        return  # the heading above a by-line; a sentence that has lost its stop
    story_before = bool(stories) and stories[0] < start
    ends_page = not stories or stories[-1] < stop
    if page and story_before and (ends_page or len(page) == 2 or stop - start >= 2):
        for block in blocks[start:stop]:
            claim(block, _kind_of_fragment(block, before))


def _kind_of_fragment(block: Block, before: str | None) -> str:
    if before in ("related_links", "share_widget", "credit", "author_bio") and block.n_words <= 25:
        return before
    return "related_links" if block.n_words >= 5 else "other_furniture"
