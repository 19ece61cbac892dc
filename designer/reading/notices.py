"""Notices about a file that was read: what the table lost, and what could be read differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.files.read_options import DAY_FIRST, MONTH_FIRST
from designer.contract.schema import Kind
from designer.contract.wording.counting import counted
from designer.reading.beginning import filled
from designer.reading.cells.date_order import ONLY_IN, example, possible_orders
from designer.reading.cells.patterns import any_match

Subject = Literal[
    "date order", "dates", "durations", "errors", "header", "merged", "names", "numbers", "seconds", "sheets", "title"
]
_BEYOND_MICROSECONDS = r"\.[0-9]{6}[0-9]*[1-9]"
_MOST_RENAMED = 8
TITLE_ROWS = 20
"""Number of rows searched for a header."""


@dataclass(frozen=True)
class Notice:
    """One fact about a file: a title and a sentence.

    `settings` are the values to choose from; `remedy` names the setting of Import Data.
    """

    about: Subject
    title: str
    text: str
    column: str = ""
    settings: tuple[str, ...] = ()
    remedy: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.title}.", self.text, self.remedy) if part)


def notices_of_text(cells: pa.ChunkedArray, kind: Kind, name: str, order: str) -> list[Notice]:
    """Notices about text cells that were, or could be, read as dates; `order` is the date order set by the user."""
    if kind is Kind.DATETIME:
        return [*_cut_seconds(cells, name), *([] if order else _decided(cells, name))]
    return [] if order else _undecided(cells, name)


def _cut_seconds(cells: pa.ChunkedArray, name: str) -> list[Notice]:
    if not any_match(cells, _BEYOND_MICROSECONDS):
        return []
    cut = cells.filter(pc.fill_null(pc.match_substring_regex(cells, _BEYOND_MICROSECONDS), False))
    text = f"{counted(len(cut), 'value')} with finer seconds, the first is {cut[0].as_py()}."
    remedy = "Read the column as text where the further digits matter."
    return [Notice("seconds", f"“{name}” is cut to microseconds", text, name, (), remedy)]


def _decided(cells: pa.ChunkedArray, name: str) -> list[Notice]:
    orders = possible_orders(cells)
    if not orders:
        return []
    order = orders[0]
    deciding = _first(cells, ONLY_IN[order])
    shown = deciding or _first(cells, "")
    text = f"{shown} is {example(shown, order)}{' and no date otherwise' if deciding else ''}."
    return [Notice("dates", f"“{name}” read as dates, {order}", text, name)]


def _undecided(cells: pa.ChunkedArray, name: str) -> list[Notice]:
    orders = possible_orders(cells)
    if len(orders) < 2:
        return []
    first = next(cell.as_py() for cell in cells if cell.is_valid and _differs(cell.as_py()))
    text = f"{first} may be {example(first, DAY_FIRST)} or {example(first, MONTH_FIRST)}; it is read as text."
    remedy = "Set Date order to Day first or Month first."
    return [Notice("date order", f"“{name}” holds dates of which the order is open", text, name, orders, remedy)]


def _first(cells: pa.ChunkedArray, pattern: str) -> str:
    """The first cell that matches a pattern; empty if there is none."""
    matching = cells.filter(pc.fill_null(pc.match_substring_regex(cells, pattern), False))
    return str(matching[0].as_py()) if len(matching) else ""


def _differs(text: str) -> bool:
    day, month = text.replace("/", ".").replace("-", ".").split(".")[:2]
    return int(day) != int(month)


def title_above(rows: Sequence[Sequence[str]]) -> int:
    """The number of title rows above the header of a table; 0 if the first row may be the header.

    A title fills the first cell and at most half of the cells; a row below it fills all cells with distinct words.
    """
    width = max((len(row) for row in rows), default=0)
    if width < 2 or not rows[0] or not rows[0][0].strip() or filled(rows[0]) > width / 2:
        return 0
    for number, row in enumerate(rows[: TITLE_ROWS + 1]):
        if number and filled(row) == width and _are_names(row):
            return number
        if filled(row) > width / 2:
            return 0
    return 0


def title_notice(rows: int, header: Sequence[str]) -> Notice:
    """The notice asking whether to skip the rows above a header."""
    shown = ", ".join(cell.strip() for cell in header[:4]) + (", …" if len(header) > 4 else "")
    above = "Row 1 looks like a title" if rows == 1 else f"Rows 1 to {rows} look like a title"
    text = f"Row {rows + 1} looks like the header: {shown}."
    return Notice("title", f"{above} above the table", text, "", (str(rows),), f"Set Rows to skip to {rows}.")


def duration_notice(name: str) -> Notice:
    """The notice about a column of durations, whose numbers do not tell the unit."""
    return Notice("durations", f"“{name}” read as seconds", "Its durations are decimal numbers of seconds.", name)


def unnamed_notice(header: Sequence[str], read: Sequence[str]) -> list[Notice]:
    """A notice about columns that were named by their position; empty if all have a name."""
    unnamed = [now for name, now in zip(header, read, strict=True) if not name.strip()]
    if not unnamed:
        return []
    more = f", and {len(unnamed) - _MOST_RENAMED} more" if len(unnamed) > _MOST_RENAMED else ""
    names = ", ".join(f"“{name}”" for name in unnamed[:_MOST_RENAMED])
    title = f"{counted(len(unnamed), 'column')} without a name"
    return [Notice("names", title, f"Named by position: {names}{more}.")]


def renamed_notice(names: Sequence[str], read: Sequence[str]) -> list[Notice]:
    """A notice about columns that were numbered because their names were duplicates; empty if there are none."""
    renamed = [f"“{name}” is now “{now}”" for name, now in zip(names, read, strict=True) if name != now]
    if not renamed:
        return []
    more = f", and {len(renamed) - _MOST_RENAMED} more" if len(renamed) > _MOST_RENAMED else ""
    title = f"{counted(len(renamed), 'column')} renamed, whose name comes twice"
    return [Notice("names", title, f"{', '.join(renamed[:_MOST_RENAMED])}{more}.")]


def _are_names(row: Sequence[str]) -> bool:
    words = [cell.strip() for cell in row]
    return len(set(words)) == len(words) and not any(word[:1].isdigit() or word[:1] in "+-." for word in words)
