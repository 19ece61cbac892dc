"""Which rows of two tables have the same key, and taking rows by position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def matching_rows(left: pd.DataFrame, right: pd.DataFrame, match_case: bool, keep_left: bool) -> tuple[Any, Any]:
    """The positions of left and right rows whose keys agree, in left order; a missing key agrees with none.

    With `keep_left`, a left row without a match comes once, with the right position -1.
    """
    mine, other = key_codes(left, right, match_case)
    order = np.argsort(other, kind="stable")
    order = order[np.count_nonzero(other < 0) :]
    counts = np.bincount(other[other >= 0], minlength=int(mine.max(initial=-1)) + 2)
    starts = np.cumsum(counts) - counts
    found = np.where(mine < 0, 0, counts[mine])
    repeats = np.maximum(found, 1) if keep_left else found
    left_rows = np.repeat(np.arange(len(left)), repeats)
    place = np.arange(len(left_rows)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    if len(order) == 0:
        return left_rows, np.full(len(left_rows), -1)
    right_rows = order[np.minimum(starts[mine[left_rows]] + place, len(order) - 1)]
    return left_rows, np.where(found[left_rows] == 0, -1, right_rows)


def key_codes(left: pd.DataFrame, right: pd.DataFrame, match_case: bool) -> tuple[Any, Any]:
    """One number for each key of both tables, the same for keys that agree, -1 where a part is missing."""
    codes = np.zeros(len(left) + len(right), dtype="int64")
    for place in range(left.shape[1]):
        cells = pd.concat([key_cells(frame.iloc[:, place], match_case) for frame in (left, right)], ignore_index=True)
        column, levels = pd.factorize(cells)
        if place == 0:
            codes = column
            continue
        both = np.where((codes < 0) | (column < 0), -1, codes * (len(levels) + 1) + column)
        codes = np.where(both < 0, -1, pd.factorize(both)[0])
    return codes[: len(left)], codes[len(left) :]


def key_cells(series: pd.Series[Any], match_case: bool) -> pd.Series[Any]:
    """Keys that compare as users expect: categories as text, whole and decimal numbers alike."""
    if series.dtype.name == "category":
        series = series.astype("str")
    if series.dtype.name == "str" and not match_case:
        return series.str.casefold()
    return series


def taken(series: pd.Series[Any], rows: Any) -> pd.Series[Any]:
    """The cells at these positions, missing where the position is -1; whole numbers stay whole."""
    if len(rows) == len(series) and np.array_equal(rows, np.arange(len(rows))):
        return series.reset_index(drop=True)
    if rows.min(initial=0) >= 0:
        return pd.Series(series.array.take(rows))
    return pd.Series(nullable(series).array.take(rows, allow_fill=True))


def nullable(series: pd.Series[Any]) -> pd.Series[Any]:
    """The same cells in a type that can miss some."""
    if series.dtype.name == "int64":
        return series.astype("Int64")
    return series.astype("boolean") if series.dtype.name == "bool" else series
