"""Tables as folders of plain columns, which base R reads and writes with `designer/step/columns.R`.

Exact in every documented column type. Integers beyond 32 bits are doubles in R, so beyond 2^53 they are refused; times
are kept to the microsecond. `columns.R` describes the files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from designer.contract.column_types import documented, plain_where_full
from designer.contract.errors import InvalidValues

READER = Path(__file__).parents[2] / "step" / "columns.R"
"""The functions for R."""

COLUMNS = "columns.txt"
"""The file of a folder that says what its columns are."""

_MISSING = np.iinfo(np.int32).min
_EXACT = 2**53
_NA = np.frombuffer(np.uint64(0x7FF00000000007A2).tobytes(), "<f8")[0]
"""R's missing double, which it tells from NaN."""


def write_columns(frame: pd.DataFrame, folder: Path) -> None:
    """Write a table. Raises InvalidValues for an integer beyond 2^53 and for text with a NUL character."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [str(name) for name in frame.columns]
    kinds = [_write(frame.iloc[:, i], names[i], folder / str(i + 1)) for i in range(len(names))]
    _write_text(pd.Series(names, dtype="str"), "the names", folder / "names")
    (folder / COLUMNS).write_text("\n".join([str(len(frame)), *kinds]) + "\n", encoding="utf-8")


def read_columns(folder: Path) -> pd.DataFrame:
    """Read a table, in the documented column types. Raises InvalidValues, DuplicateColumns."""
    rows, *kinds = (folder / COLUMNS).read_text(encoding="utf-8").splitlines()
    names = _read_text(folder / "names")
    columns = [_read(folder / str(number), *kind.split(" ", 1)) for number, kind in enumerate(kinds, 1)]
    frame = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=pd.RangeIndex(int(rows)))
    frame.columns = pd.Index(names)
    return documented(frame)


def _write(series: pd.Series[Any], name: str, stem: Path) -> str:
    """Write a column; returns its kind."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return _write_factor(series, name, stem)
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return _write_times(series, stem)
    if pd.api.types.is_bool_dtype(dtype):
        _save(stem, series.astype("Int32").to_numpy("<i4", na_value=_MISSING))
        return "logical"
    if pd.api.types.is_integer_dtype(dtype):
        return _write_integers(series, name, stem)
    if pd.api.types.is_float_dtype(dtype):
        _save(stem, np.where(series.isna(), _NA, series.to_numpy("<f8", na_value=np.nan)))
        return "double"
    _write_text(series, f"column '{name}'", stem)
    return "text"


def _write_integers(series: pd.Series[Any], name: str, stem: Path) -> str:
    known = series.dropna()
    largest = max(abs(int(known.min())), abs(int(known.max()))) if len(known) else 0
    if largest < -_MISSING:
        _save(stem, series.astype("Int64").to_numpy("<i8", na_value=_MISSING).astype("<i4"))
        return "integer"
    if largest > _EXACT:
        numbers = series.astype("Int64")
        row = int(np.argmax((numbers.gt(_EXACT) | numbers.lt(-_EXACT)).fillna(value=False).to_numpy()))
        problem = f"column '{name}' holds {series.iloc[row]}, which R cannot hold exactly"
        raise InvalidValues(problem, "Convert the column to text first.", column=name, row=row + 1)
    _save(stem, series.astype("Float64").to_numpy("<f8", na_value=_NA))
    return "whole"


def _write_times(series: pd.Series[Any], stem: Path) -> str:
    zone = getattr(series.dtype, "tz", None)
    instants = series.dt.tz_convert("UTC").dt.tz_localize(None) if zone is not None else series
    whole = instants.to_numpy("datetime64[us]").astype("<i8")
    _save(stem, np.where(series.isna(), _NA, whole.astype("<f8")))
    return f"time {'UTC' if zone is None else 'Etc/UTC' if str(zone) == 'UTC' else zone}"


def _write_factor(series: pd.Series[Any], name: str, stem: Path) -> str:
    categories = series.cat.categories
    codes = series.cat.codes.to_numpy().astype("<i4")
    _save(stem, np.where(codes < 0, _MISSING, codes + 1).astype("<i4"))
    texts = pd.Series(categories.map(repr) if categories.dtype == "float64" else categories.astype("str"), dtype="str")
    _write_text(texts, f"column '{name}'", stem.with_name(f"{stem.name}.levels"))
    return f"{'ordered' if series.cat.ordered else 'factor'} {categories.dtype.name}"


