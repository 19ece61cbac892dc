"""Clean Missing Data: fill missing values, or remove their rows or columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import (
    ConversionFailed,
    DuplicateColumns,
    InvalidParameter,
    NotExportable,
    WrongColumnType,
)
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation
from designer.contract.wording.counting import counted

from .cleaning import apply_cleaning, learn_cleaning, missing_counts, substitute, within_ratio

CUSTOM, MEAN, MEDIAN, MODE = (
    "Custom substitution value",
    "Replace with mean",
    "Replace with median",
    "Replace with mode",
)
ROW, COLUMN = "Remove entire row", "Remove entire column"
FILLING = (CUSTOM, MEAN, MEDIAN, MODE)
SUITS = {
    MEAN: (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN),
    MEDIAN: (Kind.INTEGER, Kind.DECIMAL),
    MODE: (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN, Kind.CATEGORICAL, Kind.STRING),
}


class Cleaned(NamedTuple):
    """The outputs of Clean Missing Data."""

    cleaned_dataset: Table
    cleaning_transformation: Transformation


class CleanMissingData(
    Transform,
    category="Data Transformation",
    icon="eraser",
    suggested=2,
    synonyms=("imputation", "impute", "fill", "nan", "null", "dropna"),
):
    """Fill missing values, or remove the rows or columns that contain them.

    A chosen column is cleaned if its share of missing values is between the two ratios (inclusive); other columns are
    unchanged. Mean accepts integers, decimals and booleans and converts them to decimal; median accepts integers and
    decimals and converts them to decimal; mode (the smallest of the most frequent) accepts numbers, booleans,
    categories and text; a custom value must be valid for the column's type. The module fails if the method does not
    support a chosen column with missing values. With mean, median and mode, columns without values are removed or left
    unchanged (`Propagate`). Indicator columns are named `<column>_IsMissing`.

    The transformation applies the learned values to other tables and skips columns that such a table lacks; `Remove
    entire row` also removes rows of such tables. Which columns are removed is known only after a run.

    Errors: 0008 for ratios in the wrong order, 0017 for a column the method does not support, 0002 for a custom value
    of another type.

    Example: ages 20, 40 and a missing one, replaced with the mean, become 20, 40, 30.
    """

    fits = learn_cleaning
    applies = apply_cleaning

    columns: Columns = param(Columns.all(), label="Columns to be cleaned")
    """The columns to clean."""

    minimum_ratio: float = param(0.0, ge=0, le=1, label="Minimum missing value ratio")
    """Clean a column if at least this share of its values is missing."""

    maximum_ratio: float = param(1.0, ge=0, le=1, label="Maximum missing value ratio")
    """Clean a column if at most this share of its values is missing."""

    mode: Literal[
        "Custom substitution value",
        "Replace with mean",
        "Replace with median",
        "Replace with mode",
        "Remove entire row",
        "Remove entire column",
    ] = param(CUSTOM, label="Cleaning mode")
    """How to treat missing values."""

    value: str = param("0", label="Replacement value", when={"mode": CUSTOM}, required=False)
    """The replacement for missing values, valid for the column's type."""

    empty_columns: Literal["Remove", "Propagate"] = param(
        "Remove", label="Cols with all missing values", when={"mode": (MEAN, MEDIAN, MODE)}
    )
    """How to treat columns without values."""

    indicate: bool = param(False, label="Generate missing value indicator column", when={"mode": FILLING})
    """Add an indicator column of missing values per cleaned column."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {
            "columns": self.columns.of(dataset),
            "mode": self.mode,
            "lowest": self.minimum_ratio,
            "highest": self.maximum_ratio,
            "value": self.value,
            "keep_empty": self.empty_columns == "Propagate",
            "indicate": self.indicate and self.mode in FILLING,
        }

    @property
    def learns(self) -> bool:
        """Means, medians and modes are learned; a custom value and removal are not."""
        return self.mode in ("Replace with mean", "Replace with median", "Replace with mode")

    def run(self, dataset: Table) -> Cleaned:
        return Cleaned(*self.fitted(dataset))

    def fit(self, dataset: Table) -> dict[str, Any]:
        if self.minimum_ratio > self.maximum_ratio:
            raise InvalidParameter(
                f"the minimum ratio {self.minimum_ratio:g} is above the maximum {self.maximum_ratio:g}",
                "Swap them.",
                parameter="Minimum missing value ratio",
            )
        arguments = self.arguments(dataset)
        if self.mode == ROW:
            return learn_cleaning(dataset, **arguments)
        schema, missing = Schema.of(dataset), missing_counts(dataset, arguments["columns"])
        for name in within_ratio(missing, len(dataset), self.minimum_ratio, self.maximum_ratio):
            if missing[name]:
                self._refuse_unfit(schema[name], dataset[name])
            if arguments["indicate"] and f"{name}_IsMissing" in dataset.columns:
                raise DuplicateColumns(f"there is a column '{name}_IsMissing' already", "Rename it first.")
        return learn_cleaning(dataset, **arguments, missing=missing)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is not None:
            return _after(dataset, state["decimal"], state["remove"], state["indicate"])
        chosen = self.columns.of(dataset, allow_empty=True)
        certain = self.minimum_ratio == 0 and self.maximum_ratio == 1
        changed = [n for n in chosen if dataset[n].kind in DECIMAL_AFTER.get(self.mode, ())]
        if self.mode == CUSTOM:
            dataset = dataset.map(lambda c: replace(c, categories=None), chosen)
        if self.mode == COLUMN:
            return dataset.drop(chosen).open()
        indicated = chosen if self.indicate and self.mode in FILLING else []
        if certain:
            return _after(dataset, changed, [], indicated)
        return dataset.drop(changed).open() if changed or indicated else dataset

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        if state["rows"]:
            raise NotExportable("removes rows of the request", "Replace missing values instead.")
        cleaned = {name: column for name, column in dataset.items() if name not in state["remove"]}
        for name in state["indicate"]:
            if name in dataset:
                missing = graph.node("Cast", graph.is_missing(dataset[name]), to=11)
                cleaned[f"{name}_IsMissing"] = TensorColumn(missing, Kind.BOOLEAN)
        for name, value in state["fill"].items():
            if name in cleaned:
                cleaned[name] = _filled_tensor(graph, cleaned[name], value, name in state["decimal"])
        return cleaned

    def explain(self, inputs: Any, outputs: Any) -> str:
        state, table = outputs["cleaning_transformation"].state, inputs["dataset"]
        counts = {name: int(table[name].isna().sum()) for name in state["fill"]}
        filled = {name: count for name, count in counts.items() if count}
        parts = [f"{name} with {_shown(state['fill'][name])}" for name in list(filled)[:3]]
        more = ", ..." if len(filled) > 3 else ""
        return f"{counted(sum(filled.values()), 'cell')} filled: {', '.join(parts)}{more}." if filled else ""

    def summary(self) -> str:
        return f"{self.mode}: {self.value}" if self.mode == CUSTOM else self.mode

    def _refuse_unfit(self, column: Column, series: pd.Series[Any]) -> None:
        if column.kind not in SUITS.get(self.mode, tuple(Kind)):
            raise WrongColumnType(
                f"'{self.mode}' does not fit column '{column.name}' ({column.kind})",
                "Choose another mode, or other columns.",
                parameter="Columns to be cleaned",
                column=column.name,
            )
        if self.mode == CUSTOM:
            try:
                substitute(self.value, series)
            except (ValueError, KeyError) as error:
                raise ConversionFailed(
                    f"'{self.value}' does not fit column '{column.name}' ({column.kind})",
                    "Write a value of that type, or choose other columns.",
                    parameter="Replacement value",
                    column=column.name,
                    code="0002",
                ) from error


DECIMAL_AFTER = {MEAN: (Kind.INTEGER, Kind.BOOLEAN), MEDIAN: (Kind.INTEGER,)}


def _shown(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _after(schema: Schema, decimal: list[str], removed: list[str], indicated: list[str]) -> Schema:
    changed = schema.map(lambda column: replace(column, kind=Kind.DECIMAL), decimal).drop(removed)
    flags = [Column(f"{name}_IsMissing", Kind.BOOLEAN) for name in indicated if name in schema]
    return changed.append(*flags)


def _filled_tensor(graph: OnnxGraph, column: TensorColumn, value: Any, decimal: bool) -> TensorColumn:
    if column.is_text:
        constant = graph.constant([[str(value)]], object)
    elif isinstance(value, pd.Timestamp):
        moment = value.tz_localize("UTC") if value.tzinfo is None else value
        constant = graph.constant([[moment.timestamp()]])
    else:
        constant = graph.constant([[np.float64(value)]])
    kind = Kind.DECIMAL if decimal else column.kind
    return TensorColumn(graph.where(graph.is_missing(column), constant, column.tensor), kind)
