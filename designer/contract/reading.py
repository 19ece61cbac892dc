"""Reading a table from a file, carefully: what is ambiguous stays text, what is broken is named with its row."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, AnyStr, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pa_parquet

from designer.contract.cells import documented, plain_where_full, require_distinct
from designer.contract.errors import DesignerError, FileMissing, MismatchedTables, UnreadableFile
from designer.contract.literals import infer_cells

Format = Literal["CSV", "TSV", "Excel", "JSON Lines", "Parquet"]
COLUMN_LIMIT = 10_000
_BLOCK = 1 << 25
_UNPACKED_LIMIT = 2 << 30
_SUFFIXES: dict[str, Format] = {
    ".csv": "CSV", ".txt": "CSV", ".tsv": "TSV", ".tab": "TSV", ".xlsx": "Excel", ".xlsm": "Excel",
    ".jsonl": "JSON Lines", ".ndjson": "JSON Lines", ".json": "JSON Lines", ".parquet": "Parquet",
}  # fmt: skip
_BINARY = {
    b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image", b"%PDF": "a PDF document",
    b"PK\x03\x04": "a zip archive or an Excel workbook", b"\x1f\x8b": "a gzip archive", b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"\x7fELF": "a program", b"SQLite format 3": "a database",
}  # fmt: skip


_SPOKEN = {"cp1252": "Windows-1252"}


@dataclass(frozen=True)
class ReadOptions:
    """How a text file or a workbook is laid out. `missing` are the cells that stand for a missing value."""

    separator: str = ","
    encoding: str = "UTF-8"
    header: bool = True
    skip_rows: int = 0
    missing: tuple[str, ...] = ("",)
    sheet: str = ""
    pad_short_rows: bool = False
    as_text: bool = False
    """Leave the cells of text files as they are written."""


def format_of(path: Path) -> Format:
    """The format that a file's name says; raises UnreadableFile for a name that says none."""
    found = _SUFFIXES.get(path.suffix.lower())
    if found is None:
        readable = ", ".join(sorted(_SUFFIXES))
        ending = f"files that end in '{path.suffix}' are not read"
        raise UnreadableFile(
            ending if path.suffix else "its name does not say its format", f"Use one of {readable}.", file=path.name
        )
    return found


def read_table(path: Path, format: Format | None = None, options: ReadOptions | None = None) -> pd.DataFrame:
    """The table in a file, in the documented column types.

    Raises FileMissing, DuplicateColumns, or UnreadableFile saying where the file is broken and what would help.
    """
    options = options or ReadOptions()
    if not path.is_file():
        raise FileMissing(f"there is no file '{path.name}'", "Check the path.", file=path.name)
    if path.stat().st_size == 0:
        raise UnreadableFile("the file is empty", "Choose a file that holds a table.", file=path.name)
    try:
        return _read(path, format or format_of(path), options)
    except DesignerError as error:
        raise error.at(file=path.name) from error.__cause__
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, ValueError) as error:
        raise UnreadableFile(_first_line(error), "Check the format of the file.", file=path.name) from error


def read_tables(
    paths: Sequence[Path], format: Format | None = None, options: ReadOptions | None = None
) -> pd.DataFrame:
    """The rows of several files below each other; what a column of text files is, is found in the rows of all.

    Raises MismatchedTables naming a file whose columns are not those of the first, besides what `read_table` raises.
    """
    if len(paths) == 1:
        return read_table(paths[0], format, options)
    is_text = all((format or format_of(path)) in ("CSV", "TSV") for path in paths)
    options = replace(options or ReadOptions(), as_text=is_text)
    first, *others = [read_table(path, format, options) for path in paths]
    for path, table in zip(paths[1:], others, strict=True):
        _refuse_other_columns(list(first.columns), list(table.columns), paths[0].name, path.name)
    rows = pd.concat([first, *(table[list(first.columns)] for table in others)], ignore_index=True)
    if not is_text:
        return documented(rows)
    cells = {name: pa.array(rows[name], from_pandas=True).cast(pa.string()) for name in rows.columns}
    return to_pandas(pa.table({name: infer_cells(pa.chunked_array([part]), name) for name, part in cells.items()}))


