"""Plain tables: header 28 px high, rows 32 px, numbers right-aligned."""

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
    """A table with these headings; `body` holds the rows, usually an `rx.foreach`."""
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


def name_link(icon: str, kind: str, name: Any, address: Any) -> rx.Component:
    """The first cell of a row: a small tile in the colours of `kind`, and the name as a link. Long names wrap."""
    return rx.link(*name_with_tile(icon, kind, name), href=address, class_name="row g2 quiet name", underline="none")


def name_with_tile(icon: str, kind: str, name: Any) -> tuple[rx.Component, rx.Component]:
    """The tile and the name without a link."""
    drawn = rx.icon(icon, size=12, stroke_width=1.75, aria_hidden="true")
    return rx.el.span(drawn, class_name=f"tile sm k-{kind}"), rx.el.span(name, class_name="m")
