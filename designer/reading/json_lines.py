"""Read tables from JSON: one object per line, or a list of objects."""

from __future__ import annotations

import json
import math
from typing import Any

import pandas as pd

from designer.contract.errors import UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.selection import Columns
from designer.reading.cell_table import table_of_values
from designer.reading.cells.digits import SAFE_DIGITS, SMALLEST, keeps_digits
from designer.reading.cells.literals import too_large
from designer.reading.notices import Notice
from designer.reading.unreadable_columns import require_left_out

_MOST_DIGITS = 1000


def read_json_lines(
    data: bytes,
    options: ReadOptions | None = None,
    notices: list[Notice] | None = None,
    columns: Columns | None = None,
) -> pd.DataFrame:
    """Parse UTF-8 JSON into a table; only a line feed ends a line, and text columns that hold only dates become dates.

    Notices for the user are appended to `notices`. Raises UnreadableFile naming the row that is not an object, and
    UnreadableColumns naming the selected columns of objects or lists; others of them are empty texts.
    """
    text = data.decode()
    whole = text.lstrip().startswith("[")
    decoder = _Decoder()
    rows: list[dict[str, Any]] = []
    for number, line in enumerate([text] if whole else text.split("\n"), start=1):
        if line.strip():
            rows += decoder.rows(line, number)
    names = dict.fromkeys(name for row in rows for name in row)
    cells = {name: [row.get(name) for row in rows] for name in names}
    problems = {name: problem for name in cells if (problem := _nested(cells[name], name))}
    require_left_out(list(cells), problems, columns or Columns.all())
    cells |= {name: [None] * len(rows) for name in problems}
    notices = [] if notices is None else notices
    table = table_of_values(cells, len(rows), options or ReadOptions(), notices, has_markers=False)
    return table.astype(dict.fromkeys(problems, "str")) if problems else table


def _nested(cells: list[Any], name: str) -> str:
    kinds = {type(cell) for cell in cells}
    if not kinds & {dict, list}:
        return ""
    return f"column '{name}' holds {'objects' if dict in kinds else 'lists'} inside its cells"


class _RepeatedKey(ValueError):
    """An object has a key twice."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs. Raises _RepeatedKey: the decoder would keep the last value in silence."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKey(next(name for name in names if names.count(name) > 1)[:80])
    return made


class _Decoder:
    """Decode objects; a number that does not round-trip through a double stays text."""

    def __init__(self) -> None:
        self._infinite = False
        self._json = json.JSONDecoder(
            parse_float=self._number,
            parse_int=self._whole,
            parse_constant=self._constant,
            object_pairs_hook=_each_once,
        )

    def rows(self, line: str, number: int) -> list[dict[str, Any]]:
        try:
            value = self._json.decode(line)
        except (json.JSONDecodeError, RecursionError) as error:
            problem = f"row {number} is not JSON ({error})"
            raise UnreadableFile(problem, "Write one object a line.", row=number) from None
        except _RepeatedKey as error:
            problem = f"row {number} has '{error}' twice"
            raise UnreadableFile(problem, "Leave one of them out.", row=number) from None
        rows = value if isinstance(value, list) else [value]
        if not all(isinstance(row, dict) for row in rows):
            raise UnreadableFile(f"row {number} is not a JSON object", "Write one object a line.", row=number)
        if self._infinite:
            _refuse_infinite(rows, number)
        return rows

    def _number(self, text: str) -> float | str:
        number = float(text)
        if math.isinf(number):
            self._infinite = True
            return _Infinite(text)
        is_short = len(text) <= SAFE_DIGITS and abs(number) > SMALLEST
        return number if is_short or keeps_digits(text, number) else text

    def _whole(self, text: str) -> int | str:
        return int(text) if len(text) < _MOST_DIGITS else text

    def _constant(self, text: str) -> float | str:
        if text == "NaN":
            return math.nan
        self._infinite = True
        return _Infinite(text)


class _Infinite(str):
    """The text of an infinite number, or of one that overflows a double."""


def _refuse_infinite(rows: list[dict[str, Any]], number: int) -> None:
    for at, row in enumerate(rows):
        for name, cell in row.items():
            if isinstance(cell, _Infinite):
                raise too_large(name, number + at, str(cell))
    raise UnreadableFile(f"row {number} holds a number that is too large", "Correct it.", row=number)
