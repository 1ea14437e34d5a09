import ast
import importlib.metadata
import importlib.util
import os
import runpy
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
posix_only = pytest.mark.skipif(os.name != "posix", reason="uses a shell script and signals")


def load(folder: Path) -> ModuleType:
    """Import the run.py of a folder, which takes that folder for the project."""
    spec = importlib.util.spec_from_file_location("run", folder / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what a set-up needs, with a package that tells how it was called."""
    folder = tmp_path / "a clone"
    (folder / "nbhelpers").mkdir(parents=True)
    for name in ("run.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    run = load(ROOT)
    lock = "\n".join(run.lines_of_lock(name) for name in ("flit-core", "iniconfig", "uv"))
    (folder / "requirements.lock").write_text(lock, encoding="utf-8")
    (folder / "nbhelpers" / "__init__.py").write_text('"""A stub."""\n__version__ = "0"\n')
    (folder / "nbhelpers" / "__main__.py").write_text(
        "import os, sys\nprint(os.getcwd(), sys.argv[1:])\nsys.exit(len(sys.argv) - 2)\n"
    )
    return folder


@pytest.fixture
def ready(project: Path) -> Path:
    """The same, set up already, with the packages of the Python that runs this test."""
    venv.create(project / ".venv", symlinks=os.name == "posix", with_pip=False)
    run = load(project)
    (packages,) = (project / ".venv").rglob("site-packages")
    (packages / "stub.pth").write_text(f"{project}\n{sysconfig.get_path('purelib')}\n")
    run.STAMP.write_text(run.fingerprint())
    return project


class Machine:
    """Stands in for the programs that a set-up calls, and notes what they were asked."""

    def __init__(self, run: ModuleType) -> None:
        self.run = run
        self.asked: list[str] = []
        self.lacks: tuple[str, ...] = ()

    def step(self, title: str | None, command: list[str]) -> None:
        line = " ".join(command)
        self.asked.append(line)
        if any(lacking in line for lacking in self.lacks) and "--without-pip" not in line:
            raise self.run.StepError(f"$ {line}\nERROR: it is missing")
        if "venv --clear" in line:
            self.run.BIN.mkdir(parents=True, exist_ok=True)
            Path(self.run.PYTHON).touch()

    def installs(self) -> list[str]:
        return [line for line in self.asked if " install " in line]


@pytest.fixture
def machine(project: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    run = load(project)
    machine = Machine(run)
    monkeypatch.setattr(run, "step", machine.step)
    monkeypatch.setattr(run.shutil, "which", lambda name, path=None: f"/somewhere/{name}")
    return machine


def call(folder: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Call run.py of a folder as a user would."""
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,  # type: ignore[call-overload]
    )


# When the set-up is done


def test_second_call_starts_no_program(machine: Machine) -> None:
    machine.run.set_up()
    assert machine.asked
    machine.asked.clear()
    machine.run.set_up()
    assert machine.asked == []


def change_lock(run: ModuleType) -> None:
    run.LOCK.write_text(run.LOCK.read_text() + "six==1.17.0 --hash=sha256:0\n")


def change_dependency(run: ModuleType) -> None:
    run.PYPROJECT.write_text(run.PYPROJECT.read_text().replace('"pandas>=', '"pandas>1,>='))


def lose_python(run: ModuleType) -> None:
    Path(run.PYTHON).unlink()


def lose_stamp(run: ModuleType) -> None:
    run.STAMP.unlink()


@pytest.mark.parametrize("happens", [change_lock, change_dependency, lose_python, lose_stamp])
def test_set_up_is_redone(machine: Machine, happens: Callable[[ModuleType], None]) -> None:
    machine.run.set_up()
    machine.asked.clear()
    happens(machine.run)
    machine.run.set_up()
    assert "venv --clear" in machine.asked[0]


