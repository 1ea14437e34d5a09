"""Make the attribution model ``accurate`` again: MiniLM, trained on PolNeAR, beside ``fast``.

Usage: ``python -m nbhelpers.training.attribution_encoder --data FOLDER --encoder FOLDER --work
FOLDER``, with the data of :mod:`nbhelpers.training.attribution` and the files of MiniLM. Writes
``attribution_accurate.onnx`` and ``.json``; logs each epoch. What is in the work folder is not made
again: a run that was cut off goes on after its last epoch.

1. The encoder learns the labels of all texts, window by window.
2. Another encoder, and another CRF like that of ``fast``, learn half of the texts; what they make
   of the other half trains links and confidence, as good and bad as they will be on new texts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from nbhelpers.extraction.features import paragraph_features
from nbhelpers.extraction.models import ACCURATE_STEM, FAST_STEM, mixed_tagger
from nbhelpers.extraction.tagging import load_tagger
from nbhelpers.training.attribution import (
    GoldText,
    examples_of,
    fit_weights,
    gold_texts,
    train_tagger,
)
from nbhelpers.training.attribution_batches import batch_of, excerpts
from nbhelpers.training.attribution_network import Network
from nbhelpers.training.encoder import Ints, batches, layered, load_encoder, take_steps, train

EPOCHS = 4
HALF_EPOCHS = 3
BATCH = 16
RATE = 2e-4  # of the last layer
LOWER = 0.9  # of it, for each layer further down
HEAD_RATE = 1e-3
CHAIN_RATE = 1e-2  # of transitions
DECAY = 0.01
WARMING = 0.06  # share of the steps in which the rate rises
SHARE = 0.4  # of the scores of ``fast``; on PolNeAR dev anything from 0.2 to 0.5 is as good
BOLDNESS = 0.3  # chosen on PolNeAR dev


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--data", type=Path, required=True, help="folder of the PolNeAR files")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of MiniLM's files")
    parser.add_argument("--work", type=Path, required=True, help="where checkpoints are kept")
    parser.add_argument("--fast", type=Path, default=FAST_STEM, help="the model fast, no ending")
    parser.add_argument("--out", type=Path, default=ACCURATE_STEM, help="the model, no ending")
    given = parser.parse_args(arguments)
    given.work.mkdir(parents=True, exist_ok=True)
    texts = [text for text in gold_texts(given.data / "train.jsonl") if text.parts]
    labels = load_tagger(given.fast.with_suffix(".npz")).chain.labels
    network = fit(given.encoder, texts, labels, given.work / "all.pt", EPOCHS)
    save(given.out, network, labels, weights_from_halves(given.encoder, texts, given.work))


def weights_from_halves(folder: Path, texts: Sequence[GoldText], work: Path) -> dict[str, Any]:
    """Return the weights of links and confidence, learned where the taggers were not trained."""
    seen, unseen = texts[::2], texts[1::2]
    stem = work / "half"
    if not stem.with_suffix(".npz").exists():
        gold = [example for text in seen for example in examples_of(text)]
        features = [paragraph_features(e.paragraph, e.previous) for e in gold]
        train_tagger(gold, features, stem.with_suffix(".npz"))
    fast = load_tagger(stem.with_suffix(".npz"))
    network = fit(folder, seen, fast.chain.labels, stem.with_suffix(".pt"), HALF_EPOCHS)
    save(stem, network, fast.chain.labels, {})
    tagger = mixed_tagger(stem, fast)
    readings = [
        reading
        for text in unseen
        for reading, gold in zip(tagger.read(text.parts), text.gold, strict=True)
        if gold is not None
    ]
    return fit_weights([e for text in unseen for e in examples_of(text)], readings)


def fit(
    folder: Path, texts: Sequence[GoldText], labels: list[str], checkpoint: Path, epochs: int
) -> Network:
    """Train a network, or go on with it after the last epoch that its checkpoint has."""
    lessons = [excerpt for text in texts for excerpt in excerpts(text, labels)]
    torch.manual_seed(0)
    network = Network(load_encoder(folder)[0], len(labels))
    optimiser = torch.optim.AdamW(
        _groups(network), betas=(0.9, 0.98), weight_decay=DECAY, fused=True
    )
    lengths = np.array([len(lesson) for lesson in lessons])

    def loss_of(rows: Ints) -> torch.Tensor:
        return network.loss(batch_of([lessons[row] for row in rows]))

    def learn(epoch: int) -> float:
        torch.manual_seed(epoch)
        parts = [*batches(lengths, BATCH, np.random.default_rng(epoch))]
        return take_steps(
            network, optimiser, parts, loss_of, epoch=epoch, epochs=epochs, warming=WARMING
        )

    train(network, optimiser, checkpoint, epochs, learn)
    return network


def _groups(network: Network) -> list[dict[str, Any]]:
    """The parameters for the optimiser, each with its rate."""
    heads = [network.marks, *network.labels.parameters()]
    return [
        *layered(network.encoder, heads, rate=RATE, decay=LOWER, head_rate=HEAD_RATE),
        {"params": [network.start, network.transitions], "lr": CHAIN_RATE},
    ]


def save(stem: Path, network: Network, labels: list[str], weights: dict[str, Any]) -> None:
    """Write the graph, and beside it what decodes and links."""
    network.save_graph(stem.with_suffix(".onnx"))
    arrays = {"transitions": network.transitions, "start": network.start}
    numbers = {k: array.detach().numpy().round(4).tolist() for k, array in arrays.items()}
    kept = {"labels": labels, "share": SHARE, "boldness": BOLDNESS, **numbers, **weights}
    text = json.dumps(kept, ensure_ascii=False, indent=0, sort_keys=True)
    stem.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
