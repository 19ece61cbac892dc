"""Convert Arrow columns to engine inputs, and engine outputs to Arrow columns."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.files.read_options import ReadOptions
from designer.contract.onnx import MISSING
from designer.contract.schema import Column, Kind
from designer.reading.cells.literals import fit_cells

ARROW = {
    Kind.INTEGER: pa.int64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DECIMAL: pa.float64(),
    Kind.STRING: pa.string(),
    Kind.CATEGORICAL: pa.string(),
    Kind.DATETIME: pa.timestamp("us"),
}
_WANTED = {
    Kind.STRING: "text", Kind.CATEGORICAL: "text", Kind.INTEGER: "a whole number", Kind.DECIMAL: "a number",
    Kind.BOOLEAN: "true or false", Kind.DATETIME: "a date",
}  # fmt: skip
Cells = tuple[pa.Array, pa.Array]
"""Values, and a mask of the cells that fit."""


def read_cells(array: pa.Array, column: Column, options: ReadOptions | None = None) -> tuple[pa.Array, dict[int, str]]:
    """Read cells as the column's kind; returns the values and the reason by row for cells that do not fit.

    Text is read as in training files, other cells as in requests: numbers are finite, whole numbers have 64 bits.
    """
    array = _plain(array)
    if is_text(array.type):
        return _read_texts(array, column, options or ReadOptions())
    values, fits = _from_values(array, column.kind)
    invalid = pc.and_(pc.is_valid(array), pc.invert(pc.fill_null(fits, False)))
    if not pc.any(invalid).as_py():
        return values, {}
    rows = np.flatnonzero(invalid.to_numpy(zero_copy_only=False))
    values = pc.if_else(invalid, pa.scalar(None, values.type), values)
    return values, {int(row): _refusal(array[int(row)], column) for row in rows}


def _read_texts(array: pa.Array, column: Column, options: ReadOptions) -> tuple[pa.Array, dict[int, str]]:
    fitted = fit_cells(array, column.kind, options_of(column, options))
    values = fitted.cells.combine_chunks()
    reasons = {row: f"column '{column.name}': {reason}" for row, reason in fitted.reasons.items()}
    if column.kind in (Kind.STRING, Kind.CATEGORICAL):
        nul = np.flatnonzero(pc.fill_null(pc.match_substring(values, "\0"), False).to_numpy(zero_copy_only=False))
        reasons |= {int(row): f"column '{column.name}' holds a NUL character" for row in nul}
    return values, reasons


def options_of(column: Column, options: ReadOptions) -> ReadOptions:
    """The options for the cells of a column; its own date order, known from training, comes first."""
    own = options.of(column.name)
    return replace(own, date_order=column.date_order) if column.date_order else own


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type is text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def tensor(array: pa.Array, column: Column) -> np.ndarray[Any, Any]:
    """The column as an ONNX graph input, shape [N, 1]."""
    match column.kind:
        case Kind.STRING | Kind.CATEGORICAL:
            filled = array.fill_null(MISSING) if array.null_count else array
            return filled.to_numpy(zero_copy_only=False).reshape(-1, 1)  # type: ignore[no-any-return]
        case Kind.DATETIME:
            seconds = array.cast(pa.int64()).to_numpy(zero_copy_only=False).astype("float64") / 1e6
        case Kind.INTEGER | Kind.DECIMAL | Kind.BOOLEAN:
            seconds = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    return seconds.reshape(-1, 1)  # type: ignore[no-any-return]


def words(array: pa.Array) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The distinct texts of a column, shape [words, 1], and each row's index into them."""
    coded = array.dictionary_encode(null_encoding="encode")
    texts = [MISSING if text is None else text for text in coded.dictionary.to_pylist()]
    return np.array(texts, dtype=object).reshape(-1, 1), coded.indices.to_numpy(zero_copy_only=False).astype("int64")


def answered(array: np.ndarray[Any, Any], kind: Kind) -> pa.Array:
    """An output column of an ONNX graph as Arrow; missing cells are null."""
    match kind:
        case Kind.STRING | Kind.CATEGORICAL:
            text = pa.array(array, type=pa.string())
            return pc.if_else(pc.equal(text, MISSING), None, text)
        case Kind.DATETIME:
            seconds = pa.array(array, from_pandas=True)
            return pc.multiply(seconds, 1e6).cast(pa.int64()).cast(pa.timestamp("us"))
        case Kind.INTEGER | Kind.DECIMAL | Kind.BOOLEAN:
            return finite_only(pa.array(array, from_pandas=True)).cast(ARROW[kind])