def _refuse_other_columns(names: Sequence[str], others: Sequence[str], first: str, file: str) -> None:
    remedy = "Give all files the same columns, or read them one by one."
    if len(names) != len(others):
        found = f"the file has {len(others)} columns, '{first}' has {len(names)}"
        raise MismatchedTables(found, remedy, file=file, code="0061")
    other = next((name for name in others if name not in names), None)
    if other is not None:
        raise MismatchedTables(f"'{first}' has no column '{other}'", remedy, file=file, column=other, code="0010")


def _read(path: Path, format: Format, options: ReadOptions) -> pd.DataFrame:
    match format:
        case "CSV":
            return read_delimited(_text_bytes(path.read_bytes(), options), options)
        case "TSV":
            return read_delimited(
                _text_bytes(path.read_bytes(), options), ReadOptions(**{**options.__dict__, "separator": "\t"})
            )
        case "Excel":
            return _read_workbook(path, options)
        case "JSON Lines":
            return _read_lines(_text_bytes(path.read_bytes(), options))
        case "Parquet":
            return _read_parquet(path)


def read_text(text: str, options: ReadOptions | None = None) -> pd.DataFrame:
    """The table written in a text, with a separator between cells."""
    if not text.strip():
        raise UnreadableFile("there is no data", "Write a table, one row a line.")
    return read_delimited(text.encode(), options or ReadOptions())


