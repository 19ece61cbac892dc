"""The conversions of Edit Metadata: change cell types without loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..columns.cells import numbers, with_columns

FLAGS = {"true": True, "yes": True, "1": True, "1.0": True, "false": False, "no": False, "0": False, "0.0": False}


class Unconvertible(Exception):
    """Column, row, cell and target type of an impossible conversion."""


def edit_columns(
    dataset: pd.DataFrame,
    columns: list[str],
    data_type: str,
    date_format: str,
    categorical: str,
    new_names: dict[str, str],
) -> pd.DataFrame:
    """Convert the columns, then rename them."""
    changed = {}
    for name in columns:
        series = dataset[name]
        was_categorical = series.dtype.name == "category"
        if was_categorical and (categorical == "NonCategorical" or data_type != "Unchanged"):
            series = plain_values(series)
        if data_type != "Unchanged":
            series = converted(series, data_type, date_format)
        if categorical == "Categorical" or (was_categorical and categorical == "Unchanged" and data_type != "DateTime"):
            series = as_categories(series)
        changed[name] = series
    return with_columns(dataset, changed).rename(columns=new_names)


def converted(series: pd.Series[Any], data_type: str, date_format: str) -> pd.Series[Any]:
    """Convert the cells to another type; raises Unconvertible for the first that cannot be."""
    if data_type == "String":
        return series.astype("str")
    present = series.dropna()
    if data_type == "DateTime":
        cells = as_moments(present, date_format)
    elif data_type == "Boolean":
        cells = present.map(lambda cell: FLAGS.get(str(cell).strip().lower())).astype("boolean")
    else:
        cells = as_numbers(present)
        if data_type == "Integer":
            fractional = (cells % 1 != 0) | (cells.abs() >= 2.0**63)
            cells = cells.mask(fractional) if fractional.any() else cells
    bad = cells.isna()
    if bad.any():
        place = present.index[np.flatnonzero(bad)[0]]
        raise Unconvertible(str(series.name), int(place) + 1, present.loc[place], data_type)
    types = {"Integer": ("int64", "Int64"), "Boolean": ("bool", "boolean"), "Double": ("float64", "float64")}
    if data_type in types:
        cells = cells.astype(pd.api.types.pandas_dtype(types[data_type][len(cells) < len(series)]))
    return cells.reindex(series.index)


def as_moments(present: pd.Series[Any], date_format: str) -> pd.Series[Any]:
    """Parse dates from text and numbers by the format, else from ISO text or seconds since 1970; NaT for invalid
    cells."""
    if present.dtype.kind == "M":
        return present
    if present.dtype.kind in "iuf":
        if not date_format:
            return pd.to_datetime(present, unit="s", errors="coerce")
        present = present.map("{:.0f}".format).astype("str").where(present % 1 == 0)
    return pd.to_datetime(present, format=date_format or "ISO8601", errors="coerce")


def as_numbers(present: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers from text, booleans or dates (seconds since 1970); NaN for invalid or infinite cells."""
    if present.dtype.kind == "M":
        start = pd.Timestamp("1970-01-01", tz=getattr(present.dtype, "tz", None))
        return (present - start) / pd.Timedelta(seconds=1)
    if present.dtype.kind in "iuf":
        return present if present.dtype.kind in "iu" else present.where(np.isfinite(present))
    if present.dtype.kind == "b":
        return numbers(present)
    cells = pd.to_numeric(present, errors="coerce")
    return cells.where(np.isfinite(cells)) if cells.dtype.kind == "f" else cells


def plain_values(series: pd.Series[Any]) -> pd.Series[Any]:
    """The values of a categorical column in the type of its levels."""
    levels = series.cat.categories
    nullable = {"i": "Int64", "b": "boolean"}.get(levels.dtype.kind) if series.hasnans else None
    return series.astype(pd.api.types.pandas_dtype(nullable) if nullable else levels.dtype)


def as_categories(series: pd.Series[Any]) -> pd.Series[Any]:
    """A categorical column with the sorted distinct values as levels, in their plain type."""
    if series.dtype.name == "category":
        return series
    if series.dtype.kind == "M":
        series = series.astype("str")
    made = series.astype("category")
    plain = {"Int64": "int64", "boolean": "bool"}.get(series.dtype.name)
    if plain is None:
        return made
    levels = made.cat.categories.astype(pd.api.types.pandas_dtype(plain))
    return pd.Series(pd.Categorical.from_codes(made.cat.codes, categories=levels), index=series.index)
