"""Summarize Data: a report of every column."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd

from designer.contract.errors import TooFewColumns
from designer.contract.module import Module
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.spread import raised
from designer.contract.values import Table

from ..columns.chosen import require_distinct_columns
from .numbers import (
    apart,
    mean_deviation,
    present,
    sample_kurtosis,
    sample_skewness,
    sample_variance,
    smallest_mode,
)

COUNTS = ("Count", "Unique Value Count", "Missing Value Count")
FIGURES = (
    "Min", "Max", "Mean", "Mean Deviation", "1st Quartile", "Median", "3rd Quartile", "Mode", "Range",
    "Sample Variance", "Sample Standard Deviation", "Sample Skewness", "Sample Kurtosis",
    "P0.5", "P1", "P5", "P95", "P99.5",
)  # fmt: skip


def summarize(dataset: pd.DataFrame) -> pd.DataFrame:
    """One row for each column: counts for all, figures for numbers and flags."""
    figures = [figures_of(dataset[name]) for name in dataset.columns]
    report: dict[str, Any] = {
        "Feature": pd.Series(list(dataset.columns), dtype="str"),
        "Count": [len(dataset)] * dataset.shape[1],
        "Unique Value Count": [int(dataset[name].nunique()) for name in dataset.columns],
        "Missing Value Count": [int(dataset[name].isna().sum()) for name in dataset.columns],
    }
    for name in FIGURES:
        report[name] = pd.Series([row.get(name, np.nan) for row in figures], dtype="float64")
    return pd.DataFrame(report)


def figures_of(series: pd.Series[Any]) -> dict[str, float]:
    """The figures of a column of numbers or flags; nothing of another, or of one without cells."""
    flags = series.dtype.name in ("bool", "boolean")
    if not flags and series.dtype.name not in ("int64", "Int64", "float64"):
        return {}
    cells = present(series)
    if not len(cells):
        return {}
    with np.errstate(all="ignore"):
        between, base = apart(series)
        placed = between if base else cells
        variance = sample_variance(between)
        shares = [0.25, 0.5, 0.75, 0.005, 0.01, 0.05, 0.95, 0.995]
        quantiles = [raised(place, base) for place in np.quantile(placed, shares).tolist()]
        return {
            "Min": float(cells.min()),
            "Max": float(cells.max()),
            "Mean": raised(float(placed.mean()), base),
            "Mean Deviation": mean_deviation(between),
            "1st Quartile": quantiles[0],
            "Median": quantiles[1],
            "3rd Quartile": quantiles[2],
            "Mode": raised(smallest_mode(placed), base),
            "Range": float(between.max() - between.min()),
            "Sample Variance": variance,
            "Sample Standard Deviation": float(np.sqrt(variance)),
            "Sample Skewness": sample_skewness(between),
            "Sample Kurtosis": sample_kurtosis(between),
            **dict(zip(("P0.5", "P1", "P5", "P95", "P99.5"), quantiles[3:], strict=True)),
        }


class SummarizeData(
    Module,
    category="Statistical Functions",
    icon="list-checks",
    no_onnx="a summary needs all rows",
    synonyms=("describe", "profile", "statistics", "mean", "quantile", "missing values", "percentile", "explore"),
):
    """Report counts, extremes, averages, spread and quantiles of every column.

    There is one row for each column of the table. *Count* is the number of rows, *Unique Value Count* that of
    different values and *Missing Value Count* that of missing cells. The figures are of the cells that are there:
    *Mean Deviation* is the mean distance from the mean, quartiles and percentiles (P0.5 to P99.5) lie between two
    cells in proportion, *Mode* is the most frequent value (the smallest of several), variance and standard deviation
    divide by n - 1, skewness and kurtosis are those of a sample (a normal distribution has 0; of equal cells they are
    missing). Cells that differ in their last digits only count as equal in all figures of spread. For true/false
    columns true counts as 1: *Min* says whether all are true, *Max* whether any is, *Range* is 1 where both occur.
    Text, categories and dates have counts only. Infinite values make the figures that they enter infinite or missing.

    Errors: 0020 for a table without columns, 0028 for two columns of one name.

    Example: 1, 2, 2, 7 has Mean 3, Median 2, Mode 2, Range 6, Mean Deviation 2.
    """

    @property
    def reads_other_rows(self) -> bool:
        """A summary is of all rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        if not len(dataset.columns):
            raise TooFewColumns("the table has no columns", "A summary needs at least one.", port="Dataset")
        require_distinct_columns([str(name) for name in dataset.columns])
        return summarize(dataset)

    def infer(self, dataset: Schema) -> Schema:
        counts = [Column(name, Kind.INTEGER) for name in COUNTS]
        return Schema((Column("Feature", Kind.STRING), *counts, *(Column(name, Kind.DECIMAL) for name in FIGURES)))

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(summarize, dataset, result="summary"),)

    def summary(self) -> str:
        return "Every column"
