"""Cells by column as a table, with what the user should be told of them and how their dates were written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pyarrow as pa

from designer.contract.cells import column_of_values
from designer.contract.date_order import possible_orders
from designer.contract.literals import date_order_of, without_missing
from designer.contract.notices import Notice, notices_of_text
from designer.contract.read_options import ReadOptions
from designer.contract.schema import Kind, Schema, kind_of

_HEAD = 1000


def table_of_values(
    columns: Mapping[str, Sequence[Any]], rows: int, options: ReadOptions, notices: list[Notice]
) -> pd.DataFrame:
    """The values that a workbook or JSON holds as a table; `notices` takes what the user should be told."""
    typed: dict[str, pd.Series[Any]] = {}
    orders: dict[str, str] = {}
    for name, cells in columns.items():
        own = options.of(name)
        typed[name] = column_of_values(cells, name, own.date_order)
        if kind_of(typed[name]) in (Kind.STRING, Kind.DATETIME) and _are_texts(cells):
            texts = pa.chunked_array([pa.array([cell if isinstance(cell, str) else None for cell in cells])])
            orders[name] = noted(texts, kind_of(typed[name]), name, own, notices)
    return with_date_orders(pd.DataFrame(typed, index=pd.RangeIndex(rows)), orders)


def noted(texts: pa.ChunkedArray, kind: Kind, name: str, options: ReadOptions, notices: list[Notice]) -> str:
    """Add what is to be told of a column of texts that was read as a kind; returns the order of its dates."""
    head, _ = without_missing(texts.slice(0, _HEAD), options)
    if kind is Kind.STRING and head.null_count < len(head) and not possible_orders(head):
        return ""  # no dates, and nothing else is told of text
    present, _ = without_missing(texts, options)
    notices += notices_of_text(present, kind, name, options.date_order)
    return date_order_of(present, options.date_order) if kind is Kind.DATETIME else ""


def with_date_orders(table: pd.DataFrame, orders: Mapping[str, str]) -> pd.DataFrame:
    """The table, which keeps for its columns of dates whether the day or the month was first in the file."""
    if not any(orders.values()):
        return table
    return Schema.of(table).map(lambda c: replace(c, date_order=orders.get(c.name, ""))).attach(table)


def _are_texts(cells: Sequence[Any]) -> bool:
    return all(cell is None or cell != cell or isinstance(cell, str) for cell in cells)
