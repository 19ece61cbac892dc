"""How a text file is written: separator, encoding and decimal mark, guessed from its beginning."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.contract.reading import ReadOptions, format_of

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
ENCODINGS = {"UTF-8": "UTF-8", "UTF-16": "UTF-16", "Windows-1252": "cp1252", "ISO-8859-1": "ISO-8859-1"}
_BEGINNING = 1 << 20
_LINES = 200
_DECIMAL_COMMA = re.compile(r"^[+-]?\d{1,3}(\.\d{3})*,\d+$|^[+-]?\d+,\d+$")


def guess(path: Path) -> ReadOptions:
    """How the file seems to be written. Never raises: what cannot be read keeps the defaults, and reading says why."""
    try:
        if format_of(path) not in ("CSV", "TSV"):
            return ReadOptions()
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except (DesignerError, OSError):
        return ReadOptions()
    encoding = _encoding(beginning, path)
    text = beginning.decode(encoding, errors="replace").lstrip("\ufeff")
    separator = "\t" if format_of(path) == "TSV" else _separator(text)
    return replace(ReadOptions(), separator=separator, encoding=encoding)


def has_decimal_commas(cells: list[str]) -> bool:
    """Whether every cell is a number with a decimal comma, or a whole number, and some have the comma."""
    written = [cell.strip() for cell in cells]
    return any(map(_DECIMAL_COMMA.match, written)) and all(
        _DECIMAL_COMMA.match(cell) or cell.lstrip("+-").isdecimal() for cell in written
    )


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


def _separator(text: str) -> str:
    """The separator that splits most lines into the same number of cells, more than one."""
    lines = "\n".join(text.splitlines()[:_LINES])
    scores = {separator: _agreement(lines, separator) for separator in (",", ";", "\t", "|")}
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best] > (0.0, 0) else ","


def _agreement(lines: str, separator: str) -> tuple[float, int]:
    try:
        widths = Counter(len(row) for row in csv.reader(io.StringIO(lines), delimiter=separator) if row)
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, count = widths.most_common(1)[0]
    return (count / widths.total(), width) if width > 1 else (0.0, 0)
