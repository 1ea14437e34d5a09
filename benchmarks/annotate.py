"""Annotating grown corpora: cost per text by size, processes, memory, and a report of the result.

Texts are grown from the 3,788 news articles (see growth.py): paragraphs put together anew.
``--share 0.3`` makes them of 0.3 times as many paragraphs. Every run is a process of its own; its
memory is that of all processes together, shared pages counted once (PSS), looked at twice a second.

Aims: cost per text within 10 % from the smallest to the largest size; two processes at least 1.6
times as fast as one, and make the same files; below 2,000 MB in all processes, for the four
notebooks too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from growth import write_grown
from harness import CACHE, ROOT, machine, versions_here

SEED = 7


@dataclass(frozen=True)
class Run:
    """What a run took: wall and CPU seconds, and the most memory of all its processes, in MB."""

    wall: float
    cpu: float
    megabytes: float


def main() -> None:
    options = _options()
    folder = CACHE / "annotate"
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{'texts':>9}{'words':>12}{'processes':>10}{'wall s':>9}{'CPU s':>9}", end="")
    print(f"{'ms a text':>10}{'words/CPU s':>12}{'peak MB':>9}")
    costs: dict[tuple[int, int], tuple[Run, float]] = {}
    for size in options.texts:
        source = _grown(folder, size, options.share)
        for workers in options.workers:
            costs[size, workers] = _annotated(source, folder / f"{size}-{workers}", workers)
    _summary(options, costs)
    if options.report:
        _reported(folder / f"{options.texts[-1]}-{options.workers[-1]}", folder / "report")
    about = machine() | versions_here("nbhelpers", "pyarrow", "pandas", "duckdb")
    print("\n" + "\n".join(f"{name}: {value}" for name, value in about.items()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[2])
    parser.add_argument("--share", type=float, default=1.0, help="of the articles' paragraphs")
    parser.add_argument("--report", action="store_true", help="run the four notebooks at the end")
    return parser.parse_args()


def _grown(folder: Path, size: int, share: float) -> Path:
    path = folder / f"grown-{size}-{share:g}.jsonl"
    if not path.exists():
        write_grown(path, size, SEED, share=share)
    return path


def _annotated(source: Path, out: Path, workers: int) -> tuple[Run, float]:
    shutil.rmtree(out, ignore_errors=True)
    command = ["annotate", source, "--out", out, "--model", "fast", "--workers", str(workers)]
    run = _watched(command)
    manifest = json.loads((out / "manifest.json").read_text())
    cpu = sum(manifest["cpu_seconds"].values())
    texts, words = manifest["input"]["texts"], manifest["words"]
    print(f"{texts:9,}{words:12,}{workers:10}{run.wall:9.0f}{run.cpu:9.0f}", end="")
    print(f"{1000 * cpu / texts:10.1f}{words / cpu:12,.0f}{run.megabytes:9,.0f}", flush=True)
    shares = {stage: f"{seconds / cpu:.0%}" for stage, seconds in manifest["cpu_seconds"].items()}
    print(f"{'':9}{shares}", flush=True)
    return run, cpu / texts


def _watched(arguments: list[str | Path]) -> Run:
    command = [sys.executable, "-m", "nbhelpers", *map(str, arguments)]
    began, peak = time.monotonic(), 0.0
    with (CACHE / "output.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        before = _children_seconds()
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.5)
    if process.returncode:
        sys.exit(f"{command} failed; see {CACHE / 'output.log'}")
    return Run(time.monotonic() - began, _children_seconds() - before, peak)


def _children_seconds() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory(pid: int) -> float:
    """The memory of a process and all below it, in MB, pages that they share counted once."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sum(map(_pss, family)) / 1024


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _summary(options: argparse.Namespace, costs: dict[tuple[int, int], tuple[Run, float]]) -> None:
    first, last = options.texts[0], options.texts[-1]
    workers = options.workers[-1]
    ratio = costs[last, workers][1] / costs[first, workers][1]
    print(f"\ncost per text, {last:,} : {first:,} = {ratio:.2f} (aim: 0.9 to 1.1)")
    for size in options.texts:
        if {(size, 1), (size, 2)} <= set(costs):
            speed = costs[size, 1][0].wall / costs[size, 2][0].wall
            print(f"two processes : one, {size:,} texts = {speed:.2f} (aim: 1.6 or more)")
            one, two = (_digests(CACHE / "annotate" / f"{size}-{n}") for n in (1, 2))
            other = sorted(name for name in one | two if one.get(name) != two.get(name))
            print(f"files that differ between them: {len(other)} of {len(one)} {other[:3] or ''}")


def _digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for table in folder.glob("*.parquet")
        for file in table.iterdir()
    }


def _reported(annotated: Path, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    run = _watched(["report", annotated, "--out", out])
    print(f"the report of it: {run.wall:.0f} s wall, {run.cpu:.0f} CPU s", end="")
    print(f", {run.megabytes:,.0f} MB in all processes (aim: below 2,000)")


if __name__ == "__main__":
    main()
