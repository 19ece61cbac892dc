"""Build an ONNX graph in double precision; a table is a set of columns of shape [N, 1].

Numbers, booleans (0/1) and dates (seconds since 1970) are double tensors with NaN for missing; text is a string
tensor with MISSING for missing cells, since strings of onnxruntime cannot be null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from designer.contract.schema import Column, Kind, Role, Schema

MISSING = "\u0000missing"
OPSET, ML_OPSET, IR_VERSION = 21, 5, 10


@dataclass(frozen=True)
class TensorColumn:
    """A column inside the graph: the tensor that carries it, and its kind."""

    tensor: str
    kind: Kind
    role: Role = Role.FEATURE

    @property
    def is_text(self) -> bool:
        """Whether the tensor holds strings."""
        return self.kind in (Kind.STRING, Kind.CATEGORICAL)


TensorColumns = Mapping[str, TensorColumn]
"""A table inside the graph: its columns in order."""


def tensor_schema(columns: TensorColumns) -> Schema:
    """The schema of a table inside the graph, for column selections."""
    return Schema(tuple(Column(name, column.kind, column.role) for name, column in columns.items()))


class OnnxGraph:
    """Builder of an ONNX graph: nodes are appended, every tensor gets a unique name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._initializers: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []
        self._count = 0

    def name(self, hint: str = "t") -> str:
        """A unique tensor name."""
        self._count += 1
        return f"{hint}_{self._count}"

    def node(self, operator: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> Any:
        """Append an operator; returns the name of its output, or a list if it has several."""
        names = [self.name(operator) for _ in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), names, domain=domain, **attributes))
        return names[0] if outputs == 1 else names

    def ml(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        """Append an operator of the ai.onnx.ml domain."""
        return self.node(operator, *inputs, domain="ai.onnx.ml", outputs=outputs, **attributes)

    def constant(self, value: Any, dtype: Any = np.float64) -> str:
        """A constant tensor (strings: pass dtype=object)."""
        name = self.name("const")
        if dtype is object:
            array = np.asarray(value, dtype=object)
            cells = np.array([str(cell) for cell in array.ravel()], dtype=object).reshape(array.shape)
            self._initializers.append(numpy_helper.from_array(cells, name))
        else:
            self._initializers.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=dtype), name))
        return name

    def input_table(self, schema: Schema) -> dict[str, TensorColumn]:
        """Add one graph input of shape [N, 1] for each column, named like the column."""
        columns: dict[str, TensorColumn] = {}
        for column in schema:
            is_text = column.kind in (Kind.STRING, Kind.CATEGORICAL)
            kind = TensorProto.STRING if is_text else TensorProto.DOUBLE
            self._inputs.append(helper.make_tensor_value_info(column.name, kind, ["N", 1]))
            columns[column.name] = TensorColumn(column.name, column.kind, column.role)
        return columns

    def output_table(self, columns: TensorColumns) -> None:
        """Make these columns the graph's outputs, named `out:` plus the column name, to avoid clashes with inputs."""
        for name, column in columns.items():
            kind = TensorProto.STRING if column.is_text else TensorProto.DOUBLE
            self._nodes.append(helper.make_node("Identity", [column.tensor], [f"out:{name}"]))
            self._outputs.append(helper.make_tensor_value_info(f"out:{name}", kind, ["N", 1]))

    def matrix(self, columns: TensorColumns) -> str:
        """Concatenate numeric columns to a tensor of shape [N, columns]."""
        tensors = [column.tensor for column in columns.values()]
        return tensors[0] if len(tensors) == 1 else str(self.node("Concat", *tensors, axis=1))

    def is_missing(self, column: TensorColumn) -> str:
        """A boolean tensor of shape [N, 1], True where the column is missing."""
        if column.is_text:
            return str(self.node("Equal", column.tensor, self.constant([[MISSING]], object)))
        return str(self.node("IsNaN", column.tensor))

    def where(self, condition: str, yes: str, no: str) -> str:
        """Select element-wise: `yes` where the condition is true, else `no`."""
        return str(self.node("Where", condition, yes, no))

    def model(self, metadata: Mapping[str, str] | None = None) -> onnx.ModelProto:
        """The finished, checked model."""
        graph = helper.make_graph(self._nodes, "pipeline", self._inputs, self._outputs, self._initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="designer")
        for key, value in (metadata or {}).items():
            entry = model.metadata_props.add()
            entry.key, entry.value = key, value
        onnx.checker.check_model(model)
        return model
