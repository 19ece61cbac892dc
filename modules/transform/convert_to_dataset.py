"""Convert to Dataset: mark missing values, or replace a value."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.module import Module
from designer.contract.onnx import MISSING, OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Table

from ..columns.cells import with_columns
from .cell_values import cell_value, missing_cell, replaced

SET, REPLACE = "SetMissingValues", "ReplaceValues"


class ConvertToDataset(
    Module, category="Data Transformation", icon="database", synonyms=("missing marker", "sentinel", "replace value")
):
    """Mark cells as missing, or replace one value by another, in all columns.

    Only the whole cell must match, exactly: `obs.` is not `obs`. The value is parsed in the type of each column; a
    column whose type cannot hold it, or cannot hold the new value, is unchanged.

    Errors: 0003 if the table is missing.

    Example: `Action = SetMissingValues, Custom missing value = -999` makes every -999 missing.
    """

    action: Literal["None", "SetMissingValues", "ReplaceValues"] = param("None")
    """The action on cells."""

    missing_value: str = param("?", label="Custom missing value", when={"action": SET})
    """The value to mark as missing."""

    replace: Literal["Missing", "Custom"] = param("Missing", when={"action": REPLACE})
    """Whether to replace missing values or cells with a given value."""

    custom_value: str = param("", label="Custom value", when={"action": REPLACE, "replace": "Custom"})
    """The value to replace."""

    new_value: str = param("0", label="New value", when={"action": REPLACE})
    """The new value."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        return replace_cells(dataset, self._old, self._new) if self.action != "None" else dataset.copy(deep=False)

    def infer(self, dataset: Schema) -> Schema:
        new = self._new
        if self.action == "None" or new is None:
            return dataset
        return dataset.map(lambda column: type(column)(column.name, column.kind, column.role))

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        if self.action == "None":
            return dataset
        return {name: _tensor(graph, column, self._old, self._new) for name, column in dataset.items()}

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        if self.action == "None":
            return (dataset.name,)
        return (script.call(replace_cells, dataset, self._old, self._new, result="converted"),)

    @property
    def _old(self) -> str | None:
        """The value to replace; None for missing cells."""
        if self.action == SET:
            return self.missing_value
        return self.custom_value if self.replace == "Custom" else None

    @property
    def _new(self) -> str | None:
        return None if self.action == SET else self.new_value


def replace_cells(dataset: pd.DataFrame, old: str | None, new: str | None) -> pd.DataFrame:
    """Replace cells equal to `old` (None: missing) by `new` (None: missing)."""
    return with_columns(dataset, {name: replaced(dataset[name], old, new) for name in dataset.columns})


def _tensor(graph: OnnxGraph, column: TensorColumn, old: str | None, new: str | None) -> TensorColumn:
    sample = {Kind.BOOLEAN: "bool", Kind.INTEGER: "int64", Kind.DECIMAL: "float64", Kind.DATETIME: "datetime64[us]"}
    dtype = sample.get(column.kind, "str")
    target, written = (missing_cell() if text is None else cell_value(text, dtype, []) for text in (old, new))
    if target is None or written is None:
        return column
    hit = (
        graph.is_missing(column)
        if old is None
        else graph.node("Equal", column.tensor, _constant(graph, target, column))
    )
    return TensorColumn(graph.where(hit, _constant(graph, written, column), column.tensor), column.kind, column.role)


def _constant(graph: OnnxGraph, value: Any, column: TensorColumn) -> str:
    if column.is_text:
        return graph.constant([[MISSING if value is pd.NaT else str(value)]], object)
    if isinstance(value, pd.Timestamp):
        return graph.constant([[value.tz_localize("UTC").timestamp()]])
    return graph.constant([[np.nan if value is pd.NaT else float(value)]])
