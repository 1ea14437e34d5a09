"""Coverage-guided fuzzing of all that reads bytes and texts, with atheris.

    uv pip install --group fuzz
    .venv/bin/python tests/fuzz/run.py loading --seconds 600

The targets are in ``targets.py``. What libFuzzer finds interesting is kept in ``--work``, so that
the next run goes on from it. A fault does not end the run: the input is made as short as it still
fails, and written to ``--findings``, once for each place in the code. Move it from there to
``tests/findings/``, named after the target and what it was (``loading-zip-without-names``), and
``tests/test_findings.py`` keeps it from coming back.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":  # where it is looked at only, it must leave others what they import
    sys.modules["onnxruntime"] = None  # type: ignore[assignment]  # leaves the fast models alone
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import atheris

with atheris.instrument_imports(include=["nbhelpers"]):
    import targets

from hostile_texts import TRAPS, UNITS, WORDS, texts

SLOW = 5.0
"""CPU seconds beyond which an input is a finding (there are at most LONGEST bytes)."""
LONGEST = 2_000

Target = Callable[[bytes], None]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("target", choices=sorted(targets.TARGETS))
    parser.add_argument("--seconds", type=int, default=600, help="of CPU (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    parser.add_argument("--work", type=Path, default=Path("fuzzing"), help="(%(default)s)")
    parser.add_argument("--findings", type=Path, default=Path("fuzzing/findings"))
    options = parser.parse_args()
    corpus = options.work / options.target
    sow(corpus, options.target, options.seed)
    options.findings.mkdir(parents=True, exist_ok=True)
    keeper = Keeper(options.target, options.findings, options.seconds)
    atheris.Setup(
        [
            sys.argv[0],
            str(corpus),
            f"-seed={options.seed}",
            f"-max_len={LONGEST}",
            f"-dict={dictionary(options.work)}",
            f"-artifact_prefix={options.findings}/",
            "-timeout=120",
            "-rss_limit_mb=3000",
            "-print_final_stats=1",
        ],
        keeper,
        enable_python_coverage=True,
    )
    atheris.Fuzz()


class Keeper:
    """Runs a target, and keeps the shortest input of each fault instead of stopping there."""

    def __init__(self, name: str, folder: Path, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        self.runs = 0
        self.target: Target = targets.TARGETS[name]
        self.folder = folder
        self.met: set[str] = set()

    def __call__(self, data: bytes) -> None:
        self.runs += 1
        if time.process_time() > self.seconds:
            print(f"{self.name}: {self.runs:,} inputs, {len(self.met)} kinds of faults", flush=True)
            os._exit(0)  # libFuzzer itself counts seconds of the clock
        kind = self.fault(data)
        if kind is None or kind in self.met:
            return
        self.met.add(kind)
        shortest = self.shortened(data, kind)
        digest = hashlib.sha256(kind.encode()).hexdigest()[:8]
        (self.folder / f"{self.name}-{digest}").write_bytes(shortest)
        print(f"\n{self.name}-{digest}: {kind}\n    {shortest!r}", flush=True)

    def fault(self, data: bytes) -> str | None:
        """What goes wrong with an input: the exception and its place, or that it takes long."""
        begun = time.process_time()
        try:
            self.target(data)
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)
            ours = [frame for frame in at if f"{os.sep}nbhelpers{os.sep}" in frame.filename] or at
            place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
            said = str(error).split(":")[0] if isinstance(error, AssertionError) else ""
            return f"{type(error).__name__} {place} {said}"
        return "slow" if time.process_time() - begun > SLOW else None

    def shortened(self, data: bytes, kind: str, seconds: float = 30) -> bytes:
        """Leave out stretches, from halves to single bytes, as long as the same fault comes."""
        end = time.monotonic() + seconds
        size = len(data) // 2
        while size and time.monotonic() < end:
            place = 0
            while place < len(data) and time.monotonic() < end:
                rest = data[:place] + data[place + size :]
                if self.fault(rest) == kind:
                    data = rest
                else:
                    place += size
            size //= 2
        return data


def sow(corpus: Path, target: str, seed: int) -> None:
    """Begin with hostile texts and with what the target itself offers."""
    corpus.mkdir(parents=True, exist_ok=True)
    offered = targets.SEEDS.get(target) or [t.encode()[:LONGEST] for t in texts(seed, 150)]
    for number, data in enumerate(offered):
        (corpus / f"seed{number:03}").write_bytes(data)


def dictionary(folder: Path) -> Path:
    """Words and marks that libFuzzer may put in, in its own form."""
    path = folder / "words.dict"
    words = dict.fromkeys([*WORDS, *TRAPS, *UNITS.values(), *targets.WORDS])
    lines = (
        '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"' for word in words if word
    )
    path.write_text("\n".join(lines) + "\n")
    return path


if __name__ == "__main__":
    main()
