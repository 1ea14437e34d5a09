"""The encoder that the accurate models are trained from: MiniLM (Wang et al. 2020), six layers.

A transformer like BERT (Devlin et al. 2019) in plain torch, without anything that training does not
need. The table of word pieces is not trained: every model can share it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 384
HEADS = 12
LAYERS = 6
EPSILON = 1e-12
DROPPED = 0.1
PLACES = 512

Ints = npt.NDArray[np.int64]


class Layer(nn.Module):
    """Attention and a network of one hidden layer, each added to its input and normalised."""

    def __init__(self, width: int = WIDTH, *, epsilon: float = EPSILON) -> None:
        """Make it, with random weights where none are given."""
        super().__init__()
        self.attended = nn.Linear(width, 3 * width)  # queries, keys, values
        self.mixed = nn.Linear(width, width)
        self.mixed_norm = nn.LayerNorm(width, eps=epsilon)
        self.inner = nn.Linear(width, 4 * width)
        self.outer = nn.Linear(4 * width, width)
        self.outer_norm = nn.LayerNorm(width, eps=epsilon)
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Return new states; ``bias`` is added to the attention that a place pays to each other."""
        rows, length, width = states.shape
        parts = self.attended(states).view(rows, length, 3, HEADS, width // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        # Written out: on a CPU the gradients of torch's own attention cost ten times as much
        fit = query @ key.transpose(-1, -2) * (width // HEADS) ** -0.5 + bias
        heads = fit.softmax(-1).to(value.dtype) @ value
        mixed = self.mixed(heads.transpose(1, 2).reshape(rows, length, width))
        states = self.mixed_norm(states + self.dropout(mixed))
        outer = self.outer(functional.gelu(self.inner(states)))
        return self.outer_norm(states + self.dropout(outer))


class Encoder(nn.Module):
    """States of word pieces in their context; the word pieces' own table is not trained."""

    def __init__(
        self, width: int = WIDTH, layers: int = LAYERS, *, epsilon: float = EPSILON
    ) -> None:
        """Make it, with random weights where none are given."""
        super().__init__()
        self.places = nn.Embedding(PLACES, width)
        self.first_norm = nn.LayerNorm(width, eps=epsilon)
        self.layers = nn.ModuleList(Layer(width, epsilon=epsilon) for _ in range(layers))
        self.dropout = nn.Dropout(DROPPED)

    def forward(self, embedded: Tensor, mask: Tensor) -> Tensor:
        """Return the last states of embedded word pieces; ``mask`` is 1 where there is one."""
        states = embedded + self.places.weight[: embedded.shape[1]]
        states = self.dropout(self.first_norm(states))
        bias = self.attention_bias(mask).to(states.dtype)
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def attention_bias(self, mask: Tensor) -> Tensor:
        """Return what is added to the attention that places pay to each other."""
        return (1 - mask)[:, None, None, :] * -1e4


def load_encoder(folder: Path) -> tuple[Encoder, Tensor]:
    """Return the encoder as it was published, and its table of word pieces.

    Args:
        folder: holds ``model.safetensors``, named as transformers' BertModel names its weights.
    """
    found = load_file(folder / "model.safetensors")
    encoder = Encoder()
    kind = found["embeddings.token_type_embeddings.weight"][0]
    own = {
        "places.weight": found["embeddings.position_embeddings.weight"] + kind,
        "first_norm.weight": found["embeddings.LayerNorm.weight"],
        "first_norm.bias": found["embeddings.LayerNorm.bias"],
    }
    attended = [f"attention.self.{x}" for x in ("query", "key", "value")]
    own |= weights_of_layers(found, LAYERS, attended, _NAMES)
    encoder.load_state_dict(own)
    return encoder, found["embeddings.word_embeddings.weight"]


def weights_of_layers(
    found: Mapping[str, Tensor], layers: int, attended: Sequence[str], names: Mapping[str, str]
) -> dict[str, Tensor]:
    """Return the weights of layers under our names.

    Args:
        found: the weights as transformers names them.
        layers: how many layers there are.
        attended: its names of what makes queries, keys and values in a layer.
        names: its names of the rest of a layer, by ours.
    """
    own = {}
    for k, end in product(range(layers), ("weight", "bias")):
        theirs = f"encoder.layer.{k}."
        own[f"layers.{k}.attended.{end}"] = torch.cat(
            [found[f"{theirs}{part}.{end}"] for part in attended]
        )
        for name, other in names.items():
            own[f"layers.{k}.{name}.{end}"] = found[f"{theirs}{other}.{end}"]
    return own


_NAMES = {
    "mixed": "attention.output.dense",
    "mixed_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


def padded(pieces: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return rows of word pieces as one array, and 1 for each place that holds one."""
    length = max(map(len, pieces))
    array = torch.tensor([[*row, *[0] * (length - len(row))] for row in pieces])
    mask = torch.tensor([[1.0] * len(row) + [0.0] * (length - len(row)) for row in pieces])
    return array, mask


def batches(lengths: Ints, size: int, random: np.random.Generator) -> Iterator[Ints]:
    """Yield all rows once, in batches of about one length each, in random order."""
    order = np.argsort(lengths + random.uniform(-4, 4, len(lengths)), kind="stable")
    parts = np.split(order, range(size, len(order), size))
    yield from (parts[k] for k in random.permutation(len(parts)))


def layered(
    encoder: Encoder, heads: Iterable[nn.Parameter], *, rate: float, decay: float, head_rate: float
) -> list[dict[str, object]]:
    """Return groups of parameters for the optimiser: the lower a layer, the smaller its rate."""
    groups: list[dict[str, object]] = [{"params": list(heads), "lr": head_rate}]
    for height, layer in enumerate(reversed(encoder.layers)):
        groups.append({"params": list(layer.parameters()), "lr": rate * decay**height})
    first = [p for name, p in encoder.named_parameters() if not name.startswith("layers.")]
    groups.append({"params": first, "lr": rate * decay ** len(encoder.layers)})
    return groups


def train(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    checkpoint: Path,
    epochs: int,
    learn: Callable[[int], float],
) -> None:
    """Train a model, or go on with it after the last epoch that its checkpoint has.

    ``learn`` goes once through the lessons of an epoch, by its number, and returns the mean loss.
    """
    done = 0
    if checkpoint.exists():
        kept = torch.load(checkpoint)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        done = kept["done"]
    for epoch in range(done, epochs):
        begun = time.process_time()
        loss = learn(epoch)
        seconds = time.process_time() - begun
        print(f"{checkpoint.stem}, epoch {epoch}: loss {loss:.4f}, {seconds:.0f} CPU s", flush=True)
        kept = {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "done": epoch + 1}
        torch.save(kept, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)
    model.eval()


def take_steps(
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    parts: Sequence[Ints],
    loss_of: Callable[[Ints], Tensor],
    *,
    epoch: int,
    epochs: int,
    warming: float,
) -> float:
    """Take a step for each part of an epoch's lessons; return the mean loss.

    Each group's rate rises to what it was given, over the share ``warming`` of all steps, and then
    falls to nothing.
    """
    model.train()
    losses = []
    for k, part in enumerate(parts):
        done = (epoch + k / len(parts)) / epochs
        pace = min(done / warming, (1 - done) / (1 - warming))
        for group in optimiser.param_groups:
            group["lr"] = pace * group.setdefault("highest", group["lr"])
        loss = loss_of(part)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    return float(np.mean(losses))
