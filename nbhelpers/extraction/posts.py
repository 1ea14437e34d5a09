"""Posts from other sites that a page embeds: their words belong to the handle that signs them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbhelpers.extraction.attribution import Attribution
from nbhelpers.text import Span, trim

_SIGNATURE = re.compile(
    r"(?:^|[\n—–]|(?<=\s)-)[^\S\n]*(?P<who>[^\n(—–]{0,80}\(@\w{1,30}\))", re.MULTILINE
)
_HANDLE = re.compile(r"@\w{1,30}")


def posts(text: str, segments: Sequence[Span]) -> list[Attribution]:
    """Return the posts among the embedded segments of a text, in their order.

    A signature, as in ``— Name (@handle) October 28, 2024``, ends a post; a handle that stands
    alone begins one, and the line above it is the name.

    >>> text = "It rains.\\n— Ann Lee (@annlee) May 1, 2024"
    >>> [found] = posts(text, [(0, 9), (10, len(text))])
    >>> [text[a:b] for a, b in found.source + found.content]
    ['Ann Lee (@annlee)', 'It rains.']
    """
    found: list[Attribution] = []
    waiting: list[Span] = []
    opened: Attribution | None = None
    for start, end in segments:
        signature = _SIGNATURE.search(text, start, end)
        if signature:
            above = trim(text, start, signature.start())
            content = [*waiting, *([above] if above[0] < above[1] else [])]
            if content:
                who = [signature.span("who")]
                found.append(Attribution(who, content=content, is_verbatim=True))
            waiting, opened = [], None
        elif _HANDLE.fullmatch(text, start, end):
            opened = Attribution([*waiting[-1:], (start, end)], is_verbatim=True)
            waiting = []
        elif opened:
            opened.content.append((start, end))
            found.append(opened)
            opened = None
        else:
            waiting.append((start, end))
    return found
