"""Detect the decimal mark of a text file whose numbers cannot have that of the training file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Kind, Schema
from designer.reading.cells.literals import fit_cells
from designer.reading.cells.number_marks import has_groups

_OTHER = {".": ",", ",": "."}


def with_decimal_mark(
    options: ReadOptions, schema: Schema, names: Sequence[str], rows: Sequence[Sequence[str]]
) -> ReadOptions:
    """The options, with the other decimal mark if some number in the rows requires it and none requires the given one.

    `1,234` decides nothing: its comma may be a thousands separator.
    """
    other = replace(
        options, decimal=_OTHER[options.decimal], thousands=_OTHER.get(options.thousands, options.thousands)
    )
    decided = False
    for column in schema:
        if column.kind is Kind.DECIMAL:
            place = names.index(column.name)
            cells = [row[place].strip() for row in rows if len(row) > place]
            if _unfitting(cells, other.of(column.name)):
                return options
            unfit = _unfitting(cells, options.of(column.name))
            decided |= any(not has_groups([cell], other.decimal, options.decimal) for cell in unfit)
    return other if decided else options


def _unfitting(cells: Sequence[str], options: ReadOptions) -> list[str]:
    """The cells that are not numbers."""
    return [cells[row] for row in fit_cells(pa.array(cells, pa.string()), Kind.DECIMAL, options).reasons]
