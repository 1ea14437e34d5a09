"""Run an ONNX graph over many sequences of word pieces, like lengths together."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nbhelpers.encoder.pieces import vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NEEDED = "onnxruntime"
AT_ONCE = 4_000  # word pieces, padding included

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


def is_installed() -> bool:
    """Return whether the package that runs the accurate models is there."""
    return find_spec(NEEDED) is not None


@cache
def session(path: Path) -> InferenceSession:
    """Read a graph; it runs on as many threads as OMP_NUM_THREADS says, or one for each core."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    threads = os.environ.get("OMP_NUM_THREADS", "")
    options.intra_op_num_threads = int(threads) if threads.isdecimal() else 0
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # Matrices are turned into full numbers once, here, and not at each run
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    options.log_severity_level = 3
    return InferenceSession(path, options, providers=["CPUExecutionProvider"])


def batches(
    sequences: Sequence[Sequence[int]], *, at_once: int = AT_ONCE
) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Yield all sequences in batches of like length: their rows, their pieces, and 1 for a piece.

    >>> [(rows.tolist(), pieces.tolist()) for rows, pieces, _ in batches([[7, 8], [9]])]
    [([1, 0], [[9, 0], [7, 8]])]
    """
    order = sorted(range(len(sequences)), key=lambda row: len(sequences[row]))
    first = 0
    while first < len(order):
        last = first + 1
        while last < len(order) and (last + 1 - first) * len(sequences[order[last]]) <= at_once:
            last += 1
        rows = order[first:last]
        pieces = np.zeros((len(rows), len(sequences[rows[-1]])), dtype=np.int64)
        mask = np.zeros(pieces.shape, dtype=np.float32)
        for k, row in enumerate(rows):
            pieces[k, : len(sequences[row])] = sequences[row]
            mask[k, : len(sequences[row])] = 1
        yield np.array(rows), pieces, mask
        first = last


def run(
    path: Path,
    sequences: Sequence[Sequence[int]],
    more: Callable[[Ints, Floats], dict[str, Floats]],
    *,
    at_once: int = AT_ONCE,
) -> Iterator[tuple[Ints, list[Floats]]]:
    """Yield for each batch its rows and what the graph says of them.

    Args:
        path: the graph; its inputs are ``embedded``, ``mask`` and those that ``more`` makes.
        sequences: word pieces by number.
        more: makes further inputs of a batch's rows and mask.
        at_once: pieces in a batch, padding included; one longer sequence is a batch too.
    """
    graph = session(path)
    for rows, pieces, mask in batches(sequences, at_once=at_once):
        inputs = {"embedded": vectors(pieces), "mask": mask, **more(rows, mask)}
        yield rows, graph.run(None, inputs)
