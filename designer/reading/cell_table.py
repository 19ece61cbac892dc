"""Build a table from cells by column, with notices for the user and the date order of each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pandas as pd
import pyarrow as pa

from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Kind, Schema, kind_of
from designer.reading.cells.date_order import possible_orders
from designer.reading.cells.literals import date_order_of, without_missing
from designer.reading.cells.typed_values import column_of_values
from designer.reading.notices import Notice, duration_notice, notices_of_text
from designer.reading.number_columns import mixed_notices

_HEAD = 1000


def table_of_values(
    columns: Mapping[str, Sequence[Any]],
    rows: int,
    options: ReadOptions,
    notices: list[Notice],
    *,
    has_markers: bool = True,
) -> pd.DataFrame:
    """Build a table from the typed values of a workbook or JSON; notices are appended to `notices`.

    `has_markers` is whether the format has missing-value markers.
    """
    typed: dict[str, pd.Series[Any]] = {}
    orders: dict[str, str] = {}
    for name, cells in columns.items():
        column_options = options.of(name)
        typed[name] = column_of_values(cells, name, column_options.date_order)
        if kind_of(typed[name]) in (Kind.STRING, Kind.DATETIME) and _are_texts(cells):
            texts = pa.chunked_array([pa.array([cell if isinstance(cell, str) else None for cell in cells])])
            orders[name] = noted(texts, kind_of(typed[name]), name, column_options, notices)
        elif kind_of(typed[name]) is Kind.DECIMAL and any(isinstance(cell, timedelta) for cell in cells):
            notices.append(duration_notice(name))
        elif kind_of(typed[name]) is Kind.STRING:
            notices += mixed_notices(cells, name, column_options, has_markers=has_markers)
    return with_date_orders(pd.DataFrame(typed, index=pd.RangeIndex(rows)), orders)


def noted(texts: pa.ChunkedArray, kind: Kind, name: str, options: ReadOptions, notices: list[Notice]) -> str:
    """Append the notices for a text column read as `kind`; returns its date order, empty if it holds no dates."""
    head, _ = without_missing(texts.slice(0, _HEAD), options)
    if kind is Kind.STRING and head.null_count < len(head) and not possible_orders(head):
        return ""  # the only notices about text columns concern dates
    present, _ = without_missing(texts, options)
    notices += notices_of_text(present, kind, name, options.date_order)
    return date_order_of(present, options.date_order) if kind is Kind.DATETIME else ""


def with_date_orders(table: pd.DataFrame, orders: Mapping[str, str]) -> pd.DataFrame:
    """Attach the day/month order of the file's date columns to the table's schema; returns the table."""
    if not any(orders.values()):
        return table
    return Schema.of(table).map(lambda c: replace(c, date_order=orders.get(c.name, ""))).attach(table)


def _are_texts(cells: Sequence[Any]) -> bool:
    return all(cell is None or cell != cell or isinstance(cell, str) for cell in cells)
