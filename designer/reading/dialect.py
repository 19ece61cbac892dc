"""Detect the dialect of a text file: its separator and encoding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.contract.files.read_options import THOUSANDS_MARKS, ReadOptions
from designer.reading.beginning import separator_of
from designer.reading.file import Format, format_of

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
THOUSANDS = {name.lower(): mark for name, mark in THOUSANDS_MARKS.items()}
_BEGINNING = 1 << 20


def guess(path: Path, format: Format | None = None) -> ReadOptions:
    """Guess the read options of a file. Never raises: an unreadable file gets the defaults, and reading reports why."""
    try:
        format = format or format_of(path)
        if format not in ("CSV", "TSV"):
            return ReadOptions()
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except (DesignerError, OSError):
        return ReadOptions()
    encoding = _encoding(beginning, path)
    text = beginning.decode(encoding, errors="replace").lstrip("\ufeff")
    separator = "\t" if format == "TSV" else separator_of(text)
    return replace(ReadOptions(), separator=separator, encoding=encoding)


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
