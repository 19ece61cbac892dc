"""An ONNX graph in double precision, as a value; `inference.onnx_model` writes it. A table is columns of shape [N, 1].

Numbers, booleans (0/1) and dates (seconds since 1970) are double tensors with NaN for missing; text is a string
tensor with MISSING for missing cells, since strings of onnxruntime cannot be null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from designer.contract.schema import Column, Kind, Role, Schema

MISSING = "\u0000missing"


class ElementType(IntEnum):
    """Types of tensor elements, with their numbers in `TensorProto.DataType` of the ONNX specification."""

    FLOAT = 1
    INT64 = 7
    STRING = 8
    BOOL = 9
    DOUBLE = 11


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

    @property
    def element_type(self) -> ElementType:
        """The type of the tensor's elements."""
        return ElementType.STRING if self.is_text else ElementType.DOUBLE


TensorColumns = Mapping[str, TensorColumn]
"""A table inside the graph: its columns in order."""


def tensor_schema(columns: TensorColumns) -> Schema:
    """The schema of a table inside the graph, for column selections."""
    return Schema(tuple(Column(name, column.kind, column.role) for name, column in columns.items()))


@dataclass(frozen=True)
class Operator:
    """One operator of a graph; attributes are numbers, texts, lists of these, and arrays, which become tensors."""

    type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    domain: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


class OnnxGraph:
    """Builder of an ONNX graph: operators are appended, every tensor gets a unique name."""

    def __init__(self) -> None:
        self.operators: list[Operator] = []
        self.constants: dict[str, np.ndarray[Any, Any]] = {}
        self.inputs: dict[str, ElementType] = {}
        self.outputs: dict[str, ElementType] = {}
        self._count = 0

    def name(self, hint: str = "t") -> str:
        """A unique tensor name."""
        self._count += 1
        return f"{hint}_{self._count}"

    def node(self, operator: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: Any) -> Any:
        """Append an operator; returns the name of its output, or a list if it has several."""
        names = [self.name(operator) for _ in range(outputs)]
        self.operators.append(Operator(operator, inputs, tuple(names), domain, attributes))
        return names[0] if outputs == 1 else names

    def ml(self, operator: str, *inputs: str, outputs: int = 1, **attributes: Any) -> Any:
        """Append an operator of the ai.onnx.ml domain."""
        return self.node(operator, *inputs, domain="ai.onnx.ml", outputs=outputs, **attributes)

    def constant(self, value: Any, dtype: Any = np.float64) -> str:
        """A constant tensor (strings: pass dtype=object)."""
        name = self.name("const")
        if dtype is object:
            array = np.asarray(value, dtype=object)
            self.constants[name] = np.array([str(cell) for cell in array.ravel()], dtype=object).reshape(array.shape)
        else:
            self.constants[name] = np.ascontiguousarray(value, dtype=dtype)
        return name

    def input_table(self, schema: Schema) -> dict[str, TensorColumn]:
        """Add one graph input of shape [N, 1] for each column, named like the column."""
        columns: dict[str, TensorColumn] = {}
        for column in schema:
            columns[column.name] = TensorColumn(column.name, column.kind, column.role)
            self.inputs[column.name] = columns[column.name].element_type
        return columns

    def output_table(self, columns: TensorColumns) -> None:
        """Make these columns the graph's outputs, named `out:` plus the column name, to avoid clashes with inputs."""
        for name, column in columns.items():
            self.operators.append(Operator("Identity", (column.tensor,), (f"out:{name}",)))
            self.outputs[f"out:{name}"] = column.element_type

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
