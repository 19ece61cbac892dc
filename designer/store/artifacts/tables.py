"""Tables as Arrow files: uncompressed, one record batch, memory-mapped when read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pandas.api.types import infer_dtype

from designer.contract.errors import DuplicateColumns, InvalidValues

_OBJECTS_AS = {
    "string": "str",
    "empty": "str",
    "boolean": "boolean",
    "integer": "Int64",
    "floating": "float64",
    "mixed-integer-float": "float64",
    "datetime": "datetime64[us]",
    "datetime64": "datetime64[us]",
    "date": "datetime64[us]",
}
"""The dtype that a column of Python objects is cast to, by its `infer_dtype`."""


def write_table(frame: pd.DataFrame, file: Path) -> pd.DataFrame:
    """Write a frame; returns its first row as it will be read.

    Raises InvalidValues or DuplicateColumns naming the column that cannot be stored.
    """
    table = to_arrow(frame).combine_chunks()
    batches = table.to_batches()
    batch = batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_batch(batch)
    return _frame(batch.slice(0, 1))


def read_table(file: Path) -> pd.DataFrame:
    """Read a frame from the memory-mapped file: read-only, and zero-copy where the column types allow it."""
    return _frame(_batch(file))


def read_page(file: Path, offset: int, limit: int) -> pd.DataFrame:
    """Rows `offset` to `offset + limit`, without reading the others."""
    return _frame(_batch(file).slice(max(offset, 0), max(limit, 0)))


def to_arrow(frame: pd.DataFrame) -> pa.Table:
    """Convert a frame to an Arrow table without its index. Raises InvalidValues or DuplicateColumns."""
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DuplicateColumns(f"two columns are named '{twice}'", "Give every column a name of its own.", column=twice)
    columns = {name: _storable(series, name) for name, (_, series) in zip(names, frame.items(), strict=True)}
    plain = pd.DataFrame(columns, index=frame.index)
    try:
        return pa.Table.from_pandas(plain, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise InvalidValues(f"the table cannot be stored: {error}", "Convert the column to text or numbers.") from error


def _storable(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    """Cast to a type that round-trips."""
    dtype = series.dtype
    if pd.api.types.is_object_dtype(dtype):
        return _from_objects(series, name)
    if isinstance(dtype, pd.CategoricalDtype):
        return _from_categories(series, name)
    if isinstance(dtype, pd.IntervalDtype | pd.SparseDtype | pd.PeriodDtype) or dtype.kind in "cm":
        raise _unstorable(name, f"values of type {dtype}")
    return series


def _from_objects(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    holds = infer_dtype(series, skipna=True)
    if holds not in _OBJECTS_AS:
        kinds = sorted({type(cell).__name__ for cell in series if not _is_missing(cell)})
        what = f"a mix of {', '.join(kinds)}" if len(kinds) > 1 else f"values of type {''.join(kinds) or holds}"
        raise _unstorable(name, what)
    try:
        dtype: Any = _OBJECTS_AS[holds]
        converted: pd.Series[Any] = series.astype(dtype)
    except (ValueError, TypeError, OverflowError) as error:
        raise _unstorable(name, f"{holds} values that do not fit ({error})") from error
    return converted


def _from_categories(series: pd.Series[Any], name: str) -> pd.Series[Any]:
    categories = series.cat.categories
    if isinstance(categories.dtype, pd.IntervalDtype):
        raise _unstorable(name, "intervals as categories")
    if categories.dtype == object and infer_dtype(categories) not in ("string", "empty"):
        raise _unstorable(name, "categories of different types")
    return series


def _is_missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and cell != cell)


def _unstorable(name: str, what: str) -> InvalidValues:
    return InvalidValues(
        f"column '{name}' holds {what}, which no table can keep", "Convert it to text or to numbers.", column=name
    )


def _batch(file: Path) -> pa.RecordBatch:
    return pa.ipc.open_file(pa.memory_map(str(file))).get_batch(0)


def _frame(batch: pa.RecordBatch) -> pd.DataFrame:
    frame: pd.DataFrame = pa.Table.from_batches([batch]).to_pandas(split_blocks=True)
    return frame
