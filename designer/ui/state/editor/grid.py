"""A page of a table for the browser: columns with kinds and small histograms, cells as text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from designer.contract.schema import Column, Role, Schema

MISSING = "\u0000"
"""Marks a missing cell, which the browser shows as a word in italics."""

COLUMN_LIMIT = 100
CELL_LENGTH = 120
HISTOGRAM_HEIGHT = 20


@dataclass(frozen=True)
class Bar:
    """One bar of a small histogram, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class GridColumn:
    """One column's heading."""

    name: str
    kind: str
    icon: str
    align: str
    bars: list[Bar] = field(default_factory=list)


def grid_columns(schema: Schema, histograms: Mapping[str, Sequence[float]]) -> list[GridColumn]:
    """The headings of the first `COLUMN_LIMIT` columns; `histograms` maps column names to counts."""
    return [_heading(column, histograms.get(column.name, ())) for column in schema.columns[:COLUMN_LIMIT]]


def grid_rows(page: pd.DataFrame) -> list[list[str]]:
    """The cells of a page as text, one list per row, at most `COLUMN_LIMIT` columns."""
    shown = page.iloc[:, :COLUMN_LIMIT]
    columns = [[cell_text(value) for value in shown.iloc[:, i]] for i in range(shown.shape[1])]
    return [list(row) for row in zip(*columns, strict=True)]


def cell_text(value: Any) -> str:
    """One cell as text, cut to `CELL_LENGTH` characters where it is long."""
    match value:
        case None:
            return MISSING
        case bool():
            return "true" if value else "false"
        case float():
            return MISSING if math.isnan(value) else number_text(value)
        case int():
            return f"{value:,}"
        case str():
            return value if len(value) <= CELL_LENGTH else f"{value[: CELL_LENGTH - 1]}…"
        case pd.Timestamp():
            return str(value.date()) if value == value.normalize() else str(value)
        case _ if value is pd.NA or value is pd.NaT:
            return MISSING
        case _ if hasattr(value, "item"):
            return cell_text(value.item())
        case _:
            return str(value)[:CELL_LENGTH]


def number_text(value: float) -> str:
    """A number with few enough digits to read at a glance."""
    if math.isnan(value):
        return "missing"
    if value == 0 or 1e-4 <= abs(value) < 1e12:
        text = f"{value:,.6f}" if abs(value) < 1 else f"{value:,.4f}"
        return text.rstrip("0").rstrip(".") or "0"
    return f"{value:.4g}"


def bars_of(counts: Sequence[float], width: float = 96, height: float = HISTOGRAM_HEIGHT) -> list[Bar]:
    """Counts as bars, in pixels; a nonzero count is at least one pixel high."""
    top = max(counts, default=0)
    if top <= 0:
        return []
    step = (width + 1) / len(counts)
    heights = [max(1.0, height * count / top) if count else 0.0 for count in counts]
    return [
        Bar(round(i * step, 1), round(height - h, 1), round(step - 1, 1), round(h, 1)) for i, h in enumerate(heights)
    ]


def _heading(column: Column, counts: Sequence[float]) -> GridColumn:
    role = (
        "" if column.role is Role.FEATURE else ", no role" if column.role is Role.NONE else f", {column.role.lower()}"
    )
    icon = {"Integer": "hash", "Decimal": "hash", "Boolean": "toggle", "DateTime": "date"}.get(str(column.kind), "text")
    align = "num" if column.kind.is_numeric else ""
    return GridColumn(column.name, f"{column.kind}{role}", icon, align, bars_of(counts))