def finite_only(array: pa.Array) -> pa.Array:
    """Replace NaN and infinities by null: they are not scores."""
    return _where(pc.is_finite(array), array) if pa.types.is_floating(array.type) else array


def series(array: pa.Array, column: Column) -> pd.Series[Any]:
    """The column as a pandas Series, in the dtype that tables have between modules."""
    match column.kind:
        case Kind.INTEGER:
            return array.to_pandas(types_mapper=lambda _: pd.Int64Dtype() if array.null_count else None)  # type: ignore[no-any-return]
        case Kind.BOOLEAN:
            return array.to_pandas(types_mapper=lambda _: pd.BooleanDtype() if array.null_count else None)  # type: ignore[no-any-return]
        case Kind.CATEGORICAL:
            text = array.to_pandas()
            unseen = sorted(set(text.dropna()) - set(column.categories or ()))
            return pd.Series(pd.Categorical(text, categories=[*(column.categories or ()), *unseen]))
        case Kind.STRING:
            return array.to_pandas().astype("str")  # type: ignore[no-any-return]
        case Kind.DECIMAL | Kind.DATETIME:
            return array.to_pandas()  # type: ignore[no-any-return]


def _plain(array: pa.Array) -> pa.Array:
    """Decode dictionaries and views; NaN becomes null."""
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    if pa.types.is_string_view(array.type) or pa.types.is_null(array.type):
        return array.cast(pa.string())
    if pa.types.is_float16(array.type):
        array = array.cast(pa.float32())
    if pa.types.is_decimal(array.type):
        return _of_decimals(array)
    if pa.types.is_floating(array.type):
        return pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return array


def _of_decimals(array: pa.Array) -> pa.Array:
    """Cast to 64-bit integers where all are whole, which keeps every digit, else to doubles."""
    try:
        return array.cast(pa.int64())
    except pa.ArrowInvalid:
        return array.cast(pa.float64())


def _from_values(array: pa.Array, kind: Kind) -> Cells:
    is_number = pa.types.is_integer(array.type) or pa.types.is_floating(array.type)
    match kind:
        case Kind.DECIMAL if is_number:
            numbers = array.cast(pa.float64(), safe=False)
            return numbers, pc.is_finite(numbers)
        case Kind.INTEGER if is_number:
            return _whole(array)
        case Kind.BOOLEAN if pa.types.is_boolean(array.type):
            return array, pc.is_valid(array)
        case Kind.DATETIME if pa.types.is_timestamp(array.type) or pa.types.is_date(array.type):
            return _moment_values(array)
    return pa.nulls(len(array), ARROW[kind]), pa.array([False] * len(array))


def _whole(numbers: pa.Array) -> Cells:
    """Cast numbers to int64; null where a number is not whole or out of range."""
    if pa.types.is_integer(numbers.type):
        limit = pa.scalar(2**63 - 1, numbers.type) if pa.types.is_uint64(numbers.type) else None
        fits = pc.less_equal(numbers, limit) if limit is not None else pc.is_valid(numbers)
        return _where(fits, numbers).cast(pa.int64()), fits
    in_range = pc.and_(pc.greater_equal(numbers, -(2.0**63)), pc.less(numbers, 2.0**63))
    fits = pc.and_(in_range, pc.equal(numbers, pc.floor(numbers)))
    return _where(fits, numbers).cast(pa.int64(), safe=False), fits


def _moment_values(array: pa.Array) -> Cells:
    naive = array.cast(pa.timestamp(array.type.unit)) if getattr(array.type, "tz", None) else array
    try:
        values = naive.cast(pa.timestamp("us"), safe=False)
    except pa.ArrowInvalid:  # beyond 64 bits of microseconds
        return pa.nulls(len(array), pa.timestamp("us")), pa.array([False] * len(array))
    return values, pc.is_valid(values)


def _where(mask: pa.Array, array: pa.Array) -> pa.Array:
    return pc.if_else(pc.fill_null(mask, False), array, pa.scalar(None, array.type))


def _refusal(cell: pa.Scalar, column: Column) -> str:
    shown = str(cell.as_py())
    return f"column '{column.name}': {shown[:60]} is not {_WANTED[column.kind]}"
