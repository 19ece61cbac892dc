"""The documented column types, and conversion of columns of other types to them.

Types: float64 (NaN is missing), Int64 and boolean (int64 and bool where nothing is missing), str, category,
datetime64.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api import types

from designer.contract.errors import DuplicateColumns, InvalidValues, WrongColumnType

_LARGEST = 2**63 - 1
_NULLABLE = {
    pa.bool_(): pd.BooleanDtype(),
    pa.int8(): pd.Int8Dtype(), pa.int16(): pd.Int16Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype(),
    pa.uint8(): pd.UInt8Dtype(), pa.uint16(): pd.UInt16Dtype(), pa.uint32(): pd.UInt32Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
}  # fmt: skip
"""The types of pandas that hold missing cells beside those of Arrow."""


def documented(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with string column names, a RangeIndex and every column in a documented type.

    Raises DuplicateColumns, or WrongColumnType naming a column whose cells are neither numbers, text nor dates.
    """
    names = [str(name) for name in frame.columns]
    require_distinct(names)
    columns = {name: documented_column(frame.iloc[:, i], name) for i, name in enumerate(names)}
    return pd.DataFrame({n: c.reset_index(drop=True) for n, c in columns.items()}, index=pd.RangeIndex(len(frame)))


def require_distinct(names: Sequence[str]) -> None:
    """Raise DuplicateColumns for a repeated name."""
    if len(set(names)) < len(names):
        seen: set[str] = set()
        repeated = list(dict.fromkeys(n for n in names if n in seen or seen.add(n)))  # type: ignore[func-returns-value]
        problem = f"several columns are named {', '.join(map(repr, repeated))}"
        raise DuplicateColumns(problem, "Give each its own name.", column=repeated[0])


def documented_column(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Convert one column to a documented type.

    Raises WrongColumnType or InvalidValues for values that have none.
    """
    dtype = series.dtype
    if dtype.name in ("float64", "int64", "Int64", "bool", "boolean", "str"):
        return series
    if isinstance(dtype, pd.CategoricalDtype):
        return _documented_categories(series, name)
    if types.is_datetime64_any_dtype(dtype):
        return series
    if isinstance(dtype, pd.SparseDtype):
        return documented_column(pd.Series(np.asarray(series), index=series.index), name)
    if isinstance(dtype, pd.ArrowDtype):
        plain = to_pandas(pa.table({name: series.array.__arrow_array__()}))[name].set_axis(series.index)
        return documented_column(plain, name)
    if types.is_integer_dtype(dtype):
        return _integers(series)
    if types.is_float_dtype(dtype):
        return pd.Series(series.to_numpy("float64", na_value=np.nan), index=series.index)
    if types.is_bool_dtype(dtype):
        return series.astype("boolean")
    if types.is_timedelta64_dtype(dtype):
        return pd.Series(series.to_numpy() / np.timedelta64(1, "s"), index=series.index)
    if isinstance(dtype, pd.StringDtype):
        return series.astype("str")
    if types.is_object_dtype(dtype):
        return _from_objects(series, name)
    if isinstance(dtype, pd.PeriodDtype | pd.IntervalDtype):
        return series.astype(object).map(str, na_action="ignore").astype("str")
    raise _unsupported(name, str(dtype))


def _integers(series: pd.Series[Any]) -> pd.Series[Any]:
    """In 64 bits; as text where an unsigned number is beyond them, as in a Parquet file."""
    if series.dtype.name.lower() == "uint64" and len(known := series.dropna()) and int(known.max()) > _LARGEST:
        return series.astype(object).map(str, na_action="ignore").astype("str")
    return series.astype("Int64" if types.is_extension_array_dtype(series.dtype) else "int64")


def _documented_categories(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    categories = series.cat.categories
    if categories.dtype.name in ("str", "int64", "float64", "bool"):
        return series
    plain = documented_column(pd.Series(categories), name)
    if plain.dtype.name not in ("str", "int64", "float64", "bool"):
        plain = plain.astype("str")
    return series.cat.rename_categories(pd.Index(plain))


def _from_objects(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    match types.infer_dtype(series, skipna=True):
        case "string":
            return series.astype("str")
        case "integer":
            return plain_where_full(_whole(series, name))
        case "mixed-integer-float" | "decimal":
            return _doubles(series)
        case "floating" | "empty":
            return pd.Series(pd.to_numeric(series), dtype="float64", index=series.index)
        case "boolean":
            return plain_where_full(series.astype("boolean"))
        case "timedelta" | "timedelta64":
            return pd.Series(pd.to_timedelta(series).to_numpy() / np.timedelta64(1, "s"), index=series.index)
        case "datetime" | "datetime64" | "date":
            return pd.to_datetime(series)
        case _:
            cell_types = sorted({type(cell).__name__ for cell in series[series.notna()].head(1000)})
            raise _unsupported(name, " and ".join(cell_types))


def _doubles(series: pd.Series[Any]) -> pd.Series[Any]:
    """Decimals and whole numbers as float64; as text where that would lose a digit."""
    if all(map(_fits_a_double, series.dropna())):
        return pd.Series(pd.to_numeric(series), dtype="float64", index=series.index)
    return series.map(lambda cell: format(cell, "f") if isinstance(cell, Decimal) else str(cell), "ignore").astype(
        "str"
    )


def _fits_a_double(cell: Any) -> bool:
    try:
        number = float(cell)
    except OverflowError:
        return False
    return Decimal(repr(number)) == cell if isinstance(cell, Decimal) else number == cell


def _whole(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    try:
        return series.astype("Int64")
    except (OverflowError, TypeError) as error:
        raise InvalidValues(
            f"column '{name}' holds a whole number beyond 64 bits", "Keep it as text.", column=name
        ) from error


def _unsupported(name: str, mixture: str) -> WrongColumnType:
    return WrongColumnType(
        f"column '{name}' holds {mixture}",
        "A column holds numbers, text, true/false or dates, not a mixture.",
        column=name,
    )


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Convert an Arrow table to a frame in the documented types; integers with missing values stay integers.

    The index of a frame that the table was made from becomes a column if it has a name, and is left out otherwise.
    """
    described = table.schema.pandas_metadata or {}
    unnamed = [each for each in described.get("index_columns", ()) if str(each).startswith("__index_level_")]
    plain = table.drop_columns(unnamed).replace_schema_metadata(None)
    frame: pd.DataFrame = plain.to_pandas(types_mapper=_NULLABLE.get, date_as_object=False)
    columns = {name: plain_where_full(frame[name]) for name in frame.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def plain_where_full(series: pd.Series[Any]) -> pd.Series[Any]:
    """Convert a nullable type of integers or booleans to the plain one if nothing is missing."""
    nullable = ("boolean", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")
    if series.dtype.name in nullable and not series.hasnans:
        return series.astype(series.dtype.numpy_dtype)  # type: ignore[union-attr]
    return series
