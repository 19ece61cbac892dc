"""The numbers of a column, and what they amount to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..columns.cells import missing_cells, numbers


def present(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """The cells that are there, as float64; true is 1."""
    cells = numbers(series).to_numpy()
    missing = missing_cells(series)
    return np.asarray(cells if missing is False else cells[~missing])


def percentile(cells: np.ndarray[Any, Any], percent: float) -> float:
    """The value below which a share of the cells lies, between two cells in proportion; NaN of nothing."""
    return float(np.quantile(cells, percent / 100)) if len(cells) else float("nan")


def smallest_mode(cells: np.ndarray[Any, Any]) -> float:
    """The most frequent value, the smallest of several; NaN of nothing."""
    if not len(cells):
        return float("nan")
    values, counts = np.unique(cells, return_counts=True)
    return float(values[np.argmax(counts)])


def moment(cells: np.ndarray[Any, Any], power: int) -> float:
    """The mean of the deviations from the mean to a power."""
    return float(np.mean((cells - cells.mean()) ** power))


def sample_variance(cells: np.ndarray[Any, Any]) -> float:
    """The variance with n - 1, NaN of less than two cells."""
    return float(np.var(cells, ddof=1)) if len(cells) > 1 else float("nan")


def sample_skewness(cells: np.ndarray[Any, Any]) -> float:
    """The adjusted Fisher-Pearson skewness, NaN of less than three cells, 0 of equal ones."""
    n = len(cells)
    if n < 3:
        return float("nan")
    if cells.min() == cells.max():
        return 0.0
    return float(np.sqrt(n * (n - 1)) / (n - 2) * moment(cells, 3) / moment(cells, 2) ** 1.5)


def sample_kurtosis(cells: np.ndarray[Any, Any]) -> float:
    """The adjusted excess kurtosis, NaN of less than four cells, 0 of equal ones."""
    n = len(cells)
    if n < 4:
        return float("nan")
    if cells.min() == cells.max():
        return 0.0
    excess = moment(cells, 4) / moment(cells, 2) ** 2 - 3
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6))
