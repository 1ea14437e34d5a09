"""The report of the five seed texts against empty notebooks through papermill and nbconvert.

Both start cold: a fresh Python, fresh kernels, an empty folder. There are as many empty notebooks
as the report has notebooks, of one cell without code; papermill runs them and nbconvert makes
pages of them, as any report of this kind must. CPU time counts the kernels too. Aim: at most 3
times.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from harness import ROOT, Cost, alternate, arguments, report, run, versions_here


def empty(folder: str) -> None:
    """Run as many empty notebooks as a report has, and make pages of them."""
    import papermill
    from nbconvert import HTMLExporter

    source, ran = Path(folder) / "empty.ipynb", Path(folder) / "ran.ipynb"
    cell = {"cell_type": "code", "id": "empty", "metadata": {}, "source": ""}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": [cell | {"execution_count": None, "outputs": []}],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    source.write_text(json.dumps(notebook), encoding="utf-8")
    for number, _ in enumerate((ROOT / "notebooks").glob("*.ipynb")):
        papermill.execute_notebook(str(source), str(ran), progress_bar=False)
        page, _ = HTMLExporter().from_filename(str(ran))
        (Path(folder) / f"empty{number}.html").write_text(page, encoding="utf-8")


def in_new_folder(command: Callable[[str], list[str]]) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        return run(command(folder))


def main() -> None:
    options = arguments(__doc__, times=3)
    sides: dict[str, Callable[[], Cost]] = {
        "report of the seeds": lambda: in_new_folder(
            lambda folder: [sys.executable, "-m", "nbhelpers", "report", "--out", f"{folder}/out"]
        ),
        "empty notebooks": lambda: in_new_folder(
            lambda folder: [sys.executable, __file__, "--empty", folder]
        ),
    }
    report(
        alternate(sides, options.runs),
        ratio=("report of the seeds", "empty notebooks"),
        aim="3 or less",
        versions=versions_here("nbhelpers", "papermill", "nbconvert", "ipykernel"),
        out=options.json,
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--empty"]:
        empty(sys.argv[2])
    else:
        main()
