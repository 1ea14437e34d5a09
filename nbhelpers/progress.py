"""Tell whoever waits what is being done, once it takes longer than two seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

PATIENCE = 2.0
TELL_EVERY = 10.0


@contextmanager
def step(what: str) -> Iterator[None]:
    """Name a step on standard error once it has lasted two seconds, and its time at the end."""
    timer = threading.Timer(PATIENCE, tell, [f"{what} ..."])
    timer.daemon = True
    began = time.perf_counter()
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    took = time.perf_counter() - began
    if took > PATIENCE:
        tell(f"{what}: {took:.0f} s")


class Pace:
    """How far a long step is, how fast it goes, and when it will end."""

    def __init__(self, what: str, texts: int, words: int) -> None:
        """Begin to watch a step that has so much to do."""
        self._what = what
        self._texts, self._words = texts, words
        self._texts_done = self._words_done = 0
        self._began = self._told = time.monotonic()

    def add(self, texts: int, words: int) -> None:
        """Note what has been done since, and tell of it every ten seconds."""
        self._texts_done += texts
        self._words_done += words
        now = time.monotonic()
        if now - self._told >= TELL_EVERY:
            self._told = now
            tell(self.line(now - self._began))

    def line(self, seconds: float) -> str:
        """Return how far it is after so many seconds."""
        words, texts = self._words_done / seconds, self._texts_done / seconds
        left = (self._words - self._words_done) / words if words else 0.0
        end = datetime.now() + timedelta(seconds=left)
        day = "" if end.date() == datetime.now().date() else f" on {end:%Y-%m-%d}"
        return (
            f"{self._what}: {self._texts_done:,} of {self._texts:,} texts, {texts:,.1f} texts and "
            f"{words:,.0f} words a second, ends at {end:%H:%M}{day}"
        )


def tell(line: str) -> None:
    """Write a line to standard error at once."""
    print(line, file=sys.stderr, flush=True)
