"""Lines that hold a date and nothing else."""

from __future__ import annotations

import re

from nbhelpers.furniture.blocks import Block, claim
from nbhelpers.text import MONTH

_AMOUNT = re.compile("[%$€£¥]")

_DATE_WORD = re.compile(
    rf"{MONTH}\.?|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?"
    r"|[ap]\.?m\.?|[apm]|[a-z]{2,4}t|utc|gmt|z|at|on|the|of|updated|published|posted|last|first|modified|"
    r"hours|local time|time|st|nd|rd|th|\d+(?:st|nd|rd|th)?",
    re.IGNORECASE,
)

_DATED = re.compile(
    rf"\b{MONTH}\.?\W+\d|\d\W+{MONTH}\.?|\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}"
    r"|\b\d?\d[:.]\d\d\s*(?:[ap]\.?m\b|gmt|utc|[a-z]{2,4}t\b|hours|$)",
    re.I,
)


def label_dates(blocks: list[Block]) -> None:
    """Lines that hold a date, a time or a place with a date, and nothing else."""
    for block in blocks:
        if block.n_words <= 12 and not _AMOUNT.search(block.raw) and is_date_line(block.plain):
            claim(block, "dateline")


def is_date_line(plain: str) -> bool:
    """Whether a line holds a date or a time, perhaps a place or a name, and nothing else."""
    if not _DATED.search(plain) or plain.endswith(("?", "!")):
        return False
    words = re.findall(r"[^\W\d_]+|\d+(?:st|nd|rd|th)?", plain)
    others = [w for w in words if not _DATE_WORD.fullmatch(w)]
    return len(others) <= 3 and all(w[0].isupper() for w in others) and len(others) < len(words) / 2
