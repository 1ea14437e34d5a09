"""What pytest leaves alone: the training of the encoders, where what it needs is not installed."""

import re
from importlib.util import find_spec
from pathlib import Path

_TRAINING = Path(__file__).parent / "nbhelpers" / "training"
_NEEDS = re.compile(r"^(?:import|from) (?:onnx|safetensors|torch)\b", re.MULTILINE)

collect_ignore = [
    str(file)
    for file in _TRAINING.glob("*.py")
    if _NEEDS.search(file.read_text(encoding="utf-8")) and not find_spec("torch")
]
