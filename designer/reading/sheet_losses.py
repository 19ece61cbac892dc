"""Notices about sheet contents that a table cannot hold: errors, dates out of range, merged cells, other sheets."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from designer.contract.wording.counting import counted
from designer.reading.notices import Notice

MERGED = re.compile(rb'<mergeCell [^>]*?ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"')
_OUTSIDE = re.compile(r"Cell ([A-Z]+[0-9]+) .*outside the limits for dates")
_MOST_NAMES = 8


@dataclass(frozen=True)
class Lost:
    """An error cell: its column counted from 0, its coordinate, and the error."""

    column: int
    place: str
    error: str


def error_notices(cells: Iterable[Lost], names: Sequence[str], outside: frozenset[str]) -> list[Notice]:
    """One notice for each column with errors, and one for each column with dates out of range."""
    errors: dict[int, list[Lost]] = {}
    dates: dict[int, list[Lost]] = {}
    for cell in cells:
        if cell.column < len(names):
            (dates if cell.place in outside else errors).setdefault(cell.column, []).append(cell)
    notices: list[Notice] = []
    for column, lost in errors.items():
        text = f"{counted(len(lost), 'error')} of a formula read as missing, the first is {lost[0].error} in cell "
        text = f"{text}{lost[0].place}."
        notices.append(Notice("errors", f"“{names[column]}” holds errors", text, names[column]))
    for column, lost in dates.items():
        text = f"{counted(len(lost), 'date')} outside the years 1900 to 9999 read as missing, the first in cell "
        text = f"{text}{lost[0].place}."
        notices.append(Notice("errors", f"“{names[column]}” holds dates out of range", text, names[column]))
    return notices


def dates_outside(warned: Iterable[warnings.WarningMessage]) -> frozenset[str]:
    """The coordinates of cells whose dates are out of range, from openpyxl's warnings."""
    matches = (_OUTSIDE.match(str(warning.message)) for warning in warned)
    return frozenset(match[1] for match in matches if match)


def merged_notice(merged: Sequence[tuple[str, int, str, int]], first_row: int) -> list[Notice]:
    """A notice about merged cells, which hold their value once; those above the first row that is read are ignored."""
    inside = [area for area in merged if area[3] >= first_row]
    if not inside:
        return []
    left, top, right, bottom = inside[0]
    others = f" and {counted(len(inside) - 1, 'other')}" if len(inside) > 1 else ""
    text = "A merged cell holds its value once; the rest of its range is missing."
    remedy = "Unmerge and fill them in the workbook where every row should have the value."
    return [Notice("merged", f"Merged cells in {left}{top}:{right}{bottom}{others}", text, "", (), remedy)]


def sheets_notice(read: str, names: Sequence[str]) -> list[Notice]:
    """A notice that only one of several sheets was read; empty if there is one."""
    others = [name for name in names if name != read]
    if not others:
        return []
    more = f" and {len(others) - _MOST_NAMES} more" if len(others) > _MOST_NAMES else ""
    text = f"Not read: {', '.join(f'“{name}”' for name in others[:_MOST_NAMES])}{more}."
    title = f"Sheet “{read}” read, 1 of {len(names)}"
    return [Notice("sheets", title, text, "", (), "Set Sheet to read another.")]
