"""Refuse a file whose dates have the day and the month in another order than the training file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from designer.contract.errors import ConversionFailed
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.reading.cells.date_order import ONLY_IN, OTHER_ORDER, in_iso
from designer.reading.cells.literals import without_missing
from designer.reading.cells.patterns import any_match
from designer.serving.batch.columns import is_text, options_of


class OtherDates:
    """Compare the date columns of a file, batch by batch, with the orders that training read.

    Where a column also holds a date that fits the order of training only, the other ones are left to be refused row by
    row.
    """

    def __init__(self, schema: Schema, options: ReadOptions, file: str) -> None:
        self._options, self._file = options, file
        self._open = {column.name: column for column in schema if column.kind is Kind.DATETIME}

    def check(self, batch: pa.RecordBatch, before: int) -> None:
        """Check the next batch, which has `before` rows above it.

        Raises ConversionFailed naming the first row of a column that holds dates of the other order only.
        """
        for name, column in list(self._open.items()):
            order = options_of(column, self._options).date_order
            if not order or name not in batch.schema.names or not is_text(batch.schema.field(name).type):
                continue
            cells, _ = without_missing(pa.chunked_array([batch.column(name)]), self._options.of(name))
            if any_match(cells, ONLY_IN[order]):
                del self._open[name]
            elif any_match(cells, ONLY_IN[OTHER_ORDER[order]]):
                raise _contradiction(cells, column, order, before).at(file=self._file)


def _contradiction(cells: pa.ChunkedArray, column: Column, order: str, before: int) -> ConversionFailed:
    other = OTHER_ORDER[order]
    row = int(np.flatnonzero(pc.fill_null(pc.match_substring_regex(cells, ONLY_IN[other]), False).to_numpy())[0])
    text = cells[row].as_py()
    iso = in_iso(cells.slice(row, 1), other)[0].as_py()
    problem = (
        f"column '{column.name}' has its dates {other}, and the training file had them {order}: "
        f"row {before + row + 1} holds '{text[:40]}'"
    )
    remedy = f"Write the dates of the column like {iso[:40]}, or {order}."
    return ConversionFailed(problem, remedy, column=column.name, row=before + row + 1)
