"""Whole numbers of a workbook that the sheet shows with leading zeros, like 00031 in the format `00000`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Self

_PADDING = re.compile("00+")


class PaddedNumber(int):
    """A whole number in a cell whose format is zeros only; as text it has at least that many digits."""

    width: int

    def __new__(cls, number: int, width: int) -> Self:
        padded = super().__new__(cls, number)
        padded.width = width
        return padded

    def __str__(self) -> str:
        return f"{'-' if self < 0 else ''}{abs(int(self)):0{self.width}d}"

    @property
    def shows_zeros(self) -> bool:
        """Whether the sheet shows a leading zero that the number does not have."""
        return str(self) != str(int(self))


def padded(value: Any, cell: Any) -> Any:
    """The value as a PaddedNumber if it is a whole number and the format of the openpyxl cell is zeros only."""
    is_whole = type(value) is int or (type(value) is float and value.is_integer())
    if not is_whole or not cell.has_style or not _PADDING.fullmatch(cell.number_format):
        return value
    return PaddedNumber(int(value), len(cell.number_format))


def as_shown(cells: list[Any], *, as_text: bool = False) -> list[Any]:
    """The cells of a column with padded numbers as the sheet shows them, as in a text file; else as plain numbers.

    They are text where some have leading zeros and no number has a fraction, or if `as_text`.
    """
    if not any(isinstance(cell, PaddedNumber) for cell in cells):
        return cells
    if as_text or (_show_zeros(cells) and not any(isinstance(cell, float) for cell in cells)):
        return [str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell for cell in cells]
    return [int(cell) if isinstance(cell, PaddedNumber) else cell for cell in cells]


def _show_zeros(cells: Sequence[Any]) -> bool:
    return any(cell.shows_zeros for cell in cells if isinstance(cell, PaddedNumber))
