"""A large encoder, from which the small one learns: MPNet (Song et al. 2020), twelve layers.

The layers are those of :mod:`nbhelpers.training.encoder`, twice as wide; how far apart two places
are adds to the attention that they pay to each other.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from nbhelpers.encoder.pieces import FIRST, LAST, MASK, PAD, UNKNOWN
from nbhelpers.training.encoder import HEADS, Encoder, weights_of_layers

WIDTH = 768
LAYERS = 12
EPSILON = 1e-5

_STEPS = 16  # classes of distance, to the left and to the right each
_EXACT = 8  # distances that have a class of their own
_FARTHEST = 128  # further away is all alike
_FIRST_PLACE = 2
_SIGNS = {FIRST: "<s>", LAST: "</s>", MASK: "<mask>", PAD: "<pad>", UNKNOWN: "<unk>"}
_NAMES = {
    "mixed": "attention.attn.o",
    "mixed_norm": "attention.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


class LargeEncoder(Encoder):
    """The same with more and wider layers, and with classes of distance between places."""

    def __init__(self) -> None:
        """Make it, with random weights where none are given."""
        super().__init__(WIDTH, LAYERS, epsilon=EPSILON)
        self.nearness = nn.Embedding(2 * _STEPS, HEADS)

    def attention_bias(self, mask: Tensor) -> Tensor:
        """Return what is added to the attention that places pay to each other."""
        near = self.nearness(_distances(mask.shape[1]))
        return super().attention_bias(mask) + near.permute(2, 0, 1)


def _distances(length: int) -> Tensor:
    """The class of the distance between any two places (Raffel et al. 2020)."""
    places = torch.arange(length)
    distance = places[None, :] - places[:, None]
    far = distance.abs()
    ratio = torch.log(far.clamp(min=1) / _EXACT) / torch.log(torch.tensor(_FARTHEST / _EXACT))
    steps = (_EXACT + (ratio * (_STEPS - _EXACT)).long()).clamp(max=_STEPS - 1)
    return torch.where(far < _EXACT, far, steps) + _STEPS * (distance > 0)


def load_large_encoder(folder: Path, pieces: list[str]) -> tuple[LargeEncoder, Tensor]:
    """Return the encoder as it was published, and the vectors of the given word pieces.

    Args:
        folder: holds ``model.safetensors`` and ``vocab.txt``, as transformers' MPNetModel names
            weights and pieces.
        pieces: word pieces as BERT names them, in the order of the table.
    """
    found = load_file(folder / "model.safetensors")
    encoder = LargeEncoder()
    own = {
        "places.weight": found["embeddings.position_embeddings.weight"][_FIRST_PLACE:],
        "nearness.weight": found["encoder.relative_attention_bias.weight"],
        "first_norm.weight": found["embeddings.LayerNorm.weight"],
        "first_norm.bias": found["embeddings.LayerNorm.bias"],
    }
    own |= weights_of_layers(found, LAYERS, [f"attention.attn.{x}" for x in "qkv"], _NAMES)
    encoder.load_state_dict(own)
    known = (folder / "vocab.txt").read_text("utf-8").splitlines()
    number = {piece: k for k, piece in enumerate(known)}
    rows = [number[_SIGNS.get(piece, piece)] for piece in pieces]
    return encoder, found["embeddings.word_embeddings.weight"][rows]
