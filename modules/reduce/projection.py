"""Project numeric columns onto fewer, by a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import Columns, Rule
from designer.contract.spread import without_rounding
from designer.contract.values import Table

from ..columns.cells import numbers
from ..columns.chosen import NUMBERS, require_free, require_present, wrong_kind

NUMERIC_FEATURES = Columns(
    rules=(
        Rule(by="kinds", kinds=("Numeric",)),
        Rule(action="exclude", by="roles", roles=("Label", "Score", "None")),
    )
)

LARGEST = 1e150


def matrix_of(dataset: pd.DataFrame, columns: list[str]) -> np.ndarray[Any, Any]:
    """Numeric columns as a float64 matrix, NaN where missing."""
    cells = np.empty((len(dataset), len(columns)), order="F")
    for place, name in enumerate(columns):
        series = dataset[name]
        cells[:, place] = series if series.dtype.name in ("int64", "float64") else numbers(series)
    return cells


def varying_matrix(dataset: pd.DataFrame, columns: list[str]) -> np.ndarray[Any, Any]:
    """The matrix to fit directions to: cells that differ only by rounding error are made equal."""
    cells = matrix_of(dataset, columns)
    for place in range(len(columns)):
        cells[:, place] = without_rounding(cells[:, place])
    return cells


def apply_projection(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Replace the selected columns by the projected ones, appended; missing where a selected cell is."""
    with np.errstate(all="ignore"):
        cells = matrix_of(dataset, learned["columns"])
        cells -= learned["center"]
        if set(learned["scale"]) != {1.0}:
            cells /= learned["scale"]
        coordinates = cells @ np.array(learned["weights"])
    gone = set() if learned["keep"] else set(learned["columns"])
    kept = [name for name in dataset.columns if name not in gone]
    projected = pd.DataFrame(coordinates, dataset.index, pd.Index(learned["names"], dtype="str"), copy=False)
    return pd.concat([dataset[kept], projected], axis=1)


class Projection(Transform):
    """A transformation whose state holds columns, center, scale and weights of a projection."""

    applies = apply_projection

    def apply(self, state: Any, dataset: Table) -> Table:
        require_projectable(dataset, state)
        return apply_projection(dataset, state)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        return projection_tensors(state, graph, dataset)


def require_projectable(dataset: Table, state: dict[str, Any]) -> None:
    """Raise if a table lacks a projected column, has it with another type, or has a new column's name."""
    schema = Schema.of(dataset)
    require_present(schema, state["columns"])
    for name in state["columns"]:
        if schema[name].kind not in NUMBERS:
            raise wrong_kind(schema, name, NUMBERS, "", "Convert it with Edit Metadata.").at(parameter=None)
    kept = schema.names if state["keep"] else [name for name in schema.names if name not in state["columns"]]
    require_free(state["names"], kept)


def projected_schema(dataset: Schema, columns: Sequence[str], names: Sequence[str], keep: bool) -> Schema:
    """The columns after a projection."""
    kept = dataset if keep else dataset.drop(columns)
    return kept.append(*(Column(name, Kind.DECIMAL) for name in names))


def projection_tensors(state: dict[str, Any], graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
    """The projection in an ONNX graph: subtract, divide, multiply by the weights."""
    matrix = graph.matrix({name: dataset[name] for name in state["columns"]})
    centered = graph.node("Sub", matrix, graph.constant([state["center"]]))
    scaled = graph.node("Div", centered, graph.constant([state["scale"]]))
    names = state["names"]
    product = graph.node("MatMul", scaled, graph.constant(state["weights"]))
    parts = [product] if len(names) == 1 else graph.node("Split", product, outputs=len(names), axis=1, num_outputs=len(names))  # noqa: E501  # fmt: skip
    gone = set() if state["keep"] else set(state["columns"])
    kept = {name: column for name, column in dataset.items() if name not in gone}
    return kept | {n: TensorColumn(t, Kind.DECIMAL, Role.FEATURE) for n, t in zip(names, parts, strict=True)}
