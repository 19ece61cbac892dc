"""Emit the table that an exported script reads, from a file or inline, with the same cells and types."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from designer.contract.script import Script
from designer.contract.values import Table
from designer.contract.written_text import missing_mark, write_delimited


def read_beside(script: Script, table: Table, name: str, key: str | None) -> str:
    """Make the script read a table from a named file next to it; equal tables have equal `key`."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "dataset"
    file = script.file(stem, ".csv", key)
    return script.call(read_columns, file, types_of(table), missing_mark(table), result=name)


def read_here(script: Script, table: Table) -> str:
    """Make the script read a table from an inline text."""
    text, mark = io.StringIO(), missing_mark(table)
    write_delimited(table, text, missing=mark)
    return script.call(read_typed, text.getvalue(), types_of(table), mark, result="dataset")


def types_of(table: Table) -> dict[str, Any]:
    """The type of each column by name; for categorical columns the list of categories, a tuple if ordered."""
    return {str(name): _type_of(table[name]) for name in table.columns}


def _type_of(series: pd.Series[Any]) -> Any:
    if not isinstance(series.dtype, pd.CategoricalDtype):
        return str(series.dtype)
    values = series.cat.categories.tolist()
    return tuple(values) if series.cat.ordered else values


def read_typed(text: str, types: Mapping[str, Any], missing: str) -> pd.DataFrame:
    """Read a CSV text with known column types."""
    return read_columns(io.StringIO(text), types, missing)


def read_columns(source: Any, types: Mapping[str, Any], missing: str) -> pd.DataFrame:
    """Read a CSV file or stream with known column types or categories; `missing` marks missing cells."""
    is_plain = {name: isinstance(kind, str) and not kind.startswith("datetime") for name, kind in types.items()}
    table = pd.read_csv(
        source, header=0, names=list(types), index_col=False, skip_blank_lines=False,
        dtype={name: types[name] if plain else "str" for name, plain in is_plain.items()},
        keep_default_na=False, na_values=[missing],
    )  # fmt: skip
    return table.assign(**{name: typed(table[name], types[name]) for name, plain in is_plain.items() if not plain})


def typed(texts: Any, kind: Any) -> Any:
    """Convert a text column to a datetime type or to categories."""
    if isinstance(kind, str):
        return pd.to_datetime(texts, format="ISO8601", utc="," in kind).astype(kind)
    codes = texts.map({str(value): code for code, value in enumerate(kind)}).fillna(-1).astype("int64")
    dtype = pd.CategoricalDtype(list(kind), ordered=isinstance(kind, tuple))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype), index=texts.index)
