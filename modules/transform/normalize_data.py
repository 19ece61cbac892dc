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

MOST_QUANTILES = 1000


def learn_scale(dataset: pd.DataFrame, columns: list[str], method: str, zero: bool) -> dict[str, Any]:
    """Center and width of each column: mean and deviation, minimum and range, or those of the logarithm; for integers
    beyond 2^53 those of their differences from a base. For Quantile also its quantiles."""
    scales: dict[str, tuple[float, float]] = {}
    quantiles: dict[str, list[list[float]]] = {}
    bases: dict[str, int] = {}
    for name in columns:
        base = whole_base(dataset[name]) if method in ("ZScore", "MinMax", "Quantile") else 0
        bases |= {name: base} if base else {}
        cells = above_base(dataset[name], base)
        cells = without_rounding(cells[~np.isnan(cells)])
        if method == "LogNormal":
            cells = np.log(cells[cells > 0])
        if len(cells) == 0:
            scales[name] = (0.0, 1.0)
            continue
        with np.errstate(over="ignore"):
            if method == "Quantile":
                quantiles[name] = ranks(cells)
            if method in ("MinMax", "Quantile"):
                scales[name] = (float(cells.min()), float(cells.max() - cells.min()))
            else:
                constant = cells.min() == cells.max()
                scales[name] = (float(cells[0]), 0.0) if constant else (float(cells.mean()), float(cells.std()))
    return {"method": method, "zero": zero, "scales": scales, **({"bases": bases} if bases else {}),
            **({"quantiles": quantiles} if quantiles else {})}  # fmt: skip


def ranks(cells: np.ndarray[Any, Any]) -> list[list[float]]:
    """Up to 1,000 distinct quantiles in ascending order, and the shares of values below and up to each."""
    shares = np.linspace(0, 1, min(MOST_QUANTILES, len(cells)) if len(cells) > 1 else 2)
    places = np.maximum.accumulate(np.percentile(cells, 100 * shares))
    distinct, first, counts = np.unique(places, return_index=True, return_counts=True)
    return [distinct.tolist(), shares[first].tolist(), shares[first + counts - 1].tolist()]


def apply_scale(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Scale the columns; columns missing from the table are skipped."""
    scaled = {}
    for name, (center, width) in learned["scales"].items():
        if name in dataset.columns:
            cells = above_base(dataset[name], learned.get("bases", {}).get(name, 0))
            if name in learned.get("quantiles", {}) and width > 0:
                cells = ranked(cells, *map(np.array, learned["quantiles"][name]))
            else:
                cells = rescaled(cells, center, width, learned["method"], learned["zero"])
            scaled[name] = pd.Series(cells, index=dataset.index, copy=False)
    return with_columns(dataset, scaled)


def ranked(
    cells: np.ndarray[Any, Any], places: np.ndarray[Any, Any], low: np.ndarray[Any, Any], high: np.ndarray[Any, Any]
) -> Any:
    """The share of values below each number, interpolated between quantiles; the middle share of those equal to one."""
    last = len(places) - 1
    at = np.clip(np.searchsorted(places, cells, side="right") - 1, 0, last)
    slopes = np.append((low[1:] - high[:-1]) / np.diff(places), 0.0)
    between = high[at] + (cells - places[at]) * slopes[at]
    middle = (low + high) / 2
    middle[0], middle[last] = 0.0, 1.0
    shares = np.where(cells == places[at], middle[at], between)
    return np.where(cells < places[0], 0.0, np.where(cells > places[last], 1.0, shares))


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
    Transform,
    category="Data Transformation",
    icon="ruler",
    synonyms=("scale", "standardize", "z-score", "min-max", "rank", "quantile transformer"),
):
    """Scale numeric columns to a common range.

    ZScore is (x - mean) / deviation with the population standard deviation; MinMax is (x - min) / (max - min); Logistic
    is 1 / (1 + exp(-x)); LogNormal is the distribution function of the log-normal distribution fitted to the column;
    TanH is tanh(x). Quantile is the share of values below, from 0 to 1, interpolated between up to 1,000 quantiles, as
    scikit-learn's QuantileTransformer: the column becomes uniform, and values beyond its range become 0 or 1.

    Missing values stay missing. The transformation applies the learned parameters to other tables: with the other
    methods their values may leave the range, they are not clipped. A constant column, or one whose values differ only
    by rounding error, becomes 0, or missing if that is switched off. Columns become decimal, in place; integers keep
    full precision until then.

    Errors: 0017 for a non-numeric column, 0021 for a table without rows, 0033 for infinite values, 0039 for
    non-positive values with LogNormal or values too large to scale.

    Example: 1, 2, 3 by MinMax become 0, 0.5, 1; a later 5 becomes 2.
    """

    fits = learn_scale
    applies = apply_scale

    method: Literal["ZScore", "MinMax", "Logistic", "LogNormal", "TanH", "Quantile"] = param(
        "ZScore", label="Transformation method"
    )
    """The scaling method."""

    zero_for_constant: bool = param(
        True,
        label="Use 0 for constant columns when checked",
        when={"method": ("ZScore", "MinMax", "LogNormal", "Quantile")},
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
        return self.method in ("ZScore", "MinMax", "LogNormal", "Quantile")

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
                cells = dataset[name].tensor
                is_ranked = name in state.get("quantiles", {}) and width > 0
                ends = state["quantiles"][name] if is_ranked else ()
                tensor = _ranked(graph, cells, *ends) if is_ranked else _tensor(graph, cells, center, width, state)
                scaled[name] = TensorColumn(tensor, Kind.DECIMAL)
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


def _ranked(graph: OnnxGraph, cells: str, places: list[float], low: list[float], high: list[float]) -> str:
    """`ranked` as a tensor of shape [N, 1]."""
    slopes = np.append((np.array(low[1:]) - np.array(high[:-1])) / np.diff(places), 0.0)
    middle = (np.array(low) + np.array(high)) / 2
    middle[0], middle[-1] = 0.0, 1.0
    reached = graph.node("Cast", graph.node("GreaterOrEqual", cells, graph.constant([places])), to=7)
    count = graph.node("ReduceSum", reached, graph.constant([1], np.int64), keepdims=1)
    at = graph.node("Max", graph.node("Sub", count, graph.constant([[1]], np.int64)), graph.constant([[0]], np.int64))
    place, start, slope, tied = (
        graph.node("Gather", graph.constant(row), at, axis=0) for row in (places, high, slopes, middle)
    )
    between = graph.node("Add", start, graph.node("Mul", graph.node("Sub", cells, place), slope))
    shares = graph.where(graph.node("Equal", cells, place), tied, between)
    zero, one = graph.constant([[0.0]]), graph.constant([[1.0]])
    shares = graph.where(graph.node("Greater", cells, graph.constant([[places[-1]]])), one, shares)
    return graph.where(graph.node("Less", cells, graph.constant([[places[0]]])), zero, shares)