def _write_text(series: pd.Series[Any], where: str, stem: Path) -> None:
    array = pa.array(series.astype("str"), pa.large_string(), from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    missing = array.is_null().to_numpy(zero_copy_only=False)
    filled = array.fill_null("")
    offsets = np.frombuffer(filled.buffers()[1], "<i8")[filled.offset : filled.offset + len(filled) + 1]
    data = bytes(memoryview(filled.buffers()[2] or b"")[offsets[0] : offsets[-1]]) if len(filled) else b""
    if b"\0" in data:
        row = int(np.searchsorted(offsets - offsets[0], data.index(b"\0"), side="right"))
        raise InvalidValues(f"{where} holds a NUL character", "Remove it first.", row=row)
    lengths = np.diff(offsets) if len(filled) else np.empty(0)
    stem.with_name(f"{stem.name}.lengths").write_bytes(np.where(missing, _MISSING, lengths).astype("<i4").tobytes())
    stem.with_name(f"{stem.name}.text").write_bytes(data)


def _read(stem: Path, kind: str, detail: str = "") -> pd.Series[Any]:
    match kind:
        case "text":
            return _read_text(stem)
        case "double":
            values = _load(stem, "<f8")
            return pd.Series(np.where(np.isnan(values), np.nan, values))
        case "whole":
            values = _load(stem, "<f8")
            missing = np.isnan(values)
            return plain_where_full(_nullable(np.where(missing, 0, values).astype("int64"), missing))
        case "time":
            return _times(_load(stem, "<f8"), detail)
        case "factor" | "ordered":
            return _factor(stem, detail, is_ordered=kind == "ordered")
        case "logical":
            values = _load(stem, "<i4")
            flags: pd.Series[Any] = pd.Series(pd.arrays.BooleanArray(values == 1, values == _MISSING))
            return plain_where_full(flags)
        case _:
            values = _load(stem, "<i4")
            return plain_where_full(_nullable(values.astype("int64"), values == _MISSING))


def _nullable(values: np.ndarray[Any, Any], missing: np.ndarray[Any, Any]) -> pd.Series[Any]:
    return pd.Series(pd.arrays.IntegerArray(np.where(missing, 0, values), missing))


def _times(values: np.ndarray[Any, Any], zone: str) -> pd.Series[Any]:
    missing = np.isnan(values)
    whole = np.where(missing, 0, values).astype("<i8").astype("datetime64[us]")
    times = pd.Series(whole).mask(missing)
    return times if zone in ("", "UTC", "GMT") else times.dt.tz_localize("UTC").dt.tz_convert(zone)


def _factor(stem: Path, levels_type: str, is_ordered: bool) -> pd.Series[Any]:
    levels = _read_text(stem.with_name(f"{stem.name}.levels"))
    codes = _load(stem, "<i4")
    categories = _typed(levels, levels_type)
    coded = pd.Categorical.from_codes(np.where(codes == _MISSING, -1, codes - 1), categories, ordered=is_ordered)
    return pd.Series(coded)


def _typed(levels: pd.Series[Any], name: str) -> pd.Index[Any]:
    """The levels in the type that they had, where the program kept that."""
    index: pd.Index[Any] = pd.Index(levels)
    try:
        if name in ("int64", "float64"):
            index = pd.Index(pd.to_numeric(levels).to_numpy(name))
    except (ValueError, TypeError):
        pass
    if name == "bool" and set(levels) <= {"True", "False"}:
        index = pd.Index(levels.to_numpy() == "True")
    return index


def _read_text(stem: Path) -> pd.Series[Any]:
    lengths = np.frombuffer(stem.with_name(f"{stem.name}.lengths").read_bytes(), "<i4")
    missing = lengths == _MISSING
    offsets = np.concatenate([[0], np.cumsum(np.where(missing, 0, lengths), dtype="<i8")])
    data = pa.py_buffer(stem.with_name(f"{stem.name}.text").read_bytes())
    valid = pa.array(~missing).buffers()[1] if len(lengths) else None
    array = pa.LargeStringArray.from_buffers(len(lengths), pa.py_buffer(offsets.astype("<i8").tobytes()), data, valid)
    return pd.Series(array.to_pandas(), dtype="str")


def _save(stem: Path, values: np.ndarray[Any, Any]) -> None:
    stem.with_name(f"{stem.name}.values").write_bytes(np.ascontiguousarray(values).tobytes())


def _load(stem: Path, kind: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(stem.with_name(f"{stem.name}.values").read_bytes(), kind)
