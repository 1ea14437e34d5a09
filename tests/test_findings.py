"""What fuzzing found (see ``fuzz/run.py``) stays mended: each finding through what it broke."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "fuzz"))

from targets import TARGETS

FINDINGS = sorted((Path(__file__).parent / "findings").iterdir())


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.name)
def test_finding_stays_mended(path):
    TARGETS[path.name.partition("-")[0]](path.read_bytes())
