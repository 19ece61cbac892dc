"""Plain tables: a header of 28, rows of 32, numbers at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx


@dataclass(frozen=True)
class Column:
    """The heading of one column."""

    title: str
    width: str = "auto"
    is_number: bool = False


def table(columns: Sequence[Column], body: Any, label: str, **props: Any) -> rx.Component:
    """A table with these headings; `body` is the rows, mostly an `rx.foreach` over `row`."""
    return rx.el.table(
        rx.el.thead(rx.el.tr(*(_heading(column) for column in columns))),
        rx.el.tbody(body),
        class_name="tbl",
        aria_label=label,
        **props,
    )


def _heading(column: Column) -> rx.Component:
    classes = "num" if column.is_number else ""
    return rx.el.th(column.title, class_name=classes, style={"width": column.width}, scope="col")
