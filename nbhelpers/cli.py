"""The command line: ``nbhelpers`` or ``python -m nbhelpers``."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from nbhelpers import __version__

DONE, FAILED, UNUSABLE, STOPPED = 0, 1, 2, 130
_INSIST_EVERY = 1.0  # seconds
MOST_FAILURES = 20  # lines that a terminal shows without losing what came before
_TEXTS = (
    "a folder of texts, a file (txt, md, csv, tsv, jsonl, parquet, each also .gz) or a zip archive "
    "of these"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status.

    0: done; 1: some documents or notebooks failed, the rest is there; 2: the input or the arguments
    cannot be used; 130: stopped by the user.
    """
    options = parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        status: int = options.command(options)
    except KeyboardInterrupt:
        _insist(every=0)
        print(f"Stopped; {options.when_stopped}.", file=sys.stderr)
        return STOPPED
    return status


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    main_parser = argparse.ArgumentParser(
        prog="nbhelpers",
        description="Compare how the news covers one event, with the evidence for every figure.",
        epilog="Exit status: 0 done; 1 some documents or notebooks failed (each is named, the "
        "rest is there); 2 the input or the arguments cannot be used; 130 stopped by the user.",
    )
    main_parser.add_argument(
        "--version",
        action="version",
        version=f"%(prog)s {__version__}",
        help="show the version and exit",
    )
    commands = main_parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_report(commands)
    _add_annotate(commands)
    return main_parser


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "report",
        help="run the notebooks on your texts and make a report to read in a browser",
        description="Run the notebooks on a set of texts and make a report: an index, a page per "
        "notebook, a page per text, and the tables as CSV. What has not changed since the last "
        "run is not made again.",
    )
    command.set_defaults(command=_report, when_stopped="nothing was written")
    add = command.add_argument
    add(
        "input",
        metavar="INPUT",
        nargs="?",
        help=f"{_TEXTS}, or what `nbhelpers annotate` made (default: the five seed texts)",
    )
    add(
        "--out",
        metavar="DIR",
        default="report",
        help="the folder of the report (default: %(default)s)",
    )
    add(
        "--notebook",
        metavar="NAME",
        action="append",
        default=[],
        help="run this notebook only: its number (01), its name, or a path; may be repeated",
    )
    add(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        type=_setting,
        dest="settings",
        help="set a parameter of the notebooks; a list is written a,b,c or as JSON; may be "
        "repeated (see --help-notebook)",
    )
    _add_loading(command)
    add(
        "--timeout",
        metavar="SECONDS",
        type=_seconds,
        default=600.0,
        help="stop a notebook when one of its cells takes longer (default: %(default)g)",
    )
    add("--force", action="store_true", help="make everything again, also what has not changed")
    add(
        "--help-notebook",
        metavar="NAME",
        help="show the parameters of a notebook, with type, default and help, and exit",
    )


def _add_loading(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--model",
        metavar="accurate|fast",
        help="what finds attributions and stances, in all notebooks and tables alike (default: "
        "accurate, where onnxruntime is installed; fast is for millions of texts)",
    )
    add("--text-column", metavar="NAME", help="the column of a table that holds the texts")
    add("--id-column", metavar="NAME", help="the column of a table that holds the texts' ids")
    add(
        "--metadata",
        metavar="FILE",
        help="a table of what is known about the texts, joined by file name or id (default: "
        "corpus.csv in the folder, if there is one)",
    )


def _add_annotate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "annotate",
        help="make all tables of many texts, on several processes or a cluster",
        description="Make the tables of a set of texts of any size, as parquet. A run that was "
        "broken off goes on where it stopped when the same command is given again. Notebooks and "
        "`nbhelpers report` take the folder in place of the texts.",
    )
    command.set_defaults(
        command=_annotate, when_stopped="the same command goes on from where it stopped"
    )
    add = command.add_argument
    add("input", metavar="INPUT", help=_TEXTS)
    add("--out", metavar="DIR", help="the folder of the tables (needed unless --dry-run)")
    add(
        "--workers",
        metavar="N",
        type=_count,
        help="processes to use (default: one for each core; 1: no other process)",
    )
    add("--scheduler", metavar="ADDRESS", help="use a running Dask cluster, tcp://HOST:PORT")
    _add_loading(command)
    add(
        "--limit",
        metavar="SECONDS",
        type=_seconds,
        default=300.0,
        help="leave out a text that takes longer (default: %(default)g)",
    )
    add("--dry-run", action="store_true", help="estimate time and space from some texts, and exit")
    add("--force", action="store_true", help="begin anew where DIR was made from other texts")


