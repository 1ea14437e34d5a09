"""The encoder's run-time layer: word pieces, batches, threads."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbhelpers.encoder.pieces import FIRST, LAST, MASK, UNKNOWN, number, pieces_of, vectors
from nbhelpers.encoder.session import AT_ONCE, batches


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
