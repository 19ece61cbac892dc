"""Read a sheet of an Excel workbook as a table. The declared dimension of a sheet is ignored."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from designer.contract.errors import DesignerError, UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.wording.counting import counted
from designer.reading.cell_table import table_of_values
from designer.reading.cells.padded_numbers import as_shown, padded
from designer.reading.cells.typed_values import written
from designer.reading.delimited import COLUMN_LIMIT, names_of
from designer.reading.header_row import header_notices
from designer.reading.notices import TITLE_ROWS, Notice, title_above, title_notice
from designer.reading.sheet_losses import MERGED, Lost, dates_outside, error_notices, merged_notice, sheets_notice

_UNPACKED_LIMIT = 2 << 30
_ROWS, _COLUMNS = 1_048_576, 16_384
"""Maximum size of a worksheet."""
_LOOKED_AT = 1000
_SAVE = "Open it in a spreadsheet program, save it, and read it again."
_CHUNK, _OVERLAP = 1 << 20, 1 << 14
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(rb"<c ([^>]*)><f[^>]*?(?:/>|>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>")
_PLACE = re.compile(rb'\br="([A-Z]+[0-9]+)"')
_ERROR, _BLANK = "e", "n"


@contextmanager
def _damage_is_named() -> Iterator[None]:
    """Convert errors of a damaged file: openpyxl, its XML parser and zipfile raise some twenty kinds."""
    try:
        yield
    except (DesignerError, MemoryError):
        raise
    except Exception as error:
        raise UnreadableFile("the workbook is damaged", _SAVE) from error


def sheet_names(path: Path) -> list[str]:
    """The worksheets of a workbook, in order, without chart sheets. Raises UnreadableFile if it is not a workbook."""
    try:
        with _damage_is_named():
            book = _open(path)
    except UnreadableFile as error:
        raise error.at(file=path.name) from error.__cause__
    try:
        return [sheet.title for sheet in book.worksheets]
    finally:
        book.close()


@_damage_is_named()
def read_workbook(path: Path, options: ReadOptions, notices: list[Notice] | None = None) -> pd.DataFrame:
    """Read a sheet as a table: errors become missing, durations seconds, times of day and numbers shown as 00031 text.

    Notices for the user are appended to `notices`. Raises UnreadableFile for a damaged workbook, and for a formula
    without a stored value, which only a spreadsheet program can compute.
    """
    notices = [] if notices is None else notices
    lost: list[Lost] = []
    book = _open(path)
    try:
        sheet = _sheet(book, options.sheet)
        merged = _scanned(path, sheet)
        sheet.reset_dimensions()
        with warnings.catch_warnings(record=True) as warned:  # openpyxl reads dates out of range as errors
            warnings.simplefilter("always")
            rows = _rows(sheet, options.skip_rows, lost)
        if not options.sheet:
            notices += sheets_notice(sheet.title, [each.title for each in book.worksheets])
    finally:
        book.close()
    notices += _title(rows, options) if options.header else []
    notices += merged_notice(merged, options.skip_rows + 1)
    table = _table(_without_blank_ends(rows), options, notices)
    notices += error_notices(lost, [str(name) for name in table.columns], dates_outside(warned))
    return table


@_damage_is_named()
def first_cells(path: Path, options: ReadOptions, count: int) -> list[list[str]]:
    """The first `count` rows of a sheet as text, including skipped rows."""
    book = _open(path)
    try:
        sheet = _sheet(book, options.sheet)
        sheet.reset_dimensions()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [_texts([_cell(cell, []) for cell in row]) for row in sheet.iter_rows(max_row=count)]
    finally:
        book.close()


@_damage_is_named()
def filled_sheets(path: Path) -> list[str]:
    """The visible sheets with a non-empty cell in their first rows."""
    book = _open(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible" and _is_filled(sheet)]
    finally:
        book.close()


def title_of(path: Path, options: ReadOptions) -> list[Notice]:
    """A notice asking whether to skip the first rows of a sheet; empty unless they look like a title."""
    cells = first_cells(path, options, options.skip_rows + TITLE_ROWS + 2)
    return _title([[cell or None for cell in row] for row in cells[options.skip_rows :]], options)


def _is_filled(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_LOOKED_AT, values_only=True)
    return any(cell is not None and cell != "" for row in rows for cell in row)


def _rows(sheet: Any, skipped: int, lost: list[Lost]) -> list[list[Any]]:
    """The cells of a sheet. Raises UnreadableFile for a cell outside the grid, since openpyxl pads rows up to it."""
    rows: list[list[Any]] = []
    for number, row in enumerate(sheet.iter_rows(min_row=skipped + 1), skipped + 1):
        if number > _ROWS or len(row) > _COLUMNS:
            raise UnreadableFile("cells lie beyond the last row or column that a sheet can have", _SAVE)
        rows.append([_cell(cell, lost) for cell in row])
    return rows


def unescaped(text: str) -> str:
    """Decode `_x0008_` escapes, by which sheets write characters that XML does not allow."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _open(path: Path) -> Any:
    import openpyxl

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_LIMIT:
                raise UnreadableFile("the workbook is larger than 2 GB when unpacked", "Export it as CSV.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # unsupported workbook extensions hold no cells
            return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError) as error:
        raise UnreadableFile("this is not an Excel workbook", "Save it as .xlsx.") from error


