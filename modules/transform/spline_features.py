"""Spline Features: replace numbers by smooth bumps, so that a linear model can follow a curve."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidValues, TooFewRows
from designer.contract.estimator import Transform
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.selection import Columns
from designer.contract.values import Table, Transformation

from ..columns.cells import numbers, with_columns
from ..columns.chosen import NUMBERS, chosen, require_finite, require_free


def learn_splines(
    dataset: pd.DataFrame, columns: list[str], knots: int, degree: int, quantiles: bool, **settings: Any
) -> dict[str, Any]:
    """The knots of each column, at quantiles or at equal distances over its range."""
    learned: dict[str, list[float]] = {}
    for name in columns:
        cells = numbers(dataset[name]).dropna().to_numpy()
        low, high = (float(cells.min()), float(cells.max())) if len(cells) else (0.0, 1.0)
        if low == high:
            low, high = low - 0.5, low + 0.5
        with np.errstate(over="ignore", invalid="ignore"):
            places = np.percentile(cells, np.linspace(0, 100, knots)) if quantiles and len(cells) else np.zeros(knots)
            if not (np.diff(places) > 0).all():
                places = np.linspace(low, high, knots)
        learned[name] = places.tolist()
    return {"knots": learned, "degree": degree, **settings}


def apply_splines(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Append the splines of each column, or put them in its place; columns missing from the table are skipped."""
    columns = {name: knots for name, knots in learned["knots"].items() if name in dataset.columns}
    splines = {}
    for name, knots in columns.items():
        values = spline_values(numbers(dataset[name]).to_numpy(), knots, learned["degree"], learned["outside"])
        for number in range(values.shape[1]):
            splines[f"{name}_spline_{number + 1}"] = pd.Series(values[:, number], index=dataset.index)
    kept = dataset if learned["keep"] else dataset.drop(columns=list(columns))
    return with_columns(kept, splines)


def spline_values(cells: np.ndarray[Any, Any], knots: list[float], degree: int, outside: str) -> np.ndarray[Any, Any]:
    """The values of all splines but the last at each number; missing ones stay missing."""
    spline = basis(knots, degree)
    inside = np.clip(cells, knots[0], knots[-1])
    values = spline(inside)
    if outside == "Straight line":
        slopes = spline(np.array([knots[0], knots[-1]]), nu=1)
        values += np.minimum(cells - knots[0], 0)[:, None] * slopes[0]
        values += np.maximum(cells - knots[-1], 0)[:, None] * slopes[1]
    return np.asarray(values)


def basis(knots: list[float], degree: int) -> Any:
    """The B-splines of a degree over the knots but the last one: all of them add up to 1 everywhere."""
    from scipy.interpolate import BSpline

    first, last = knots[1] - knots[0], knots[-1] - knots[-2]
    steps = np.arange(1, degree + 1)
    all_knots = [*(knots[0] - first * steps[::-1]), *knots, *(knots[-1] + last * steps)]
    count = len(knots) + degree - 1
    return BSpline(np.array(all_knots), np.eye(count)[:, : count - 1], degree)


class WithSplines(NamedTuple):
    """The outputs of Spline Features."""

    transformed_dataset: Table
    transformation_function: Transformation


