"""Columns of Arrow batches as engines take them, and their answers as Arrow columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.onnx import MISSING
from designer.contract.schema import Column, Kind

TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
ARROW = {Kind.INTEGER: pa.int64(), Kind.BOOLEAN: pa.bool_(), Kind.DECIMAL: pa.float64()}


def read_cells(array: pa.Array, column: Column) -> tuple[pa.Array, dict[int, str]]:
    """The cells in the type of the column, and the rows whose cell is none."""
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    wanted = _arrow_type(column.kind)
    if pa.types.is_string_view(array.type):
        array = array.cast(pa.string())
    if array.type == wanted or (is_text(array.type) and wanted == pa.string()):
        return array, {}
    try:
        return _cast(array, wanted), {}
    except pa.ArrowException:
        return _cell_by_cell(array, column, wanted)


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of an Arrow type are text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def tensor(array: pa.Array, column: Column) -> np.ndarray[Any, Any]:
    """The column as an ONNX graph takes it, [N, 1]."""
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
    """The distinct texts of a column, [words, 1], and which of them each row has."""
    coded = array.dictionary_encode(null_encoding="encode")
    texts = [MISSING if text is None else text for text in coded.dictionary.to_pylist()]
    return np.array(texts, dtype=object).reshape(-1, 1), coded.indices.to_numpy(zero_copy_only=False).astype("int64")


def answered(array: np.ndarray[Any, Any], kind: Kind) -> pa.Array:
    """A column that an ONNX graph answered; missing cells are null."""
    match kind:
        case Kind.STRING | Kind.CATEGORICAL:
            text = pa.array(array, type=pa.string())
            return pc.if_else(pc.equal(text, MISSING), None, text)
        case Kind.DATETIME:
            seconds = pa.array(array, from_pandas=True)
            return pc.multiply(seconds, 1e6).cast(pa.int64()).cast(pa.timestamp("us"))
        case Kind.INTEGER | Kind.DECIMAL | Kind.BOOLEAN:
            return pa.array(array, from_pandas=True).cast(ARROW[kind])


def series(array: pa.Array, column: Column) -> pd.Series[Any]:
    """The column in the type that tables have between modules."""
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


def _cast(array: pa.Array, wanted: pa.DataType) -> pa.Array:
    if wanted == pa.bool_() and is_text(array.type):
        known = pc.or_kleene(pc.is_in(array, pa.array(TRUE)), pc.is_in(array, pa.array(FALSE)))
        if not pc.all(pc.or_(known, pc.is_null(array))).as_py():
            raise pa.ArrowInvalid("not a flag")
        return pc.if_else(pc.is_valid(array), pc.is_in(array, pa.array(TRUE)), None)
    if pa.types.is_string(wanted) and not is_text(array.type):
        raise pa.ArrowInvalid("not text")
    if wanted == pa.int64() and is_text(array.type):
        return array.cast(pa.float64()).cast(pa.int64())
    return array.cast(wanted)


def _cell_by_cell(array: pa.Array, column: Column, wanted: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    cells: list[Any] = []
    bad: dict[int, str] = {}
    for row, cell in enumerate(array):
        try:
            cells.append(_cast(pa.array([cell.as_py()], type=array.type), wanted)[0].as_py())
        except pa.ArrowException:
            cells.append(None)
            bad[row] = f"'{column.name}' is {str(cell.as_py())[:60]!r}, not {str(column.kind).lower()}"
    return pa.array(cells, type=wanted), bad


def _arrow_type(kind: Kind) -> pa.DataType:
    match kind:
        case Kind.INTEGER | Kind.BOOLEAN | Kind.DECIMAL:
            return ARROW[kind]
        case Kind.DATETIME:
            return pa.timestamp("us")
        case Kind.STRING | Kind.CATEGORICAL:
            return pa.string()
