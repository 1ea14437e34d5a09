"""The README's commands work as written, and its promises of structure hold."""

import importlib.util
import inspect
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from nbhelpers import annotate

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
ANNOTATED = [
    line for line in COMMANDS if re.search(r"\b(nbhelpers annotate|report annotated) ", line)
]
REPORTS = [line for line in COMMANDS if line.startswith("python3 run.py report")]
REPORTS = [line for line in REPORTS if line not in ANNOTATED]


@pytest.fixture
def fresh_environment():
    """Were `.venv` out of date, run.py would make it anew under the running tests."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    if not run.is_set_up(run.fingerprint()):
        pytest.skip(".venv is missing or out of date: start the tests by run.py test")


@pytest.fixture
def users_folder(tmp_path):
    (tmp_path / "my_texts").mkdir()
    for seed in list((ROOT / "seeds").glob("00*.txt"))[:2]:
        shutil.copy(seed, tmp_path / "my_texts")
    rows = ["url,body", "u1,It rained all day on the coast.", "u2,The sun came out at noon."]
    (tmp_path / "articles.csv").write_text("\n".join(rows), encoding="utf-8")
    lines = [json.dumps({"doc_id": f"t{n}", "text": row}) for n, row in enumerate(rows)]
    (tmp_path / "crawl.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def run_as_written(command, folder):
    replaced = command.replace("python3 run.py", f"{sys.executable} {ROOT / 'run.py'}")
    replaced = replaced.replace(".venv/bin/nbhelpers", f"{sys.executable} -m nbhelpers")
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        shlex.split(replaced),
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.kernel
@pytest.mark.usefixtures("fresh_environment")
@pytest.mark.parametrize("command", REPORTS)
def test_the_report_commands_work_as_written(command, users_folder):
    done = run_as_written(command, users_folder)
    assert done.returncode == 0, done.stderr
    if "--help-notebook" not in command:
        out = re.search(r"--out (\S+)", command)
        assert (users_folder / (out[1] if out else "report") / "index.html").is_file()


@pytest.mark.slow
@pytest.mark.kernel
@pytest.mark.usefixtures("fresh_environment")
def test_very_many_texts_are_annotated_and_reported_as_written(users_folder):
    assert [shlex.split(line)[1] for line in ANNOTATED] == ["annotate", "annotate", "run.py"]
    for command in ANNOTATED:
        done = run_as_written(command, users_folder)
        assert done.returncode == 0, done.stderr
    assert (users_folder / "my_report" / "index.html").is_file()


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_environment")
def test_the_test_command_finds_the_tests(tmp_path):
    assert "python3 run.py test" in COMMANDS
    done = run_as_written("python3 run.py test --fast --collect-only -q", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "test_readme.py" in done.stdout


def test_every_command_of_the_readme_is_covered():
    assert set(COMMANDS) - {*REPORTS, *ANNOTATED} == {"python3 run.py test"}


def test_the_python_example_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    scope = {}
    exec(python_examples()[0], scope)
    assert len(scope["corpus"]) == 5


def test_the_example_for_slurm_calls_what_there_is(monkeypatch):
    asked = []
    there = SimpleNamespace(scheduler_address="tcp://here:8786", scale=lambda jobs: None)
    module = SimpleNamespace(SLURMCluster=lambda **options: there)
    signature = inspect.signature(annotate.annotate)
    monkeypatch.setitem(sys.modules, "dask_jobqueue", module)
    monkeypatch.setattr(annotate, "annotate", lambda *a, **k: asked.append(signature.bind(*a, **k)))
    _, example = python_examples()
    exec(example, {})
    assert asked[0].arguments["scheduler"] == "tcp://here:8786"


def python_examples():
    return re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_every_dependency_has_a_row_with_reason_and_licence():
    pyproject = (ROOT / "pyproject.toml").read_text("utf-8")
    quoted = re.findall(
        r'^\s*(?:\w+ = \[)?"([a-z][\w-]*)[>=<]|, "([a-z][\w-]*)[>=<]', pyproject, re.M
    )
    names = {a or b for a, b in quoted}
    table = README.partition("## What it is built on")[2].partition("\n## ")[0]
    assert {name for name in names if not re.search(rf"\b{re.escape(name)}\b", table)} == set()


def test_linked_files_exist():
    links = re.findall(r"\]\(((?!http)[^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_module_is_on_the_map():
    page = README.partition("## Where things are")[2].partition("\n## ")[0]
    modules = {p.name for p in (ROOT / "nbhelpers").glob("*.py")} - {"__init__.py", "__main__.py"}
    folders = {f"{p.parent.name}/" for p in (ROOT / "nbhelpers").glob("*/__init__.py")}
    assert {name for name in modules | folders if name not in page} == set()
