"""Convert columns to numbers; set columns on a copy of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def with_columns(table: pd.DataFrame, columns: Mapping[str, pd.Series[Any]]) -> pd.DataFrame:
    """A copy of the table with these columns set; new ones are appended."""
    kept = {name: columns.get(name, table[name]) for name in table.columns}
    return pd.DataFrame({**kept, **columns}, index=table.index, copy=False)


def numbers(series: pd.Series[Any]) -> pd.Series[Any]:
    """A column of numbers or flags as float64, NaN where missing."""
    if series.dtype == "float64":
        return series
    if series.dtype.name in ("int64", "bool"):
        return series.astype("float64")
    return pd.Series(series.to_numpy(dtype="float64", na_value=float("nan")), index=series.index, copy=False)


def missing_cells(series: pd.Series[Any]) -> Any:
    """Mask of missing cells; False where no number is missing or the type has no missing value."""
    if series.dtype.name in ("int64", "bool"):
        return False
    if series.dtype != "float64":
        return series.isna().to_numpy()
    cells = series.to_numpy()
    return np.isnan(cells) if len(cells) and np.isnan(cells.min()) else False  # min propagates NaN


def rows_without_gaps(table: pd.DataFrame, columns: Sequence[str]) -> np.ndarray[Any, Any]:
    """Mask of the rows without a missing cell in these columns."""
    lacking = np.zeros(len(table), dtype=bool)
    for name in columns:
        lacking |= missing_cells(table[name])
    return ~lacking


def with_common_levels(first: pd.Series[Any], second: pd.Series[Any]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """Give two categorical columns the union of their levels: decimal where all are numbers, else text."""
    levels = [series.cat.categories for series in (first, second)]
    types = {str(index.dtype): index.dtype for index in levels if len(index)}
    kinds = {dtype.kind for dtype in types.values()}
    if len(types) > 1 and kinds == {"i", "f"}:
        levels = [index.astype("float64") for index in levels]
    elif len(types) > 1:
        levels = [pd.Index([str(level) for level in index], dtype="str") for index in levels]
    elif types:
        levels = [index.astype(next(iter(types.values()))) for index in levels]
    both = levels[0].append(levels[1]).drop_duplicates()
    places = [np.append(both.get_indexer(index), -1) for index in levels]
    one, two = (
        pd.Series(pd.Categorical.from_codes(place[series.cat.codes], categories=both), index=series.index)
        for place, series in zip(places, (first, second), strict=True)
    )
    return one, two
