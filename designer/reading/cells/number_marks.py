"""Recognize decimal commas and thousands marks in text cells."""

from __future__ import annotations

import re

_DECIMAL_COMMA = re.compile(r"^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$")


def has_decimal_commas(cells: list[str]) -> bool:
    """Whether every cell is a number with a decimal comma or an integer, and some have the comma."""
    written = [cell.strip() for cell in cells]
    return any(map(_DECIMAL_COMMA.match, written)) and all(
        _DECIMAL_COMMA.match(cell) or cell.lstrip("+-").isdecimal() for cell in written
    )


def has_groups(cells: list[str], mark: str, decimal: str) -> bool:
    """Whether every cell is a number with this decimal mark, and some have `mark` before each group of three digits."""
    fraction = rf"({re.escape(decimal)}\d+)?$"
    grouped = re.compile(rf"^[+-]?[1-9]\d{{0,2}}({re.escape(mark)}\d{{3}})+{fraction}")
    plain = re.compile(rf"^[+-]?\d+{fraction}")
    return any(map(grouped.match, cells)) and all(grouped.match(cell) or plain.match(cell) for cell in cells)
