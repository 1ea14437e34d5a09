"""Make the attribution model ``fast`` again from PolNeAR (Newell, Margolin & Ruths, LREC 2018).

Usage: ``python -m nbhelpers.training.attribution --data FOLDER``, where the folder holds
``train.jsonl`` (a line a text: doc_id, text, ignore, attributions with spans of source, cue and
content). Writes ``attribution_fast.npz`` and ``attribution_fast.json``; the same data give the
same files.

1. The tagger is trained on all texts.
2. Three more are trained on two thirds each and tag the rest, so that links and confidence are
   learned from tags as bad as they will be.
3. Each decision that linking takes on these tags, with what would have been right, trains the
   links.
4. What became of the relations trains their confidence.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pycrfsuite
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nbhelpers.cleaning import segments
from nbhelpers.corpus import Corpus, Document
from nbhelpers.extraction.documents import story_paragraphs
from nbhelpers.extraction.features import paragraph_features
from nbhelpers.extraction.linking import ALONE, DROPPED, NO_PIECE, Relation, Scene, link
from nbhelpers.extraction.models import FAST_STEM, relation_traits
from nbhelpers.extraction.paragraphs import Paragraph
from nbhelpers.extraction.tagging import Reading, load_tagger, save_weights
from nbhelpers.extraction.tags import CONTENT, CUE, SOURCE, Piece, tags_of
from nbhelpers.text import Span

ROLES = (SOURCE, CUE, CONTENT)
FOLDS = 3
BOLDNESS = 0.3  # chosen on PolNeAR dev, like all that follows
TAGGER = {"c1": 2.0, "c2": 0.0, "max_iterations": 120, "feature.minfreq": 2.0}
LINKS_PENALTY = 3.0
LENIENCE = 0.4  # by which dropping a piece scores less than was learned: F1 wants more found
CONFIDENCE_PENALTY = 0.01
SEEN_AT_LEAST = 2  # decisions in which a feature of a link must occur
SMALLEST = 0.01  # weights of links below this are left out

HALF = 0.5  # of the words of a content, that it counts as found

Array = npt.NDArray[np.float64]
Runs = list[Span]
Decision = tuple[list[list[str]], list[int]]


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph with its gold attributions: runs of tokens for each role."""

    doc_id: str
    paragraph: Paragraph
    previous: Paragraph | None
    gold: list[dict[str, Runs]]


@dataclass(frozen=True, slots=True)
class GoldText:
    """The paragraphs of a text, and the gold attributions of each; None where nobody looked."""

    doc_id: str
    parts: list[Paragraph]
    gold: list[list[dict[str, Runs]] | None]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True, help="folder of the PolNeAR files")
    parser.add_argument("--out", type=Path, default=FAST_STEM, help="the model to write, no ending")
    given = parser.parse_args(arguments)
    train(examples(given.data / "train.jsonl"), given.out)


def train(gold: Sequence[Example], out: Path) -> None:
    """Train all parts of the model and write them to ``OUT.npz`` and ``OUT.json``."""
    features = [paragraph_features(e.paragraph, e.previous) for e in gold]
    train_tagger(gold, features, out.with_suffix(".npz"))
    weights = {"boldness": BOLDNESS, **fit_weights(gold, read_unseen(gold, features))}
    text = json.dumps(weights, ensure_ascii=False, indent=0, sort_keys=True)
    out.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def fit_weights(gold: Sequence[Example], read: Sequence[Reading]) -> dict[str, Any]:
    """Return the weights of links and confidence, learned from a reading of each example."""
    tagged = [reading.pieces() for reading in read]
    decisions = [
        decision
        for example, pieces in zip(gold, tagged, strict=True)
        for decision in decisions_of(example, pieces)
    ]
    links = fit_choices(decisions)
    links[NO_PIECE] = links.get(NO_PIECE, 0.0) - LENIENCE
    confidence = fit_confidence(
        (relation_traits(relation), is_right(relation, example.gold))
        for example, pieces in zip(gold, tagged, strict=True)
        for relation in link(example.paragraph, pieces, links)
    )
    return {"confidence": confidence, "links": links}


def examples(path: Path) -> list[Example]:
    """Read the gold texts; paragraphs that the annotators left out are left out."""
    return [example for text in gold_texts(path) for example in examples_of(text)]


def examples_of(text: GoldText) -> Iterator[Example]:
    """Yield the paragraphs of a text that the annotators looked at."""
    before = [None, *text.parts]
    for paragraph, previous, gold in zip(text.parts, before, text.gold, strict=False):
        if gold is not None:
            yield Example(text.doc_id, paragraph, previous, gold)


