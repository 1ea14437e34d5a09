"""The stance model: it is made again by its command, and it is as good as its card says."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nbhelpers.stance import classify
from nbhelpers.target_sentiment.errors import confusion
from nbhelpers.target_sentiment.fast import read_model
from nbhelpers.target_sentiment.masking import context
from nbhelpers.training.labelled_places import GOLD_LABELS
from nbhelpers.training.stance import main
from nbhelpers.training.word_vectors import valences

SHARED = Path(__file__).parents[2] / "shared"
DATA = SHARED / "data" / "newsmtsc"
SCORER = SHARED / "tools" / "score_stance.py"

WORDS = {
    "negative": ["lied", "failed"],
    "neutral": ["spoke", "arrived"],
    "positive": ["won", "shone"],
}

NAMES = [
    *("Russia", "Ukraine", "the United States", "U.S.", "China", "Israel", "Hamas"),
    *("the European Union", "Volodymyr Zelenskyy", "Islamic State", "Kim Jong-un"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    rows = [
        {"text": f"On day {day}, Lee {word} again.", "target": [len(f"On day {day}, "), 0]}
        | {"label": label}
        for day in range(1, 16)
        for label, words in WORDS.items()
        for word in words
    ]
    for row in rows:
        row["target"][1] = row["target"][0] + 3
    (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def test_the_command_makes_the_same_working_model_each_time(data: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        main(["--data", str(data), "--out", str(tmp_path / f"{name}.npz")])
    first, second = ((tmp_path / f"{name}.npz").read_bytes() for name in ("first", "second"))
    assert first == second
    model = read_model(tmp_path / "first.npz")
    contexts = [context(f"Then Smith {words[0]} again.", (5, 10)) for words in WORDS.values()]
    assert model.probabilities(contexts).argmax(axis=1).tolist() == [0, 1, 2]
    errors = confusion(model="fast", file=tmp_path / "stance_errors.tsv")
    assert errors.sum(axis=1).tolist() == [15 * len(words) for words in WORDS.values()]


def test_valence_is_the_lexicons_or_learned_from_it() -> None:
    random = np.random.default_rng(1)
    encoded = random.normal(size=(400, 6)).astype(np.float32)
    words = [f"w{i}" for i in range(400)]
    truth = encoded[:, 0].clip(-4, 4)
    lexicon = {word: float(v) for word, v in zip(words[:300], truth, strict=False)}
    found = valences(words, np.repeat(encoded, 20, axis=1), lexicon)
    assert found[:300] == pytest.approx(truth[:300])
    assert np.corrcoef(found[300:], truth[300:])[0, 1] > 0.8


@pytest.mark.slow
@pytest.mark.skipif(not (DATA.exists() and SCORER.exists()), reason="the gold data are not here")
@pytest.mark.parametrize(
    ("model", "part", "floor"),
    [
        ("accurate", "dev-mt", 0.71),
        ("accurate", "dev-rw", 0.79),
        ("fast", "dev-mt", 0.655),
        ("fast", "dev-rw", 0.71),
    ],
)
def test_the_model_is_as_good_on_dev_as_its_card_says(
    model: str, part: str, floor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(SCORER.parent)
    scorer = importlib.import_module(SCORER.stem)
    gold = [json.loads(line) for line in (DATA / f"{part}.jsonl").read_text("utf-8").splitlines()]
    spans = [tuple(row["target"]) for row in gold]
    found = classify([row["text"] for row in gold], spans, model=model)
    names = dict(zip(("against", "neutral", "favour"), GOLD_LABELS, strict=True))
    pairs = [(row["label"], names[label]) for row, label in zip(gold, found["label"], strict=True)]
    assert scorer.stats(pairs, list(GOLD_LABELS), "all")["macro_f1"] >= floor


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the gold data are not here")
def test_no_name_changes_any_probability_in_news() -> None:
    lines = (DATA / "dev-mt.jsonl").read_text("utf-8").splitlines()
    lines += (DATA / "dev-rw.jsonl").read_text("utf-8").splitlines()[:100]
    found = [
        classify([text for text, _ in swapped], [span for _, span in swapped])
        for name in NAMES
        for swapped in [[swap(json.loads(line), name) for line in lines]]
    ]
    assert len(found[0]) > 500
    for other in found[1:]:
        pd.testing.assert_frame_equal(other, found[0], check_exact=True)


def swap(row: dict[str, Any], name: str) -> tuple[str, tuple[int, int]]:
    """Put a name in the place of the mention."""
    start, end = row["target"]
    return row["text"][:start] + name + row["text"][end:], (start, start + len(name))
