"""How far apart numbers lie, and what of that is only rounding: the one rule that all modules and charts use."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

LAST_DIGIT = 2.220446049250313e-16
EXACT_WHOLE = 2.0**53


def rounding_width(largest: Any, count: int) -> Any:
    """How far n floats of this size may lie apart by rounding alone: 2 (4 + log2 n) units of the last digit of the
    largest, what n cells that were computed in other orders, and the sum of them, may be off by."""
    return 2 * (4 + np.log2(max(count, 1))) * LAST_DIGIT * largest


def is_rounding(width: float, largest: float, count: int) -> bool:
    """Whether n floats of this size differ by no more than arithmetic rounds."""
    return bool(width <= rounding_width(largest, count))


def are_exact(cells: np.ndarray[Any, Any]) -> bool:
    """Whether numbers are whole and so small that float64 holds each of them."""
    return bool((np.abs(cells) <= EXACT_WHOLE).all() and (cells == np.rint(cells)).all())


def without_rounding(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The numbers, all equal to the smallest where they differ by rounding only. Missing ones stay missing.

    Whole numbers up to 2^53 are exact, so that none of their differences is rounding.
    """
    if len(cells) < 2:
        return cells
    low, high = float(np.fmin.reduce(cells)), float(np.fmax.reduce(cells))
    largest = max(abs(low), abs(high))
    if not low < high or not np.isfinite(largest) or high - low > 1e-9 * largest:
        return cells
    known = cells[~np.isnan(cells)]
    if are_exact(known) or not is_rounding(high - low, largest, len(known)):
        return cells
    return np.where(np.isnan(cells), np.nan, low)


def whole_base(series: pd.Series[Any]) -> int:
    """What to take off whole numbers so that float64 keeps the digits in which they differ; 0 up to 2^53."""
    if series.dtype.name not in ("int64", "Int64") or not series.notna().any():
        return 0
    low, high = int(series.min()), int(series.max())
    return low if max(abs(low), abs(high)) > EXACT_WHOLE else 0


def above_base(series: pd.Series[Any], base: int) -> np.ndarray[Any, Any]:
    """The numbers less a base, as float64, NaN where missing; whole ones are subtracted before digits are lost."""
    if not base or series.dtype.name not in ("int64", "Int64"):
        return np.asarray(series.to_numpy(dtype="float64", na_value=float("nan"))) - base
    missing = series.isna().to_numpy()
    whole = series.fillna(0).to_numpy(dtype="int64")
    far = np.where(whole >= base, whole.astype("uint64") - np.array(base, "int64").astype("uint64"), 0)
    near = np.where(whole < base, np.array(base, "int64").astype("uint64") - whole.astype("uint64"), 0)
    return np.where(missing, np.nan, far.astype("float64") - near.astype("float64"))


def raised(value: float, base: int) -> float:
    """A figure of numbers above a base, with the base: rounded once."""
    return float(base + int(value // 1)) + value % 1 if base and np.isfinite(value) else float(value)


def quantile_edges(cells: np.ndarray[Any, Any], parts: int) -> list[float]:
    """The inner edges of parts with equally many of the numbers, between two of them in proportion.

    Places are counted in whole numbers: where an edge falls on a number it is that number, not one next to it.
    """
    ordered, last = np.sort(cells), len(cells) - 1
    places, rests = np.divmod(np.arange(1, parts) * last, parts)
    low, high, share = ordered[places], ordered[np.minimum(places + 1, last)], rests / parts
    between = np.clip(low * (1 - share) + high * share, low, high)
    edges: list[float] = np.where(rests == 0, low, between).tolist()
    return edges
