"""The command line: ``nbhelpers`` or ``python -m nbhelpers``."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from nbhelpers import __version__

DONE, FAILED, UNUSABLE, STOPPED = 0, 1, 2, 130
MOST_FAILURES = 20  # lines that a terminal shows without losing what came before


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
        print("Stopped; nothing was written.", file=sys.stderr)
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
    return main_parser


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "report",
        help="run the notebooks on your texts and make a report to read in a browser",
        description="Run the notebooks on a set of texts and make a report: an index, a page per "
        "notebook, a page per text, and the tables as CSV. What has not changed since the last "
        "run is not made again.",
    )
    command.set_defaults(command=_report)
    add = command.add_argument
    add(
        "input",
        metavar="INPUT",
        nargs="?",
        help="a folder of texts, a file (txt, md, csv, tsv, jsonl, parquet, each also .gz) or a "
        "zip archive of these (default: the five seed texts)",
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
    for failure in made.failures[:MOST_FAILURES]:
        print(f"Failed: {failure}", file=sys.stderr)
    if len(made.failures) > MOST_FAILURES:
        more = len(made.failures) - MOST_FAILURES
        print(f"Failed: {more:,} more; the first page of the report names all.", file=sys.stderr)
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


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End the work once; a second Ctrl-C must not break off the clearing up."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
