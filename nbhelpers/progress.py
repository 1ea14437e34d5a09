"""Tell whoever waits what is being done, once it takes longer than two seconds."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0


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


def tell(line: str) -> None:
    """Write a line to standard error at once."""
    print(line, file=sys.stderr, flush=True)
