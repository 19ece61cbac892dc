"""Convert typed values of workbooks, JSON and requests to columns of the documented types."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from designer.contract.column_types import documented_column
from designer.contract.errors import ConversionFailed, WrongColumnType
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.reading.cells.literals import FALSE, TRUE, fit_cells, infer_moments


def column_of_values(cells: Sequence[Any], name: str, order: str = "") -> pd.Series[Any]:
    """Convert typed values of a workbook or JSON (None and NaN are missing) to a column, without losing a digit.

    Numbers stay numbers if one type holds them all; texts become dates if all are written as dates, with the day or
    the month first as set by `order`; durations become seconds; times of day and mixed values become text. Raises
    WrongColumnType for cells that hold objects or lists.
    """
    present = [cell for cell in cells if cell is not None and cell == cell]
    kinds = {type(cell) for cell in present}
    if kinds & {dict, list}:
        nested = "objects" if dict in kinds else "lists"
        problem = f"column '{name}' holds {nested} inside its cells"
        raise WrongColumnType(problem, "Flatten them first: one column for each value.", column=name)
    texts = [None if cell is None or cell != cell else cell for cell in cells]
    if kinds == {str}:
        moments = infer_moments(pa.chunked_array([pa.array(texts, pa.string())]), order)
        return pd.Series(texts, dtype="str") if moments is None else pd.Series(moments.to_pandas())
    if _is_one_type(kinds, present):
        return documented_column(pd.Series(texts, dtype=object), name)
    return pd.Series([None if cell is None else written(cell) for cell in texts], dtype="str")


def written(cell: Any) -> str:
    """Format a value as text: booleans in lower case, dates and times in ISO 8601."""
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, datetime | date | time) else str(cell)


def _is_one_type(kinds: set[type], present: list[Any]) -> bool:
    if kinds == {int}:
        return all(-(2**63) <= cell < 2**63 for cell in present)
    if kinds == {int, float}:
        return all(abs(cell) <= 2**53 or int(float(cell)) == cell for cell in present)
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
            categories = list(column.categories) if column.categories else None
            return pd.Series(values, dtype="str").astype(pd.CategoricalDtype(categories))
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
