"""Write a trained encoder and what stands on it as an ONNX graph, matrices at a byte a number.

Each stretch of a matrix's column has a scale of its own. All is turned back into full numbers when
the graph is loaded: sums are those of 32 bits, so that no text changes another's in its batch.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from nbhelpers.training.encoder import EPSILON, HEADS, WIDTH, Encoder, Layer

OPSET = 21
MOST = 127  # of a number at a byte
STRETCH = 64  # numbers of a column that share a scale

Array = npt.NDArray[np.generic]
Shapes = dict[str, list[str | int]]


class Graph:
    """An ONNX graph in the making; names of what it computes are given by number."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.nodes: list[onnx.NodeProto] = []
        self.stored: list[onnx.TensorProto] = []

    def add(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node with one output; return the output's name."""
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, values: Array) -> str:
        """Store an array; return its name."""
        name = f"w{len(self.stored)}"
        self.stored.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def matrix(self, weights: Tensor) -> str:
        """Store a layer's weights at a byte a number; return the name of inputs by outputs."""
        values = weights.detach().numpy().T
        stretches = values.reshape(-1, STRETCH, values.shape[1])
        scales = np.maximum(np.abs(stretches).max(axis=1, keepdims=True), 1e-9) / MOST
        small = np.round(stretches / scales).astype(np.int8).reshape(values.shape)
        stored = self.constant(small), self.constant(scales[:, 0].astype(np.float32))
        return self.add("DequantizeLinear", *stored, axis=0, block_size=STRETCH)

    def linear(self, states: str, layer: nn.Linear) -> str:
        """Multiply by a layer's weights and add its bias."""
        product = self.add("MatMul", states, self.matrix(layer.weight))
        return self.add("Add", product, self.constant(layer.bias.detach().numpy()))

    def normalised(self, states: str, norm: nn.LayerNorm) -> str:
        """Normalise each place."""
        scale, shift = (self.constant(x.detach().numpy()) for x in (norm.weight, norm.bias))
        return self.add("LayerNormalization", states, scale, shift, epsilon=EPSILON)

    def encoder(self, encoder: Encoder, embedded: str, mask: str) -> str:
        """Add an encoder: ``embedded`` is [batch, length, width], ``mask`` [batch, length]."""
        length = self.add("Slice", self.add("Shape", embedded), *self._range(1, 2))
        zero, axis = (self.constant(np.array([0], dtype=np.int64)) for _ in range(2))
        table = self.constant(encoder.places.weight.detach().numpy())
        places = self.add("Slice", table, zero, length, axis)
        states = self.add("Add", embedded, places)
        states = self.normalised(states, encoder.first_norm)
        absent = self.add("Sub", mask, self._number(1))
        bias = self.add("Mul", absent, self._number(1e4))
        bias = self.add("Unsqueeze", bias, self.constant(np.array([1, 2], dtype=np.int64)))
        for layer in encoder.layers:
            states = self._layer(layer, states, bias)
        return states

    def _layer(self, layer: Layer, states: str, bias: str) -> str:
        wide = self.constant(np.array([0, 0, 3 * HEADS, WIDTH // HEADS], dtype=np.int64))
        flat = self.constant(np.array([0, 0, WIDTH], dtype=np.int64))
        parts = self.add("Reshape", self.linear(states, layer.attended), wide)
        parts = self.add("Transpose", parts, perm=[0, 2, 1, 3])
        query, key, value = (
            self.add("Slice", parts, *self._range(k * HEADS, (k + 1) * HEADS, axis=1))
            for k in range(3)
        )
        query = self.add("Mul", query, self._number((WIDTH // HEADS) ** -0.5))
        fit = self.add("MatMul", query, self.add("Transpose", key, perm=[0, 1, 3, 2]))
        fit = self.add("Softmax", self.add("Add", fit, bias), axis=-1)
        heads = self.add("Transpose", self.add("MatMul", fit, value), perm=[0, 2, 1, 3])
        mixed = self.linear(self.add("Reshape", heads, flat), layer.mixed)
        states = self.normalised(self.add("Add", states, mixed), layer.mixed_norm)
        inner = self.add("Gelu", self.linear(states, layer.inner))
        outer = self.linear(inner, layer.outer)
        return self.normalised(self.add("Add", states, outer), layer.outer_norm)

    def _number(self, value: float) -> str:
        return self.constant(np.array([value], dtype=np.float32))

    def _range(self, first: int, last: int, axis: int = 0) -> list[str]:
        return [self.constant(np.array([x], dtype=np.int64)) for x in (first, last, axis)]

    def save(self, path: Path, inputs: Shapes, outputs: Shapes) -> None:
        """Check the graph and write it; all inputs and outputs are numbers of 32 bits."""
        given, found = (
            [helper.make_tensor_value_info(k, TensorProto.FLOAT, v) for k, v in shapes.items()]
            for shapes in (inputs, outputs)
        )
        graph = helper.make_graph(self.nodes, path.stem, given, found, self.stored)
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString(deterministic=True))
