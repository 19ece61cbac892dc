"""Compute Elementary Statistics: one statistic per chosen column."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd

from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.spread import raised
from designer.contract.values import Table

from ..columns.chosen import chosen
from .numbers import (
    apart,
    mean_deviation,
    moment,
    percentile,
    present,
    sample_kurtosis,
    sample_skewness,
    sample_variance,
    smallest_mode,
)

KINDS = (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN)
PLACES = ("Minimum", "Maximum", "Mean", "Median", "1st quartile", "3rd quartile", "Mode")
SPREADS = (
    "Range", "Interquartile range", "Sample variance", "Sample standard deviation", "Population variance",
    "Population standard deviation", "Standard error of the mean", "Mean deviation", "Median deviation",
    "Squared deviations", "Sample skewness", "Sample kurtosis",
)  # fmt: skip


def elementary_statistics(dataset: pd.DataFrame, columns: list[str], method: str) -> pd.DataFrame:
    """One row with the statistic of each column."""
    return pd.DataFrame({f"{method}({name})": [elementary_statistic(dataset[name], method)] for name in columns})


def elementary_statistic(series: pd.Series[Any], method: str) -> float:
    """One statistic of the non-missing cells; NaN if undefined."""
    cells = present(series)
    counts = {"Count": len(cells), "Missing values": len(series) - len(cells), "Distinct values": series.nunique()}
    if method in counts:
        return float(counts[method])
    with np.errstate(all="ignore"):
        if method == "Sum":
            return float(cells.sum())
        if not len(cells):
            return float("nan")
        between, base = apart(series)
        if method in SPREADS:
            return spread(between, method)
        return raised(figure(between, method), base) if base and method in PLACES else figure(cells, method)


def figure(cells: np.ndarray[Any, Any], method: str) -> float:
    """A statistic of at least one number."""
    positive = cells.min() > 0
    match method:
        case "Minimum":
            return float(cells.min())
        case "Maximum":
            return float(cells.max())
        case "Product":
            return float(cells.prod())
        case "Mean":
            return float(cells.mean())
        case "Geometric mean":
            return float(np.exp(np.log(cells).mean())) if positive else float("nan")
        case "Harmonic mean":
            return float(len(cells) / (1 / cells).sum()) if positive else float("nan")
        case "Median":
            return percentile(cells, 50)
        case "1st quartile":
            return percentile(cells, 25)
        case "3rd quartile":
            return percentile(cells, 75)
        case "Sum of squares":
            return float((cells**2).sum())
        case _:
            return smallest_mode(cells)


def spread(cells: np.ndarray[Any, Any], method: str) -> float:
    """A measure of spread."""
    variance = sample_variance(cells)
    match method:
        case "Range":
            return float(cells.max() - cells.min())
        case "Interquartile range":
            return percentile(cells, 75) - percentile(cells, 25)
        case "Sample variance":
            return variance
        case "Sample standard deviation":
            return float(np.sqrt(variance))
        case "Population variance":
            return moment(cells, 2)
        case "Population standard deviation":
            return float(np.sqrt(moment(cells, 2)))
        case "Standard error of the mean":
            return float(np.sqrt(variance / len(cells)))
        case "Mean deviation":
            return mean_deviation(cells)
        case "Median deviation":
            return float(np.median(np.abs(cells - np.median(cells))))
        case "Squared deviations":
            return moment(cells, 2) * len(cells)
        case "Sample skewness":
            return sample_skewness(cells)
        case _:
            return sample_kurtosis(cells)


class ComputeElementaryStatistics(
    Module,
    category="Statistical Functions",
    icon="sigma",
    no_onnx="a statistic needs all rows",
    synonyms=("mean", "median", "standard deviation", "variance", "sum", "describe", "average", "skewness"),
):
    """Compute one statistic per chosen column, such as a mean, a deviation or a sum.

    The result has one row and a column `<method>(<column>)` for each chosen one. Missing cells are ignored, true is 1.
    Quartiles are linearly interpolated; *Mode* is the smallest of the most frequent values; sample variance and
    deviation divide by n - 1, population ones by n; skewness and kurtosis are sample-adjusted (0 for a normal
    distribution). Undefined statistics are missing: all but counts and the sum for an empty column, the sample variance
    of one cell, skewness and kurtosis of equal cells, a geometric or harmonic mean if a number is not positive. Cells
    that differ only by rounding error count as equal in all measures of spread; integers keep full precision.

    Errors: 0011 for a selection that matches nothing, 0017 for a non-numeric column.

    Example: the sample standard deviation of 10000001, 10000003, 10000002 is 1.
    """

    method: Literal[
        "Count", "Missing values", "Distinct values", "Sum", "Product", "Minimum", "Maximum", "Range", "Mean",
        "Geometric mean", "Harmonic mean", "Median", "1st quartile", "3rd quartile", "Interquartile range", "Mode",
        "Sample standard deviation", "Sample variance", "Population standard deviation", "Population variance",
        "Standard error of the mean", "Mean deviation", "Median deviation", "Sum of squares", "Squared deviations",
        "Sample skewness", "Sample kurtosis",
    ] = param("Mean", label="Method")  # fmt: skip
    """The statistic."""

    columns: Columns = param(Columns.of_kind("Numeric"), label="Column set")
    """The numeric or boolean columns to compute it for."""

    @property
    def reads_other_rows(self) -> bool:
        """A statistic depends on all rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        return elementary_statistics(dataset, chosen(self.columns, dataset, KINDS, "Column set"), self.method)

    def infer(self, dataset: Schema) -> Schema:
        names = chosen(self.columns, dataset, KINDS, "Column set", lenient=True)
        columns = tuple(Column(f"{self.method}({name})", Kind.DECIMAL) for name in names)
        return Schema(columns, dataset.complete)

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        names = chosen(self.columns, dataset.schema, KINDS, "Column set")
        return (script.call(elementary_statistics, dataset, names, self.method, result="statistics"),)

    def summary(self) -> str:
        return f"{self.method}, {self.columns}"
