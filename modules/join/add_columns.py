"""Add Columns: put two tables side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
import pandas as pd

from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Table

from .keys import taken_rows


class AddColumns(
    Module,
    category="Data Transformation",
    icon="columns-3",
    synonyms=("concatenate", "concat", "side by side", "bind columns"),
):
    """Put the columns of two tables side by side.

    Rows are paired by position; the shorter table is padded with missing values. A name present in both tables gets the
    suffix `_1` on the left and `_2` on the right.

    Errors: 0003 if a table is missing.

    Example: `id, score` beside `id, city` gives `id_1, score, id_2, city`.
    """

    def run(self, left_dataset: Table, right_dataset: Table) -> Annotated[Table, "Combined dataset"]:
        names = combined_names(list(left_dataset.columns), list(right_dataset.columns))
        return side_by_side(left_dataset, right_dataset, names)

    def infer(self, left_dataset: Schema, right_dataset: Schema) -> Schema:
        names = combined_names(left_dataset.names, right_dataset.names)
        columns = zip((*left_dataset, *right_dataset), names, strict=True)
        both = left_dataset.complete and right_dataset.complete
        return Schema(tuple(replace(column, name=name) for column, name in columns), both)

    def to_onnx(self, graph: OnnxGraph, left_dataset: TensorColumns, right_dataset: TensorColumns) -> TensorColumns:
        names = combined_names(list(left_dataset), list(right_dataset))
        return dict(zip(names, (*left_dataset.values(), *right_dataset.values()), strict=True))

    def to_python(self, script: Script, left_dataset: Variable, right_dataset: Variable) -> tuple[str, ...]:
        names = combined_names(left_dataset.schema.names, right_dataset.schema.names)
        return (script.call(side_by_side, left_dataset, right_dataset, names, result="combined"),)


def combined_names(left: list[str], right: list[str]) -> list[str]:
    """The unique names of left and right columns; clashes get `_1` and `_2`."""
    shared = set(left) & set(right)
    used = (set(left) | set(right)) - shared
    names = []
    for side, columns in (("_1", left), ("_2", right)):
        for name in columns:
            new = f"{name}{side}" if name in shared else name
            while name in shared and new in used:
                new = f"{new}{side}"
            used.add(new)
            names.append(new)
    return names


def side_by_side(left: pd.DataFrame, right: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """The columns of both tables under these names, the shorter table padded with missing values."""
    sides = [left, right]
    if len(left) != len(right):
        rows = np.arange(max(len(left), len(right)))
        sides = [taken_rows(frame, np.where(rows < len(frame), rows, -1)) for frame in sides]
    return pd.concat(sides, axis=1).set_axis(names, axis=1)
