"""The first lines of a text file: detect the separator and the rows above the header."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t", "|")
SHOWN_LINES = 8
_LINES = 200
_SHOWN_LETTERS = 100
_NAMED = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_FEW = 2


@dataclass(frozen=True)
class Row:
    """One row of cells, and the number of lines above it in the file."""

    above: int
    cells: list[str]


def first_rows(text: str, separator: str, skip: int = 0, count: int = _LINES) -> list[Row]:
    """The first rows below the skipped lines; a row without cells is a blank line."""
    lines = io.StringIO(text)
    above = sum(1 for _ in itertools.islice(lines, skip))
    reader = csv.reader(lines, delimiter=separator)
    rows: list[Row] = []
    try:
        for cells in itertools.islice(reader, count):
            rows.append(Row(above, cells))
            above = skip + reader.line_num
    except csv.Error:  # a quote that is never closed
        pass
    return rows


def separator_of(text: str) -> str:
    """The separator that splits the largest share of lines into the same number of cells, above one; else a comma."""
    match = _NAMED.match(text)
    if match:
        return match[1]
    scores = {separator: _agreement(text, separator) for separator in SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best] > (0.0, 0) else ","


def header_of(rows: list[Row]) -> Row | None:
    """The header below a title: the first full row of the most common width, if the rows above fill at most half of it.

    None if there is no such row, or no title above it.
    """
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not widths or widths.most_common(1)[0][1] < _FEW:
        return None
    width = widths.most_common(1)[0][0]
    header = next((row for row in rows if len(row.cells) == width == filled(row.cells)), None)
    above = [row for row in rows if header is not None and row.above < header.above]
    is_title = any(row.cells for row in above) and all(2 * filled(row.cells) <= width for row in above)
    return header if is_title else None


def filled(cells: Sequence[str]) -> int:
    """The number of non-blank cells."""
    return sum(1 for cell in cells if cell.strip())


def shown_lines(text: str) -> list[str]:
    """The first lines as written, long ones truncated."""
    lines = text.splitlines()[:SHOWN_LINES]
    return [line if len(line) <= _SHOWN_LETTERS else f"{line[: _SHOWN_LETTERS - 1]}…" for line in lines]


def _agreement(text: str, separator: str) -> tuple[float, int]:
    widths = Counter(len(row.cells) for row in first_rows(text, separator) if row.cells)
    if not widths:
        return (0.0, 0)
    width, count = widths.most_common(1)[0]
    return (count / widths.total(), width) if width > 1 else (0.0, 0)
