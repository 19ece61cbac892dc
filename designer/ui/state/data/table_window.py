"""A window onto a table: some rows and columns, paged in both directions, and the profile of one column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx

from designer.ui.views.dataset.column_head import Head
from designer.ui.views.dataset.column_profile import ColumnProfile
from designer.ui.views.dataset.upload import Line

WINDOW = 24
"""The largest number of columns shown at once."""


@dataclass(frozen=True)
class Table:
    """The table in view. `lines(names, offset, limit)` returns at most `limit` rows of these columns from `offset`."""

    heads: list[Head]
    rows: int
    page_rows: int
    lines: Callable[[list[str], int, int], list[Line]]


class TableWindow(rx.State, mixin=True):
    """State of a grid, its paging and the profile beside it; a subclass supplies the table."""

    heads: rx.Field[list[Head]] = rx.field(default_factory=list)
    lines: rx.Field[list[Line]] = rx.field(default_factory=list)
    offset: int = 0
    first_column: int = 0
    row_words: str = ""
    column_words: str = ""
    has_rows_after: bool = False
    has_columns_after: bool = False
    chosen: str = ""
    profile: ColumnProfile = ColumnProfile()
    _column_names: list[str] = []  # noqa: RUF012  (Reflex copies the default for every state)

    @rx.event
    def choose_column(self, column: str) -> None:
        """Show the profile of a column."""
        if column in self._column_names:
            self._show_profile(column)

    @rx.event
    def step_column(self, step: int) -> None:
        """Show the profile of the next or previous column."""
        names = self._column_names
        if self.chosen in names and step in (-1, 1):
            self._show_profile(names[(names.index(self.chosen) + step) % len(names)])

    @rx.event
    def turn_rows(self, step: int) -> None:
        """Show the next or previous rows."""
        table = self._table()
        if table is not None and step in (-1, 1):
            self.offset += step * table.page_rows
            self._show_rows(table)

    @rx.event
    def turn_columns(self, step: int) -> None:
        """Show the next or previous columns of a wide table."""
        table = self._table()
        if table is not None and step in (-1, 1):
            self.first_column += step * WINDOW
            self._show_columns(table)
            self._show_rows(table)

    def _table(self) -> Table | None:
        """The table in view; None where it does not exist or is not read yet."""
        raise NotImplementedError

    def _profile_of(self, column: str) -> ColumnProfile | None:
        """The profile of a column of the table; None where there is none."""
        raise NotImplementedError

    def _to_the_beginning(self) -> None:
        """Reset the window for another table."""
        self.heads, self.lines, self._column_names = [], [], []
        self.offset, self.first_column, self.chosen = 0, 0, ""

    def _show_table(self, table: Table) -> None:
        """Show the table at the current position, clamped to its size, and the profile of the chosen column."""
        self._column_names = [head.name for head in table.heads]
        self._show_columns(table)
        self._show_rows(table)
        names = self._column_names
        self._show_profile(self.chosen if self.chosen in names else names[0] if names else "")

    def _show_columns(self, table: Table) -> None:
        count = len(table.heads)
        self.first_column = _start(self.first_column, WINDOW, count)
        self.heads = table.heads[self.first_column : self.first_column + WINDOW]
        last = self.first_column + len(self.heads)
        self.column_words = f"Columns {self.first_column + 1} to {last} of {count:,}" if count > WINDOW else ""
        self.has_columns_after = last < count

    def _show_rows(self, table: Table) -> None:
        self.offset = _start(self.offset, table.page_rows, table.rows)
        limit = min(table.page_rows, table.rows - self.offset)
        self.lines = table.lines([head.name for head in self.heads], self.offset, limit)
        last = self.offset + len(self.lines)
        self.has_rows_after = last < table.rows
        self.row_words = f"Rows {self.offset + 1:,} to {last:,} of {table.rows:,}" if self.lines else "No rows"

    def _show_profile(self, column: str) -> None:
        self.chosen = column
        self.profile = (self._profile_of(column) if column else None) or ColumnProfile()


def _start(wanted: int, size: int, count: int) -> int:
    """The start of the page, clamped so that the page is not empty."""
    return max(0, min(wanted, (count - 1) // size * size))
