"""Read delimited text: detect its layout, then cast cells to inferred or given types."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from designer.contract.column_types import require_distinct, to_pandas
from designer.contract.errors import ConversionFailed, DuplicateColumns, UnreadableFile
from designer.contract.files.read_options import SEPARATORS, ReadOptions
from designer.contract.schema import Kind
from designer.contract.wording.counting import counted
from designer.reading.beginning import first_rows, header_of, separator_of
from designer.reading.cell_table import noted, with_date_orders
from designer.reading.cells.literals import fit_cells, infer_cells
from designer.reading.header_row import OFF, header_notices, is_number
from designer.reading.notices import TITLE_ROWS, Notice, renamed_notice, title_above, title_notice, unnamed_notice
from designer.reading.number_columns import number_notices

COLUMN_LIMIT = 10_000
_BLOCK = 1 << 25
_TOO_LONG = "Quote cells that hold the separator, or skip rows above the header."
_TOO_SHORT = "Quote cells that hold the separator, skip rows above the header, or set Pad short rows."
_HEADER_BYTES = 1 << 22
_TITLE_BYTES = 1 << 18
_SEPARATOR_LINE = re.compile(rb'"?[sS][eE][pP]=(.)"?\r?(\n|$)')


_KINDS = {pa.string().id: Kind.STRING, pa.timestamp("us").id: Kind.DATETIME}


@dataclass(frozen=True)
class Layout:
    """The column names, the number of lines above the first row of data, the separator, and the header as written.

    `header` is empty if the options say that there is none.
    """

    names: list[str]
    lines: int
    separator: str
    header: tuple[str, ...] = ()

    @classmethod
    def of(cls, beginning: bytes, options: ReadOptions, notices: list[Notice] | None = None) -> Layout:
        """Detect the layout of UTF-8 text from its first few megabytes.

        A first line like `sep=;`, as spreadsheets write it, sets the separator and is not a row.
        """
        match = _SEPARATOR_LINE.match(beginning) if options.skip_rows == 0 else None
        if match:
            options = replace(options, separator=match[1].decode(errors="replace"), skip_rows=1)
        first, lines = _first_row(beginning, options)
        names = _names(first, options, notices)
        _refuse_other_separator(first, beginning, options)
        header = tuple(first) if options.header else ()
        return cls(names, options.skip_rows + (lines if options.header else 0), options.separator, header)


def read_text(text: str, options: ReadOptions | None = None) -> pd.DataFrame:
    """Parse delimited text into a table. Raises UnreadableFile for blank text."""
    if not text.strip():
        raise UnreadableFile("there is no data", "Write a table, one row a line.")
    return read_delimited(text.encode(), options or ReadOptions())


def read_delimited(data: bytes, options: ReadOptions, notices: list[Notice] | None = None) -> pd.DataFrame:
    """Parse delimited UTF-8 bytes into a table; notices for the user are appended to `notices`."""
    notices = [] if notices is None else notices
    layout = Layout.of(data, options, notices)
    options = replace(options, separator=layout.separator)
    if data.count(b'"') % 2:
        _refuse_open_quote(data, options)
    cells = _padded_cells(data, layout, options) if options.pad_short_rows else _cells(data, layout, options)
    notices += title_notices(data, options)
    if options.as_text:
        return to_pandas(cells)
    table = typed_table(cells, options, layout.lines + 1, notices)
    notices += header_notices(layout.header, table)
    return table


def typed_table(cells: pa.Table, options: ReadOptions, first_row: int, notices: list[Notice]) -> pd.DataFrame:
    """Cast columns of text to the types inferred from all their cells, or to the kinds set in the options.

    Raises ConversionFailed naming the first row that does not fit a kind set in the options.
    """
    columns: dict[str, pa.ChunkedArray] = {}
    orders: dict[str, str] = {}
    for name in cells.schema.names:
        column_options, texts = options.of(name), cells.column(name)
        columns[name] = _typed(texts, name, column_options, first_row)
        kind = _KINDS.get(columns[name].type.id)
        if kind is not None:
            orders[name] = noted(texts, kind, name, column_options, notices)
        if kind is Kind.STRING and name not in options.kinds:
            notices += number_notices(texts, name, column_options)
    return with_date_orders(to_pandas(pa.table(columns)), orders)


def title_notices(data: bytes, options: ReadOptions) -> list[Notice]:
    """A notice asking whether to skip the first rows of UTF-8 text; empty unless they look like a title."""
    if not options.header:
        return []
    text = data[:_TITLE_BYTES].decode(errors="replace")
    names_separator = options.skip_rows == 0 and _SEPARATOR_LINE.match(data) is not None
    rows = first_rows(text, options.separator, 1 if names_separator else options.skip_rows, TITLE_ROWS + 2)
    count = title_above([row.cells for row in rows])
    return [title_notice(rows[count].above, rows[count].cells)] if count else []


def _typed(cells: pa.ChunkedArray, name: str, options: ReadOptions, first_row: int) -> pa.ChunkedArray:
    if name not in options.kinds:
        return infer_cells(cells, name, first_row, options)
    kind = Kind(options.kinds[name])
    if kind is Kind.DATETIME:
        moments = infer_cells(cells, name, first_row, options)
        if pa.types.is_timestamp(moments.type):
            return moments
    fitted = fit_cells(cells, kind, options)
    if fitted.reasons:
        row = min(fitted.reasons)
        problem = f"column '{name}', row {row + 1}: {fitted.reasons[row]}"
        raise ConversionFailed(
            problem, "Add it to the missing values, or leave the type as it is.", column=name, row=row + 1
        )
    return fitted.cells.dictionary_encode() if kind is Kind.CATEGORICAL else fitted.cells


def _first_row(data: bytes, options: ReadOptions) -> tuple[list[str], int]:
    start = 0
    for _ in range(options.skip_rows):
        start = data.find(b"\n", start) + 1
        if start == 0:
            raise UnreadableFile(f"the file has no more than {counted(options.skip_rows, 'row')}", "Skip fewer rows.")
    lines = io.StringIO(data[start : start + _HEADER_BYTES].decode(errors="replace"), newline="")
    reader = csv.reader(lines, delimiter=options.separator)
    row = next((row for row in reader if row), [])
    if not row:
        raise UnreadableFile(
            f"there is nothing below the first {counted(options.skip_rows, 'row')}", "Skip fewer rows."
        )
    if len(row) > COLUMN_LIMIT:
        raise UnreadableFile(f"the first row has {counted(len(row), 'cell')}", f"Use at most {COLUMN_LIMIT:,} columns.")
    return row, reader.line_num


def _names(first: Sequence[str], options: ReadOptions, notices: list[Notice] | None) -> list[str]:
    return names_of(first, options, notices) if options.header else [f"Col{i}" for i in range(1, len(first) + 1)]


def names_of(header: Sequence[str], options: ReadOptions, notices: list[Notice] | None = None) -> list[str]:
    """The trimmed names of a header; a column without a name is named by its position (`Col1`, ...).

    Raises DuplicateColumns unless the options number duplicates; then renamed columns are appended to `notices`.
    """
    names = [name.strip() or f"Col{i}" for i, name in enumerate(header, start=1)]
    if notices is not None:
        notices += unnamed_notice(header, names)
    if options.number_duplicates:
        read = _numbered(names)
        if notices is not None:
            notices += renamed_notice(names, read)
        return read
    try:
        require_distinct(names)
    except DuplicateColumns as error:
        error.remedy = "Give each its own name, or set Number duplicate names."
        if error.place.column is not None and is_number(error.place.column):
            error.remedy = f"If the first row is data, {OFF}; else {error.remedy[:1].lower()}{error.remedy[1:]}"
        raise
    return names


def _numbered(names: Sequence[str]) -> list[str]:
    """Rename each repeated `name` to `name_2`, or to the next number that no column has."""
    originals, renamed = set(names), dict[str, None]()
    for name in names:
        numbered = (f"{name}_{number}" for number in itertools.count(2))
        free = (new for new in numbered if new not in originals and new not in renamed)
        renamed[name if name not in renamed else next(free)] = None
    return list(renamed)


def _refuse_other_separator(first: Sequence[str], beginning: bytes, options: ReadOptions) -> None:
    if len(first) != 1 or options.separator != ",":
        return
    other = next((s for s in (";", "\t", "|") if s in first[0]), None)
    if other:
        problem = f"there is one column, and its first row holds '{_shown(other)}'"
        raise UnreadableFile(problem, f"Set Separator to {_named(other)}.")
    text = beginning[:_TITLE_BYTES].decode(errors="replace")
    if separator_of(text) != "," and (remedy := _title_remedy(text, options)):
        raise UnreadableFile("the first row has 1 cell, and the rows below have more", remedy)


def _title_remedy(text: str, options: ReadOptions) -> str:
    """The remedy if rows above the header make the file unreadable; empty if there are none."""
    separator = separator_of(text)
    header = header_of(first_rows(text, separator, options.skip_rows))
    if header is None:
        return ""
    cells = ", ".join(cell.strip() for cell in header.cells[:4]) + (", …" if len(header.cells) > 4 else "")
    other = f"Separator to {_named(separator)} and " if separator != options.separator else ""
    return f"Row {header.above + 1} looks like the header ({cells}): set {other}Rows to skip to {header.above}."


def _shown(separator: str) -> str:
    return "tab" if separator == "\t" else separator


def _named(separator: str) -> str:
    return next((name for name, mark in SEPARATORS.items() if mark == separator), f"'{separator}'")


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


def _cells(data: bytes, layout: Layout, options: ReadOptions) -> pa.Table:
    wrong: list[pa_csv.InvalidRow] = []

    def refuse(row: pa_csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        return pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(
                column_names=layout.names, skip_rows=layout.lines, block_size=min(_BLOCK, len(data) + 1024)
            ),
            pa_csv.ParseOptions(delimiter=options.separator, newlines_in_values=True, invalid_row_handler=refuse),
            text_conversion(layout.names),
        )
    except pa.ArrowInvalid as error:
        if not wrong:
            if "Empty CSV" in str(error):
                return pa.table({name: pa.array([], pa.string()) for name in layout.names})
            if "Could not skip" in str(error) and not data.endswith(b"\n"):  # a header alone, without an end of line
                return _cells(data + b"\n", layout, options)
            raise
        raise _ragged(data, len(layout.names), options) from None


def text_conversion(names: Sequence[str]) -> Any:
    """Conversion options by which pyarrow reads cells as text, empty ones as null."""
    return pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
    )


def _ragged(data: bytes, width: int, options: ReadOptions) -> UnreadableFile:
    title = _title_remedy(data[:_TITLE_BYTES].decode(errors="replace"), options)
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=options.separator)
    for count, row in enumerate(reader):
        is_short = len(row) < width
        if count >= options.skip_rows and row and len(row) != width and not (is_short and options.pad_short_rows):
            cells, remedy = counted(len(row), "cell"), title or (_TOO_SHORT if is_short else _TOO_LONG)
            problem = f"row {reader.line_num} has {cells} where {width} are expected"
            return UnreadableFile(problem, remedy, row=reader.line_num)
    return UnreadableFile(f"a row does not have {counted(width, 'cell')}", title or _TOO_SHORT)


def _padded_cells(data: bytes, layout: Layout, options: ReadOptions) -> pa.Table:
    names = layout.names
    rows = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=options.separator)
    columns: list[list[str | None]] = [[] for _ in names]
    for row in rows:
        if rows.line_num <= layout.lines or not row or (len(row) == 1 and row[0].isspace()):
            continue
        if len(row) > len(names):
            raise _ragged(data, len(names), options)
        padded = row + [""] * (len(names) - len(row))
        for column, cell in zip(columns, padded, strict=True):
            column.append(cell or None)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
