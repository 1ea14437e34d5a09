"""What was found out about a word, kept for the next time that it comes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

Answer = TypeVar("Answer")

LONGEST = 100  # characters; what is longer is a blob, and thousands of blobs would fill memory


def kept_for_words(number: int) -> Callable[[Callable[[str], Answer]], Callable[[str], Answer]]:
    """Have a function keep what it answers for so many words, or short phrases, the last to come.

    >>> @kept_for_words(1000)
    ... def length(word):
    ...     print("counting")
    ...     return len(word)
    >>> length("word"), length("word")
    counting
    (4, 4)
    """

    def keeping(function: Callable[[str], Answer]) -> Callable[[str], Answer]:
        kept = lru_cache(number)(function)

        @wraps(function)
        def answer(word: str) -> Answer:
            return kept(word) if len(word) <= LONGEST else function(word)

        return answer

    return keeping
