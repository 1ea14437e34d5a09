"""Word pieces (Wu et al. 2016) and the table of their vectors, which the accurate models share.

Forty lines here save the package ``tokenizers``, which brings a client for a model hub along.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nbhelpers.caching import kept_for_words

FILE = Path(str(files("nbhelpers") / "models" / "encoder_words.npz"))
PAD, UNKNOWN, FIRST, LAST, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"

_INSIDE = "##"  # begins a piece that goes on with a word
_LONGEST = 100  # characters of a word; a longer one is unknown
_MOST = 127  # of a number at a byte
_WORD = re.compile(r"\w+|[^\w\s]")

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


def number(sign: str) -> int:
    """Return the number of a piece."""
    return _numbers()[sign]


@kept_for_words(200_000)
def pieces_of(word: str) -> tuple[int, ...]:
    """Return the numbers of a word's pieces, in lower case and without accents.

    >>> len(pieces_of("Zürich’s")), pieces_of("Zürich") == pieces_of("zurich")
    (3, True)
    """
    plain = unicodedata.normalize("NFD", word[: 2 * _LONGEST].lower())
    plain = "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")
    return tuple(
        piece for part in _WORD.findall(plain.replace("_", " _ ")) for piece in _longest_first(part)
    )


def _longest_first(part: str) -> list[int]:
    """The longest piece that a part begins with, then the longest of the rest, and so on."""
    numbers, found, start = _numbers(), [], 0
    while start < len(part) <= _LONGEST:
        inside = _INSIDE if start else ""
        ends = range(len(part), start, -1)
        end = next((end for end in ends if inside + part[start:end] in numbers), 0)
        if not end:
            break
        found.append(numbers[inside + part[start:end]])
        start = end
    return found if start == len(part) else [numbers[UNKNOWN]]


def vectors(pieces: Ints) -> Floats:
    """Return the vectors of pieces, on a further axis."""
    _, table, scales = _read()
    return table[pieces] * scales[pieces][..., None]


def save_pieces(path: Path, pieces: Sequence[str], table: Floats) -> None:
    """Write pieces and their vectors, a number a byte, a scale for each piece."""
    scales = np.maximum(np.abs(table).max(axis=1), 1e-9) / _MOST
    np.savez_compressed(
        path,
        pieces=np.frombuffer(json.dumps(list(pieces)).encode(), dtype=np.uint8),
        table=np.round(table / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
    )


@cache
def _numbers() -> dict[str, int]:
    return {piece: number for number, piece in enumerate(_read()[0])}


@cache
def _read() -> tuple[list[str], npt.NDArray[np.int8], Floats]:
    with np.load(FILE, allow_pickle=False) as file:
        return json.loads(file["pieces"].tobytes()), file["table"], file["scales"]
