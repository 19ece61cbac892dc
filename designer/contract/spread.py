"""The spread of numbers and its rounding error; modules and charts share these rules."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

LAST_DIGIT = 2.220446049250313e-16
EXACT_WHOLE = 2.0**53


def rounding_width(largest: Any, count: int) -> Any:
    """The largest difference that rounding explains between `count` floats of this magnitude.

    It is 2 (4 + log2 count) units in the last place of the largest: the error of cells computed in another order, and
    of their sum.
    """
    return 2 * (4 + np.log2(max(count, 1))) * LAST_DIGIT * largest


def is_rounding(width: float, largest: float, count: int) -> bool:
    """Whether a spread of `count` floats of this magnitude is no more than rounding error."""
    return bool(width <= rounding_width(largest, count))


def are_exact(cells: np.ndarray[Any, Any]) -> bool:
    """Whether all numbers are integers that float64 represents exactly (up to 2^53)."""
    return bool((np.abs(cells) <= EXACT_WHOLE).all() and (cells == np.rint(cells)).all())


def without_rounding(cells: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The numbers, all set to the smallest if they differ only by rounding. Missing values stay missing.

    Integers up to 2^53 are exact, so their differences are never rounding.
    """
    if len(cells) < 2:
        return cells
    low, high = float(np.fmin.reduce(cells)), float(np.fmax.reduce(cells))
    largest = max(abs(low), abs(high))
    if not low < high or not np.isfinite(largest) or high - low > 1e-9 * largest:
        return cells
    present = cells[~np.isnan(cells)]
    if are_exact(present) or not is_rounding(high - low, largest, len(present)):
        return cells
    return np.where(np.isnan(cells), np.nan, low)


def whole_base(series: pd.Series[Any]) -> int:
    """The offset to subtract from integers so that float64 keeps their differences: the minimum, or 0 up to 2^53."""
    if series.dtype.name not in ("int64", "Int64") or not series.notna().any():
        return 0
    low, high = int(series.min()), int(series.max())
    return low if max(abs(low), abs(high)) > EXACT_WHOLE else 0


def above_base(series: pd.Series[Any], base: int) -> np.ndarray[Any, Any]:
    """The numbers minus a base, as float64, NaN where missing; integers are subtracted before the conversion."""
    if not base or series.dtype.name not in ("int64", "Int64"):
        return np.asarray(series.to_numpy(dtype="float64", na_value=float("nan"))) - base
    missing = series.isna().to_numpy()
    whole = series.fillna(0).to_numpy(dtype="int64")
    far = np.where(whole >= base, whole.astype("uint64") - np.array(base, "int64").astype("uint64"), 0)
    near = np.where(whole < base, np.array(base, "int64").astype("uint64") - whole.astype("uint64"), 0)
    return np.where(missing, np.nan, far.astype("float64") - near.astype("float64"))


def raised(value: float, base: int) -> float:
    """Add the base back to a statistic of numbers above it, rounding once."""
    return float(base + int(value // 1)) + value % 1 if base and np.isfinite(value) else float(value)


def quantile_edges(cells: np.ndarray[Any, Any], parts: int) -> list[float]:
    """The inner edges of `parts` bins with equally many numbers, interpolated linearly between order statistics.

    Positions are computed in integers, so that an edge that falls on a number is exactly that number.
    """
    ordered, last = np.sort(cells), len(cells) - 1
    places, rests = np.divmod(np.arange(1, parts) * last, parts)
    low, high, share = ordered[places], ordered[np.minimum(places + 1, last)], rests / parts
    between = np.clip(low * (1 - share) + high * share, low, high)
    edges: list[float] = np.where(rests == 0, low, between).tolist()
    return edges
