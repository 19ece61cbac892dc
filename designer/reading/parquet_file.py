"""Read a Parquet file as a table in the documented types: values are exact, or text with all digits."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet

from designer.contract.column_types import documented, require_distinct, to_pandas
from designer.contract.errors import UnreadableFile
from designer.contract.selection import Columns
from designer.contract.wording.counting import counted
from designer.reading.cells.digits import first_lost
from designer.reading.delimited import COLUMN_LIMIT
from designer.reading.notices import Notice, duration_notice
from designer.reading.unreadable_columns import require_left_out

_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def read_parquet(path: Path, notices: list[Notice] | None = None, columns: Columns | None = None) -> pd.DataFrame:
    """Read a Parquet file; notices for the user are appended to `notices`.

    Raises UnreadableColumns naming the selected columns of nested or binary values; others of them are empty texts.
    """
    table = parquet.read_table(path, page_checksum_verification=True)
    require_distinct(table.column_names)
    if len(table.column_names) > COLUMN_LIMIT:
        problem = f"the file has {counted(len(table.column_names), 'column')}"
        raise UnreadableFile(problem, f"Use at most {COLUMN_LIMIT:,}.")
    return plain_table(table, notices, columns or Columns.all())


def plain_table(table: pa.Table, notices: list[Notice] | None, columns: Columns) -> pd.DataFrame:
    """Convert an Arrow table of distinct names to the documented types, as `read_parquet` does."""
    names = table.column_names
    problems: dict[str, str] = {}
    for place, name in enumerate(names):
        column = table.column(place)
        try:
            plain = plain_column(column, name)
        except UnreadableFile as error:
            problems[name] = error.found
            plain = pa.chunked_array([pa.nulls(len(column), pa.string())])
        if notices is not None and pa.types.is_duration(column.type):
            notices.append(duration_notice(name))
        if plain is not column:
            table = table.set_column(place, name, plain)
    require_left_out(names, problems, columns)
    return documented(to_pandas(table.replace_schema_metadata(None)))


def plain_column(cells: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Convert a column of any Arrow type to one that tables support.

    Raises UnreadableFile for nested or binary values, and for durations beyond 2^53 units.
    """
    kind = cells.type
    if isinstance(kind, pa.BaseExtensionType):
        return plain_column(pa.chunked_array([pc.cast(cells, kind.storage_type)]), name)
    if pa.types.is_integer(kind):
        return _wholes(cells)
    if pa.types.is_decimal(kind):
        return _decimals(cells)
    if pa.types.is_time(kind):
        return cells.cast(pa.string())
    if pa.types.is_duration(kind):
        return _seconds(cells, name)
    if pa.types.is_timestamp(kind):
        return _moments(cells)
    if pa.types.is_dictionary(kind):
        return _categories(cells, name)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        raise _unsupported(cells, name)
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        raise _unsupported(cells, name)
    return cells


def _unsupported(cells: pa.ChunkedArray, name: str) -> UnreadableFile:
    remedy = "Flatten it first." if pa.types.is_nested(cells.type) else "Write it as text or numbers, or leave it out."
    return UnreadableFile(f"column '{name}' holds {cells.type}", remedy, column=name)


def _wholes(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return cells.cast(pa.int64())
    except pa.ArrowInvalid:
        return cells.cast(pa.string())


def _decimals(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Convert decimals without a fraction to integers, others to doubles if every digit round-trips, else to text."""
    if cells.type.scale <= 0:
        try:
            return cells.cast(pa.int64())
        except pa.ArrowInvalid:
            return cells.cast(pa.string())
    texts, numbers = cells.cast(pa.string()), cells.cast(pa.float64())
    return texts if first_lost(texts, numbers) is not None else numbers


def _seconds(cells: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    counts = cells.cast(pa.int64())
    largest = pc.max(pc.abs(counts)).as_py()
    if largest is not None and largest > 2**53:
        problem = f"column '{name}' holds a duration of more digits than a number of seconds holds"
        raise UnreadableFile(problem, "Write it as text or as whole numbers.", column=name)
    return pc.divide(counts.cast(pa.float64()), float(_SECOND[cells.type.unit]))


def _moments(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Convert timestamps to microseconds unless that loses precision."""
    if cells.type.unit == "us":
        return cells
    try:
        return cells.cast(pa.timestamp("us", cells.type.tz))
    except pa.ArrowInvalid:
        return cells


def _categories(cells: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    """Keep categories of text, numbers or booleans; decode others to plain values."""
    values = cells.type.value_type
    supported = (pa.string(), pa.large_string(), pa.int64(), pa.float64(), pa.bool_(), pa.null())
    if values in supported:
        return cells
    return plain_column(pa.chunked_array([chunk.dictionary_decode() for chunk in cells.chunks], values), name)