def read_delimited(data: bytes, options: ReadOptions) -> pd.DataFrame:
    """The table in UTF-8 bytes with a separator between cells."""
    if data.count(b'"') % 2:
        _refuse_open_quote(data, options)
    first, lines = _first_row(data, options)
    names = _names(first, options)
    _refuse_other_separator(first, options)
    skip = options.skip_rows + (lines if options.header else 0)
    cells = _padded_cells(data, names, skip, options) if options.pad_short_rows else _cells(data, names, skip, options)
    if options.as_text:
        return to_pandas(cells)
    return to_pandas(pa.table({n: infer_cells(cells.column(n), n, skip + 1) for n in names}) if names else pa.table({}))


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as a frame in the documented types, whole numbers kept whole where some are missing."""
    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=nullable.get, date_as_object=False)
    columns = {name: plain_where_full(frame[name]) for name in frame.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame)))


def _text_bytes(data: bytes, options: ReadOptions) -> bytes:
    """The content as UTF-8 without a byte order mark; raises UnreadableFile where it is not text."""
    kind = next((name for magic, name in _BINARY.items() if data.startswith(magic)), None)
    if kind:
        raise UnreadableFile(f"this is {kind}, not text", "Save it as CSV, or give the file the ending that fits.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) and "16" not in options.encoding:
        raise UnreadableFile("the file is UTF-16 text", "Set the encoding to UTF-16.")
    if options.encoding.upper() in ("UTF-8", "UTF8"):
        data = data.removeprefix(b"\xef\xbb\xbf")
    if "16" not in options.encoding:
        _refuse_nul(data, b"\0", b"\n")  # before its bytes are blamed on the encoding
    try:
        text = data.decode(options.encoding)
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        byte, encoding = f"{data[error.start]:#04x}, position {error.start}", options.encoding
        raise UnreadableFile(
            f"row {row} holds a byte ({byte}) that is not {_SPOKEN.get(encoding, encoding)}",
            "Try another encoding, or repair the row." if encoding in _SPOKEN else "Try the encoding Windows-1252.",
            row=row,
        ) from None
    except LookupError:
        raise UnreadableFile(f"there is no encoding '{options.encoding}'", "Use UTF-8, UTF-16 or cp1252.") from None
    _refuse_nul(text, "\0", "\n")
    if not text.strip():
        raise UnreadableFile("the file holds only blank lines", "Choose a file that holds a table.")
    return data if options.encoding.upper() in ("UTF-8", "UTF8") else text.lstrip("\ufeff").encode()


def _refuse_nul(text: AnyStr, nul: AnyStr, newline: AnyStr) -> None:
    place = text.find(nul)
    if place >= 0:
        row = text.count(newline, 0, place) + 1
        raise UnreadableFile(f"row {row} holds a NUL character", "The file is not text, or damaged.", row=row)


def _first_row(data: bytes, options: ReadOptions) -> tuple[list[str], int]:
    start = 0
    for _ in range(options.skip_rows):
        start = data.find(b"\n", start) + 1
        if start == 0:
            raise UnreadableFile(f"the file has no more than {options.skip_rows} rows", "Skip fewer rows.")
    lines = io.StringIO(data[start : start + (1 << 22)].decode(errors="replace"), newline="")
    reader = csv.reader(lines, delimiter=options.separator)
    row = next((row for row in reader if row), [])
    if len(row) > COLUMN_LIMIT:
        raise UnreadableFile(f"the first row has {len(row):,} cells", f"Use at most {COLUMN_LIMIT:,} columns.")
    return row, reader.line_num


def _names(first: Sequence[str], options: ReadOptions) -> list[str]:
    if not options.header:
        return [f"Col{i}" for i in range(1, len(first) + 1)]
    names = [name.strip() or f"Col{i}" for i, name in enumerate(first, start=1)]
    require_distinct(names)
    return names


def _refuse_other_separator(first: Sequence[str], options: ReadOptions) -> None:
    if len(first) == 1 and options.separator == ",":
        other = next((s for s in (";", "\t", "|") if s in first[0]), None)
        if other:
            shown = "tab" if other == "\t" else other
            raise UnreadableFile(
                f"there is one column, and its first row holds '{shown}'", f"Set the separator to '{shown}'."
            )


def _refuse_open_quote(data: bytes, options: ReadOptions) -> None:
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=options.separator, strict=False)
    start = 0
    try:
        for row in reader:
            if row and "\n" in row[-1] and reader.line_num >= data.count(b"\n") and not data.rstrip().endswith(b'"'):
                raise UnreadableFile(
                    f"a quote opened in row {start + 1} is never closed", "Close or remove it.", row=start + 1
                )
            start = reader.line_num
    except csv.Error as error:
        raise UnreadableFile(f"row {start + 1}: {error}", "Check the quotes.", row=start + 1) from None


def _cells(data: bytes, names: list[str], skip: int, options: ReadOptions) -> pa.Table:
    wrong: list[pa_csv.InvalidRow] = []

    def refuse(row: pa_csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        return pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(column_names=names, skip_rows=skip, block_size=min(_BLOCK, len(data) + 1024)),
            pa_csv.ParseOptions(delimiter=options.separator, newlines_in_values=True, invalid_row_handler=refuse),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=list(options.missing),
                strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid as error:
        if not wrong:
            if "Empty CSV" in str(error):
                return pa.table({name: pa.array([], pa.string()) for name in names})
            raise
        raise _ragged(data, len(names), options) from None


def _ragged(data: bytes, width: int, options: ReadOptions) -> UnreadableFile:
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=options.separator)
    for count, row in enumerate(reader):
        if count >= options.skip_rows and row and len(row) != width:
            found = f"row {reader.line_num} has {len(row)} cells where {width} are expected"
            return UnreadableFile(found, "Quote cells that hold the separator, or repair the row.", row=reader.line_num)
    return UnreadableFile(f"some row does not have {width} cells", "Repair the file.")


def _padded_cells(data: bytes, names: list[str], skip: int, options: ReadOptions) -> pa.Table:
    rows = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=options.separator)
    missing = set(options.missing)
    columns: list[list[str | None]] = [[] for _ in names]
    for row in rows:
        if rows.line_num <= skip or not row or (len(row) == 1 and row[0].isspace()):
            continue
        if len(row) > len(names):
            raise _ragged(data, len(names), options)
        padded = row + [""] * (len(names) - len(row))
        for column, cell in zip(columns, padded, strict=True):
            column.append(None if cell.strip() in missing else cell)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook that hold cells, in their order; raises UnreadableFile where it is none."""
    try:
        book = _open_workbook(path)
    except UnreadableFile as error:
        raise error.at(file=path.name) from error.__cause__
    try:
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()


