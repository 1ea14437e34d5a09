"""The network behind the attribution model ``accurate``, and what it loses where it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from nbhelpers.encoder.pieces import vectors
from nbhelpers.extraction.encoding import N_MARKS
from nbhelpers.text import Span
from nbhelpers.training.attribution_batches import Batch
from nbhelpers.training.encoder import WIDTH, Encoder, padded
from nbhelpers.training.onnx_graph import Graph, Shapes


class Network(nn.Module):
    """An encoder, and on its states of tokens a linear-chain CRF (Lafferty et al. 2001)."""

    def __init__(self, encoder: Encoder, n_labels: int) -> None:
        """Start with marks that say nothing."""
        super().__init__()
        self.encoder = encoder
        self.marks = nn.Parameter(torch.zeros(N_MARKS, WIDTH))
        self.labels = nn.Linear(WIDTH, n_labels)
        self.start = nn.Parameter(torch.zeros(n_labels))
        self.transitions = nn.Parameter(torch.zeros(n_labels, n_labels))

    def forward(self, batch: Batch) -> Tensor:
        """Return the score of each label for each token of a batch."""
        pieces, mask = padded(batch.word_pieces)
        embedded = torch.from_numpy(vectors(pieces.numpy()))
        embedded = embedded + torch.from_numpy(batch.marks) @ self.marks
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self.encoder.dropout(self.encoder(embedded, mask))
        return self.labels(states.reshape(-1, WIDTH)[batch.places].float())

    def loss(self, batch: Batch) -> Tensor:
        """Return the mean of what each token adds to the improbability of the right labels."""
        index, mask = _index_of(batch.sequences)
        scores = self(batch)[index]
        labels = torch.tensor(batch.labels)[index]
        right = scores.gather(2, labels[..., None])[..., 0]
        right[:, 1:] = right[:, 1:] + self.transitions[labels[:, :-1], labels[:, 1:]]
        every = self.start + scores[:, 0]
        for k in range(1, mask.shape[1]):
            further = (every[:, :, None] + self.transitions).logsumexp(1) + scores[:, k]
            every = torch.where(mask[:, k, None], further, every)
        lost = every.logsumexp(1) - self.start[labels[:, 0]] - (right * mask).sum(1)
        return lost.sum() / mask.sum()

    def save_graph(self, path: Path) -> None:
        """Write what runs: from embedded pieces and their marks to scores of labels."""
        graph = Graph()
        marked = graph.add("MatMul", "marks", graph.constant(self.marks.detach().numpy()))
        embedded = graph.add("Add", "embedded", marked)
        states = graph.encoder(self.encoder, embedded, "mask")
        graph.add("Identity", graph.linear(states, self.labels), output="labels")
        inputs: Shapes = {
            "embedded": ["batch", "length", WIDTH],
            "mask": ["batch", "length"],
            "marks": ["batch", "length", N_MARKS],
        }
        graph.save(path, inputs, {"labels": ["batch", "length", self.labels.out_features]})


def _index_of(sequences: Sequence[Span]) -> tuple[Tensor, Tensor]:
    """The tokens of each sequence, a row a sequence, and which of them are its own."""
    first, end = torch.tensor(sequences).T[..., None]
    steps = torch.arange(int((end - first).max()))
    return torch.minimum(first + steps, end - 1), steps < end - first
