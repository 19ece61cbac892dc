"""Detect the dialect of a text file: its separator, encoding and number format."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.contract.read_options import THOUSANDS_MARKS, ReadOptions
from designer.reading.beginning import separator_of
from designer.reading.file import format_of

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
THOUSANDS = {name.lower(): mark for name, mark in THOUSANDS_MARKS.items()}
_BEGINNING = 1 << 20
_DECIMAL_COMMA = re.compile(r"^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$")


def guess(path: Path) -> ReadOptions:
    """Guess the read options of a file. Never raises: an unreadable file gets the defaults, and reading reports why."""
    try:
        if format_of(path) not in ("CSV", "TSV"):
            return ReadOptions()
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except (DesignerError, OSError):
        return ReadOptions()
    encoding = _encoding(beginning, path)
    text = beginning.decode(encoding, errors="replace").lstrip("\ufeff")
    separator = "\t" if format_of(path) == "TSV" else separator_of(text)
    return replace(ReadOptions(), separator=separator, encoding=encoding)


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


def _encoding(beginning: bytes, path: Path) -> str:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    return "UTF-8" if _is_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            while file.read(_BEGINNING):
                pass
    except UnicodeDecodeError:
        return False
    return True
