"""What is known of a word by itself: a vector of its meaning, and its valence.

:mod:`nbhelpers.training.word_vectors` makes the table.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

TABLE = Path(str(files("nbhelpers") / "models" / "word_vectors.npz"))
_STEPS = 32  # of a number's unit that a byte can tell apart

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Words:
    """Words in lower case, with a row of ``vectors`` and a valence (-4 to 4) each."""

    words: list[str]
    vectors: Floats
    valence: Floats


def save_words(path: Path, table: Words) -> None:
    """Write the table, a number a byte."""
    np.savez_compressed(
        path,
        words=np.frombuffer(json.dumps(table.words).encode(), dtype=np.uint8),
        vectors=_as_bytes(table.vectors),
        valence=_as_bytes(table.valence),
    )


def _as_bytes(numbers: Floats) -> npt.NDArray[np.int8]:
    return np.round(numbers * _STEPS).clip(-127, 127).astype(np.int8)


@cache
def known_words() -> Words:
    """Return the table, read once."""
    with np.load(TABLE, allow_pickle=False) as file:
        words = json.loads(file["words"].tobytes())
        vectors, valence = (
            file[name].astype(np.float32) / _STEPS for name in ("vectors", "valence")
        )
    return Words(words, vectors, valence)


@cache
def index_of_words() -> dict[str, int]:
    """Return the row of each word."""
    return {word: row for row, word in enumerate(known_words().words)}
