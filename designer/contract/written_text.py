"""Write a table as delimited text that round-trips every cell."""

from __future__ import annotations

import csv
import os
from typing import Any, TextIO

import pandas as pd

from designer.contract.values import Table


def write_delimited(
    table: Table, target: str | os.PathLike[str] | TextIO, separator: str = ",", missing: str = ""
) -> None:
    """Write a table; all texts are quoted if one holds a carriage return, which other readers take for a line end."""
    plain = with_texts_for_moments(table, " ")
    texts = [plain.iloc[:, i] for i in range(plain.shape[1]) if is_text(plain.iloc[:, i])]
    has_returns = any(text.astype("str").str.contains("\r", regex=False).any() for text in texts)
    needs_quotes = has_returns or any("\r" in str(name) for name in plain)
    quoting: Any = csv.QUOTE_NONNUMERIC if needs_quotes else csv.QUOTE_MINIMAL
    plain.to_csv(target, index=False, sep=separator, lineterminator="\n", quoting=quoting, na_rep=missing)


def missing_mark(table: Table) -> str:
    """The marker of missing cells: empty, or a word that no cell holds if the table has empty texts."""
    texts = [table.iloc[:, i].astype("str") for i in range(table.shape[1]) if is_text(table.iloc[:, i])]
    mark = ""
    while any((text == mark).any() for text in texts):
        mark = f"<{mark[1:-1] or 'missing'}{'!' if mark else ''}>"
    return mark


def is_text(series: pd.Series[Any]) -> bool:
    """Whether the cells or categories of a column may be texts."""
    return series.dtype.name in ("str", "category", "object")


def with_texts_for_moments(table: Table, between: str) -> Table:
    """The table with its dates as ISO 8601 text, with `between` between date and time."""
    moments = {i for i in range(table.shape[1]) if table.iloc[:, i].dtype.kind == "M"}
    columns = [texts_of_moments(table.iloc[:, i], between) if i in moments else table.iloc[:, i]
               for i in range(table.shape[1])]  # fmt: skip
    plain = pd.concat(columns, axis=1) if columns else table.copy(deep=False)
    plain.attrs = {}
    return plain


def texts_of_moments(series: pd.Series[Any], between: str) -> pd.Series[Any]:
    """Dates as ISO 8601 text; with `between` a blank, a column of whole days without a zone has no time of day."""
    present = series.dropna()
    days = series.dt.tz is None and between == " " and bool((present == present.dt.normalize()).all())
    texts = [None if gap else cell.date().isoformat() if days else cell.isoformat(between)
             for cell, gap in zip(series, series.isna(), strict=True)]  # fmt: skip
    return pd.Series(texts, index=series.index, name=series.name, dtype="str")
