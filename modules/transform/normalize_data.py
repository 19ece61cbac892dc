"""Normalize Data: scale numeric columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidValues, NotExportable, TooFewRows
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.selection import Columns
from designer.contract.spread import above_base, whole_base, without_rounding
from designer.contract.values import Table, Transformation

from ..columns.cells import numbers, with_columns
from ..columns.chosen import NUMBERS, chosen, require_finite


def learn_scale(dataset: pd.DataFrame, columns: list[str], method: str, zero: bool) -> dict[str, Any]:
    """Center and width of each column: mean and deviation, minimum and range, or those of the logarithm; for integers
    beyond 2^53 those of their differences from a base."""
    scales: dict[str, tuple[float, float]] = {}
    bases: dict[str, int] = {}
    for name in columns:
        base = whole_base(dataset[name]) if method in ("ZScore", "MinMax") else 0
        bases |= {name: base} if base else {}
        cells = above_base(dataset[name], base)
        cells = without_rounding(cells[~np.isnan(cells)])
        if method == "LogNormal":
            cells = np.log(cells[cells > 0])
        if len(cells) == 0:
            scales[name] = (0.0, 1.0)
            continue
        with np.errstate(over="ignore"):
            if method == "MinMax":
                scales[name] = (float(cells.min()), float(cells.max() - cells.min()))
            else:
                constant = cells.min() == cells.max()
                scales[name] = (float(cells[0]), 0.0) if constant else (float(cells.mean()), float(cells.std()))
    return {"method": method, "zero": zero, "scales": scales, **({"bases": bases} if bases else {})}


def apply_scale(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Scale the columns; columns missing from the table are skipped."""
    scaled = {}
    for name, (center, width) in learned["scales"].items():
        if name in dataset.columns:
            cells = above_base(dataset[name], learned.get("bases", {}).get(name, 0))
            cells = rescaled(cells, center, width, learned["method"], learned["zero"])
            scaled[name] = pd.Series(cells, index=dataset.index, copy=False)
    return with_columns(dataset, scaled)


def rescaled(cells: np.ndarray[Any, Any], center: float, width: float, method: str, zero: bool) -> Any:
    """The scaled numbers; missing ones stay missing."""
    from scipy.special import ndtr

    if method == "TanH":
        return np.tanh(cells)
    with np.errstate(all="ignore"):
        if method == "Logistic":
            return 1 / (1 + np.exp(-cells))
        if width == 0:
            return np.where(np.isnan(cells), np.nan, 0.0 if zero else np.nan)
        if method == "LogNormal":
            logs = np.log(np.where(cells > 0, cells, np.nan))
            return np.where(cells <= 0, 0.0, ndtr((logs - center) / width))
        return (cells - center) / width


class Normalized(NamedTuple):
    """The outputs of Normalize Data."""

    transformed_dataset: Table
    transformation_function: Transformation


class NormalizeData(
    Transform, category="Data Transformation", icon="ruler", synonyms=("scale", "standardize", "z-score", "min-max")
):
    """Scale numeric columns to a common range.

    ZScore is (x - mean) / deviation with the population standard deviation; MinMax is (x - min) / (max - min); Logistic
    is 1 / (1 + exp(-x)); LogNormal is the distribution function of the log-normal distribution fitted to the column;
    TanH is tanh(x). Missing values stay missing. The transformation applies the learned parameters to other tables:
    their values may leave the range, they are not clipped. A constant column, or one whose values differ only by
    rounding error, becomes 0, or missing if that is switched off. Columns become decimal, in place; integers keep full
    precision until then.

    Errors: 0017 for a non-numeric column, 0021 for a table without rows, 0033 for infinite values, 0039 for
    non-positive values with LogNormal or values too large to scale.

    Example: 1, 2, 3 by MinMax become 0, 0.5, 1; a later 5 becomes 2.
    """

    fits = learn_scale
    applies = apply_scale

    method: Literal["ZScore", "MinMax", "Logistic", "LogNormal", "TanH"] = param(
        "ZScore", label="Transformation method"
    )
    """The scaling method."""

    zero_for_constant: bool = param(
        True, label="Use 0 for constant columns when checked", when={"method": ("ZScore", "MinMax", "LogNormal")}
    )
    """Set constant columns to 0; otherwise they become missing."""

    columns: Columns = param(Columns.of_kind("Numeric"), label="Columns to transform")
    """The numeric columns to scale."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {
            "columns": chosen(self.columns, dataset, NUMBERS, "Columns to transform"),
            "method": self.method,
            "zero": self.zero_for_constant,
        }

    def run(self, dataset: Table) -> Normalized:
        return Normalized(*self.fitted(dataset))

    @property
    def learns(self) -> bool:
        """The logistic function and tanh do not depend on other rows."""
        return self.method in ("ZScore", "MinMax", "LogNormal")

    def fit(self, dataset: Table) -> dict[str, Any]:
        if len(dataset) == 0:
            raise TooFewRows("the table has no rows", "Scaling needs at least one row.", port="Dataset")
        arguments = self.arguments(dataset)
        require_finite(dataset, arguments["columns"], "Columns to transform")
        if self.method == "LogNormal":
            self._require_positive(dataset, arguments["columns"])
        learned = learn_scale(dataset, **arguments)
        vast = next((name for name, scale in learned["scales"].items() if not np.isfinite(scale).all()), None)
        if vast is not None and self.learns:
            raise InvalidValues(
                f"the numbers of column '{vast}' are too large to be scaled",
                "Clip or divide them first.",
                parameter="Columns to transform",
                column=vast,
            )
        return learned

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        names = (
            chosen(self.columns, dataset, NUMBERS, "Columns to transform", lenient=True)
            if state is None
            else state["scales"]
        )
        return dataset.map(lambda column: replace(column, kind=Kind.DECIMAL), names)

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        scaled = dict(dataset)
        for name, (center, width) in state["scales"].items():
            if name in state.get("bases", {}):
                raise NotExportable(
                    f"'{name}' holds whole numbers beyond 2^53, which ONNX rounds", "Subtract a number."
                )
            if name in dataset:
                scaled[name] = TensorColumn(_tensor(graph, dataset[name].tensor, center, width, state), Kind.DECIMAL)
        return scaled

    def summary(self) -> str:
        return f"{self.method}, {self.columns}"

    def _require_positive(self, dataset: Table, columns: list[str]) -> None:
        for name in columns:
            if (numbers(dataset[name]) <= 0).any():
                raise InvalidValues(
                    f"column '{name}' holds values that are not positive",
                    "LogNormal needs positive values.",
                    parameter="Columns to transform",
                    column=name,
                )


def _tensor(graph: OnnxGraph, cells: str, center: float, width: float, state: dict[str, Any]) -> str:
    if state["method"] == "TanH":
        return str(graph.node("Tanh", cells))
    if state["method"] == "Logistic":
        one = graph.constant([[1.0]])
        return str(graph.node("Div", one, graph.node("Add", one, graph.node("Exp", graph.node("Neg", cells)))))
    if width == 0:
        missing, value = graph.constant([[np.nan]]), graph.constant([[0.0 if state["zero"] else np.nan]])
        return graph.where(graph.node("IsNaN", cells), missing, value)
    if state["method"] == "LogNormal":
        raise NotExportable("LogNormal has no exact ONNX form", "Use ZScore or MinMax.")
    return str(graph.node("Div", graph.node("Sub", cells, graph.constant([[center]])), graph.constant([[width]])))
