"""Find the columns whose kind a file format does not preserve."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from designer.contract.errors import DesignerError
from designer.contract.schema import Kind, kind_of
from designer.contract.values import Table
from designer.reading.cells.literals import infer_cells, infer_moments


def read_back_differently(table: Table, format: str) -> list[str]:
    """A sentence for each way in which Import Data would read back a different table."""
    columns = {str(name): table[name] for name in table.columns}
    if format == "Parquet":
        without = [n for n, series in columns.items() if series.dtype.name == "category" and series.isna().all()]
        return _sentences(without, "is read back as another type: it has no categories")
    kinds = [name for name, series in columns.items() if _changes_kind(series, format)]
    empty = [name for name, series in columns.items() if format != "JSON Lines" and _holds(series, "")]
    blank = [name for name in columns if format != "JSON Lines" and name != name.strip()]
    finer = [name for name, series in columns.items() if _is_finer(series)]
    return [
        *_sentences(kinds, "is read back as another type, which this format does not store"),
        *_sentences(empty, "has empty texts, which are read back as missing"),
        *_sentences(blank, "loses the blanks around its name"),
        *_sentences(finer, "has dates finer than a microsecond, which lose precision"),
    ]


def _sentences(names: list[str], what: str) -> list[str]:
    others = f" (and {len(names) - 1:,} more)" if len(names) > 1 else ""
    return [f"Column '{names[0]}'{others} {what}."] if names else []


def _changes_kind(series: pd.Series[Any], format: str) -> bool:
    kind = kind_of(series)
    if series.isna().all():
        return kind is not Kind.DECIMAL
    if kind is Kind.CATEGORICAL:
        return True
    if kind is not Kind.STRING:
        return False
    cells = pa.chunked_array([pa.array(series, pa.string(), from_pandas=True)])
    if format in ("Excel", "JSON Lines"):
        return infer_moments(cells) is not None
    try:
        return bool(infer_cells(cells, str(series.name)).type != pa.string())
    except DesignerError:  # a number too large for 64 bits, for which the file is rejected
        return True


def _holds(series: pd.Series[Any], text: str) -> bool:
    return kind_of(series) in (Kind.STRING, Kind.CATEGORICAL) and bool((series == text).any())


def _is_finer(series: pd.Series[Any]) -> bool:
    if kind_of(series) is not Kind.DATETIME or series.dt.unit != "ns":
        return False
    return bool((series.dropna().dt.nanosecond != 0).any())
