"""Match rows of two tables by key, and take rows by position."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.column_types import plain_where_full

from ..columns.cells import numbers, with_common_levels


def matching_rows(left: pd.DataFrame, right: pd.DataFrame, match_case: bool, keep_left: bool) -> tuple[Any, Any]:
    """The positions of left and right rows with equal keys, in left order; a missing key matches nothing.

    With `keep_left`, an unmatched left row appears once, with right position -1.
    """
    if left.shape[1] == 1 and left.dtypes.iloc[0] == right.dtypes.iloc[0] == "int64":
        keys = pd.Index(right.iloc[:, 0])
        if keys.is_unique:
            return single_matches(keys.get_indexer(pd.Index(left.iloc[:, 0])), keep_left)
    mine, other = key_codes(left, right, match_case)
    counts = np.bincount(other[other >= 0], minlength=int(mine.max(initial=-1)) + 2)
    if counts.max(initial=0) <= 1:
        places = np.full(len(counts) + 1, -1)
        places[other] = np.arange(len(other))
        places[-1] = -1  # rows without a key
        return single_matches(places[mine], keep_left)
    order = np.argsort(other, kind="stable")
    order = order[np.count_nonzero(other < 0) :]
    starts = np.cumsum(counts) - counts
    matches = np.where(mine < 0, 0, counts[mine])
    repeats = np.maximum(matches, 1) if keep_left else matches
    left_rows = np.repeat(np.arange(len(left)), repeats)
    place = np.arange(len(left_rows)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    right_rows = order[np.minimum(starts[mine[left_rows]] + place, len(order) - 1)]
    return left_rows, np.where(matches[left_rows] == 0, -1, right_rows)


def single_matches(right_rows: Any, keep_left: bool) -> tuple[Any, Any]:
    """The positions of left and right rows, from the unique match of each left row, or -1."""
    if keep_left:
        return np.arange(len(right_rows)), right_rows
    left_rows = np.flatnonzero(right_rows >= 0)
    return left_rows, right_rows[left_rows]


def key_codes(left: pd.DataFrame, right: pd.DataFrame, match_case: bool) -> tuple[Any, Any]:
    """An integer code per key of both tables, equal for equal keys, -1 if a part is missing."""
    codes = np.zeros(len(left) + len(right), dtype="int64")
    for place in range(left.shape[1]):
        sides = [key_cells(frame.iloc[:, place], match_case) for frame in (left, right)]
        if {side.dtype.kind for side in sides} == {"i", "f"}:
            sides = [whole_cells(side) for side in sides]
        column, levels = pd.factorize(pd.concat(sides, ignore_index=True))
        if place == 0:
            codes = column
            continue
        both = np.where((codes < 0) | (column < 0), -1, codes * (len(levels) + 1) + column)
        codes = np.where(both < 0, -1, pd.factorize(both)[0])
    return codes[: len(left)], codes[len(left) :]


def key_cells(series: pd.Series[Any], match_case: bool) -> pd.Series[Any]:
    """Normalize keys for comparison: categories as text, integers equal to decimals."""
    if series.dtype.name == "category":
        series = series.astype("str")
    if series.dtype.name == "str" and not match_case:
        return series.str.casefold()
    return series


def whole_cells(series: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers as integers; fractional numbers are missing, since they equal no integer."""
    if series.dtype.kind != "f":
        return series.astype("Int64")
    cells = series.to_numpy()
    is_whole = (np.abs(cells) < 2.0**63) & (cells == np.floor(cells))
    return pd.Series(pd.arrays.IntegerArray(np.where(is_whole, cells, 0).astype("int64"), ~is_whole))


def taken_rows(frame: pd.DataFrame, rows: Any) -> pd.DataFrame:
    """The rows at these positions, missing where the position is -1; integers stay integers."""
    if len(rows) == len(frame) and np.array_equal(rows, np.arange(len(rows))):
        return frame.reset_index(drop=True)
    if rows.min(initial=0) >= 0:
        return frame.take(rows).reset_index(drop=True)
    cells = [taken(frame.iloc[:, place], rows) for place in range(frame.shape[1])]
    selected = pd.DataFrame(dict(enumerate(cells)), index=pd.RangeIndex(len(rows)), copy=False)
    return selected.set_axis(frame.columns, axis=1)


def taken(series: pd.Series[Any], rows: Any) -> pd.Series[Any]:
    """The cells at these positions, missing where the position is -1; integers stay integers."""
    if rows.min(initial=0) >= 0:
        return pd.Series(series.array.take(rows))
    return pd.Series(nullable(series).array.take(rows, allow_fill=True))


def either(left: pd.Series[Any], right: pd.Series[Any], is_left: Any) -> pd.Series[Any]:
    """The cells of the left column, or of the right one for unmatched right rows, in a common type."""
    kinds = {left.dtype.name == "category", right.dtype.name == "category"}
    if kinds == {True}:
        left, right = with_common_levels(left, right)
    elif kinds == {True, False}:
        left, right = left.astype("str"), right.astype("str")
    elif "f" in (left.dtype.kind, right.dtype.kind):
        left, right = numbers(left), numbers(right)
    elif left.dtype.kind == "M":
        right = right.astype(left.dtype)
    else:
        left, right = nullable(left), nullable(right)
    return plain_where_full(left.where(pd.Series(is_left), right))


def nullable(series: pd.Series[Any]) -> pd.Series[Any]:
    """The same cells in a nullable type."""
    if series.dtype.name == "int64":
        return series.astype("Int64")
    return series.astype("boolean") if series.dtype.name == "bool" else series
