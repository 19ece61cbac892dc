"""The rows of a request: strictly parsed by a schema into columns, and answers written back as rows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.errors import DesignerError
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.contract.wording.articles import with_article
from designer.contract.wording.counting import counted
from designer.reading.cells.date_order import is_of_other_order, one_in_iso
from designer.reading.cells.literals import MOMENT_TEXT

ROW_LIMIT = 1_000
Cells = list[Any]

_NUMBERS: frozenset[type] = frozenset({int, float, type(None)})
_TEXTS: frozenset[type] = frozenset({str, type(None)})
_FLAGS: frozenset[type] = frozenset({bool, type(None)})
_DATE = re.compile(MOMENT_TEXT)


class RefusedRequest(DesignerError):
    """A request that cannot be answered: `code` is the error code, `status` the HTTP status of the response."""

    status: int = 422

    def __init__(
        self, code: str, found: str, remedy: str = "", *, status: int = 422, row: int | None = None,
        column: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(found, remedy, row=row, column=column)
        self.code = code
        self.status = status


def moment_of(text: str, order: str = "") -> datetime:
    """Parse a date with or without a time, in the formats of files; converted to UTC if it has a time zone.

    `order` says whether the day or the month is first in a date like 03.04.2023. Raises ValueError for any other text,
    OverflowError if the year in UTC is outside 1 to 9999.
    """
    plain = one_in_iso(text.strip(), order)
    if not _DATE.match(plain):
        raise ValueError("not a date")
    moment = datetime.fromisoformat(plain[:11] + plain[11:].replace(" ", ""))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


class RowReader:
    """Parses rows of JSON values into one list of cells per column of a schema, in the schema's order.

    Nothing is converted silently: `"12"` is not a number, `true` is not a number, 3.5 is not an integer. `null` is a
    missing cell, and so is a text that `reading`, the read options of the training file, lists as missing. Fields in
    `ignored` are allowed and not read.
    """

    def __init__(
        self, schema: Schema, ignored: frozenset[str] = frozenset(), limit: int | None = ROW_LIMIT,
        reading: ReadOptions | None = None,
    ) -> None:  # fmt: skip
        self.schema = schema
        self._names = frozenset(schema.names)
        self._pick = _picker(schema.names)
        self._ignored = ignored
        self._limit = limit
        marks = {column.name: _missing(reading, column) for column in schema if not column.kind.is_numeric}
        self._marks = {name: words for name, words in marks.items() if words}
        self._checks = [_check_of(column, marks.get(column.name, frozenset())) for column in schema]

    def read(self, rows: Any) -> list[Cells]:
        """The cells by column. Raises RefusedRequest naming row and column."""
        self.require_rows(rows)
        return self.cells(rows)

    def require_rows(self, rows: Any) -> None:
        """Raise RefusedRequest if the value is not a list of rows, is empty or is too long."""
        if type(rows) is not list:
            raise RefusedRequest("score.shape", f"the input is {_a(rows)}, not a list of rows", _FORM)
        if not rows:
            raise RefusedRequest("score.no_rows", "the list of rows is empty", "Send at least one row.")
        if self._limit is not None and len(rows) > self._limit:
            raise RefusedRequest(
                "score.too_many_rows", f"{counted(len(rows), 'row')} in one request",
                f"Send at most {self._limit:,}, or score a file as a batch.", status=413,
            )  # fmt: skip

    def cells(self, rows: list[Any]) -> list[Cells]:
        """The cells by column of one or more rows, without a limit. Raises RefusedRequest naming row and column."""
        for number, row in enumerate(rows, 1):
            if type(row) is not dict or row.keys() != self._names:
                self._fields(number, row)
        columns = zip(*map(self._pick, rows), strict=True)
        return [check(list(cells)) for check, cells in zip(self._checks, columns, strict=True)]

    def plain(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows with missing-value texts replaced by None."""
        if not self._marks:
            return rows
        marked = {name: _without(marks, [row[name] for row in rows]) for name, marks in self._marks.items()}
        return [{**row, **{name: cells[i] for name, cells in marked.items()}} for i, row in enumerate(rows)]

    def _fields(self, number: int, row: Any) -> None:
        if not isinstance(row, dict):
            remedy = f'Send {{"{next(iter(self.schema.names), "column")}": value, ...}}.'
            raise RefusedRequest("score.shape", f"the row is {_a(row)}, not an object", remedy, row=number)
        missing = [name for name in self.schema.names if name not in row]
        extra = [str(name) for name in row if name not in self._names and name not in self._ignored]
        if missing:
            close = _close(missing[0], extra)
            remedy = f"'{close}' is not a column; did you mean '{missing[0]}'?" if close else "Send null where unknown."
            raise RefusedRequest("score.field_missing", f"no value for '{missing[0]}'", remedy, row=number,
                                 column=missing[0])  # fmt: skip
        if extra:
            raise RefusedRequest(
                "score.field_unknown", f"there is no column '{extra[0][:80]}'",
                f"Columns are: {', '.join(self.schema.names[:20])}.", row=number, column=extra[0][:80],
            )  # fmt: skip

    def frame(self, columns: Sequence[Cells]) -> pd.DataFrame:
        """The cells as a table in the types of the schema."""
        values = {c.name: _series(cells, c) for c, cells in zip(self.schema, columns, strict=True)}
        return pd.DataFrame(values)


