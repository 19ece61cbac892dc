"""The first lines of a text file: what separates its cells, and which rows stand above its header."""

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
    """One row of cells, and how many lines of the file stand above it."""

    above: int
    cells: list[str]


def first_rows(text: str, separator: str, skip: int = 0, count: int = _LINES) -> list[Row]:
    """The first rows below the lines that are skipped; a row without cells is a blank line."""
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
    """The separator that splits most lines into the same number of cells, more than one; a comma where none does."""
    own = _NAMED.match(text)
    if own:
        return own[1]
    scores = {separator: _agreement(text, separator) for separator in SEPARATORS}
    best = max(scores, key=lambda separator: scores[separator])
    return best if scores[best] > (0.0, 0) else ","


def header_of(rows: list[Row]) -> Row | None:
    """The first row that fills as many cells as most rows have, where those above it fill few; None where none does."""
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    if not widths or widths.most_common(1)[0][1] < _FEW:
        return None
    width = widths.most_common(1)[0][0]
    found = next((row for row in rows if len(row.cells) == width == filled(row.cells)), None)
    above = [row for row in rows if found is not None and row.above < found.above]
    is_title = any(row.cells for row in above) and all(2 * filled(row.cells) <= width for row in above)
    return found if is_title else None


def filled(cells: Sequence[str]) -> int:
    """How many cells hold more than blanks."""
    return sum(1 for cell in cells if cell.strip())


def shown_lines(text: str) -> list[str]:
    """The first lines as they are written, the long ones cut."""
    lines = text.splitlines()[:SHOWN_LINES]
    return [line if len(line) <= _SHOWN_LETTERS else f"{line[: _SHOWN_LETTERS - 1]}…" for line in lines]


def _agreement(text: str, separator: str) -> tuple[float, int]:
    widths = Counter(len(row.cells) for row in first_rows(text, separator) if row.cells)
    if not widths:
        return (0.0, 0)
    width, count = widths.most_common(1)[0]
    return (count / widths.total(), width) if width > 1 else (0.0, 0)
