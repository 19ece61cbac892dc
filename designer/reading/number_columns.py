"""Notices about columns read as text although nearly all of their cells are numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.errors import UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.wording.counting import counted
from designer.reading.cells.literals import infer_cells, number_texts, without_missing
from designer.reading.cells.number_marks import has_decimal_commas, has_groups
from designer.reading.cells.typed_values import written
from designer.reading.notices import Notice

_SHARE = 0.9
_FEWEST = 10
_SAMPLE = 1000
_MOST_WORDS = 3
_MOST_SHOWN = 3
_LONGEST = 40
_LIKE_NUMBER = re.compile(r"[+-]?[\d.,'\s]+([eE][+-]?\d+)?")


def number_notices(texts: pa.ChunkedArray, name: str, options: ReadOptions) -> list[Notice]:
    """A notice for a text column of which at least 90 % of the cells, and 10 of them, are numbers; else empty.

    Three samples settle columns that are clearly text.
    """
    if not any(_are_mostly_numbers(part, options) for part in _samples(texts)):
        return []
    cells, _ = without_missing(texts, options)
    numbers = number_texts(cells, options)
    if not _is_nearly_all(len(cells) - numbers.null_count, len(cells) - cells.null_count) or not _infer(numbers, name):
        return []
    rows = np.flatnonzero(pc.and_(pc.is_valid(cells), pc.is_null(numbers)).to_numpy())
    others = cells.take(pa.array(rows))
    distinct = pc.unique(others).to_pylist()
    if _are_marked(distinct, numbers, options):
        return []  # other findings ask about them
    words = distinct if _are_words(distinct) else []
    shown = [f"'{cell}'" for cell in others.slice(0, _MOST_SHOWN).to_pylist()]
    return [_notice(name, len(cells) - cells.null_count, rows.tolist(), shown, words, options)]


def mixed_notices(cells: Sequence[Any], name: str, options: ReadOptions, *, has_markers: bool = True) -> list[Notice]:
    """The same for typed values, as of a workbook; `has_markers` is whether the format has missing-value markers."""
    present = [(row, cell) for row, cell in enumerate(cells) if cell is not None and cell == cell]
    others = [(row, cell) for row, cell in present if isinstance(cell, bool) or not isinstance(cell, int | float)]
    if not _is_nearly_all(len(present) - len(others), len(present)):
        return []
    distinct = dict.fromkeys(cell for _, cell in others)
    texts = [cell for cell in distinct if isinstance(cell, str)]
    words = texts if len(texts) == len(distinct) and _are_words(texts) else []
    shown = [f"'{written(cell)}'" if isinstance(cell, str) else written(cell) for _, cell in others[:_MOST_SHOWN]]
    return [_notice(name, len(present), [row for row, _ in others], shown, words, options if has_markers else None)]


def _samples(texts: pa.ChunkedArray) -> list[pa.ChunkedArray]:
    return [texts.slice(start, _SAMPLE) for start in (0, len(texts) // 2, max(0, len(texts) - _SAMPLE))]


def _are_mostly_numbers(texts: pa.ChunkedArray, options: ReadOptions) -> bool:
    cells, _ = without_missing(texts, options)
    numbers = number_texts(cells, options)
    return bool(2 * (len(cells) - numbers.null_count) > len(cells) - cells.null_count)


def _is_nearly_all(numbers: int, present: int) -> bool:
    return present >= _FEWEST and _SHARE * present <= numbers < present


def _infer(numbers: pa.ChunkedArray, name: str) -> bool:
    """Whether these cells alone would be read as numbers."""
    try:
        inferred = infer_cells(numbers, name).type
    except UnreadableFile:
        return False
    return bool(pa.types.is_integer(inferred) or pa.types.is_floating(inferred))


def _are_marked(cells: Sequence[str], numbers: pa.ChunkedArray, options: ReadOptions) -> bool:
    """Whether the cells are numbers with leading zeros, thousands marks or decimal commas."""
    is_whole = not pc.any(pc.match_substring(numbers, ".")).as_py()
    mark = "," if options.decimal == "." else "."
    if has_groups(list(cells), mark, options.decimal):
        return True
    return is_whole and (all(cell.isdecimal() and cell[0] == "0" for cell in cells) or has_decimal_commas(list(cells)))


def _are_words(cells: Sequence[str]) -> bool:
    """Whether the cells are few, are no numbers, and can be written as a setting."""
    return len(cells) <= _MOST_WORDS and not any(
        _LIKE_NUMBER.fullmatch(cell) or set(cell) & set(",'") or len(cell) > _LONGEST for cell in cells
    )


def _notice(
    name: str,
    present: int,
    rows: Sequence[int],
    shown: Sequence[str],
    words: Sequence[str],
    options: ReadOptions | None,
) -> Notice:
    first = enumerate(zip(rows[: len(shown)], shown, strict=True))
    places = [f"row {row + 1} {'' if at else 'holds '}{text}" for at, (row, text) in first]
    more = f", and {counted(len(rows) - len(shown), 'other')}" if len(rows) > len(shown) else ""
    text = f"{present - len(rows):,} of {counted(present, 'cell')} are numbers; {', '.join(places)}{more}."
    markers = ",".join((*filter(None, options.missing), *words)) if options and words else ""
    remedy = f"To read numbers, set Missing values to '{markers}'." if markers else ""
    return Notice("numbers", f"“{name}” read as text", text, name, tuple(words), remedy)
