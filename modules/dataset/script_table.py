"""The table that an exported script reads, from a file beside it or from its own text: the same cells and types."""

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
    """Make the script read a table from a file beside it that has a name; `key` is the same for the same table."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "dataset"
    file = script.file(stem, ".csv", key)
    return script.call(read_columns, file, types_of(table), missing_mark(table), result=name)


def read_here(script: Script, table: Table) -> str:
    """Make the script read a table from a text in it."""
    text, mark = io.StringIO(), missing_mark(table)
    write_delimited(table, text, missing=mark)
    return script.call(read_typed, text.getvalue(), types_of(table), mark, result="dataset")


def types_of(table: Table) -> dict[str, Any]:
    """The type of each column by name; the list of its categories where it has some, a tuple where they are ordered."""
    return {str(name): _type_of(table[name]) for name in table.columns}


def _type_of(series: pd.Series[Any]) -> Any:
    if not isinstance(series.dtype, pd.CategoricalDtype):
        return str(series.dtype)
    values = series.cat.categories.tolist()
    return tuple(values) if series.cat.ordered else values


def read_typed(text: str, types: Mapping[str, Any], missing: str) -> pd.DataFrame:
    """A CSV text, with the type of each column known."""
    return read_columns(io.StringIO(text), types, missing)


def read_columns(source: Any, types: Mapping[str, Any], missing: str) -> pd.DataFrame:
    """A CSV file or stream, with the type or the categories of each column known; `missing` stands for no value."""
    is_plain = {name: isinstance(kind, str) and not kind.startswith("datetime") for name, kind in types.items()}
    table = pd.read_csv(
        source, header=0, names=list(types), index_col=False, skip_blank_lines=False,
        dtype={name: types[name] if plain else "str" for name, plain in is_plain.items()},
        keep_default_na=False, na_values=[missing],
    )  # fmt: skip
    return table.assign(**{name: typed(table[name], types[name]) for name, plain in is_plain.items() if not plain})


def typed(texts: Any, kind: Any) -> Any:
    """A column of texts as dates of a type, or as categories."""
    if isinstance(kind, str):
        return pd.to_datetime(texts, format="ISO8601", utc="," in kind).astype(kind)
    codes = texts.map({str(value): code for code, value in enumerate(kind)}).fillna(-1).astype("int64")
    dtype = pd.CategoricalDtype(list(kind), ordered=isinstance(kind, tuple))
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype), index=texts.index)