def _open_workbook(path: Path) -> Any:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_LIMIT:
                raise UnreadableFile("the workbook is larger than 2 GB when unpacked", "Export it as CSV.")
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError) as error:
        raise UnreadableFile("this is not an Excel workbook", "Save it as .xlsx.") from error


def _read_workbook(path: Path, options: ReadOptions) -> pd.DataFrame:
    book = _open_workbook(path)
    if options.sheet and options.sheet not in book.sheetnames:
        raise UnreadableFile(f"there is no sheet '{options.sheet}'", f"Sheets are: {', '.join(book.sheetnames)}.")
    sheet = book[options.sheet] if options.sheet else book.worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(min_row=options.skip_rows + 1, values_only=True)]
    book.close()
    return _from_rows([row for row in rows if any(cell is not None for cell in row)], options)


def _from_rows(rows: list[list[Any]], options: ReadOptions) -> pd.DataFrame:
    if not rows:
        raise UnreadableFile("the sheet is empty", "Choose a sheet that holds a table.")
    width = max(len(row) for row in rows)
    padded = [row + [None] * (width - len(row)) for row in rows]
    first = ["" if cell is None else str(cell) for cell in padded[0]]
    names = _names(first, options)
    body = padded[1:] if options.header else padded
    missing = set(options.missing)
    return _frame({n: [None if row[i] in missing else row[i] for row in body] for i, n in enumerate(names)})


def _read_lines(data: bytes) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    text = data.decode()
    whole = text.lstrip().startswith("[")
    for number, line in enumerate([text] if whole else text.splitlines(), start=1):
        if line.strip():
            rows += _json_rows(line, number)
    names = dict.fromkeys(name for row in rows for name in row)
    return _frame({name: [row.get(name) for row in rows] for name in names})


def _json_rows(line: str, number: int) -> list[dict[str, Any]]:
    try:
        found = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFile(f"row {number} is not JSON ({error})", "Write one object a line.", row=number) from None
    rows = found if isinstance(found, list) else [found]
    if not all(isinstance(row, dict) for row in rows):
        raise UnreadableFile(f"row {number} is not a JSON object", "Write one object a line.", row=number)
    return rows


def _frame(columns: dict[str, list[Any]]) -> pd.DataFrame:
    """Columns of plain cells; a mixture of text and other cells becomes text."""
    frame = pd.DataFrame({name: _plain(cells) for name, cells in columns.items()})
    return documented(frame) if columns else frame


def _plain(cells: Iterable[Any]) -> pd.Series[Any]:
    series = pd.Series(list(cells), dtype=object)
    kinds = {type(cell) for cell in series.dropna()}
    if len(kinds) > 1 and str in kinds and not kinds & {dict, list}:
        return series.map(str, na_action="ignore")
    if kinds == {int, float}:
        return series.astype("float64")
    return series


def _read_parquet(path: Path) -> pd.DataFrame:
    table = pa_parquet.read_table(path, page_checksum_verification=True)
    require_distinct(table.column_names)
    if len(table.column_names) > COLUMN_LIMIT:
        raise UnreadableFile(f"the file has {len(table.column_names):,} columns", f"Use at most {COLUMN_LIMIT:,}.")
    return documented(to_pandas(_plain_integers(table)))


def _plain_integers(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_integer(field.type) and not pa.types.is_uint64(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.int64()))
        elif pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
        elif pa.types.is_nested(field.type):
            raise UnreadableFile(f"column '{field.name}' holds {field.type}", "Flatten it first.", column=field.name)
    return table.replace_schema_metadata(None)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
