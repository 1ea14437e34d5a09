#!/usr/bin/env python3
"""Set up and run nbhelpers on a machine that has only Python.

The first call makes `.venv` beside this file and installs exactly what requirements.lock names;
later calls go straight to work. The standard library is all it needs.
"""

import contextlib
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OLDEST, NEWEST = (3, 11), (3, 13)
if not OLDEST <= sys.version_info[:2] <= NEWEST:  # before anything that an old Python cannot read
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    here = next((name for name in names if shutil.which(name)), None)
    sys.exit(
        f"run.py: Python 3.11, 3.12 or 3.13 is needed and this is {sys.version.split()[0]}: "
        + (f"call `{here} run.py`." if here else f"install one and call `{names[0]} run.py`.")
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = str(BIN / ("python.exe" if sys.platform == "win32" else "python"))
# A virtual environment's own interpreter vanishes while .venv is remade; the one below it stays.
BASE_PYTHON: str = getattr(sys, "_base_executable", "") or sys.executable
PYPROJECT = ROOT / "pyproject.toml"
LOCK = ROOT / "requirements.lock"
ENVIRONMENT = ROOT / "environment.yml"
STAMP = VENV / "set-up-done"
LOG = VENV / "set-up.log"
TRAINING = ROOT / ".venv-training"
TURNSTILE = ROOT / ".venv.lock"

FIRST_NOTEBOOK = ROOT / "notebooks" / "01_corpus_overview.ipynb"
# JupyterLab would ask the network whether there are news, or a newer JupyterLab.
NO_NEWS = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
FAST = "not kernel and not browser and not slow"
FROM_CONDA = ("jupyterlab", "pandas", "matplotlib", "nltk", "papermill", "pytest")
HEARTBEAT = 10.0  # seconds


class SetUpError(Exception):
    """The set-up cannot go on; the message is one sentence with the remedy."""


class StepError(Exception):
    """One step of the set-up failed; the message is what its program printed."""


def say(text: str) -> None:
    """Print a line of progress where it does not mix with a command's output."""
    print(f"run.py: {text}", file=sys.stderr, flush=True)


# The commands


def report(arguments: list[str]) -> int:
    """Make the HTML report of a corpus; without one, of the five seed texts."""
    set_up()
    return hand_over([PYTHON, "-P", "-m", "nbhelpers", "report", *arguments])


def test(arguments: list[str]) -> int:
    """Run the tests; --fast: only quick ones; --training: only those that train an encoder."""
    set_up()
    python, chosen = PYTHON, []
    if "--fast" in arguments:
        chosen = ["-m", FAST]
    if "--training" in arguments:
        python, chosen = set_up_training(), ["-m", "training", "tests"]
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # on so little, threads wait for one another
    rest = [argument for argument in arguments if argument not in ("--fast", "--training")]
    return hand_over([python, "-m", "pytest", *chosen, *rest], folder=ROOT)


def lab(arguments: list[str]) -> int:
    """Open JupyterLab on the first notebook, or on the one that is named."""
    set_up()
    named = any(Path(argument).exists() for argument in arguments)
    notebook = [] if named else [str(FIRST_NOTEBOOK)]
    root = f"--ServerApp.root_dir={ROOT}"
    return hand_over([PYTHON, "-P", "-m", "jupyterlab", root, *NO_NEWS, *arguments, *notebook])


def lint(arguments: list[str]) -> int:
    """Check the format, the code and the types of the package, the tests and the notebooks."""
    if arguments:
        raise SetUpError(f"lint takes no arguments, but {arguments[0]!r} was given: leave it out.")
    set_up()
    failed = []
    for check in (["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]):
        say(" ".join(check))
        if subprocess.run([PYTHON, "-m", *check], cwd=ROOT, env=environment()).returncode:
            failed.append(" ".join(check[:2]))
    say(f"lint found faults: {', '.join(failed)}" if failed else "lint found no fault")
    return 1 if failed else 0


def lock(arguments: list[str]) -> int:
    """Make requirements.lock and environment.yml anew from pyproject.toml (--upgrade: newest)."""
    ENVIRONMENT.write_text(conda_environment(pyproject()), encoding="utf-8", newline="\n")
    uv = shutil.which("uv", path=str(BIN)) or shutil.which("uv")
    if uv is None:
        set_up()
        uv = str(BIN / "uv")
    compile_lock = (
        "pip compile --quiet --all-extras --universal --generate-hashes --python-version 3.11 "
        "--no-annotate --no-header --output-file requirements.lock pyproject.toml"
    )
    say("resolving the dependencies of pyproject.toml")
    return hand_over([uv, *compile_lock.split(), *arguments], folder=ROOT)


COMMANDS = {"report": report, "test": test, "lab": lab, "lint": lint, "lock": lock}


def hand_over(command: list[str], *, folder: Path | None = None) -> int:
    """Let a command take this process's place, so that signals and exit status are its own."""
    if folder:
        os.chdir(folder)
    if sys.platform != "win32":
        os.execve(command[0], command, environment())
    with subprocess.Popen(command, env=environment()) as process:
        while True:
            with contextlib.suppress(KeyboardInterrupt):  # the console has told the command too
                return process.wait()


def environment() -> dict[str, str]:
    """Return the environment variables for everything that runs in .venv."""
    # PYTHONPATH would mix other packages in. Without compiled files each start of a kernel
    # would compile pandas and its like again, which takes longer than all the rest.
    unwanted = {"PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    path = os.pathsep.join(filter(None, [str(BIN), kept.get("PATH")]))
    # Mirrors and certificates of the user's pip configuration hold (the hashes of the lock say
    # what may come from there), but its `user = true` would make an install into .venv fail.
    return kept | {"PATH": path, "VIRTUAL_ENV": str(VENV), "PIP_USER": "0"}


# The set-up


def set_up() -> None:
    """Make .venv hold what requirements.lock names; do nothing where it does already."""
    wanted = fingerprint()
    if is_set_up(wanted):
        return
    with one_at_a_time():
        if is_set_up(wanted):
            return
        started = time.monotonic()
        install()
        STAMP.write_text(wanted, encoding="utf-8")  # last: an interrupted set-up has no stamp
        say(f"ready after {time.monotonic() - started:.0f} s")


def set_up_training() -> str:
    """Make .venv-training: torch and its like, on top of what .venv holds; return its Python."""
    python = str(TRAINING / Path(PYTHON).relative_to(VENV))
    packages = pyproject()["dependency-groups"]["encoder"]
    stamp = TRAINING / STAMP.name
    wanted = json.dumps([fingerprint(), packages])
    with one_at_a_time():
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return python
        make = [BASE_PYTHON, "-m", "venv", "--clear", "--without-pip", str(TRAINING)]
        # By pip: unlike uv it looks where a user's settings point for a torch without CUDA
        install_into = [*pip(), "--python", python, "install", "--no-compile"]
        try:
            step("making .venv-training", make)
            share_packages()
            step(f"installing {', '.join(map(name_of, packages))}", [*install_into, *packages])
        except StepError as failure:
            raise SetUpError(
                f"what trains the encoders could not be installed ({gist(failure)}): check the "
                "network and the space on the disk, then run the same command again."
            ) from failure
        stamp.write_text(wanted, encoding="utf-8")
    return python


def share_packages() -> None:
    """Let .venv-training see the packages of .venv."""
    theirs, ours = (
        Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
        for folder in (TRAINING, VENV)
    )
    line = f"import site; site.addsitedir({str(ours)!r})\n"
    (theirs / "packages-of-venv.pth").write_text(line, encoding="utf-8")


def fingerprint() -> str:
    """Return a digest of everything that .venv depends on."""
    project = pyproject()["project"]
    dependencies = {
        key: project.get(key)
        for key in ("name", "version", "dependencies", "optional-dependencies", "scripts")
    }
    python = [sysconfig.get_config_var("EXT_SUFFIX"), platform.machine()]  # version, build, system
    parts = [str(VENV), python, dependencies, LOCK.read_text(encoding="utf-8")]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def is_set_up(wanted: str) -> bool:
    """Tell whether .venv was finished for just this fingerprint, and its Python is still there."""
    try:
        return STAMP.read_text(encoding="utf-8") == wanted and Path(PYTHON).exists()
    except OSError:
        return False


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other run.py sets up this folder."""
    with TURNSTILE.open("a", encoding="utf-8") as handle:
        if not try_lock(handle.fileno()):
            say("waiting for another run.py that is setting up this folder")
            while not try_lock(handle.fileno()):
                time.sleep(0.2)
        yield


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool:
        """Lock a file for this process, if nobody else has; it ends with the process."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: int) -> bool:
        """Lock a file for this process, if nobody else has; it ends with the process."""
        # Inherited, so that an installer that outlives a killed run.py still keeps others out.
        os.set_inheritable(handle, True)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: better unguarded than not at all
            pass
        return True


def install() -> None:
    """Fill a new .venv by uv, which is fast, or else by pip."""
    failures = []
    for install_into_venv in (install_with_uv, install_with_pip):
        make_venv()
        try:
            install_into_venv()
            return
        except StepError as failure:
            say(f"that failed: {gist(failure)}")
            failures.append(str(failure))
    LOG.write_text("\n\n".join(failures), encoding="utf-8")
    raise SetUpError(
        f"the packages could not be installed ({gist(failures[-1])}): check the network (a "
        "proxy goes into HTTPS_PROXY, a mirror into PIP_INDEX_URL) and the space on the disk, "
        f"then run the same command again; all messages are in {LOG}."
    )


def make_venv() -> None:
    """Make .venv anew, with pip where this Python brings one along."""
    STAMP.unlink(missing_ok=True)
    command = [BASE_PYTHON, "-m", "venv", "--clear", str(VENV)]
    try:
        step(f"making .venv with Python {sys.version.split()[0]}", command)
    except StepError:  # Debian, for one, ships Python without ensurepip
        try:
            step("making .venv without pip", [*command, "--without-pip"])
        except StepError as failure:
            raise SetUpError(
                f"{VENV} could not be made ({gist(failure)}): close what still uses it, "
                "delete that folder and run the same command again."
            ) from failure


def install_with_uv() -> None:
    """Install the lock and this package by the uv of this machine, or by the one of the lock."""
    if shutil.which("uv"):
        uv = ["uv"]
    else:
        pinned = VENV / "uv.txt"
        pinned.write_text(lines_of_lock("uv"), encoding="utf-8")
        step("fetching uv", [*pip(), "install", "--require-hashes", "--requirement", str(pinned)])
        uv = [PYTHON, "-m", "uv"]
    install_by([*uv, "pip", "install", "--python", PYTHON])


def install_with_pip() -> None:
    """Install the lock and this package by pip."""
    install_by([*pip(), "install", "--no-compile"])


def install_by(installer: list[str]) -> None:
    """Install what the lock names, checked against its hashes, and then this package."""
    packages = len(re.findall(r"^\S+==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    tool = "uv" if "uv" in installer else "pip"
    step(
        f"installing up to {packages} packages with {tool} (the first time: a minute or two)",
        [*installer, "--require-hashes", "--requirement", str(LOCK)],
    )
    step(
        "installing this package",
        [*installer, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    )


def pip() -> list[str]:
    """Return the command for a pip that installs into .venv: its own, or that of this Python."""
    for command in ([PYTHON, "-m", "pip"], [BASE_PYTHON, "-m", "pip", "--python", PYTHON]):
        with contextlib.suppress(StepError):
            step(None, [*command, "--version"])
            return [*command, "--disable-pip-version-check"]
    raise SetUpError(
        "this Python has neither pip nor ensurepip, and no uv was found that works: install pip "
        "(Debian and Ubuntu: apt install python3-venv) and run the same command again."
    )


def lines_of_lock(name: str) -> str:
    """Return the lines of requirements.lock that pin one package, with its hashes."""
    lines = re.search(rf"^{name}==.*(?:\n\s.*)*", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    if lines is None:
        raise SetUpError(f"requirements.lock does not pin {name}: run `python3 run.py lock`.")
    return lines.group()


def step(title: str | None, command: list[str]) -> None:
    """Run one step of the set-up, with a line when it starts and while it lasts."""
    if title:
        say(title)
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            close_fds=False,  # see try_lock
        )
    except OSError as error:
        raise StepError(f"$ {shlex.join(command)}\n{error}") from error
    output = output_of(process, started)
    if process.returncode:
        raise StepError(f"$ {shlex.join(command)}\n{output}")


def output_of(process: "subprocess.Popen[str]", started: float) -> str:
    """Wait for a program's end, with a line every now and then; return what it printed."""
    with process:
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return process.communicate(timeout=HEARTBEAT)[0]
                say(f"... {time.monotonic() - started:.0f} s")
        except BaseException:
            process.kill()
            raise


def gist(output: object) -> str:
    """Return the line of a program's output that says most about why it failed."""
    lines = [line.strip() for line in str(output).splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)(\w*error|cause)\b", line)]
    return (errors or lines)[-1]


# What is made from pyproject.toml


def pyproject() -> dict[str, Any]:
    """Return what pyproject.toml says."""
    import tomllib

    return tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))


def conda_environment(settings: dict[str, Any]) -> str:
    """Return environment.yml: what conda-forge is to bring, the rest by pip."""
    project = settings["project"]
    requirements = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        requirements += extra
    by_conda = {name_of(requirement): requirement for requirement in requirements}
    rest = [requirement for name, requirement in by_conda.items() if name not in FROM_CONDA]
    return "\n".join(
        [
            "# Made from pyproject.toml by `python3 run.py lock`: change it there.",
            f"name: {project['name']}",
            "channels:",
            "  - conda-forge",
            "dependencies:",
            f"  - python{project['requires-python']}",
            *(f"  - {by_conda[name]}" for name in FROM_CONDA),
            "  - pip",
            "  - pip:",
            *(f'      - "{requirement}"' for requirement in [*rest, "--editable ."]),
            "",
        ]
    )


def name_of(requirement: str) -> str:
    """Return the name of the package that a requirement asks for."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def usage() -> str:
    """Return the help text."""
    commands = [f"  {word:8}{function.__doc__}" for word, function in COMMANDS.items()]
    return "\n".join(
        ["usage: python3 run.py COMMAND [arguments]", "", *commands, "", str(__doc__).rstrip()]
    )


def main(arguments: list[str]) -> int:
    """Run the command that the first argument names; return the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(usage())
        return 0
    word, *rest = arguments
    if word not in COMMANDS:
        known = ", ".join(COMMANDS)
        say(f"there is no command {word!r}: the commands are {known} (see python3 run.py --help).")
        return 2
    try:
        return COMMANDS[word](rest)
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here")
        return 130
    except SetUpError as error:
        say(str(error))
    except OSError as error:
        say(f"{error}: is this copy of the project complete, and may you write to its folder?")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