def _annotate(options: argparse.Namespace) -> int:
    from nbhelpers.corpus import InputError

    try:
        return _estimate(options) if options.dry_run else _make_annotation(options)
    except InputError as error:
        print(f"nbhelpers annotate: {error}", file=sys.stderr)
        return UNUSABLE


def _loading(options: argparse.Namespace) -> dict[str, Any]:
    from nbhelpers.extraction.models import DEFAULT

    names = ("text_column", "id_column", "metadata")
    return {name: getattr(options, name) for name in names} | {"model": options.model or DEFAULT}


def _estimate(options: argparse.Namespace) -> int:
    from nbhelpers.annotate import estimate

    print(estimate(options.input, **_loading(options)).in_words(options.workers))
    return DONE


def _make_annotation(options: argparse.Namespace) -> int:
    from nbhelpers.annotate import annotate
    from nbhelpers.corpus import InputError

    if not options.out:
        raise InputError("--out is missing; name the folder of the tables.")
    made = annotate(
        options.input,
        out=options.out,
        workers=options.workers,
        scheduler=options.scheduler,
        limit=options.limit,
        force=options.force,
        **_loading(options),
    )
    _tell_failures(made.failures, "problems.parquet names all")
    print(f"Texts: {made.rows['texts']:,}; their tables: {made.folder}")
    return FAILED if made.failures else DONE


def _tell_failures(failures: Sequence[str], where: str) -> None:
    for failure in failures[:MOST_FAILURES]:
        print(f"Failed: {failure}", file=sys.stderr)
    if len(failures) > MOST_FAILURES:
        print(f"Failed: {len(failures) - MOST_FAILURES:,} more; {where}.", file=sys.stderr)


def _report(options: argparse.Namespace) -> int:
    from nbhelpers.corpus import InputError

    try:
        if options.help_notebook is not None:
            return _help_notebook(options.help_notebook)
        return _make_report(options)
    except InputError as error:
        print(f"nbhelpers report: {error}", file=sys.stderr)
        return UNUSABLE


def _help_notebook(name: str) -> int:
    from nbhelpers.params import NOTEBOOKS, describe, find_notebooks, notebook_parameters

    for notebook in find_notebooks([name], NOTEBOOKS):
        print(f"Parameters of {notebook.name} (set one with --set NAME=VALUE):\n")
        print(describe(notebook_parameters(notebook).values()))
    return DONE


def _make_report(options: argparse.Namespace) -> int:
    # jsonschema, which nbformat loads, would build grammars for a second to check addresses (IRIs)
    # that the format of notebooks does not have; it does without where they cannot be imported.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from nbhelpers.report import report

    made = report(
        options.input,
        out=options.out,
        notebooks=options.notebook,
        parameters=dict(options.settings),
        text_column=options.text_column,
        id_column=options.id_column,
        metadata=options.metadata,
        model=options.model,
        timeout=options.timeout,
        force=options.force,
    )
    _tell_failures(made.failures, "the first page of the report names all")
    print(f"The report: {Path(made.index).resolve()}")
    return FAILED if made.failures else DONE


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name, value


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above zero")
    return seconds


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return int(text)


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End the work once; a second Ctrl-C must not break off the clearing up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _insist(every=_INSIST_EVERY)
    raise KeyboardInterrupt


def _insist(*, every: float) -> None:
    """Ask again to stop every so many seconds, where what was raised is not under way any more.

    It can get lost in somebody else's code: in a callback, or where all errors are caught.
    """
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, _stop_if_lost)
        signal.setitimer(signal.ITIMER_REAL, every, every)


def _stop_if_lost(_number: int, _frame: FrameType | None) -> None:
    error = sys.exception()
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    if not error:
        raise KeyboardInterrupt