def gold_texts(path: Path) -> list[GoldText]:
    """Read the gold texts, paragraph by paragraph."""
    with path.open(encoding="utf-8") as lines:
        rows = {row["doc_id"]: row for row in map(json.loads, lines)}
    corpus = Corpus([Document(doc_id, row["text"], path.name) for doc_id, row in rows.items()])
    return [
        _gold_text(rows[str(doc_id)], labelled)
        for doc_id, labelled in segments(corpus).groupby("doc_id")
    ]


def _gold_text(row: Mapping[str, Any], labelled: pd.DataFrame) -> GoldText:
    spans = zip(labelled["start"], labelled["end"], labelled["kind"], strict=True)
    parts = list(story_paragraphs(row["text"], spans))
    return GoldText(row["doc_id"], parts, [_gold_of(paragraph, row) for paragraph in parts])


def _gold_of(paragraph: Paragraph, row: Mapping[str, Any]) -> list[dict[str, Runs]] | None:
    if any(_overlap(paragraph, span) for span in row["ignore"]):
        return None
    gold = [
        {role: runs(paragraph, attribution[role]) for role in ROLES}
        for attribution in row["attributions"]
        if any(_overlap(paragraph, span) for span in attribution[CONTENT])
    ]
    return [attribution for attribution in gold if attribution[CONTENT]]


def _overlap(paragraph: Paragraph, span: Sequence[int]) -> bool:
    return span[0] < paragraph.end and paragraph.start < span[1]


def runs(paragraph: Paragraph, spans: Iterable[Sequence[int]]) -> Runs:
    """Return the runs of tokens that spans touch: from word to word, joined over mere marks."""
    found: Runs = []
    for start, end in spans:
        touched = [
            i
            for i, (a, b) in enumerate(paragraph.tokens)
            if a < end and start < b and paragraph.is_word(i)
        ]
        if not touched:
            continue
        first, stop = touched[0], touched[-1] + 1
        if found and not any(map(paragraph.is_word, range(found[-1][1], first))):
            found[-1] = (found[-1][0], stop)
        else:
            found.append((first, stop))
    return found


def gold_pieces(gold: Sequence[Mapping[str, Runs]]) -> list[Piece]:
    """Return the pieces that the tagger should find, those with the nearest cue first."""
    found: dict[tuple[str, Span], tuple[int, Piece]] = {}
    for attribution in gold:
        anchor = next((r[0][0] for r in (attribution[CUE], attribution[SOURCE]) if r), -1)
        for role in ROLES:
            for run in attribution[role]:
                side = "" if role == CUE else "<" if anchor < run[0] else ">"
                candidate = abs(anchor - run[0]), Piece(role, side, *run)
                found[role, run] = min(found.get((role, run), candidate), candidate)
    order = (CUE, SOURCE, CONTENT)
    ranked = sorted(found.values(), key=lambda item: (order.index(item[1].role), item))
    return [piece for _, piece in ranked]


def train_tagger(gold: Sequence[Example], features: Sequence[list[list[str]]], out: Path) -> None:
    """Train the CRF and write its weights."""
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    for example, names in zip(gold, features, strict=True):
        trainer.append(names, tags_of(gold_pieces(example.gold), len(names)))
    trainer.set_params(TAGGER)
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "model")
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        info = tagger.info()
        save_weights(out, sorted(tagger.labels()), info.state_features, info.transitions)
        tagger.close()


def read_unseen(gold: Sequence[Example], features: Sequence[list[list[str]]]) -> list[Reading]:
    """Return for each example what a tagger makes of it that has not seen the text."""
    doc_ids = sorted({example.doc_id for example in gold})
    fold = {doc_id: i % FOLDS for i, doc_id in enumerate(doc_ids)}
    read: dict[int, Reading] = {}
    with tempfile.TemporaryDirectory() as folder:
        for k in range(FOLDS):
            seen = [i for i, example in enumerate(gold) if fold[example.doc_id] != k]
            path = Path(folder) / f"{k}.npz"
            train_tagger([gold[i] for i in seen], [features[i] for i in seen], path)
            tagger = load_tagger(path, boldness=BOLDNESS)
            for i, example in enumerate(gold):
                if fold[example.doc_id] == k:
                    scores = tagger.scores(example.paragraph, example.previous)
                    read[i] = Reading(scores, tagger.chain)
    return [read[i] for i in range(len(gold))]


