"""Select Columns Transform: store a table's columns, to select them in others."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd

from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumns
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Known, Table, Transformation


def column_names(dataset: pd.DataFrame) -> list[str]:
    """The names of the columns in order."""
    return list(dataset.columns)


def cut_to(dataset: pd.DataFrame, learned: list[str]) -> pd.DataFrame:
    """The stored columns that the table has."""
    return dataset[[name for name in learned if name in dataset.columns]]


class SelectColumnsTransform(
    Transform, category="Data Transformation", icon="list-checks", synonyms=("feature selection", "projection")
):
    """Store the columns of a table as a transformation.

    Apply Transformation then selects the same columns of another table, in the same order; columns missing from the
    table are skipped, so rows without a label work too. Use it with Filter Based Feature Selection, to select the
    columns chosen on training data in data to score.

    Errors: 0003 if the table is missing.

    Example: fitted on `age, income`, it reduces `id, age, city, income` to `age, income`.
    """

    fits = column_names
    applies = cut_to

    @property
    def learns(self) -> bool:
        """Only names are stored."""
        return False

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {}

    def run(
        self, dataset: Annotated[Table, "Dataset with desired columns"]
    ) -> Annotated[Transformation, "Columns selection transformation"]:
        return self.transformation(column_names(dataset))

    def infer(self, dataset: Schema) -> Known:  # type: ignore[override]
        return self.transformation(dataset.names) if dataset.complete else None

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        return Schema.unknown() if state is None else dataset.select(state)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        return {name: dataset[name] for name in state if name in dataset}

    def to_python(self, script: Script, *inputs: Variable, **named: Variable) -> tuple[str, ...]:
        (dataset,) = (*inputs, *named.values())
        learned = script.call(column_names, dataset, result="columns")
        script.include(cut_to)
        script.require("from functools import partial")
        transformation = script.variable("transformation")
        script.line(f"{transformation} = partial({cut_to.__name__}, learned={learned})")
        return (transformation,)
