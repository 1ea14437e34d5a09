"""Annotating under fire: a run is killed at random moments, and must end with the same bytes.

Each time, a worker or the parent gets SIGKILL some seconds after the start; a killed parent is
started again with the same command, and a run that ends is begun anew, until all kills are spent.
Then the last run may finish. Its files are compared with those of a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from growth import write_grown
from harness import CACHE, ROOT

SEED = 7
SMALL_PARTS = "from nbhelpers.annotation import texts; texts.PART_TEXTS = 20; "
CALL = "import sys; from nbhelpers.cli import main; sys.exit(main(sys.argv[1:]))"


def main() -> None:
    options = _options()
    folder = CACHE / "faults"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source = folder / "grown.jsonl"
    write_grown(source, options.texts, SEED)
    began = time.monotonic()
    whole = _start(source, folder / "whole")
    if whole.wait():
        sys.exit("the undisturbed run failed")
    expected = _content(folder / "whole")
    killed = _under_fire(source, folder / "out", options.kills, time.monotonic() - began)
    finished = _start(source, folder / "out").wait()
    same = _content(folder / "out") == expected
    print(f"{options.kills} kills: {dict(killed)}; exit status of the last run: {finished}")
    print(f"files: {len(expected)}; the same bytes as undisturbed: {'yes' if same else 'NO'}")
    sys.exit(0 if same and not finished else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=int, default=400)
    parser.add_argument("--kills", type=int, default=50)
    return parser.parse_args()


def _start(source: Path, out: Path) -> subprocess.Popen[bytes]:
    options = ["--out", out, "--model", "fast", "--workers", "2"]
    command = [sys.executable, "-c", SMALL_PARTS + CALL, "annotate", source, *options]
    log = (CACHE / "output.log").open("w")
    return subprocess.Popen([str(c) for c in command], cwd=ROOT, stdout=log, stderr=log)


def _under_fire(source: Path, out: Path, kills: int, seconds: float) -> Counter[str]:
    draw = random.Random(SEED)
    killed: Counter[str] = Counter()
    process = _start(source, out)
    while killed.total() < kills:
        time.sleep(draw.uniform(0.5, seconds / 2))
        if process.poll() is not None:
            shutil.rmtree(out)
            killed["(a run ended, begun anew)"] += 0
            process = _start(source, out)
            continue
        workers = _children(process.pid)
        if workers and draw.random() < 0.5:
            killed["worker"] += _kill(draw.choice(workers))
        else:
            killed["parent"] += _kill(process.pid)
            process.wait()
            process = _start(source, out)
        print(f"\r{killed.total()} of {kills}", end="", file=sys.stderr, flush=True)
    process.kill()
    process.wait()
    return killed


def _kill(pid: int) -> int:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    try:
        return [int(child) for child in path.read_text().split()]
    except OSError:
        return []


def _content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.parquet/*.parquet"))
    }


if __name__ == "__main__":
    main()
