"""The encoder's run-time layer: word pieces, batches, threads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbhelpers.encoder.pieces import FIRST, LAST, MASK, UNKNOWN, number, pieces_of, vectors
from nbhelpers.encoder.session import AT_ONCE, batches, is_installed, run, session
from nbhelpers.extraction.encoding import N_MARKS
from nbhelpers.extraction.models import ACCURATE_STEM
from nbhelpers.target_sentiment import accurate as stance


def test_a_known_word_is_one_piece_and_another_several() -> None:
    assert pieces_of("war") == (number("war"),)
    assert pieces_of("warfighting") == (number("war"), number("##fighting"))


def test_case_accents_and_punctuation_are_as_the_encoder_learned_them() -> None:
    assert pieces_of("CAFÉ") == pieces_of("cafe")
    assert pieces_of("don't") == (number("don"), number("'"), number("t"))


def test_no_text_can_write_a_sign() -> None:
    signs = {number(sign) for sign in (FIRST, LAST, MASK)}
    for sign in (FIRST, LAST, MASK):
        assert signs.isdisjoint(pieces_of(sign))


@given(st.text())
def test_any_word_has_pieces_that_have_vectors(word: str) -> None:
    pieces = np.array(pieces_of(word), dtype=np.int64)
    assert vectors(pieces).shape == (len(pieces), 384)


def test_a_word_beyond_measure_is_unknown() -> None:
    assert set(pieces_of("a" * 500_000)) == {number(UNKNOWN)}


@given(st.lists(st.integers(1, 500), max_size=60))
def test_each_sequence_is_in_one_batch_of_bounded_size(lengths: list[int]) -> None:
    sequences = [[row + 1] * length for row, length in enumerate(lengths)]
    seen = []
    for rows, pieces, mask in batches(sequences):
        assert pieces.size <= max(AT_ONCE, pieces.shape[1])
        for row, own, there in zip(rows, pieces, mask, strict=True):
            assert own[there == 1].tolist() == sequences[row]
            seen.append(int(row))
    assert sorted(seen) == list(range(len(lengths)))


@pytest.mark.parametrize("module", ["nbhelpers.stance", "nbhelpers.positioning"])
def test_nothing_heavy_is_imported_before_it_is_needed(module: str) -> None:
    code = f"import {module}, sys; print({{'onnxruntime', 'torch'}} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "set()"


with_encoder = pytest.mark.skipif(not is_installed(), reason="onnxruntime is not installed")
every_graph = pytest.mark.parametrize(
    "graph", [ACCURATE_STEM.with_suffix(".onnx"), stance.FILE], ids=["attribution", "stance"]
)


def answers(graph: Path, sequences: list[list[int]], at_once: int) -> list[np.ndarray]:
    """What a graph says of each sequence; of its own pieces, where it speaks of each piece."""

    def more(_: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
        if graph == stance.FILE:
            each = mask / mask.sum(axis=1, keepdims=True)
            return {"pooling": np.stack([each, each], axis=1)}
        marks = np.zeros((*mask.shape, N_MARKS), np.float32)
        marks[..., 1] = mask
        return {"marks": marks}

    found = {
        row: of_row if graph == stance.FILE else of_row[: len(sequences[row])]
        for rows, (of_rows,) in run(graph, sequences, more, at_once=at_once)
        for row, of_row in zip(rows.tolist(), of_rows, strict=True)
    }
    return [found[row] for row in range(len(sequences))]


@with_encoder
@every_graph
def test_a_sequence_gets_the_same_answer_in_a_batch_of_any_size(graph: Path) -> None:
    random = np.random.default_rng(0)
    lengths = [1, 2, 3, 7, *random.integers(10, 120, 12).tolist(), 254]
    sequences = [random.integers(1_000, 20_000, length).tolist() for length in lengths]
    alone = answers(graph, sequences, 1)
    for at_once in (300, AT_ONCE, 10 * AT_ONCE):
        for one, other in zip(alone, answers(graph, sequences, at_once), strict=True):
            assert other == pytest.approx(one, abs=1e-3)
    for one, again in zip(alone, answers(graph, sequences, 1), strict=True):
        assert (one == again).all()


@with_encoder
@every_graph
@pytest.mark.parametrize(("said", "threads"), [("1", 1), ("3", 3), ("", 0), ("many", 0)])
def test_threads_are_as_many_as_the_user_says(
    graph: Path, said: str, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    options = session.__wrapped__(graph).get_session_options()
    assert options.intra_op_num_threads == threads  # 0: one a core
    assert options.inter_op_num_threads <= 1


@with_encoder
@pytest.mark.parametrize("package", ["extraction", "target_sentiment"])
def test_it_is_loaded_within_a_second(package: str) -> None:
    code = f"""
import time
import numpy as np
from nbhelpers.encoder.pieces import pieces_of, vectors
from nbhelpers.encoder.session import session
from nbhelpers.{package}.models import load_model
begun = time.process_time()
model = load_model("accurate")
session(getattr(model, "tagger", model).graph)
vectors(np.array(pieces_of("war")))
print(time.process_time() - begun)
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(shown.stdout) < 1
