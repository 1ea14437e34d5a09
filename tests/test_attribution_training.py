"""The attribution model: it is made again by its command, and it is as good as its card says."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from nbhelpers.attribution import ROLES, spans
from nbhelpers.corpus import Corpus, Document
from nbhelpers.encoder.session import is_installed
from nbhelpers.extraction.linking import link
from nbhelpers.extraction.models import ACCURATE, FAST, read_fast
from nbhelpers.extraction.paragraphs import paragraphs
from nbhelpers.training.attribution import examples, gold_pieces, main

SHARED = Path(__file__).parents[2] / "shared"
DEV = SHARED / "data" / "polnear" / "dev.jsonl"
SCORER = SHARED / "tools" / "score_attribution.py"

NAMES = ["Ann Lee", "the mayor", "Mr. Smith", "the ministry", "Jo Park", "she"]
CUES = ["said", "added", "told reporters"]
SPEECH = ["the bridge is closed", "the river will rise", "repairs cost too much"]


def sample(number: int) -> dict[str, Any]:
    """A text of three sentences, with a quotation, an indirect report, and nothing."""
    name, cue = NAMES[number % len(NAMES)], CUES[number % len(CUES)]
    speech = SPEECH[number % len(SPEECH)]
    text, attributions = "It rained all day in the north.\n", []
    for parts in (
        (("content", f"“{speech.capitalize()},”"), ("source", name), ("cue", cue)),
        (("source", name.capitalize()), ("cue", cue), ("content", f"that {speech}")),
    ):
        found: dict[str, Any] = {"id": f"E{len(attributions)}"}
        for role, part in parts:
            found[role] = [[len(text), len(text) + len(part)]]
            text += part + " "
        text = text.rstrip() + ".\n"
        attributions.append(found)
    return {"doc_id": f"{number:02}", "text": text, "ignore": [], "attributions": attributions}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gold")
    lines = "".join(json.dumps(sample(number)) + "\n" for number in range(24))
    (folder / "train.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_the_command_makes_the_same_working_model_each_time(data: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        main(["--data", str(data), "--out", str(tmp_path / name)])
    for ending in (".npz", ".json"):
        first, second = (
            (tmp_path / f"{name}{ending}").read_bytes() for name in ("first", "second")
        )
        assert first == second
    model = read_fast(tmp_path / "first")
    text = "“The river will rise,” Ann Lee said."
    [paragraph] = paragraphs(text, [(0, len(text), False)])
    [reading] = model.tagger.read([paragraph])
    [relation] = link(paragraph, reading.pieces(), model.links)
    roles = (relation.content, relation.source, relation.cue)
    words = [" ".join(paragraph.words[p.first : p.end]) for [p] in roles]
    assert words == ["The river will rise", "Ann Lee", "said"]


def test_gold_spans_become_pieces_without_marks_at_their_edges(data: Path) -> None:
    example = examples(data / "train.jsonl")[1]
    words = example.paragraph.words
    found = {p.role: " ".join(words[p.first : p.end]) for p in gold_pieces(example.gold)}
    assert found == {"cue": "said", "source": "Ann Lee", "content": "The bridge is closed"}


@pytest.mark.slow
@pytest.mark.skipif(not (DEV.exists() and SCORER.exists()), reason="the gold data are not here")
@pytest.mark.parametrize(
    ("model", "at50", "whole", "direct"),
    [
        (FAST, 0.755, 0.645, 0.885),
        pytest.param(
            *(ACCURATE, 0.81, 0.72, 0.90),
            marks=pytest.mark.skipif(not is_installed(), reason="onnxruntime is not installed"),
        ),
    ],
)
def test_the_model_is_as_good_on_dev_as_its_card_says(
    model: str, at50: float, whole: float, direct: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(SCORER.parent)
    scorer = importlib.import_module(SCORER.stem)
    gold = [json.loads(line) for line in DEV.read_text("utf-8").splitlines()]
    corpus = Corpus(Document(row["doc_id"], row["text"], DEV.name) for row in gold)
    found: dict[str, list[dict[str, Any]]] = {doc_id: [] for doc_id in corpus.doc_ids}
    for (doc_id, _), own in spans(corpus, model=model).groupby(["doc_id", "attribution_id"]):
        roles = {role: own.loc[own["role"] == role, ["start", "end"]] for role in ROLES}
        found[doc_id].append({role: places.values.tolist() for role, places in roles.items()})
    scores = scorer.score(gold, found)
    floors = {"content_at50_f1": at50, "triple_any_f1": whole, "direct_exact_f1": direct}
    assert {name: scores[name] for name in floors if scores[name] < floors[name]} == {}