def test_set_up_is_redone_for_another_python(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.run.set_up()
    wanted = machine.run.fingerprint()
    monkeypatch.setattr(machine.run.sysconfig, "get_config_var", lambda name: ".cpython-399.so")
    assert machine.run.fingerprint() != wanted


def test_set_up_is_redone_in_a_moved_folder(machine: Machine) -> None:
    machine.run.set_up()
    moved = machine.run.ROOT.rename(machine.run.ROOT.with_name("moved"))
    run = load(moved)
    assert run.STAMP.exists()
    assert not run.is_set_up(run.fingerprint())


def test_settings_of_tools_do_not_redo_the_set_up(machine: Machine) -> None:
    machine.run.set_up()
    with machine.run.PYPROJECT.open("a") as file:
        file.write("\n[tool.other]\nsetting = 1\n")
    assert machine.run.is_set_up(machine.run.fingerprint())


def test_interrupted_set_up_starts_afresh(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(installer: list[str]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(machine.run, "install_by", interrupt)
        assert machine.run.main(["report"]) == 130
    assert not machine.run.STAMP.exists()
    machine.asked.clear()
    machine.run.set_up()
    assert "venv --clear" in machine.asked[0]


# The ways to install


def test_uv_installs_the_lock_with_hashes_and_then_the_package(machine: Machine) -> None:
    machine.run.set_up()
    packages, package = machine.installs()
    assert packages.startswith("uv pip install")
    assert f"--require-hashes --requirement {machine.run.LOCK}" in packages
    assert f"--no-deps --no-build-isolation --editable {machine.run.ROOT}" in package


def test_uv_is_fetched_as_the_lock_pins_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.run.shutil, "which", lambda name, path=None: None)
    machine.run.set_up()
    fetch, packages, _ = machine.installs()
    pinned = (machine.run.VENV / "uv.txt").read_text()
    assert pinned.startswith("uv==") and pinned.count("==") == 1 and "--hash=sha256:" in pinned
    assert "-m pip" in fetch and "--require-hashes" in fetch
    assert packages.startswith(f"{machine.run.PYTHON} -m uv pip install")


def test_pip_installs_the_same_lock_where_uv_fails(machine: Machine) -> None:
    machine.lacks = ("uv pip",)
    machine.run.set_up()
    assert sum("venv --clear" in line for line in machine.asked) == 2
    packages, package = machine.installs()[1:]
    assert f"{machine.run.PYTHON} -m pip" in packages
    assert f"--require-hashes --requirement {machine.run.LOCK}" in packages
    assert "--editable" in package


def test_without_ensurepip_the_pip_of_this_python_installs(machine: Machine) -> None:
    machine.lacks = ("venv --clear", f"{machine.run.PYTHON} -m pip", "uv pip")
    machine.run.set_up()
    assert f"{machine.run.BASE_PYTHON} -m pip --python {machine.run.PYTHON}" in machine.asked[-1]


@pytest.mark.parametrize(
    ("lacks", "remedy"),
    [
        (("venv --clear", "-m pip", "uv pip"), "apt install python3-venv"),
        (("pip install", "check install", "--require-hashes"), "check the network"),
    ],
)
def test_where_nothing_works_one_sentence_tells_the_remedy(
    machine: Machine,
    lacks: tuple[str, ...],
    remedy: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    machine.lacks = lacks
    assert machine.run.main(["report"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert remedy in last and "run the same command again" in last
    assert not machine.run.STAMP.exists()


def test_a_program_that_cannot_start_is_a_failed_step(project: Path) -> None:
    run = load(project)
    with pytest.raises(run.StepError, match="no-such-program"):
        run.step(None, ["no-such-program"])


def test_a_long_step_shows_that_it_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = load(project)
    monkeypatch.setattr(run, "HEARTBEAT", 0.1)
    run.step("sleeping", [sys.executable, "-c", "import time; time.sleep(0.5)"])
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "run.py: sleeping" and "..." in lines[1]


# The commands


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_help_names_every_command(arguments: tuple[str, ...]) -> None:
    result = call(ROOT, *arguments)
    assert result.returncode == 0
    for word in load(ROOT).COMMANDS:
        assert f"\n  {word} " in result.stdout


def test_unknown_command_names_the_known_ones() -> None:
    result = call(ROOT, "rapport")
    assert result.returncode == 2
    assert "'rapport'" in result.stderr and "report, test, lab, lint, lock" in result.stderr


def test_report_passes_arguments_and_status_and_keeps_the_folder(
    ready: Path, tmp_path: Path
) -> None:
    result = call(ready, "report", "my texts/", "--out", "my_report", cwd=tmp_path)
    assert result.stdout == f"{tmp_path} ['report', 'my texts/', '--out', 'my_report']\n"
    assert (result.returncode, result.stderr) == (3, "")


def test_report_without_input_leaves_the_choice_to_the_package(ready: Path, tmp_path: Path) -> None:
    result = call(ready, "report", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, f"{tmp_path} ['report']\n")


def test_report_takes_no_module_from_the_users_folder(ready: Path, tmp_path: Path) -> None:
    (tmp_path / "nbhelpers.py").write_text("raise SystemExit('the wrong one')")
    assert call(ready, "report", cwd=tmp_path).returncode == 0


@pytest.fixture
def marked(ready: Path) -> Path:
    (ready / "tests").mkdir()
    marks = ["kernel", "browser", "slow"]
    (ready / "tests" / "test_marked.py").write_text(
        "import pytest\ndef test_plain(): pass\n"
        + "".join(f"@pytest.mark.{mark}\ndef test_{mark}(): pass\n" for mark in marks)
    )
    return ready


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_fast_tests_need_no_kernel_browser_or_time(marked: Path, elsewhere: Path) -> None:
    result = call(marked, "test", "--fast", cwd=elsewhere)
    assert result.returncode == 0
    assert "1 passed, 3 deselected" in result.stdout.splitlines()[-1]


def test_tests_give_pytests_status_and_take_its_options(marked: Path, elsewhere: Path) -> None:
    (marked / "tests" / "test_bad.py").write_text("def test_bad(): assert 0")
    result = call(marked, "test", "-k", "plain or bad", cwd=elsewhere)
    assert result.returncode == 1
    assert "1 failed, 1 passed" in result.stdout.splitlines()[-1]


def test_tests_of_training_run_on_what_is_installed_beside(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(machine.run, "hand_over", lambda command, folder: handed.append(command))
    monkeypatch.setattr(machine.run, "share_packages", lambda: None)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    machine.run.TRAINING.mkdir()
    machine.run.test(["--training", "-q"])
    python = str(machine.run.TRAINING / Path(machine.run.PYTHON).relative_to(machine.run.VENV))
    assert handed == [[python, "-m", "pytest", "-m", "training", "tests", "-q"]]
    *_, install = machine.installs()
    assert f"--python {python} install" in install and " torch==" in install
    machine.asked.clear()
    machine.run.test(["--training"])
    assert machine.asked == []


def test_what_trains_is_told_apart_from_the_rest_where_it_fails(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine.run, "share_packages", lambda: None)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    machine.lacks = ("torch",)
    assert machine.run.main(["test", "--training"]) == 1
    assert "what trains the encoders could not be installed" in capsys.readouterr().err
    assert machine.run.is_set_up(machine.run.fingerprint())


def test_lab_opens_the_first_notebook_unless_one_is_named(ready: Path, tmp_path: Path) -> None:
    (ready / "jupyterlab.py").write_text("import sys\nprint(sys.argv[1:])")
    (tmp_path / "mine.ipynb").touch()
    first = str(ready / "notebooks" / "01_corpus_overview.ipynb")
    ours = [
        f"--ServerApp.root_dir={ready}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    opened = call(ready, "lab", "--no-browser", cwd=tmp_path).stdout
    assert ast.literal_eval(opened) == [*ours, "--no-browser", first]
    opened = call(ready, "lab", "mine.ipynb", cwd=tmp_path).stdout
    assert ast.literal_eval(opened) == [*ours, "mine.ipynb"]


def test_lint_runs_every_check_and_fails_with_any(ready: Path, tmp_path: Path) -> None:
    for tool in ("ruff", "mypy"):
        (ready / f"{tool}.py").write_text("import sys\nsys.exit('format' in sys.argv)")
    result = call(ready, "lint", cwd=tmp_path)
    assert result.returncode == 1
    said = [line.removeprefix("run.py: ") for line in result.stderr.splitlines()]
    checks = ["ruff format --check .", "ruff check .", "mypy"]
    assert said == [*checks, "lint found faults: ruff format"]


def test_lock_makes_both_files_from_pyproject(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(machine.run, "hand_over", lambda command, folder: handed.append(command))
    machine.run.lock(["--upgrade"])
    (compile_lock,) = handed
    for option in ("--all-extras", "--universal", "--generate-hashes", "--upgrade"):
        assert option in compile_lock
    ours = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert machine.run.ENVIRONMENT.read_text(encoding="utf-8") == ours


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0)])
def test_other_pythons_are_refused_in_one_sentence(
    version: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SystemExit, match=r"^run\.py: Python 3\.11, 3\.12 or 3\.13 is needed"):
        runpy.run_path(str(ROOT / "run.py"))


# Real set-ups


@pytest.fixture
def slow_uv(project: Path, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose uv takes its time, notes its calls and makes the package importable."""
    script = tmp_path / "bin" / "uv"
    script.parent.mkdir()
    script.write_text(
        f'#!/bin/sh\necho "$@" >>"{tmp_path}/calls"\nsleep 1\n'
        f'echo "{project}" >"$(echo "{project}"/.venv/lib/python*/site-packages)/stub.pth"\n'
    )
    script.chmod(0o755)
    yield os.environ | {"PATH": f"{script.parent}{os.pathsep}{os.environ['PATH']}"}


@posix_only
@pytest.mark.slow
def test_two_at_once_make_one_set_up(
    project: Path, tmp_path: Path, slow_uv: dict[str, str]
) -> None:
    command = [sys.executable, str(project / "run.py"), "report"]
    both = [subprocess.Popen(command, env=slow_uv) for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert len((tmp_path / "calls").read_text().splitlines()) == 2  # the lock, the package


@posix_only
@pytest.mark.slow
def test_stopped_set_up_ends_with_130_and_is_made_good(
    project: Path, tmp_path: Path, slow_uv: dict[str, str]
) -> None:
    command = [sys.executable, str(project / "run.py"), "report"]
    with subprocess.Popen(command, env=slow_uv) as process:
        deadline = time.monotonic() + 60
        while not (tmp_path / "calls").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert subprocess.run(command, env=slow_uv, check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("uv_works", [True, False], ids=["by-uv", "by-pip"])
def test_real_set_up_without_ensurepip_and_without_uv(
    project: Path, monkeypatch: pytest.MonkeyPatch, uv_works: bool
) -> None:
    run = load(project)
    has_pip = [run.BASE_PYTHON, "-c", "import pip"]
    if subprocess.run(has_pip, capture_output=True, check=False).returncode:
        pytest.skip("the Python below this environment has no pip")
    real_step = run.step

    def without_ensurepip(title: str | None, command: list[str]) -> None:
        if "venv" in command and "--without-pip" not in command:
            raise run.StepError("No module named ensurepip")
        if not uv_works and "uv" in command:
            raise run.StepError("uv does not work here")
        real_step(title, command)

    monkeypatch.setattr(run, "step", without_ensurepip)
    monkeypatch.setenv("PATH", os.defpath)
    run.set_up()
    installed = "import flit_core, iniconfig, nbhelpers; print(nbhelpers.__file__)"
    result = subprocess.run(
        [run.PYTHON, "-c", installed],
        cwd=project.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == str(project / "nbhelpers" / "__init__.py")


@pytest.mark.slow
def test_real_set_up_of_everything(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(ROOT / "requirements.lock", project)
    shutil.copytree(ROOT / "nbhelpers", project / "nbhelpers", dirs_exist_ok=True)
    monkeypatch.setenv("UV_OFFLINE", "1")  # this environment's packages are in uv's cache
    result = call(project, "report", "--help", cwd=project.parent)
    assert result.returncode == 0, result.stderr
    assert "--out" in result.stdout


# What is made from pyproject.toml


@pytest.fixture(scope="module")
def declared() -> SimpleNamespace:
    """The requirements of pyproject.toml and the pins of requirements.lock that hold here."""
    run = load(ROOT)
    settings = run.pyproject()
    project, extras = settings["project"], settings["project"]["optional-dependencies"]
    everything = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    lines = run.LOCK.read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]
    return SimpleNamespace(
        run=run,
        python=project["requires-python"],
        needed_to_run=[
            Requirement(line)
            for line in (
                *(*project["dependencies"], *extras["accurate"], *extras["html"], *extras["scale"]),
                *(*extras["train"], *settings["dependency-groups"]["encoder"]),
            )
        ],
        everything=[Requirement(line) for line in everything],
        pins=pins,
        here={canonicalize_name(p.name): p for p in pins if not p.marker or p.marker.evaluate()},
    )


def version_of(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


def test_lock_meets_every_requirement(declared: SimpleNamespace) -> None:
    for requirement in declared.everything:
        pins = [p for p in declared.pins if canonicalize_name(p.name) == requirement.name]
        assert pins, f"requirements.lock lacks {requirement}: run `python3 run.py lock`"
        for pin in pins:
            assert requirement.specifier.contains(version_of(pin)), (requirement, pin)


def test_lock_holds_what_the_requirements_bring_and_nothing_else(
    declared: SimpleNamespace,
) -> None:
    installed = {canonicalize_name(dist.name): dist for dist in importlib.metadata.distributions()}
    if any(
        name not in installed or installed[name].version != version_of(pin)
        for name, pin in declared.here.items()
    ):
        pytest.skip("these are not the packages of requirements.lock")
    reached: set[tuple[str, str]] = set()
    waiting = list(declared.everything)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        for extra in {"", *map(canonicalize_name, requirement.extras)} - {
            extra for known, extra in reached if known == name
        }:
            reached.add((name, extra))
            brought = map(Requirement, installed[name].requires or [])
            waiting += [r for r in brought if not r.marker or r.marker.evaluate({"extra": extra})]
    assert {name for name, _ in reached} == set(declared.here)


def test_environment_yml_is_what_pyproject_makes(declared: SimpleNamespace) -> None:
    run = declared.run
    made = run.conda_environment(run.pyproject())
    assert run.ENVIRONMENT.read_text(encoding="utf-8") == made, "run `python3 run.py lock`"
    names, rest = made.split("  - pip:\n")
    for name in run.FROM_CONDA:
        assert f"\n  - {name}>=" in names
        assert f'"{name}>=' not in rest


def test_run_py_takes_the_pythons_of_pyproject(declared: SimpleNamespace) -> None:
    oldest, newest = declared.run.OLDEST, declared.run.NEWEST
    assert declared.python == f">=3.{oldest[1]},<3.{newest[1] + 1}"


def test_every_import_of_the_package_is_declared(declared: SimpleNamespace) -> None:
    known = {canonicalize_name(requirement.name) for requirement in declared.needed_to_run}
    distributions = importlib.metadata.packages_distributions()
    own = sys.stdlib_module_names | {"nbhelpers", "_typeshed"}
    for file in sorted((ROOT / "nbhelpers").rglob("*.py")):
        for module in imports_of(file) - own:
            names = {canonicalize_name(name) for name in distributions.get(module, [module])}
            assert names & known, f"{file.name} imports {module}: add it to pyproject.toml"


def imports_of(file: Path) -> set[str]:
    """Return the top-level names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