def _sheet(book: Any, name: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name and name not in sheets:
        raise UnreadableFile(f"there is no sheet '{name}'", f"Sheets are: {', '.join(sheets)}.")
    if not sheets:
        raise UnreadableFile("the workbook holds no sheet with cells", "Choose a workbook that holds a table.")
    visible = [sheet for sheet in sheets.values() if sheet.sheet_state == "visible"]
    return sheets[name] if name else (visible or list(sheets.values()))[0]


def _scanned(path: Path, sheet: Any) -> list[tuple[str, int, str, int]]:
    """The ranges of merged cells. Raises UnreadableFile for a formula without a stored value."""
    merged: dict[tuple[str, int, str, int], None] = {}
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as source:
        tail = b""
        for chunk in iter(lambda: source.read(_CHUNK), b""):
            place = _unvalued_formula(tail + chunk)
            if place:
                problem = f"cell {place} holds a formula without a stored value"
                raise UnreadableFile(problem, "Open the workbook in a spreadsheet program, save it, and read it again.")
            for left, top, right, bottom in MERGED.findall(tail + chunk):
                merged[left.decode(), int(top), right.decode(), int(bottom)] = None
            tail = (tail + chunk)[-_OVERLAP:]
    return list(merged)


def _unvalued_formula(xml: bytes) -> str:
    if b"<f" not in xml:
        return ""
    for match in _FORMULA.finditer(xml):
        if b't="str"' not in match[1] and (place := _PLACE.search(match[1])):
            return place[1].decode()
    return ""


def _cell(cell: Any, lost: list[Lost]) -> Any:
    """The value of a cell; an empty text for a typed cell without a value. Errors are added to `lost` and give None."""
    value = cell.value
    if isinstance(value, str):
        if cell.data_type != _ERROR:
            return unescaped(value)
        lost.append(Lost(cell.column - 1, cell.coordinate, value))
        return None
    return "" if value is None and cell.data_type != _BLANK else padded(value, cell)


def _without_blank_ends(rows: list[list[Any]]) -> list[list[Any]]:
    filled = [number for number, row in enumerate(rows) if any(cell is not None for cell in row)]
    return rows[filled[0] : filled[-1] + 1] if filled else []


def _title(rows: list[list[Any]], options: ReadOptions) -> list[Notice]:
    width = max((_filled_width(row) for row in rows[: TITLE_ROWS + 2]), default=0)
    texts = [(_texts(row) + [""] * width)[:width] for row in rows[: TITLE_ROWS + 2]]
    first = next((place for place, row in enumerate(texts) if any(row)), 0)
    count = title_above(texts[first:])
    return [title_notice(options.skip_rows + first + count, texts[first + count])] if count else []


def _texts(row: list[Any]) -> list[str]:
    return ["" if cell is None else written(cell) for cell in row]


def _table(rows: list[list[Any]], options: ReadOptions, notices: list[Notice]) -> pd.DataFrame:
    if not rows:
        raise UnreadableFile("the sheet is empty", "Choose a sheet that holds a table.")
    width = max(_filled_width(row) for row in rows)
    if width > COLUMN_LIMIT:
        raise UnreadableFile(f"the sheet has {counted(width, 'column')}", f"Use at most {COLUMN_LIMIT:,}.")
    filled = [(row + [None] * (width - len(row)))[:width] for row in rows]
    names = (
        names_of(_texts(filled[0]), options, notices) if options.header else [f"Col{i}" for i in range(1, width + 1)]
    )
    body = filled[1:] if options.header else filled
    unmarked = {name: _without_markers([row[i] for row in body], options.of(name)) for i, name in enumerate(names)}
    columns = {name: as_shown(cells, as_text=options.as_text) for name, cells in unmarked.items()}
    table = table_of_values(columns, len(body), options, notices)
    notices += header_notices(_texts(filled[0]), table) if options.header else []
    return table


def _filled_width(row: list[Any]) -> int:
    return next((place for place in range(len(row), 0, -1) if row[place - 1] is not None), 0)


def _without_markers(cells: list[Any], options: ReadOptions) -> list[Any]:
    """The cells with markers of missing values as None; `-999` matches as a number and as text.

    A blank cell is missing, unless the column is text.
    """
    markers = {marker.strip() for marker in options.missing if marker.strip()}
    numbers = {float(marker) for marker in markers if _is_number(marker)}
    left = [None if cell == "" or _is_marker(cell, markers, numbers) else cell for cell in cells]
    if any(isinstance(cell, str) and cell.strip() for cell in left):
        return left
    is_blank_text = all(cell is None or isinstance(cell, str) for cell in left)
    return left if is_blank_text else [None if isinstance(cell, str) else cell for cell in left]


def _is_marker(cell: Any, markers: set[str], numbers: set[float]) -> bool:
    return cell.strip() in markers if isinstance(cell, str) else _is_plain(cell) and cell in numbers


def _is_plain(cell: Any) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
