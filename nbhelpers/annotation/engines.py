"""Who does the work: this process, several on this machine, or a Dask cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from typing import Any

from nbhelpers.annotation.stages import make_part
from nbhelpers.annotation.work import Done, Job, Task, next_try
from nbhelpers.corpus import InputError

Work = Callable[[Task], Done]
Results = Iterator[tuple[Task, Done | None]]
Engine = Callable[[Work, Sequence[Task]], Results]

PATIENCE_WITH_SCHEDULER = "20s"
_PATIENCE = 20  # times the limit of a document, after which a worker is taken for hung
_MOST_BROKEN = 5  # pools in a row that do nothing


def finished(
    engine: Engine, job: Job, stage: str, parts: Iterable[int]
) -> Iterator[tuple[int, Done]]:
    """Yield each part, and what a stage made of it, in the order in which they end.

    A part whose worker died is tried again when the others are done.
    """
    tasks = [Task(part) for part in parts]
    while tasks:
        again = []
        for task, done in engine(partial(make_part, job, stage), tasks):
            if done is None:
                again.append(next_try(job.folder, stage, task))
            else:
                yield task.part, done
        tasks = again


def here(work: Work, tasks: Sequence[Task]) -> Results:
    """Do the work in this process."""
    for task in tasks:
        yield task, work(task)


def processes(workers: int, limit: float) -> Engine:
    """Return an engine of several processes on this machine."""

    def run(work: Work, tasks: Sequence[Task]) -> Results:
        left = {task.part: task for task in tasks}
        broken = 0
        while left:
            broken += 1
            for task, done in _in_pool(work, list(left.values()), workers, limit):
                broken = 0
                del left[task.part]
                yield task, done
            if broken == _MOST_BROKEN:
                raise InputError(
                    "The processes that should do the work end as soon as they begin; see above "
                    "why, or do without them (--workers 1). A script that calls annotate() must do "
                    "so below `if __name__ == '__main__':`."
                )

    return run


def _in_pool(work: Work, tasks: Sequence[Task], workers: int, limit: float) -> Results:
    """What a pool makes of tasks; less than all, if its processes die without one."""
    from pebble import ProcessExpired, ProcessPool

    context = multiprocessing.get_context("spawn")
    with _one_thread_each():
        pool = ProcessPool(max_workers=workers, context=context, initializer=_begin_worker)
        try:
            futures: dict[Any, Task] = {
                pool.schedule(work, [task], timeout=_PATIENCE * limit): task for task in tasks
            }
            for future in as_completed(futures):
                try:
                    yield futures[future], future.result()
                except (ProcessExpired, TimeoutError):
                    yield futures[future], None
                except BrokenProcessPool:
                    continue
            pool.close()
        finally:
            pool.stop()
            pool.join()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let workers that are started here compute in one thread, unless the user says otherwise."""
    name = "OMP_NUM_THREADS"
    before = os.environ.get(name)
    os.environ.setdefault(name, "1")
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(name, None)


def _begin_worker() -> None:
    """End a worker whose parent is gone: killed, it could not say so."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def cluster(address: str) -> Iterator[Engine]:
    """Give an engine that is a running Dask cluster; its workers see the same files.

    Raises:
        InputError: Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
        from distributed import as_completed as ended
        from distributed.client import FutureCancelledError
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise InputError(
            "--scheduler needs the package distributed; install it: pip install nbhelpers[scale]."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised
    try:
        client = Client(address, timeout=PATIENCE_WITH_SCHEDULER)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{address}: no Dask scheduler answers there ({error}); start it, or correct the "
            "address."
        ) from None

    def run(work: Work, tasks: Sequence[Task]) -> Results:
        futures = {client.submit(work, task, pure=False): task for task in tasks}
        for future in ended(futures):
            task = futures.pop(future)
            try:
                yield task, future.result()
            except KilledWorker:
                yield task, None

    try:
        with client:
            yield run
    except (FutureCancelledError, CommClosedError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{address}: the Dask scheduler is gone ({reason}); start it, and give the same "
            "command again: it goes on from here."
        ) from None


def worker_count(given: int | None, parts: int) -> int:
    """Return how many processes are worth their start: one does without any.

    >>> worker_count(8, 3), worker_count(None, 1)
    (3, 1)
    """
    cores: Any = getattr(os, "sched_getaffinity", None)
    available = len(cores(0)) if cores else os.cpu_count() or 1
    return max(1, min(given or available, parts))
