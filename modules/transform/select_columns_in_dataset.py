"""Select Columns in Dataset: keep some columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import pandas as pd

from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumns, tensor_schema
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table


def select_columns(dataset: pd.DataFrame, names: list[str], new_names: list[str]) -> pd.DataFrame:
    """Select these columns in this order, under these names."""
    return dataset[names].set_axis(new_names, axis=1)


def distinct(names: Sequence[str]) -> list[str]:
    """The names, with `_2`, `_3`, ... for repeated ones."""
    result: dict[str, None] = {}
    taken = set(names)
    for name in names:
        fresh, number = name, 1
        while fresh in result or (number > 1 and fresh in taken):
            number += 1
            fresh = f"{name}_{number}"
        result[fresh] = None
    return list(result)


class SelectColumnsInDataset(
    Module,
    category="Data Transformation",
    icon="columns-3",
    purpose="selects columns",
    by_column=True,
    suggested=1,
    synonyms=("project", "drop columns", "filter columns", "exclude"),
):
    """Keep some columns of a table and drop the others.

    Columns keep the order of the table, unless *Allow duplicates and preserve column order in selection* is on: then
    they follow the order of the rules, and a column chosen twice is repeated as `<column>_2`.

    Errors: 0001 for a name that does not exist, 0011 for a selection that matches nothing, 0059 for positions that
    cannot be parsed, 0060 for positions that do not exist.

    Example: all columns, excluding `id`.
    """

    columns: Columns = param(Columns(), label="Select columns")
    """The columns to keep."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        names = self.columns.of(dataset)
        return select_columns(dataset, names, distinct(names))

    def infer(self, dataset: Schema) -> Schema:
        names = [name for name in self.columns.of(dataset, allow_empty=True) if name in dataset]
        columns = zip(names, distinct(names), strict=True)
        chosen = tuple(replace(dataset[name], name=new) for name, new in columns)
        return Schema(chosen, dataset.complete)

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        names = self.columns.of(tensor_schema(dataset))
        return {new: dataset[name] for name, new in zip(names, distinct(names), strict=True)}

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        names = self.columns.of(dataset.schema)
        return (script.call(select_columns, dataset, names, distinct(names), result="selected"),)
