"""Posts of other sites that a page embeds."""

from __future__ import annotations

import re

from nbhelpers.furniture.blocks import NAME_AT_MOST, Block, claim
from nbhelpers.furniture.dates import is_date_line
from nbhelpers.text import MONTH

POST_AT_MOST = 330  # characters that an embedded post reaches back from its signature
_SIGNATURE = re.compile(
    rf"(?:^|\s)(?:—|–|-{{1,2}}|&mdash;)?\s*[^()\n]{{1,60}}\(@\w{{1,30}}\)\s*[·•,|]?\s*"
    rf"(?:(?:on\s+)?(?:{MONTH}\.?\s+\d{{1,2}}|\d{{1,2}}\s+{MONTH}\.?).{{0,30}}|\d+[smhd])\s*$"
    r"|^(?:—|–|-{1,2}|&mdash;)\s*[^()\n]{1,60}\(@\w{1,30}\)\s*$",
    re.IGNORECASE,
)

_POST_LINE = re.compile(
    r"pic\.twitter\.com/\w+\W*$|^https?://(?:t\.co|x\.com|twitter\.com|t\.me)/\S+$"
    r"|^(?:a post shared by|view this post on instagram|view on (?:threads|x|twitter|bluesky))\b",
    re.IGNORECASE,
)

_POST_SIGN = re.compile(
    r"(?:^|\s)[#@]\w{2,}|pic\.twitter\.com/|https?://t\.co/"
    "|[\u2600-\u27bf\U0001f1e6-\U0001f1ff\U0001f300-\U0001faff]|ðŸ|đź|â[šœ]"
)


def label_embeds(blocks: list[Block]) -> None:
    """A post that another site embeds ends with its handle and date; go back to where it begins."""
    for i, block in enumerate(blocks):
        if _is_signed(block):
            for j in range(_post_begins(blocks, i), i + 1):
                blocks[j].kind = "embed"
    for i, block in enumerate(blocks):
        if len(block.raw) <= POST_AT_MOST and _POST_LINE.search(block.raw):
            claim(block, "embed")
        elif re.fullmatch(r"@\w{1,30}", block.raw):
            for part in _post_around_handle(blocks, i):
                claim(part, "embed")


def _is_signed(block: Block) -> bool:
    """Whether a post ends here; an article on one line may end in one, and is no post for that."""
    short = len(block.raw) <= POST_AT_MOST
    return short and "(@" in block.raw and bool(_SIGNATURE.search(block.raw))


def _post_around_handle(blocks: list[Block], handle: int) -> list[Block]:
    """A name above, the post below; a long one only if its date or counters stand under it."""
    name = [block for block in blocks[max(0, handle - 1) : handle] if block.n_words <= NAME_AT_MOST]
    post, under = blocks[handle + 1 : handle + 2], blocks[handle + 2 : handle + 3]
    if post and post[0].is_story and not any(map(_is_figures, under)):
        return [*name, blocks[handle]]
    date = [block for block in under if is_date_line(block.plain)]
    return [*name, blocks[handle], *post, *date]


def _is_figures(block: Block) -> bool:
    return block.n_words <= 12 and not block.ends_with_stop and bool(re.search(r"\d", block.raw))


def _post_begins(blocks: list[Block], signature: int) -> int:
    """The first of the lines above a signature that belong to the post.

    The line right above does (if the signature stands alone); further ones do as far up as one of
    them bears a post's signs: a handle, a hashtag, an emoji, a short link.
    """
    alone = re.match(r"\W*(?:—|–|-|&mdash;)", blocks[signature].raw) is not None
    begin, room = signature, POST_AT_MOST
    for i in range(signature - 1, -1, -1):
        room -= len(blocks[i].raw)
        if room < 0:
            break
        if blocks[i].kind is not None:
            return i + 1  # all that stands between two posts belongs to the second
        if _POST_SIGN.search(blocks[i].raw) or (alone and i == signature - 1):
            begin = i
    return begin
