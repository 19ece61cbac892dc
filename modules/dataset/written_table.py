"""Write tables to files that round-trip, and report what would not."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.column_types import require_distinct
from designer.contract.errors import InvalidParameter
from designer.contract.values import Table
from designer.contract.written_text import texts_of_moments, with_texts_for_moments, write_delimited

SHEET_ROWS, SHEET_COLUMNS, SHEET_TEXT = 1_048_575, 16_384, 32_767
SHEET_WHOLE = 2**53
LINES = 10_000
FIRST_SERIAL_DATE = "1900-03-01"


def write_table(table: Table, path: str, format: str) -> None:
    """Write a table in this format; raises DuplicateColumns, since duplicate names do not round-trip."""
    require_distinct([str(name) for name in table.columns])
    match format:
        case "CSV":
            refuse_infinite(table)
            write_delimited(table, path, ",")
        case "TSV":
            refuse_infinite(table)
            write_delimited(table, path, "\t")
        case "JSON Lines":
            write_json_lines(table, path)
        case "Parquet":
            plain = table.copy(deep=False)
            plain.attrs = {}
            plain.to_parquet(path, index=False, write_page_checksum=True)
        case "Excel":
            write_workbook(table, path)


def write_json_lines(table: Table, path: str) -> None:
    """Write one JSON object per line, numbers at full precision, missing cells as null."""
    refuse_infinite(table)
    plain = with_texts_for_moments(table, "T")
    names = [str(name) for name in plain]
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        for start in range(0, len(plain), LINES):
            part = plain.iloc[start : start + LINES]
            columns = [cells_of(part.iloc[:, i]) for i in range(len(names))]
            rows = zip(*columns, strict=True)
            file.writelines(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n" for row in rows)


def write_workbook(table: Table, path: str) -> None:
    """Write one sheet: text stays text, numbers at full precision, dates that Excel cannot represent as ISO text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    refuse_infinite(table)
    refuse_what_a_sheet_cannot_hold(table)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    columns = [sheet_cells(table.iloc[:, i]) for i in range(table.shape[1])]

    def cell(kind: str, value: Any) -> Any:
        made = WriteOnlyCell(sheet)
        made._value, made.data_type = value, kind
        if kind == "d":
            made.number_format = "yyyy-mm-dd hh:mm:ss"
        made.quotePrefix = kind == "s" and value[:1] in ("=", "+", "-", "@")
        return made

    sheet.append([cell("s", escaped(str(name))) for name in table])
    for row in zip(*columns, strict=True):
        cells = [None if value is None else cell(*value) for value in row]
        sheet.append(cells if any(value is not None for value in row) else [cell("s", ""), *cells[1:]])
    book.save(path)


def cells_of(series: pd.Series[Any]) -> list[Any]:
    """The cells of a column, None for a missing one."""
    return [None if gap else cell for cell, gap in zip(series.tolist(), series.isna(), strict=True)]


def sheet_cells(series: pd.Series[Any]) -> list[Any]:
    """The cells of a column as pairs of Excel's type and the value, None for a missing one."""
    if series.dtype.kind == "M":
        serial = has_serials(series)
        kind = "d" if serial else "s"
        plain = series if serial else texts_of_moments(series, "T")
        return [None if gap else (kind, cell.to_pydatetime() if serial else cell)
                for cell, gap in zip(plain, plain.isna(), strict=True)]  # fmt: skip
    return [None if value is None else sheet_cell(value) for value in cells_of(series)]


def sheet_cell(value: Any) -> tuple[str, Any]:
    """Excel's type of a value and its serialized form."""
    if isinstance(value, bool | np.bool_):
        return "b", int(value)
    if isinstance(value, int | float):
        return "n", repr(value)
    return "s", escaped(str(value))


def has_serials(series: pd.Series[Any]) -> bool:
    """Whether Excel can store every date of a column as a number: no time zone, millisecond precision, from March
    1900."""
    there = series.dropna()
    if series.dt.tz is not None:
        return False
    to_milliseconds = (there == there.dt.floor("ms")).all()
    return bool(to_milliseconds and (there >= FIRST_SERIAL_DATE).all() and (there.dt.year < 9999).all())


def escaped(text: str) -> str:
    """Escape what XML rejects or normalizes, as `_x000D_`."""
    kept = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    return re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda match: f"_x{ord(match[0]):04X}_", kept)


def refuse_what_a_sheet_cannot_hold(table: Table) -> None:
    """Raise InvalidParameter with column and row for a cell that Excel would truncate or round."""
    if len(table) > SHEET_ROWS or table.shape[1] > SHEET_COLUMNS:
        problem = f"a sheet holds {SHEET_ROWS:,} rows of {SHEET_COLUMNS:,} columns"
        problem = f"{problem}, the table has {len(table):,} of {table.shape[1]:,}"
        raise InvalidParameter(problem, "Use Parquet or CSV.", parameter="File format")
    for i, name in enumerate(table.columns):
        series = table.iloc[:, i]
        if series.dtype.name in ("int64", "Int64"):
            wrong = (series.abs() > SHEET_WHOLE) | (series < -SHEET_WHOLE)
            why = "has more digits than Excel keeps"
        elif series.dtype.name in ("str", "category"):
            wrong = series.astype("object").map(is_too_long, na_action="ignore")
            why = f"has more than the {SHEET_TEXT:,} characters that a cell of Excel holds"
        else:
            continue
        rows = np.flatnonzero(wrong.eq(True).fillna(False).to_numpy(bool))
        if len(rows):
            problem = f"column '{name}', row {rows[0] + 1}: the cell {why}"
            remedy = "Use Parquet or CSV, or shorten it." if "characters" in why else "Use Parquet or CSV."
            raise InvalidParameter(problem, remedy, parameter="File format")


def is_too_long(text: Any) -> bool:
    """Whether a text exceeds an Excel cell, whose limit counts UTF-16 units."""
    return len(str(text)) * 7 > SHEET_TEXT and len(escaped(str(text)).encode("utf-16-le")) // 2 > SHEET_TEXT


def refuse_infinite(table: Table) -> None:
    """Raise InvalidParameter for an infinite number, which text formats do not round-trip."""
    for i, name in enumerate(table.columns):
        if table.iloc[:, i].dtype.kind == "f":
            rows = np.flatnonzero(np.isinf(table.iloc[:, i].to_numpy()))
            if len(rows):
                problem = f"column '{name}', row {rows[0] + 1}: the number is infinite"
                raise InvalidParameter(problem, "Use Parquet, or clip the values.", parameter="File format")
