"""Score a batch by distinct words: operators on a single text column run once per distinct text, not once per row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import onnx
from onnx import TensorProto, helper

CODES = "\u0000codes"
"""Suffix of the input that holds, for each row, the index of its word in a text input."""

ROW_BY_ROW = frozenset(
    {"Identity", "Cast", "Equal", "Where", "Not", "And", "Or", "Xor", "IsNaN", "Add", "Sub", "Mul", "Div", "Neg", "Abs",
     "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Max", "Min", "Clip", "LabelEncoder", "StringNormalizer"}
)  # fmt: skip
"""Operators that process each row independently, provided that their other inputs are constants of one row."""


def by_words(model: bytes) -> bytes:
    """Rewrite a serialized ONNX model: text inputs of shape [words, 1], each with a second input [N] of row codes."""
    proto = onnx.load_model_from_string(model)
    split = _Split(proto.graph)
    for node in proto.graph.node:
        split.take(node)
    del proto.graph.node[:]
    proto.graph.node.extend(split.nodes)
    for number, text in enumerate(text for text in proto.graph.input if text.name in split.texts):
        text.type.tensor_type.shape.dim[0].dim_param = f"words{number}"
    for name in split.texts:
        proto.graph.input.append(helper.make_tensor_value_info(name + CODES, TensorProto.INT64, ["N"]))
    onnx.checker.check_model(proto)
    return bytes(proto.SerializeToString())


class _Split:
    """Tracks tensors with one row per word of a text input, and gathers them to rows before other operators."""

    def __init__(self, graph: Any) -> None:
        self.texts = [i.name for i in graph.input if i.type.tensor_type.elem_type == TensorProto.STRING]
        self.nodes: list[Any] = []
        self._of: dict[str, str] = {name: name for name in self.texts}
        """Maps a tensor with one row per word to its text input."""
        self._constants = {constant.name: tuple(constant.dims) for constant in graph.initializer}
        self._outputs = {output.name for output in graph.output}
        self._gathered: dict[str, str] = {}

    def take(self, node: Any) -> None:
        """Append a node, computed per word if possible; otherwise gather its inputs to rows first."""
        owners = {self._of[name] for name in node.input if name in self._of}
        if len(owners) == 1 and self._stays(node) and not self._outputs & set(node.output):
            self._of |= dict.fromkeys(node.output, owners.pop())
            self.nodes.append(node)
            return
        for place, name in enumerate(node.input):
            if name in self._of:
                node.input[place] = self._by_rows(name)
        self.nodes.append(node)

    def _stays(self, node: Any) -> bool:
        others = [name for name in node.input if name and name not in self._of]
        if not all(_is_one_row(self._constants.get(name)) for name in others):
            return self._is_lookup(node)
        return node.op_type in ROW_BY_ROW

    def _is_lookup(self, node: Any) -> bool:
        """Whether a node is a Gather of rows of a constant, indexed per word."""
        if node.op_type != "Gather" or node.input[1] not in self._of or node.input[0] not in self._constants:
            return False
        axis: Mapping[str, int] = {a.name: a.i for a in node.attribute}
        return axis.get("axis", 0) == 0

    def _by_rows(self, name: str) -> str:
        if name not in self._gathered:
            self._gathered[name] = f"{name}\u0000rows"
            inputs = [name, self._of[name] + CODES]
            self.nodes.append(helper.make_node("Gather", inputs, [self._gathered[name]], axis=0))
        return self._gathered[name]


def _is_one_row(shape: tuple[int, ...] | None) -> bool:
    """Whether a constant is a scalar, a vector or a single row, and so broadcasts equally to every row."""
    return shape is not None and (len(shape) <= 1 or (len(shape) == 2 and shape[0] == 1))
