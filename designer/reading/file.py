"""Read a table from a file; ambiguous values stay text, and errors name the row."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pandas as pd
import pyarrow as pa

from designer.contract.column_types import documented
from designer.contract.errors import DesignerError, FileMissing, MismatchedTables, UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.selection import Columns
from designer.contract.wording.counting import counted
from designer.reading.beginning import SHOWN_LINES, shown_lines
from designer.reading.delimited import read_delimited, read_text, typed_table
from designer.reading.header_row import header_notices
from designer.reading.json_lines import read_json_lines
from designer.reading.notices import Notice
from designer.reading.parquet_file import read_parquet
from designer.reading.text_file import utf8_bytes
from designer.reading.workbook import first_cells, read_workbook, sheet_names

__all__ = [
    "Format",
    "ReadOptions",
    "beginning_of",
    "format_of",
    "read_table",
    "read_tables",
    "read_text",
    "sheet_names",
]

Format = Literal["CSV", "TSV", "Excel", "JSON Lines", "Parquet"]
LONGEST_CELL = 131_072
"""The most characters of a cell that csv reads."""

_SHOWN_BYTES = 1 << 16
_SUFFIXES: dict[str, Format] = {
    ".csv": "CSV", ".txt": "CSV", ".tsv": "TSV", ".tab": "TSV", ".xlsx": "Excel", ".xlsm": "Excel",
    ".jsonl": "JSON Lines", ".ndjson": "JSON Lines", ".json": "JSON Lines", ".parquet": "Parquet",
}  # fmt: skip


def suffixes() -> list[str]:
    """The supported file name extensions, sorted."""
    return sorted(_SUFFIXES)


def format_of(path: Path) -> Format:
    """The format by file name extension. Raises UnreadableFile for an unsupported one."""
    format = _SUFFIXES.get(path.suffix.lower())
    if format is None:
        readable = ", ".join(suffixes())
        ending = f"files that end in '{path.suffix}' cannot be read"
        raise UnreadableFile(
            ending if path.suffix else "its name has no ending that tells its format",
            f"Use one of {readable}.",
            file=path.name,
        )
    return format


def names_format(path: str) -> Format | None:
    """The format by file name extension; None for an unsupported one."""
    return _SUFFIXES.get(Path(path).suffix.lower())


def read_table(
    path: Path,
    format: Format | None = None,
    options: ReadOptions | None = None,
    notices: list[Notice] | None = None,
    columns: Columns | None = None,
) -> pd.DataFrame:
    """Read a file as a table in the documented column types; notices for the user are appended to `notices`.

    Of Parquet and JSON, columns that cannot be read are refused only if they are among `columns`; else they are empty.
    Raises FileMissing, DuplicateColumns, UnreadableColumns, or UnreadableFile with the place of the error and a remedy.
    """
    options = options or ReadOptions()
    csv.field_size_limit(LONGEST_CELL)  # of the whole process: scipy raises it when it reads ARFF
    if not path.is_file():
        raise FileMissing(f"there is no file '{path.name}'", "Check the path.", file=path.name)
    if path.stat().st_size == 0:
        raise UnreadableFile("the file is empty", "Choose a file that holds a table.", file=path.name)
    try:
        return _read(path, format or format_of(path), options, [] if notices is None else notices, columns)
    except DesignerError as error:
        raise error.at(file=path.name) from error.__cause__
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, ValueError) as error:
        problem = _first_line(error).replace(f"{path.parent}{os.sep}", "")
        raise UnreadableFile(problem, "Check the format of the file.", file=path.name) from error
    except csv.Error as error:
        problem = f"a cell has more than {LONGEST_CELL:,} characters"
        raise UnreadableFile(problem, "Is it the separator of the file? Else shorten it.", file=path.name) from error


def read_tables(
    paths: Sequence[Path],
    format: Format | None = None,
    options: ReadOptions | None = None,
    notices: list[Notice] | None = None,
    columns: Columns | None = None,
) -> pd.DataFrame:
    """Concatenate the rows of several files; the column types of text files are inferred from the rows of all files.

    Raises MismatchedTables naming a file whose columns differ from those of the first, and the errors of `read_table`.
    """
    options = options or ReadOptions()
    if len(paths) == 1:
        return read_table(paths[0], format, options, notices, columns)
    notices = [] if notices is None else notices
    is_text = all((format or format_of(path)) in ("CSV", "TSV") for path in paths)
    as_text = replace(options, as_text=is_text)
    first, *others = [read_table(path, format, as_text, notices, columns) for path in paths]
    for path, table in zip(paths[1:], others, strict=True):
        _refuse_other_columns(list(first.columns), list(table.columns), paths[0].name, path.name)
    rows = pd.concat([first, *(table[list(first.columns)] for table in others)], ignore_index=True)
    if not is_text:
        return documented(rows)
    cells = {name: pa.array(rows[name], from_pandas=True).cast(pa.string()) for name in rows.columns}
    texts = pa.table({name: pa.chunked_array([part]) for name, part in cells.items()})
    table = typed_table(texts, options, 1, notices)
    notices += header_notices([str(name) for name in table.columns], table) if options.header else []
    return table


def beginning_of(path: Path, options: ReadOptions) -> list[str]:
    """The first lines of a text file or rows of a sheet, including skipped ones; empty for other or damaged files."""
    try:
        match format_of(path):
            case "CSV" | "TSV":
                with path.open("rb") as file:
                    return shown_lines(file.read(_SHOWN_BYTES).decode(options.encoding, errors="replace"))
            case "Excel":
                return shown_lines("\n".join(" | ".join(row) for row in first_cells(path, options, SHOWN_LINES)))
            case "JSON Lines" | "Parquet":
                return []
    except (DesignerError, OSError, ValueError, LookupError):
        return []


def _refuse_other_columns(names: Sequence[str], others: Sequence[str], first: str, file: str) -> None:
    remedy = "Give all files the same columns, or read them one by one."
    if len(names) != len(others):
        problem = f"the file has {counted(len(others), 'column')}, '{first}' has {len(names)}"
        raise MismatchedTables(problem, remedy, file=file, code="0061")
    other = next((name for name in others if name not in names), None)
    if other is not None:
        raise MismatchedTables(f"'{first}' has no column '{other}'", remedy, file=file, column=other, code="0010")


def _read(
    path: Path, format: Format, options: ReadOptions, notices: list[Notice], columns: Columns | None
) -> pd.DataFrame:
    match format:
        case "CSV":
            return read_delimited(utf8_bytes(path.read_bytes(), options), options, notices)
        case "TSV":
            return read_delimited(utf8_bytes(path.read_bytes(), options), replace(options, separator="\t"), notices)
        case "Excel":
            return read_workbook(path, options, notices)
        case "JSON Lines":
            return read_json_lines(utf8_bytes(path.read_bytes(), options), options, notices, columns)
        case "Parquet":
            return read_parquet(path, notices, columns)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
