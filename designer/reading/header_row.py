"""Find a first row that was read as the header although it looks like data."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from designer.contract.schema import Kind, kind_of
from designer.reading.cells.literals import MOMENT_TEXT
from designer.reading.cells.number_marks import has_decimal_commas
from designer.reading.notices import Notice

OFF = "set Has header to off"
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?")
_FORMS = {
    Kind.INTEGER: _NUMBER,
    Kind.DECIMAL: _NUMBER,
    Kind.BOOLEAN: re.compile("true|false", re.IGNORECASE),
    Kind.DATETIME: re.compile(rf"({MOMENT_TEXT})|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}.*"),
}
_YEARS = range(1800, 2101)
_SAMPLE = 100
_MOST_SHOWN = 4


def header_notices(header: Sequence[str], table: pd.DataFrame) -> list[Notice]:
    """A notice for a header whose cells are values of their columns: numbers above numbers, dates above dates.

    Empty for numbers that count up evenly and for years, as in the header of a pivoted table.
    """
    names = [name.strip() for name in header]
    typed = [name for place, name in enumerate(names) if name and _form(table.iloc[:, place], name)]
    fits = all(_fits(table.iloc[:, place], name) for place, name in enumerate(names) if name)
    if not typed or not fits or _are_counted(typed):
        return []
    shown = ", ".join(names[:_MOST_SHOWN]) + (", …" if len(names) > _MOST_SHOWN else "")
    title = f"The first row looks like data ({shown})"
    return [Notice("header", title, "It was read as the names of the columns.", "", (), f"If it is data, {OFF}.")]


def is_number(name: str) -> bool:
    """Whether a column name is written as a number."""
    return _NUMBER.fullmatch(name.strip()) is not None


def _form(column: pd.Series[Any], name: str) -> re.Pattern[str] | None:
    """The form of the column's values; None for text, and for a column without values unless the name is a number."""
    if column.isna().all():
        return _NUMBER if is_number(name) else None
    if kind_of(column) is Kind.STRING:
        return _NUMBER if has_decimal_commas([str(cell) for cell in column.dropna().head(_SAMPLE)]) else None
    return _FORMS.get(kind_of(column))


def _fits(column: pd.Series[Any], name: str) -> bool:
    form = _form(column, name)
    return form is None or form.fullmatch(name) is not None


def _are_counted(names: Sequence[str]) -> bool:
    """Whether the names are years, or whole numbers with one distance."""
    if not all(name.isdecimal() for name in names):
        return False
    numbers = [int(name) for name in names]
    steps = {later - number for number, later in itertools.pairwise(numbers)}
    are_years = all(number in _YEARS for number in numbers) and all(step > 0 for step in steps)
    return are_years or (len(numbers) > 2 and len(steps) == 1 and min(steps) > 0)