def decisions_of(example: Example, pieces: Sequence[Piece]) -> Iterator[Decision]:
    """Yield the features of all candidates of each decision, and which of them are right."""
    scene = Scene(example.paragraph, pieces)
    truth = [_attributions_of(piece, example.gold) for piece in pieces]
    linked: dict[int, list[int]] = {}
    for content in scene.contents:
        candidates, features = scene.anchor_choices(content, linked)
        if not truth[content]:
            yield features, [candidates.index(DROPPED)]
            continue
        partners = _partners(candidates, truth, truth[content][0])
        cues = [k for k in partners if pieces[candidates[k]].role == CUE]
        right = cues or partners or [candidates.index(ALONE)]
        anchor = candidates[right[0]]
        linked.setdefault(anchor if anchor != ALONE else ~content, []).append(content)
        yield features, right
    for cue in scene.cues:
        if not truth[cue]:
            continue
        candidates, features = scene.source_choices(cue)
        right = _partners(candidates, truth, truth[cue][0])
        if right or not example.gold[truth[cue][0]][SOURCE]:
            yield features, right or [candidates.index(ALONE)]


def _attributions_of(piece: Piece, gold: Sequence[Mapping[str, Runs]]) -> list[int]:
    """The gold attributions that hold at least half of a piece in the same role."""
    return [
        number
        for number, attribution in enumerate(gold)
        if 2 * sum(_shared(run, piece) for run in attribution[piece.role])
        >= piece.end - piece.first
    ]


def _shared(run: Span, piece: Piece) -> int:
    return max(0, min(run[1], piece.end) - max(run[0], piece.first))


def _partners(candidates: Sequence[int], truth: Sequence[list[int]], number: int) -> list[int]:
    return [k for k, other in enumerate(candidates) if other >= 0 and number in truth[other]]


def fit_choices(decisions: Iterable[Decision]) -> dict[str, float]:
    """Fit the weights by which the right candidate of each decision is the most probable."""
    real = [(names, right) for names, right in decisions if len(names) > 1]
    seen = Counter(name for candidates, _ in real for names in candidates for name in names)
    index = {
        name: i
        for i, name in enumerate(sorted(name for name, n in seen.items() if n >= SEEN_AT_LEAST))
    }
    matrix = _matrix([names for candidates, _ in real for names in candidates], index)
    sizes = np.array([len(candidates) for candidates, _ in real])
    starts = np.cumsum(sizes) - sizes
    wanted = np.zeros(matrix.shape[0])
    for start, (_, right) in zip(starts, real, strict=True):
        wanted[start + np.array(right)] = 1 / len(right)

    def loss(weights: Array) -> tuple[float, Array]:
        scores = matrix @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), sizes)
        scores -= np.repeat(np.log(np.add.reduceat(np.exp(scores), starts)), sizes)
        gradient = matrix.T @ (np.exp(scores) - wanted) + LINKS_PENALTY * weights
        return LINKS_PENALTY / 2 * weights @ weights - wanted @ scores, gradient

    fitted = minimize(loss, np.zeros(len(index)), jac=True, method="L-BFGS-B").x
    return {
        name: round(float(fitted[i]), 3) for name, i in index.items() if abs(fitted[i]) > SMALLEST
    }


def _matrix(rows: Sequence[Sequence[str]], index: Mapping[str, int]) -> csr_matrix:
    columns = [[index[name] for name in names if name in index] for names in rows]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.array([column for row in columns for column in row], dtype=np.int64)
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(index)))


def is_right(relation: Relation, gold: Sequence[Mapping[str, Runs]]) -> bool:
    """Return whether a relation has half of a gold content, and touches its source and cue."""
    return any(
        _dice(relation.content, attribution[CONTENT]) >= HALF
        and _agree(relation.source, attribution[SOURCE])
        and _agree(relation.cue, attribution[CUE])
        for attribution in gold
    )


def _dice(pieces: Sequence[Piece], found: Runs) -> float:
    shared = sum(_shared(run, piece) for run in found for piece in pieces)
    sizes = sum(p.end - p.first for p in pieces) + sum(end - first for first, end in found)
    return 2 * shared / sizes


def _agree(pieces: Sequence[Piece], found: Runs) -> bool:
    if not pieces or not found:
        return not pieces and not found
    return any(_shared(run, piece) for run in found for piece in pieces)


def fit_confidence(judged: Iterable[tuple[dict[str, float], bool]]) -> dict[str, float]:
    """Fit a logistic regression from the traits of relations to whether they are right."""
    traits, right = zip(*judged, strict=True)
    names = list(traits[0])
    values = np.array([[t[name] for name in names] for t in traits])
    signs = np.where(right, 1.0, -1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (values @ weights)
        slopes = -signs / (1 + np.exp(margins))
        penalty = CONFIDENCE_PENALTY * weights
        total = np.logaddexp(0, -margins).sum() + penalty @ weights / 2
        return total, values.T @ slopes + penalty

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return {name: round(float(w), 4) for name, w in zip(names, fitted, strict=True)}


if __name__ == "__main__":
    main()