def _picker(names: Sequence[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """A function that picks the cells of a row in the order of the schema."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON values: a missing cell is None, a date is ISO text."""
    names = [str(name) for name in table.columns]
    columns = [cells_of(table.iloc[:, i]) for i in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] if columns else []


def cells_of(series: pd.Series[Any]) -> Cells:
    """The cells of a column as JSON values; NaN and infinities become None."""
    if series.dtype == np.float64:
        return [cell if cell - cell == 0 else None for cell in series.tolist()]
    if series.dtype.kind == "M":
        return [None if cell is pd.NaT else cell.isoformat() for cell in series]
    return [_plain(cell) for cell in series.tolist()]


def _plain(cell: Any) -> Any:
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and cell != cell):
        return None
    if isinstance(cell, np.generic):
        return cell.item()
    return cell.isoformat() if isinstance(cell, datetime) else cell


def _missing(reading: ReadOptions | None, column: Column) -> frozenset[str]:
    """The texts that stand for a missing value in a column."""
    return frozenset(mark.strip() for mark in reading.of(column.name).missing) if reading else frozenset()


def _without(marks: frozenset[str], cells: Cells) -> Cells:
    """Replace missing-value texts by None. Surrounding blanks are ignored, except in a cell of blanks only."""
    if not marks:
        return cells
    return [None if type(cell) is str and ((cell.strip() or cell) in marks) else cell for cell in cells]


def _check_of(column: Column, marks: frozenset[str]) -> Callable[[Cells], Cells]:
    match column.kind:
        case Kind.DECIMAL:
            return lambda cells: _decimals(cells, column.name)
        case Kind.INTEGER:
            return lambda cells: _integers(cells, column.name)
        case Kind.BOOLEAN:
            return lambda cells: _typed(cells, column.name, _FLAGS, "true or false")
        case Kind.STRING | Kind.CATEGORICAL:
            return lambda cells: _texts(_without(marks, cells), column.name)
        case Kind.DATETIME:
            return lambda cells: _moments(_without(marks, cells), column)


def _typed(cells: Cells, name: str, allowed: frozenset[type], expected: str) -> Cells:
    if allowed.issuperset(map(type, cells)):
        return cells
    row, cell = next((i, c) for i, c in enumerate(cells, 1) if type(c) not in allowed)
    raise RefusedRequest("score.type", f"'{name}' is {_a(cell)}", f"Send {expected}.", row=row, column=name)


def _decimals(cells: Cells, name: str) -> Cells:
    if set(map(type, cells)) == {float} and math.isfinite(sum(cells)):
        return cells
    cells = _typed(cells, name, _NUMBERS, "a number, without quotes")
    for row, cell in enumerate(cells, 1):
        if cell is not None and not math.isfinite(cell):
            raise _not_finite(name, row, cell)
    return cells


def _integers(cells: Cells, name: str) -> Cells:
    if set(map(type, cells)) == {int} and min(cells) >= -(2**63) and max(cells) < 2**63:
        return cells
    cells = _typed(cells, name, _NUMBERS, "a whole number, without quotes")
    return [c if c is None or (type(c) is int and -(2**63) <= c < 2**63) else _whole(c, name, i)
            for i, c in enumerate(cells, 1)]  # fmt: skip


def _whole(cell: float, name: str, row: int) -> int:
    if isinstance(cell, float) and not math.isfinite(cell):
        raise _not_finite(name, row, cell)
    if cell != int(cell):
        raise RefusedRequest("score.type", f"'{name}' is {cell!r}", "Send a whole number.", row=row, column=name)
    if not -(2**63) <= cell < 2**63:
        raise RefusedRequest("score.value", f"'{name}' is {cell!r}", "Send a number below 2 to the power of 63.",
                             row=row, column=name)  # fmt: skip
    return int(cell)


def _not_finite(name: str, row: int, cell: float) -> RefusedRequest:
    return RefusedRequest("score.not_finite", f"'{name}' is {cell!r}", "Send a number, or null where it is unknown.",
                          row=row, column=name)  # fmt: skip


def _texts(cells: Cells, name: str) -> Cells:
    if set(map(type, cells)) == {str} and "\0" not in "".join(cells):
        return cells
    for row, cell in enumerate(_typed(cells, name, _TEXTS, "text in quotes"), 1):
        if cell is not None and "\0" in cell:
            raise RefusedRequest("score.value", f"'{name}' holds a NUL character", "Send text without it.",
                                 row=row, column=name)  # fmt: skip
    return cells


def _moments(cells: Cells, column: Column) -> Cells:
    cells = _typed(cells, column.name, _TEXTS, "a date as text, like 2026-11-20T09:30:00")
    return [
        None if cell is None or not cell.strip() else _moment(cell, column, row) for row, cell in enumerate(cells, 1)
    ]


def _moment(text: str, column: Column, row: int) -> datetime:
    name = column.name
    try:
        return moment_of(text, column.date_order)
    except OverflowError:
        raise RefusedRequest("score.date", f"'{name}' is '{text[:40]}', which in UTC lies outside the years 1 to 9999",
                             "Send a date of the years 1 to 9999.", row=row, column=name) from None  # fmt: skip
    except ValueError:
        is_other = is_of_other_order(text, column.date_order)
        why = f", which is not a date in the order {column.date_order}" if is_other else ""
        raise RefusedRequest("score.date", f"'{name}' is '{text[:40]}'{why}", "Send a date like 2026-11-20T09:30:00.",
                             row=row, column=name) from None  # fmt: skip


def _series(cells: Cells, column: Column) -> Any:
    has_missing = None in cells
    match column.kind:
        case Kind.INTEGER:
            return pd.array(cells, dtype="Int64") if has_missing else np.array(cells, dtype="int64")
        case Kind.DECIMAL:
            return np.array([np.nan if cell is None else cell for cell in cells], dtype="float64")
        case Kind.BOOLEAN:
            return pd.array(cells, dtype="boolean") if has_missing else np.array(cells, dtype="bool")
        case Kind.STRING:
            return pd.array(cells, dtype="str")
        case Kind.CATEGORICAL:
            categories = list(column.categories or ())
            unseen = sorted({cell for cell in cells if cell is not None} - set(categories))
            return pd.Categorical(cells, categories=categories + unseen)
        case Kind.DATETIME:
            return pd.array(np.array(cells, dtype="datetime64[us]"))


def _close(name: str, others: Sequence[str]) -> str | None:
    return next((other for other in others if other.casefold().strip() == name.casefold().strip()), None)


def _a(value: Any) -> str:
    kinds: Mapping[type, str] = {dict: "an object", list: "a list", str: "text", bool: "true or false", int: "a number",
                                 float: "a number", type(None): "null"}  # fmt: skip
    text = kinds.get(type(value), f"{with_article(type(value).__name__)}")
    return (
        f"{text} ({str(value)[:40]!r})"
        if type(value) is str
        else f"{text} ({value!r})"
        if type(value) in (int, float, bool)
        else text
    )


_FORM = 'Send {"Inputs": {"WebServiceInput0": [{"column": value, ...}, ...]}}.'
