"""What a column of text cells is: numbers, flags and dates only where every cell agrees and nothing would be lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.errors import UnreadableFile

_INTEGER = r"^-?(0|[1-9][0-9]{0,17})$"
_LONG = r"^[+-]?[0-9]{19,}$"
_DECIMAL = r"^[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_BOOLEAN = r"^([Tt]rue|TRUE|[Ff]alse|FALSE)$"
_MOMENT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?$"
_ZONED = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:?[0-9]{2})$"
_SAMPLE = 1000


def infer_cells(cells: pa.ChunkedArray, name: str, first_row: int = 1) -> pa.ChunkedArray:
    """The cells in the narrowest type that holds them all unchanged.

    `01234` keeps its zero and stays text, and so do whole numbers beyond 64 bits and decimal commas; a column
    without any value is decimal. Raises UnreadableFile for a number that is too large to be finite.
    """
    if cells.null_count == len(cells):
        return pa.chunked_array([pa.nulls(len(cells), pa.float64())])
    trimmed = pc.utf8_trim_whitespace(cells)
    if _all(trimmed, _INTEGER):
        return trimmed.cast(pa.int64())
    if _all(trimmed, _DECIMAL) and not _any(trimmed, _LONG):
        return _finite(trimmed, name, first_row)
    if _all(trimmed, _BOOLEAN):
        return pc.equal(pc.utf8_lower(trimmed), "true")
    for pattern, zone in ((_MOMENT, None), (_ZONED, "UTC")):
        if _all(trimmed, pattern):
            try:
                return trimmed.cast(pa.timestamp("us", zone))
            except pa.ArrowInvalid:
                return cells  # a thirteenth month: text
    return cells


def _all(cells: pa.ChunkedArray, pattern: str) -> bool:
    """Whether every cell that is there matches; a sample decides first, since most columns fail there."""
    for part in (cells.slice(0, _SAMPLE), cells):
        found: Any = pc.all(pc.match_substring_regex(part, pattern)).as_py()
        if found is False:
            return False
    return True


def _any(cells: pa.ChunkedArray, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(cells, pattern)).as_py())


def _finite(cells: pa.ChunkedArray, name: str, first_row: int) -> pa.ChunkedArray:
    numbers = pc.utf8_ltrim(cells, "+").cast(pa.float64())
    infinite = pc.is_inf(numbers)
    if pc.any(infinite).as_py():
        place = int(np.flatnonzero(pc.fill_null(infinite, False).to_numpy())[0])
        row = first_row + place
        raise UnreadableFile(
            f"column '{name}', row {row}: {cells[place].as_py()} is too large for a number",
            "Correct it, or name it as a missing value.",
            column=name,
            row=row,
        )
    return numbers
