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
    """One row per column: counts for all, statistics for numbers and flags."""
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
    """The statistics of a numeric or boolean column; none for other kinds or empty columns."""
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

    There is one row per column of the table. *Count* is the number of rows, *Unique Value Count* that of distinct
    values and *Missing Value Count* that of missing cells. The other statistics ignore missing cells: *Mean Deviation*
    is the mean absolute deviation from the mean, quartiles and percentiles (P0.5 to P99.5) are linearly interpolated,
    *Mode* is the most frequent value (the smallest of ties), variance and standard deviation divide by n - 1, skewness
    and kurtosis are sample-adjusted (0 for a normal distribution, missing for equal cells). Cells that differ only by
    rounding error count as equal in all measures of spread. In true/false columns true is 1: *Min* is 1 if all are
    true, *Max* if any is, *Range* if both values occur. Text, categories and dates have counts only. Infinite values
    make the affected statistics infinite or missing.

    Errors: 0020 for a table without columns, 0028 for duplicate column names.

    Example: 1, 2, 2, 7 has Mean 3, Median 2, Mode 2, Range 6, Mean Deviation 2.
    """

    @property
    def reads_other_rows(self) -> bool:
        """A summary depends on all rows."""
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
