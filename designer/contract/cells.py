"""The documented column types, and conversion of other values to them.

Types: float64 (NaN is missing), Int64 and boolean (int64 and bool where nothing is missing), str, category,
datetime64.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api import types

from designer.contract.errors import ConversionFailed, DuplicateColumns, InvalidValues, WrongColumnType
from designer.contract.literals import FALSE, TRUE, fit_cells, infer_moments
from designer.contract.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema


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
        twice = list(dict.fromkeys(n for n in names if n in seen or seen.add(n)))  # type: ignore[func-returns-value]
        found = f"several columns are named {', '.join(map(repr, twice))}"
        raise DuplicateColumns(found, "Give each its own name.", column=twice[0])


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
        case "timedelta" | "timedelta64":
            return pd.Series(pd.to_timedelta(series).to_numpy() / np.timedelta64(1, "s"), index=series.index)
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


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Convert an Arrow table to a frame in the documented types; integers with missing values stay integers."""
    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=nullable.get, date_as_object=False)
    columns = {name: plain_where_full(frame[name]) for name in frame.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def plain_where_full(series: pd.Series[Any]) -> pd.Series[Any]:
    """Convert Int64 to int64 and boolean to bool if nothing is missing."""
    if series.dtype.name == "Int64" and not series.hasnans:
        return series.astype("int64")
    if series.dtype.name == "boolean" and not series.hasnans:
        return series.astype("bool")
    return series


def column_of_values(cells: Sequence[Any], name: str, order: str = "") -> pd.Series[Any]:
    """Convert typed values of a workbook or JSON (None and NaN are missing) to a column, without losing a digit.

    Numbers stay numbers if one type holds them all; texts become dates if all are written as dates, with the day or
    the month first as set by `order`; durations become seconds; times of day and mixed values become text. Raises
    WrongColumnType for cells that hold objects or lists.
    """
    there = [cell for cell in cells if cell is not None and cell == cell]
    kinds = {type(cell) for cell in there}
    if kinds & {dict, list}:
        nested = "objects" if dict in kinds else "lists"
        found = f"column '{name}' holds {nested} inside its cells"
        raise WrongColumnType(found, "Flatten them first: one column for each value.", column=name)
    texts = [None if cell is None or cell != cell else cell for cell in cells]
    if kinds == {str}:
        moments = infer_moments(pa.chunked_array([pa.array(texts, pa.string())]), order)
        return pd.Series(texts, dtype="str") if moments is None else pd.Series(moments.to_pandas())
    if _is_one_type(kinds, there):
        return documented_column(pd.Series(texts, dtype=object), name)
    return pd.Series([None if cell is None else written(cell) for cell in texts], dtype="str")


def written(cell: Any) -> str:
    """Format a value as text: booleans in lower case, dates and times in ISO 8601."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, datetime | date | time) else str(cell)


def _is_one_type(kinds: set[type], there: list[Any]) -> bool:
    if kinds == {int}:
        return all(-(2**63) <= cell < 2**63 for cell in there)
    if kinds == {int, float}:
        return all(abs(cell) <= 2**53 or int(float(cell)) == cell for cell in there)
    return len(kinds) < 2 and time not in kinds


def table_of(rows: Sequence[Mapping[str, Any]], schema: Schema) -> pd.DataFrame:
    """Build a table of JSON rows in the types of a schema; columns absent from a row are missing.

    Raises ConversionFailed naming the row and the column of a cell that does not fit.
    """
    columns = {column.name: column_of([row.get(column.name) for row in rows], column) for column in schema}
    return schema.attach(pd.DataFrame(columns, index=pd.RangeIndex(len(rows))))


def column_of(cells: Sequence[Any], column: Column) -> pd.Series[Any]:
    """Cast plain cells (None is missing) to the kind of a column; texts are parsed like cells of files.

    Raises ConversionFailed naming the first row whose cell does not fit.
    """
    texts = pa.chunked_array([pa.array([cell if isinstance(cell, str) else None for cell in cells], pa.string())])
    is_text = column.kind is Kind.DATETIME and _are_texts(cells)
    moments = infer_moments(texts, column.date_order) if is_text else None
    if moments is not None:
        return pd.Series(moments.to_pandas())
    fitted = fit_cells(texts, column.kind, replace(_AS_SENT, date_order=column.date_order))
    reasons = dict(fitted.reasons)
    values = fitted.cells.to_pylist()
    for row, cell in enumerate(cells):
        if not isinstance(cell, str) and not (cell is None or cell != cell):
            try:
                values[row] = _PARSERS[column.kind](cell)
            except (ValueError, TypeError, OverflowError):
                reasons[row] = f"{_shortened(cell)} is not {_A[column.kind]}"
    if reasons:
        raise _unfitting(column.name, min(reasons), reasons[min(reasons)])
    return _typed(values, column)


_AS_SENT = ReadOptions(missing=())


def _are_texts(cells: Sequence[Any]) -> bool:
    return all(isinstance(cell, str) or cell is None or cell != cell for cell in cells)


def _unfitting(name: str, row: int, why: str) -> ConversionFailed:
    remedy = "Send a value of that type, or null where it is missing."
    return ConversionFailed(f"column '{name}', row {row + 1}: {why}", remedy, column=name, row=row + 1)


def _typed(values: list[Any], column: Column) -> pd.Series[Any]:
    match column.kind:
        case Kind.INTEGER:
            return pd.Series(pd.array(values, dtype="Int64"))
        case Kind.DECIMAL:
            return pd.Series([np.nan if value is None else value for value in values], dtype="float64")
        case Kind.BOOLEAN:
            return pd.Series(values, dtype="boolean")
        case Kind.STRING:
            return pd.Series(values, dtype="str")
        case Kind.CATEGORICAL:
            known = list(column.categories) if column.categories else None
            return pd.Series(values, dtype="str").astype(pd.CategoricalDtype(known))
        case Kind.DATETIME:
            return pd.Series(values, dtype="datetime64[us]")


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
    if number in (float("inf"), float("-inf")) or (isinstance(cell, int) and int(number) != cell):
        raise ValueError
    return number


def _boolean(cell: Any) -> bool:
    text = str(cell).lower()
    if text not in (*TRUE, *FALSE):
        raise ValueError
    return text in TRUE


def _text(cell: Any) -> str:
    if isinstance(cell, dict | list):
        raise TypeError
    return str(cell)


def _moment(cell: Any) -> pd.Timestamp:
    if isinstance(cell, int | float):
        return pd.Timestamp(cell, unit="s")
    moment = pd.Timestamp(cell)
    return moment if moment.tzinfo is None else moment.tz_convert(None)


_PARSERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.STRING: _text,
    Kind.CATEGORICAL: _text,
    Kind.DATETIME: _moment,
}


def _shortened(cell: Any) -> str:
    text = repr(cell)
    return text if len(text) <= 40 else f"{text[:37]}..."
