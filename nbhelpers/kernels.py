"""Run notebooks through papermill, some at a time, and stop them all when asked to.

A notebook that fails, takes too long or loses its kernel gives back what it had put out so far and
a sentence that says what happened; it never stops the others.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import nbformat
import zmq
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient  # type: ignore[import-untyped]
from papermill.engines import Engine, papermill_engines  # type: ignore[import-untyped]
from papermill.exceptions import PapermillExecutionError  # type: ignore[import-untyped]
from papermill.execute import execute_notebook, remove_error_markers  # type: ignore[import-untyped]

# More than two kernels at a time gain nothing on the usual few cores, and cost memory.
NOTEBOOKS_AT_A_TIME = 2
START_TIMEOUT = 120
_ENGINE = "nbhelpers"
_LOG = logging.getLogger(__name__)
_LOG.addHandler(logging.NullHandler())  # a failure is told once, by the caller
# papermill cannot read a type such as "str | None" and warns of each such parameter as unknown.
logging.getLogger("papermill").setLevel(logging.ERROR)
_KERNEL_FILE = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")
_PACKAGE_ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Run:
    """A notebook on its way: where it stands, and in the end what it put out or why it failed."""

    notebook: Path
    parameters: Mapping[str, object]
    executed: NotebookNode
    cell: int = 0
    failure: str | None = None
    kernel: AsyncKernelManager | None = field(default=None, repr=False)


class Kernels:
    """Kernels of this very Python, in which notebooks run; a context that leaves no kernel behind.

    Args:
        cwd: the folder in which the notebooks run; modules that lie there are not imported.
        timeout: the seconds that one cell may take; None for no limit.
    """

    def __init__(self, *, cwd: Path, timeout: float | None = None) -> None:
        """Start nothing yet; kernels come with :meth:`submit`."""
        self._cwd = cwd
        self._timeout = timeout
        self._runs: list[Run] = []
        self._stopped = False
        self._pool = ThreadPoolExecutor(NOTEBOOKS_AT_A_TIME, thread_name_prefix="notebook")
        self._folder = tempfile.TemporaryDirectory(prefix="nbhelpers-", ignore_cleanup_errors=True)

    def __enter__(self) -> Kernels:
        """Return the kernels themselves."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for the notebooks, or kill their kernels if an error or the user ended the work."""
        self._stopped = error is not None
        if self._stopped:
            for run in self._runs:
                _kill(run)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._folder.cleanup()

    def submit(self, notebook: Path, parameters: Mapping[str, object]) -> Future[Run]:
        """Run a notebook with these parameters as soon as a kernel is free."""
        executed = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
        run = Run(notebook, dict(parameters), executed)
        self._runs.append(run)
        return self._pool.submit(self._execute, run)

    def _execute(self, run: Run) -> Run:
        try:
            execute_notebook(
                run.executed,
                None,
                parameters=run.parameters,
                engine_name=_ENGINE,
                kernel_name=NATIVE_KERNEL_NAME,
                language="python",
                progress_bar=False,
                start_timeout=START_TIMEOUT,
                execution_timeout=self._timeout and math.ceil(self._timeout),
                run=run,
                kernels=self,
            )
        except Exception as error:
            run.failure = _sentence(run, error, self._timeout)
        finally:
            _kill(run)
            run.kernel = None
        run.failure = run.failure or _early_exit(run)
        _clean(run, self._cwd)
        return run

    def start(self, run: Run) -> AsyncKernelManager:
        """Return the manager of a new kernel for a run; the kernel itself is not started yet."""
        if self._stopped:
            raise DeadKernelError("stopped")
        run.kernel = AsyncKernelManager(
            kernel_name=NATIVE_KERNEL_NAME,
            # No folder to look in: what is left is the kernel of this Python.
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            transport_encryption="auto" if zmq.has("curve") else "disabled",
            connection_file=str(Path(self._folder.name, f"{self._runs.index(run)}.json")),
        )
        return run.kernel

    def started(self, run: Run) -> None:
        """Kill a kernel that came up while all were being stopped."""
        if self._stopped:
            _kill(run)

    def launch(self) -> dict[str, Any]:
        """Return how a kernel process is launched: where, with what environment and streams."""
        # ipykernel drops the first path if it is the working folder; ours may be, so it is second.
        paths = [self._folder.name, str(_PACKAGE_ROOT), os.environ.get("PYTHONPATH", "")]
        own = {
            "IPYTHONDIR": str(Path(self._folder.name, "ipython")),  # nobody's start-up files
            "PYTHONHASHSEED": "0",
            "PYTHONSAFEPATH": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        }
        return {
            "cwd": str(self._cwd),
            "env": {**os.environ, **own},
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }


class _Engine(Engine):  # type: ignore[misc]
    """The way papermill runs a notebook, with our kernel and the notebook kept in sight."""

    @classmethod
    def execute_managed_notebook(  # type: ignore[no-untyped-def]
        cls, nb_man, kernel_name, *, run, kernels, start_timeout, execution_timeout, **_options
    ) -> None:
        run.executed = nb_man.nb

        def note_cell(cell: NotebookNode, cell_index: int) -> None:
            run.cell = sum(c.cell_type == "code" for c in run.executed.cells[: cell_index + 1])

        client = PapermillNotebookClient(
            nb_man,
            km=kernels.start(run),
            kernel_name=kernel_name,
            timeout=execution_timeout,
            startup_timeout=start_timeout,
            iopub_timeout=60,
            shutdown_kernel="immediate",
            record_timing=False,
            log=_LOG,
            on_notebook_start=lambda notebook: kernels.started(run),
            on_cell_execute=note_cell,
        )
        client.owns_km = True  # so that nbclient shuts the kernel down, whatever happens
        try:
            client.execute(**kernels.launch())
        finally:
            _end_tasks()


papermill_engines.register(_ENGINE, _Engine)


def _end_tasks() -> None:
    """End what nbclient leaves waiting in this thread's loop after a time-out."""
    loop = ensure_event_loop()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _kill(run: Run) -> None:
    """Kill a run's kernel and the processes it started, if any are left."""
    provisioner = run.kernel and run.kernel.provisioner
    process_id = getattr(provisioner, "pid", None)
    if process_id is None:
        return
    try:
        if hasattr(os, "killpg"):
            os.killpg(process_id, signal.SIGKILL)
        else:
            os.kill(process_id, signal.SIGTERM)
    except OSError:
        pass  # nothing is left of it


def _sentence(run: Run, error: Exception, timeout: float | None) -> str:
    place = f"{run.notebook.name}, code cell {run.cell}"
    match error:
        case CellTimeoutError():
            return f"{place}: took longer than {timeout:g} seconds and was stopped."
        case DeadKernelError() if run.cell:
            return f"{place}: the kernel died (out of memory, or the code ended it)."
        case PapermillExecutionError():
            return f"{place}: {error.ename}: {_first_line(error.evalue)}"
    return f"{run.notebook.name}: {type(error).__name__}: {_first_line(str(error))}"


def _first_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.strip()), "(no message)")


def _early_exit(run: Run) -> str | None:
    """A notebook may end itself without an error (``exit()``); what comes after it is missing."""
    for cell in run.executed.cells:
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return f"{run.notebook.name}, code cell {run.cell}: the notebook ended itself here."
    return None


def _clean(run: Run, cwd: Path) -> None:
    """Take away what papermill, chance and this machine wrote: marks, times, random ids, paths."""
    notebook = remove_error_markers(run.executed)
    notebook.metadata.pop("papermill", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.id = f"cell-{number}"
        for output in cell.get("outputs", []):
            _clean_output(output, cwd)
    run.failure = run.failure and _without_paths(run.failure, cwd)


def _clean_output(output: NotebookNode, cwd: Path) -> None:
    if output.output_type == "error":
        output.evalue = _without_paths(output.evalue, cwd)
        output.traceback = [_without_paths(line, cwd) for line in output.traceback]
    elif output.output_type == "stream" and output.name == "stderr":
        output.text = _without_paths(output.text, cwd)


def _without_paths(text: str, cwd: Path) -> str:
    """Shorten the paths of this machine in a message, so that a page can be sent to others."""
    text = _KERNEL_FILE.sub("the notebook", text)
    roots = {cwd, _PACKAGE_ROOT, *map(Path, (sys.prefix, sys.base_prefix)), Path.home()}
    for root in sorted(roots - {Path(cwd.anchor)}, key=lambda path: -len(str(path))):
        text = text.replace(f"{root}{os.sep}", "")
    return text
