"""Convert text to cell values, and replace cells."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..columns.dates import read_moment
from .cleaning import decimal_number, whole_number


def missing_cell() -> Any:
    """The value for a missing cell."""
    return pd.NaT


def cell_value(text: str, dtype: str, levels: list[Any], zone: Any = None) -> Any:
    """Convert a text to a cell of a column; None if the column cannot hold it."""
    try:
        if dtype in ("int64", "Int64"):
            return whole_number(text)
        if dtype == "float64":
            return decimal_number(text)
        if dtype in ("bool", "boolean"):
            return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
        if dtype.startswith("datetime64"):
            return read_moment(text, zone)
    except (ValueError, KeyError, OverflowError):
        return None
    if dtype == "category" and levels and not isinstance(levels[0], str):
        return cell_value(text, {"bool": "bool", "int": "int64"}.get(type(levels[0]).__name__, "float64"), [])
    return text


def replaced(series: pd.Series[Any], old: str | None, new: str | None) -> pd.Series[Any]:
    """Replace cells equal to `old` (None: missing) by `new` (None: missing)."""
    dtype = series.dtype.name
    levels = series.cat.categories.tolist() if dtype == "category" else []
    zone = getattr(series.dtype, "tz", None)
    target = missing_cell() if old is None else cell_value(old, dtype, levels, zone)
    written = missing_cell() if new is None else cell_value(new, dtype, levels, zone)
    if target is None or written is None:
        return series
    hits = series.isna() if old is None else cells_equal(series, target)
    if not hits.any():
        return series
    if dtype in ("int64", "float64") and written is not pd.NaT:
        return pd.Series(np.where(hits, written, series), index=series.index, copy=False)
    if written is pd.NaT:
        nullable = {"int64": "Int64", "bool": "boolean"}.get(dtype)
        return (series.astype(pd.api.types.pandas_dtype(nullable)) if nullable else series).mask(hits)
    if dtype == "category" and written not in levels:
        series = series.cat.add_categories([written])
    cells = series.mask(hits, written)
    plain = {"Int64": "int64", "boolean": "bool"}.get(dtype) if not cells.hasnans else None
    return cells.astype(np.dtype(plain)) if plain else cells


def cells_equal(series: pd.Series[Any], value: Any) -> pd.Series[Any]:
    """Mask of the cells equal to a value; missing cells are not."""
    hits: pd.Series[Any] = series == value
    if hits.dtype != "bool":
        hits = hits.fillna(False).astype("bool")
    return hits
