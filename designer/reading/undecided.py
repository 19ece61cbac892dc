"""Questions that the start of a file leaves open: which of several sheets to read, and where the header is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from designer.contract.errors import DesignerError, UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.wording.counting import counted
from designer.reading.delimited import title_notices
from designer.reading.file import Format
from designer.reading.notices import Notice
from designer.reading.workbook import filled_sheets, title_of

_BEGINNING = 1 << 18
_MOST_SHEETS = 8


def undecided_sheet(path: Path, format: Format) -> UnreadableFile | None:
    """The error for a workbook with several non-empty sheets, naming the setting that selects one; None otherwise."""
    sheets = _sheets(path) if format == "Excel" else []
    if len(sheets) < 2:
        return None
    *most, last = [f"'{name}'" for name in sheets[:_MOST_SHEETS]]
    problem = f"the workbook has {counted(len(sheets), 'sheet')} with cells"
    return UnreadableFile(problem, f"Set Sheet to {', '.join(most)} or {last}.", file=path.name)


def undecided_header(path: Path, format: Format, options: ReadOptions) -> UnreadableFile | None:
    """The error for rows that look like a title above the header, naming the setting that skips them; else None.

    Read errors are ignored here; reading the file reports them.
    """
    try:
        notices = _titles(path, format, options) if options.header else []
    except (DesignerError, OSError, ValueError, LookupError):
        return None
    if not notices:
        return None
    remedy = f"Set Rows to skip to {notices[0].settings[0]}; with 0, row 1 is the header."
    return UnreadableFile(f"{notices[0].title}. {notices[0].text}", remedy, file=path.name)


def _sheets(path: Path) -> Sequence[str]:
    try:
        return filled_sheets(path)
    except (DesignerError, OSError):
        return []


def _titles(path: Path, format: Format, options: ReadOptions) -> list[Notice]:
    match format:
        case "CSV":
            return title_notices(_text(path, options), options)
        case "TSV":
            return title_notices(_text(path, options), replace(options, separator="\t"))
        case "Excel":
            return title_of(path, options)
        case "JSON Lines" | "Parquet":
            return []


def _text(path: Path, options: ReadOptions) -> bytes:
    with path.open("rb") as file:
        data = file.read(_BEGINNING)
    return data.decode(options.encoding, errors="ignore").lstrip("\ufeff").encode()
