"""The command line: help for everything, exit statuses, and no slow imports for help."""

import argparse
import subprocess
import sys

import nbformat
import pytest

from nbhelpers import __version__, cli
from nbhelpers.cli import MOST_FAILURES, main, parser
from nbhelpers.report import Report


def commands():
    (sub,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return sub


def options():
    return [
        pytest.param(action, id=f"{name} {'/'.join(action.option_strings) or action.dest}")
        for name, command in [("", parser()), *commands().choices.items()]
        for action in command._actions
        if not isinstance(action, argparse._SubParsersAction)
    ]


@pytest.mark.parametrize("action", options())
def test_every_argument_has_a_help_text(action):
    assert action.help
    assert not action.help.endswith(".")


@pytest.mark.parametrize("name", sorted(commands().choices))
def test_every_command_says_what_it_does(name):
    listed = {action.dest: action.help for action in commands()._choices_actions}
    assert listed[name]
    assert commands().choices[name].description.endswith(".")


def test_help_is_quick_and_imports_nothing_heavy():
    code = (
        "import sys, nbhelpers.cli as cli\n"
        "try:\n    cli.main(['report', '--help'])\n"
        "except SystemExit as done:\n    assert done.code == 0\n"
        "heavy = {'pandas', 'papermill', 'nbconvert', 'nbformat'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--set NAME=VALUE" in done.stdout


def test_version(capsys):
    with pytest.raises(SystemExit) as done:
        main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out == f"nbhelpers {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["repotr"],
        ["report", "--no-such-option"],
        ["report", "a", "b"],
        ["report", "--set", "top_n"],
        ["report", "--set", "a.b=1"],
        ["report", "--timeout", "0"],
        ["report", "--timeout", "soon"],
        ["report", "--timeout", "inf"],
    ],
)
def test_unusable_arguments_end_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 2
    assert "usage: nbhelpers" in capsys.readouterr().err


@pytest.fixture
def notebook(tmp_path):
    cells = [
        nbformat.v4.new_code_cell(
            "top_n: int = 10  # rows of a table", metadata={"tags": ["parameters"]}
        ),
        nbformat.v4.new_code_cell("assert top_n != 13"),
    ]
    path = tmp_path / "01_look.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return str(path)


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "one.txt").write_text("Title\n\nThe minister said so.\n")
    return str(folder)


def test_help_notebook_shows_type_default_and_help(notebook, capsys):
    assert main(["report", "--help-notebook", notebook]) == 0
    assert "top_n: int = 10\n    rows of a table" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--notebook", "99"], "no notebook “99”"),
        (["--help-notebook", "99"], "no notebook “99”"),
        (["--set", "topn=5"], 'Did you mean "top_n"?'),
        (["--set", "top_n=five"], "takes int, not 'five'"),
        (["--set", "corpus_path=x"], "follows from INPUT"),
    ],
)
def test_unusable_input_ends_with_one_sentence_and_status_2(
    notebook, texts, tmp_path, arguments, said, capsys
):
    out = tmp_path / "out"
    assert main(["report", texts, "--out", str(out), "--notebook", notebook, *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not out.exists()


@pytest.mark.kernel
def test_status_tells_whether_all_went_well(notebook, texts, tmp_path, capsys):
    out = tmp_path / "out"
    command = ["report", texts, "--out", str(out), "--notebook", notebook]
    assert main(command) == 0
    assert f"{out / 'index.html'}" in capsys.readouterr().out
    assert main([*command, "--set", "top_n=13"]) == 1
    said = capsys.readouterr()
    assert "Failed: 01_look.ipynb, code cell 3: AssertionError" in said.err
    assert f"{out / 'index.html'}" in said.out


def test_an_empty_input_is_not_the_folder_one_stands_in(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["report", "", "--out", str(tmp_path / "out")]) == 2
    assert "INPUT is empty" in capsys.readouterr().err


def test_many_failures_are_counted_not_listed(monkeypatch, capsys, tmp_path):
    failures = tuple(f"text {number}: blank." for number in range(1, 1 + MOST_FAILURES + 7))
    monkeypatch.setattr(
        "nbhelpers.report.report", lambda *_, **__: Report(tmp_path / "index.html", failures, ())
    )
    assert main(["report"]) == 1
    said = capsys.readouterr().err
    assert said.count("Failed: text") == MOST_FAILURES
    assert "7 more; the first page of the report names all" in said


def test_the_report_does_not_wait_for_grammars_that_no_notebook_needs():
    code = (
        "import sys; from nbhelpers.cli import main; main(['report', '']); "
        "assert 'nbformat' in sys.modules; assert not sys.modules.get('rfc3987_syntax')"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_stop_that_gets_lost_in_other_code_is_asked_for_again():
    script = """
import os, signal, sys, time
from nbhelpers import cli

def work(*_):
    for _ in range(2):
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        except BaseException:
            pass
    try:
        time.sleep(60)
    finally:
        time.sleep(2.5)
        print("cleared up")

cli._report = work
sys.exit(cli.main(["report"]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == cli.STOPPED
    assert done.stdout == "cleared up\n"
    assert done.stderr == "Stopped; nothing was written.\n"
