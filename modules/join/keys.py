"""Which rows of two tables have the same key, and taking rows by position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def matching_rows(left: pd.DataFrame, right: pd.DataFrame, match_case: bool) -> tuple[Any, Any]:
    """The positions of left and right rows whose keys agree, in left order; a missing key agrees with none."""
    codes = np.zeros(len(left) + len(right), dtype="int64")
    for place in range(left.shape[1]):
        cells = pd.concat([key_cells(frame.iloc[:, place], match_case) for frame in (left, right)], ignore_index=True)
        column, levels = pd.factorize(cells)
        both = np.where((codes < 0) | (column < 0), -1, codes * (len(levels) + 1) + column)
        codes = np.where(both < 0, -1, pd.factorize(both)[0])
    sides = pd.DataFrame({"key": codes, "row": np.r_[: len(left), : len(right)]})
    mine, other = sides[: len(left)], sides[len(left) :]
    found = mine[mine["key"] >= 0].merge(other[other["key"] >= 0], on="key", suffixes=("_left", "_right"))
    found = found.sort_values(["row_left", "row_right"])
    return found["row_left"].to_numpy(), found["row_right"].to_numpy()


def key_cells(series: pd.Series[Any], match_case: bool) -> pd.Series[Any]:
    """Keys that compare as users expect: categories as text, whole and decimal numbers alike."""
    if series.dtype.name == "category":
        series = series.astype("str")
    if series.dtype.name == "str" and not match_case:
        return series.str.casefold()
    return nullable(series)


def taken(series: pd.Series[Any], rows: Any) -> pd.Series[Any]:
    """The cells at these positions, missing where the position is -1; whole numbers stay whole."""
    if not (rows < 0).any():
        return series.take(rows).reset_index(drop=True)
    return pd.Series(nullable(series).array.take(rows, allow_fill=True))


def nullable(series: pd.Series[Any]) -> pd.Series[Any]:
    """The same cells in a type that can miss some."""
    if series.dtype.name == "int64":
        return series.astype("Int64")
    return series.astype("boolean") if series.dtype.name == "bool" else series
