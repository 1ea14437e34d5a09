"""A limit to the time that some Python code may take, in any thread."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TooLongError(Exception):
    """Raised in the code that took longer than its limit."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise :class:`TooLongError` in the body if it takes longer than so many seconds.

    Works in every thread, so also in workers whose tasks do not run in the main one; it is raised
    between two steps of the interpreter, not inside of a compiled function.

    >>> with time_limit(60):
    ...     sum(range(10))
    45
    """
    lock, ended = threading.Lock(), False
    thread = ctypes.c_ulong(threading.get_ident())

    def interrupt() -> None:
        with lock:
            if not ended:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TooLongError))

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with lock:
            ended = True
        timer.cancel()
