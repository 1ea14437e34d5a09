"""Who does the work: this process, several on this machine, or a Dask cluster."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext
from typing import Any

from nbhelpers.annotation.passages import PASSAGES
from nbhelpers.annotation.steps import perform
from nbhelpers.annotation.work import Done, Job, Task, beat, next_try
from nbhelpers.corpus import InputError
from nbhelpers.progress import tell

Results = Iterator[tuple[Task, Done | None]]
Engine = Callable[[Job, str, Sequence[Task]], Results]
"""Begins some tasks of a stage, if others do the work, and gives them out as they end."""

PATIENCE_WITH_SCHEDULER = "20s"
_HUNG_AFTER = 2  # times the limit of a document without a sign of life, and so many seconds more:
_GRACE = 60.0
_LOOK_EVERY = 5.0  # seconds
_MOST_BROKEN = 5  # pools in a row that do nothing
_MOST_DEATHS = 10  # of the workers of one part, beside two for each text that is left out


def finished(
    engine: Engine, job: Job, stage: str, parts: Iterable[int]
) -> Iterator[tuple[int, Done]]:
    """Yield each part, and what a stage made of it, in the order in which they end.

    A part whose worker died is tried again when the others are done.

    Raises:
        InputError: the workers of a part die again and again, and no text is the cause.
    """
    tasks = [Task(part) for part in parts]
    while tasks:
        again = []
        for task, done in engine(job, stage, tasks):
            if done is None:
                again.append(_after_death(job, stage, task))
            else:
                yield task.part, done
        tasks = again


def _after_death(job: Job, stage: str, task: Task) -> Task:
    tell(f"{stage}: a process died that worked at part {task.part}, which is tried again")
    following = next_try(job.folder, stage, task)
    if following.deaths > _MOST_DEATHS + 2 * len(following.left_out):
        raise InputError(
            f"Part {task.part}: {following.deaths} processes died that worked at it, at one text "
            "or another. Memory may be short: give fewer --workers; it goes on from here."
        )
    return following


def here(job: Job, stage: str, tasks: Sequence[Task]) -> Results:
    """Do the work in this process."""
    for task in tasks:
        yield task, perform(job, stage, task)


@contextmanager
def processes(workers: int) -> Iterator[Engine]:
    """Give an engine of several processes on this machine; they end with the context."""
    pool = _Pool(workers)

    def run(job: Job, stage: str, tasks: Sequence[Task]) -> Results:
        return _by_pools(pool, job, stage, tasks, pool.begin(job, stage, tasks))

    with _one_thread_each():
        try:
            yield run
        finally:
            pool.end()


class _Pool:
    """Processes that begin with the first task, and anew with the next one after they were ended.

    They keep what they have loaded from one stage to the next.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._running: Any = None

    @property
    def is_broken(self) -> bool:
        return self._running is not None and not self._running.active

    def begin(self, job: Job, stage: str, tasks: Iterable[Task]) -> dict[Any, Task]:
        """Begin tasks; those are left out that come after a death of all processes."""
        from pebble import ProcessPool

        for task in tasks:
            beat(job.folder, stage, task.part).unlink(missing_ok=True)
        if self.is_broken:
            self.end()
        begun = {}
        with _interrupts_held_back():
            self._running = self._running or ProcessPool(
                max_workers=self._workers, context=_Spawning(), initializer=_begin_worker
            )
            with suppress(RuntimeError):
                for task in tasks:
                    begun[self._running.schedule(perform, [job, stage, task])] = task
        return begun

    def end(self) -> None:
        pool, self._running = self._running, None
        if pool:
            pool.stop()
            pool.join()


def _by_pools(
    pool: _Pool, job: Job, stage: str, tasks: Sequence[Task], begun: dict[Any, Task]
) -> Results:
    """What processes make of tasks; where all have died, new ones do what is left."""
    left = {task.part: task for task in tasks}
    broken = 1
    while True:
        for task, done in _in_pool(pool, job, stage, begun):
            broken = 0
            del left[task.part]
            yield task, done
        if not left:
            return
        pool.end()
        if broken == _MOST_BROKEN:
            raise InputError(
                "The processes that should do the work end as soon as they begin; see above "
                "why, or do without them (--workers 1). A script that calls annotate() must do "
                "so below `if __name__ == '__main__':`."
            )
        broken += 1
        begun = pool.begin(job, stage, list(left.values()))


def _in_pool(pool: _Pool, job: Job, stage: str, futures: dict[Any, Task]) -> Results:
    """What a pool makes of tasks; less than all, if its processes die without one."""
    from pebble import ProcessExpired

    for future in _as_they_end(pool, job, stage, futures):
        try:
            yield futures[future], future.result()
        except (ProcessExpired, CancelledError):
            yield futures[future], None
        except BrokenProcessPool:
            continue


class _Spawning(SpawnContext):
    """Starts processes, and keeps their locks: a pool that stops lets go of them too early.

    What still starts then would look in vain for a lock, and say so at length.
    """

    def __init__(self) -> None:
        self._kept: list[Any] = []

    def RLock(self) -> Any:  # noqa: N802
        lock = super().RLock()
        self._kept.append(lock)
        return lock


def _as_they_end(pool: _Pool, job: Job, stage: str, futures: Mapping[Any, Task]) -> Iterator[Any]:
    """Give out futures as they end; end those that show no sign of life.

    The limit of a document cannot break off compiled code.
    """
    waiting = set(futures)
    while waiting:
        ended, waiting = wait(waiting, timeout=_LOOK_EVERY, return_when=FIRST_COMPLETED)
        yield from ended
        if not ended and pool.is_broken:
            return  # what no process has taken will never end
        for future in waiting:
            path = beat(job.folder, stage, futures[future].part)
            try:
                silent = time.time() - path.stat().st_mtime
            except OSError:
                continue  # not begun, or a stage that gives no sign
            if future.running() and silent > _HUNG_AFTER * job.limit + _GRACE:
                future.cancel()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start processes undisturbed, and deaf to Ctrl-C: it is for this process to end them."""
    resource_tracker.ensure_running()  # it would let interrupts through again
    with _signals_put_off(), _deaf_to_interrupts():
        yield


@contextmanager
def _signals_put_off() -> Iterator[None]:
    """Send again afterwards what is sent meanwhile to end this process."""
    if threading.current_thread() is not threading.main_thread():  # signals go to that one
        yield
        return
    held: set[int] = set()
    numbers = (signal.SIGTERM, signal.SIGINT)
    found = {number: signal.getsignal(number) for number in numbers}
    handlers = {number: handler for number, handler in found.items() if handler is not None}
    for number in handlers:
        signal.signal(number, lambda number, _frame: held.add(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():  # Ctrl-C, which raises an error, comes last
            signal.signal(number, handler)
        for sent in sorted(held, reverse=True):
            signal.raise_signal(sent)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let what is started here, and by threads started here, be deaf to Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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

    def run(job: Job, stage: str, tasks: Sequence[Task]) -> Results:
        if stage == PASSAGES:  # long, and not to be broken off: it would write into a later run
            return here(job, stage, tasks)
        return results(
            {client.submit(perform, job, stage, task, pure=False): task for task in tasks}
        )

    def results(futures: dict[Any, Task]) -> Results:
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
