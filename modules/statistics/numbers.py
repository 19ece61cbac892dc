"""Descriptive statistics of the numbers of a column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.spread import above_base, whole_base, without_rounding

from ..columns.cells import missing_cells, numbers
from ..columns.modes import mode_of


def present(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """The non-missing cells as float64; true is 1."""
    cells = numbers(series).to_numpy()
    missing = missing_cells(series)
    return np.asarray(cells if missing is False else cells[~missing])


def apart(series: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], int]:
    """The non-missing cells minus a base, for measuring differences: integers beyond 2^53 at full precision, values
    within rounding error made equal. The base is 0 for others."""
    base = whole_base(series)
    cells = above_base(series, base)
    return without_rounding(cells[~np.isnan(cells)]), base


def percentile(cells: np.ndarray[Any, Any], percent: float) -> float:
    """The quantile of the cells, linearly interpolated; NaN if empty."""
    return float(np.quantile(cells, percent / 100)) if len(cells) else float("nan")


def smallest_mode(cells: np.ndarray[Any, Any]) -> float:
    """The most frequent value, the smallest of ties; NaN if empty."""
    return float(mode_of(pd.Series(cells))) if len(cells) else float("nan")


def moment(cells: np.ndarray[Any, Any], power: int) -> float:
    """The central moment of a given order; 0 for equal cells, whose mean may be rounded."""
    return 0.0 if cells.min() == cells.max() else float(np.mean((cells - cells.mean()) ** power))


def mean_deviation(cells: np.ndarray[Any, Any]) -> float:
    """The mean absolute deviation from the mean."""
    return 0.0 if cells.min() == cells.max() else float(np.abs(cells - cells.mean()).mean())


def sample_variance(cells: np.ndarray[Any, Any]) -> float:
    """The sample variance (n - 1), NaN for fewer than two cells."""
    if len(cells) < 2:
        return float("nan")
    return 0.0 if cells.min() == cells.max() else float(np.var(cells, ddof=1))


def sample_skewness(cells: np.ndarray[Any, Any]) -> float:
    """The adjusted Fisher-Pearson skewness, NaN for fewer than three cells and for equal ones."""
    n = len(cells)
    if n < 3 or cells.min() == cells.max():
        return float("nan")
    return float(np.sqrt(n * (n - 1)) / (n - 2) * moment(cells, 3) / moment(cells, 2) ** 1.5)


def sample_kurtosis(cells: np.ndarray[Any, Any]) -> float:
    """The adjusted excess kurtosis, NaN for fewer than four cells and for equal ones."""
    n = len(cells)
    if n < 4 or cells.min() == cells.max():
        return float("nan")
    excess = moment(cells, 4) / moment(cells, 2) ** 2 - 3
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6))