class SplineFeatures(
    Transform,
    category="Data Transformation",
    icon="spline",
    synonyms=("b-spline", "basis", "nonlinear", "curve", "smooth", "additive model"),
):
    """Replace numbers by smooth bumps, so that a linear model can follow a curve.

    Each column becomes knots + degree - 2 B-splines named `<column>_spline_<n>`: bumps between 0 and 1 over overlapping
    parts of its range, of which a linear model learns the heights. The last bump is left out, since all of them add up
    to 1. Knots lie at quantiles, so that each part holds equally many rows, or at equal distances; quantiles that
    coincide are replaced by equal distances. Beyond the range that was learned, the bumps keep their value at its end,
    or go on in a straight line. Missing values stay missing.

    The columns are those of scikit-learn's SplineTransformer with `include_bias=False`; see Eilers and Marx, Flexible
    Smoothing with B-splines and Penalties (1996).

    Errors: 0017 for a non-numeric column, 0021 for a table without rows, 0028 if a new column name is taken, 0033 for
    infinite values, 0039 for values too large to place knots between.

    Example: 5 knots of degree 3 turn `age` into `age_spline_1` to `age_spline_6`.
    """

    fits = learn_splines
    applies = apply_splines

    columns: Columns = param(Columns.of_kind("Numeric"), label="Columns")
    """The numeric columns to replace."""

    knots: int = param(5, label="Number of knots", ge=2, le=100)
    """Places where the pieces of the curve meet, both ends included."""

    degree: int = param(3, label="Degree", ge=1, le=5)
    """The degree of the pieces: 1 for straight lines, 3 for smooth curves."""

    placement: Literal["Quantiles", "Equal distances"] = param("Quantiles", label="Placement of the knots")
    """Where the knots lie."""

    outside: Literal["Constant", "Straight line"] = param("Constant", label="Beyond the learned range")
    """The values of the splines below the first and above the last knot."""

    keep: bool = param(False, label="Keep the original columns")
    """Append the splines instead of putting them in the place of their column."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {
            "columns": chosen(self.columns, dataset, NUMBERS, "Columns"),
            "knots": self.knots,
            "degree": self.degree,
            "quantiles": self.placement == "Quantiles",
            "outside": self.outside,
            "keep": self.keep,
        }

    def fit(self, dataset: Table) -> dict[str, Any]:
        if len(dataset) == 0:
            raise TooFewRows("the table has no rows", "Knots need at least one row.", port="Dataset")
        arguments = self.arguments(dataset)
        require_finite(dataset, arguments["columns"], "Columns")
        learned = learn_splines(dataset, **arguments)
        for name, knots in learned["knots"].items():
            with np.errstate(over="ignore", invalid="ignore"):
                widths = np.diff(knots)
            if not (np.isfinite(widths) & (widths > 0)).all():
                problem = f"no knots fit between the numbers of column '{name}'"
                raise InvalidValues(problem, "Clip or divide them first.", parameter="Columns", column=name)
        return learned

    def run(self, dataset: Table) -> WithSplines:
        return WithSplines(*self.fitted(dataset))

    def apply(self, state: Any, dataset: Table) -> Table:
        names = [name for name in state["knots"] if name in dataset.columns]
        require_free(self._new_names(names), [name for name in dataset.columns if self.keep or name not in names])
        return apply_splines(dataset, state)

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        if state is None:
            names = chosen(self.columns, dataset, NUMBERS, "Columns", lenient=True)
        else:
            names = [name for name in state["knots"] if name in dataset]
        kept = dataset if self.keep else dataset.drop(names)
        return kept.append(*(Column(name, Kind.DECIMAL) for name in self._new_names(names)))

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        columns = {name: knots for name, knots in state["knots"].items() if name in dataset}
        tensors = {name: cell for name, cell in dataset.items() if self.keep or name not in columns}
        for name, knots in columns.items():
            values = _spline_tensor(graph, dataset[name].tensor, knots, state["degree"], state["outside"])
            for number, new in enumerate(self._new_names([name])):
                place = graph.constant([number], np.int64)
                tensors[new] = TensorColumn(graph.node("Gather", values, place, axis=1), Kind.DECIMAL)
        return tensors

    def summary(self) -> str:
        return f"{self.knots} knots, degree {self.degree}, {self.columns}"

    def _new_names(self, names: list[str]) -> list[str]:
        return [f"{name}_spline_{n}" for name in names for n in range(1, self.knots + self.degree - 1)]


def _spline_tensor(graph: OnnxGraph, cells: str, knots: list[float], degree: int, outside: str) -> str:
    """`spline_values` as a tensor of shape [N, splines]: the polynomial of the piece that each number lies in."""
    missing = graph.node("IsNaN", cells)
    known = graph.where(missing, graph.constant([[knots[0]]]), cells)
    inside = graph.node("Clip", known, graph.constant(knots[0]), graph.constant(knots[-1]))
    piece = _piece_tensor(graph, inside, knots)
    way = graph.node("Sub", inside, graph.node("Gather", graph.constant(knots[:-1]), piece, axis=0))
    row = graph.node("Squeeze", piece, graph.constant([1], np.int64))
    first, *others = _polynomials(knots, degree)
    values = graph.node("Gather", graph.constant(first), row, axis=0)
    for coefficients in others:
        following = graph.node("Gather", graph.constant(coefficients), row, axis=0)
        values = graph.node("Add", graph.node("Mul", values, way), following)
    if outside == "Straight line":
        slopes = basis(knots, degree)(np.array([knots[0], knots[-1]]), nu=1)
        beyond = graph.node("Sub", known, inside)
        below = graph.node("Less", beyond, graph.constant([[0.0]]))
        slope = graph.where(below, graph.constant(slopes[:1]), graph.constant(slopes[1:]))
        values = graph.node("Add", values, graph.node("Mul", beyond, slope))
    return graph.where(missing, graph.constant([[np.nan]]), values)


def _piece_tensor(graph: OnnxGraph, inside: str, knots: list[float]) -> str:
    """The number of the piece that each number lies in, of shape [N, 1]."""
    reached = graph.node("GreaterOrEqual", inside, graph.constant([knots[:-1]]))
    count = graph.node("ReduceSum", graph.node("Cast", reached, to=7), graph.constant([1], np.int64), keepdims=1)
    return str(graph.node("Sub", count, graph.constant([[1]], np.int64)))


def _polynomials(knots: list[float], degree: int) -> list[np.ndarray[Any, Any]]:
    """The coefficients of each piece in the way from its left knot, of shape [pieces, splines], highest power first."""
    from math import factorial

    spline, left = basis(knots, degree), np.array(knots[:-1])
    return [spline(left, nu=order) / factorial(order) for order in range(degree, -1, -1)]
