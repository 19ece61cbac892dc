"""The documented column types, and how other values become them.

Types: float64 (NaN is missing), Int64 and boolean (int64 and bool where nothing is missing), str, category,
datetime64.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from designer.contract.errors import ConversionFailed, DuplicateColumns, InvalidValues, WrongColumnType
from designer.contract.schema import Column, Kind, Schema

_TRUE = ("true", "1", "yes", "t", "y", "1.0")
_FALSE = ("false", "0", "no", "f", "n", "0.0")


def documented(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with text names, rows numbered from 0 and every column in a documented type.

    Raises DuplicateColumns, or WrongColumnType naming the column whose cells are neither numbers, text nor dates.
    """
    names = [str(name) for name in frame.columns]
    require_distinct(names)
    columns = {name: documented_column(frame.iloc[:, i], name) for i, name in enumerate(names)}
    return pd.DataFrame({n: c.reset_index(drop=True) for n, c in columns.items()}, index=pd.RangeIndex(len(frame)))


def require_distinct(names: Sequence[str]) -> None:
    """Raise DuplicateColumns where a name comes twice."""
    if len(set(names)) < len(names):
        seen: set[str] = set()
        twice = list(dict.fromkeys(n for n in names if n in seen or seen.add(n)))  # type: ignore[func-returns-value]
        found = f"several columns are named {', '.join(map(repr, twice))}"
        raise DuplicateColumns(found, "Give each its own name.", column=twice[0])


def documented_column(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    """One column in a documented type."""
    dtype = series.dtype
    if dtype.name in ("float64", "int64", "Int64", "bool", "boolean", "str"):
        return series
    if isinstance(dtype, pd.CategoricalDtype):
        return _documented_categories(series, name)
    if types.is_datetime64_any_dtype(dtype):
        return series
    if isinstance(dtype, pd.SparseDtype):
        return documented_column(pd.Series(np.asarray(series), index=series.index), name)
    if types.is_integer_dtype(dtype):
        return series.astype("Int64" if types.is_extension_array_dtype(dtype) else "int64")
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
        case "floating" | "mixed-integer-float" | "decimal" | "empty":
            return pd.Series(pd.to_numeric(series), dtype="float64", index=series.index)
        case "boolean":
            return plain_where_full(series.astype("boolean"))
        case "datetime" | "datetime64" | "date":
            return pd.to_datetime(series)
        case _:
            found = sorted({type(cell).__name__ for cell in series[series.notna()].head(1000)})
            raise _unsupported(name, " and ".join(found))


def _whole(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    try:
        return series.astype("Int64")
    except (OverflowError, TypeError) as error:
        raise InvalidValues(
            f"column '{name}' holds a whole number beyond 64 bits", "Keep it as text.", column=name
        ) from error


def _unsupported(name: str, found: str) -> WrongColumnType:
    return WrongColumnType(
        f"column '{name}' holds {found}",
        "A column holds numbers, text, true/false or dates, not a mixture.",
        column=name,
    )


def plain_where_full(series: pd.Series[Any]) -> pd.Series[Any]:
    """int64 for Int64 and bool for boolean where nothing is missing."""
    if series.dtype.name == "Int64" and not series.hasnans:
        return series.astype("int64")
    if series.dtype.name == "boolean" and not series.hasnans:
        return series.astype("bool")
    return series


def table_of(rows: Sequence[Mapping[str, Any]], schema: Schema) -> pd.DataFrame:
    """A table of JSON rows in the types of a schema; what a row lacks is missing.

    Raises ConversionFailed naming the row and the column of a cell that does not fit.
    """
    columns = {column.name: column_of([row.get(column.name) for row in rows], column) for column in schema}
    return schema.attach(pd.DataFrame(columns, index=pd.RangeIndex(len(rows))))


def column_of(cells: Sequence[Any], column: Column) -> pd.Series[Any]:
    """A column of plain cells (None is missing) in the type of its kind."""
    match column.kind:
        case Kind.INTEGER:
            return _parsed(cells, column, _integer, "Int64")
        case Kind.DECIMAL:
            return _parsed(cells, column, _decimal, "float64")
        case Kind.BOOLEAN:
            return _parsed(cells, column, _boolean, "boolean")
        case Kind.STRING:
            return _parsed(cells, column, _text, "str")
        case Kind.CATEGORICAL:
            text = _parsed(cells, column, _text, "str")
            return text.astype(pd.CategoricalDtype(list(column.categories)) if column.categories else "category")
        case Kind.DATETIME:
            return _parsed(cells, column, _moment, "datetime64[us]")


def _parsed(cells: Sequence[Any], column: Column, parse: Any, dtype: str) -> pd.Series[Any]:
    values: list[Any] = []
    for row, cell in enumerate(cells, start=1):
        try:
            values.append(None if cell is None or cell != cell else parse(cell))
        except (ValueError, TypeError, OverflowError):
            raise ConversionFailed(
                f"column '{column.name}', row {row}: {_shortened(cell)} is not {_A[column.kind]}",
                "Send a value of that type, or null where it is missing.",
                column=column.name,
                row=row,
            ) from None
    missing: Any = np.nan if dtype == "float64" else None
    filled = [missing if value is None else value for value in values]
    if dtype.startswith("datetime64") and any(getattr(value, "tzinfo", None) for value in values):
        return pd.to_datetime(pd.Series(filled, dtype=object), utc=True)
    return pd.Series(filled, dtype=dtype)


_A = {
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.BOOLEAN: "true or false",
    Kind.STRING: "text",
    Kind.CATEGORICAL: "text",
    Kind.DATETIME: "a date",
}


def _integer(cell: Any) -> int:
    number = cell if isinstance(cell, int) else float(cell)
    if number != int(number) or not -(2**63) <= number < 2**63:
        raise ValueError
    return int(number)


def _decimal(cell: Any) -> float:
    number = float(cell)
    if number in (float("inf"), float("-inf")):
        raise ValueError
    return number


def _boolean(cell: Any) -> bool:
    text = str(cell).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise ValueError


def _text(cell: Any) -> str:
    if isinstance(cell, dict | list):
        raise TypeError
    return str(cell)


def _moment(cell: Any) -> pd.Timestamp:
    if isinstance(cell, int | float):
        return pd.Timestamp(cell, unit="s")
    if not re.match(r"^\d{4}-\d{2}-\d{2}", str(cell)):
        raise ValueError
    return pd.Timestamp(str(cell))


def _shortened(cell: Any) -> str:
    text = repr(cell)
    return text if len(text) <= 40 else f"{text[:37]}..."
