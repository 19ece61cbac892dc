"""The table of a port: a page of rows with a histogram under each heading, statistics, one column's chart."""

from typing import Any

import reflex as rx

from designer.ui.parts.table import Column, table
from designer.ui.state.editor.grid import HISTOGRAM_HEIGHT, MISSING
from designer.ui.state.editor.port import PortState

_STATISTICS = (
    Column("Column"),
    Column("Type"),
    Column("Rows", is_number=True),
    Column("Missing", is_number=True),
    Column("Unique", is_number=True),
    Column("Mean", is_number=True),
    Column("Median", is_number=True),
    Column("Minimum", is_number=True),
    Column("Maximum", is_number=True),
    Column("Standard deviation", is_number=True),
)


def data_grid() -> rx.Component:
    """The rows of the page, with their numbers in the whole table."""
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th("#", class_name="row-number", scope="col"),
                rx.foreach(PortState.columns, _heading),
            )
        ),
        rx.el.tbody(rx.foreach(PortState.rows, _row)),
        class_name="tbl grid",
        aria_label="Rows",
        custom_attrs={"data-testid": "grid"},
    )


def _heading(column: Any) -> rx.Component:
    return rx.el.th(
        rx.el.button(
            rx.el.div(_kind_icon(column.icon), rx.el.span(column.name, class_name="ell"), class_name="n"),
            rx.el.div(column.kind, class_name="xs t3 kind"),
            rx.cond(
                column.bars.length() > 0,
                rx.el.svg(
                    rx.foreach(column.bars, _bar),
                    width="96",
                    height=str(HISTOGRAM_HEIGHT),
                    view_box=f"0 0 96 {HISTOGRAM_HEIGHT}",
                    class_name="hist",
                    aria_hidden="true",
                ),
                rx.el.div(class_name="no-hist"),
            ),
            on_click=PortState.choose_column(column.name),
            type="button",
            class_name="heading",
            title=column.name,
        ),
        scope="col",
        class_name=rx.cond(PortState.column == column.name, "chosen", ""),
    )


def _kind_icon(icon: Any) -> rx.Component:
    props = {"size": 12, "stroke_width": 1.75, "class_name": "t3", "aria_hidden": "true"}
    return rx.match(
        icon,
        ("hash", rx.icon("hash", **props)),
        ("toggle", rx.icon("toggle-left", **props)),
        ("date", rx.icon("calendar", **props)),
        rx.icon("type", **props),
    )


def _bar(bar: Any) -> rx.Component:
    return rx.el.rect(x=bar.x.to(str), y=bar.y.to(str), width=bar.width.to(str), height=bar.height.to(str), rx="1")


def _row(row: Any, index: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(PortState.offset + index + 1, class_name="row-number num t3"),
        rx.foreach(row, _cell),
    )


def _cell(cell: Any, index: Any) -> rx.Component:
    return rx.el.td(
        rx.cond(cell == MISSING, rx.el.span("missing", class_name="miss"), cell),
        class_name=PortState.columns[index].align,
    )


def statistics() -> rx.Component:
    """The statistics, one line per column."""
    return rx.fragment(
        rx.cond(PortState.statistics_note != "", rx.el.p(PortState.statistics_note, class_name="s t2 dock-note")),
        table(_STATISTICS, rx.foreach(PortState.statistics, _statistic), label="Statistics"),
    )


def _statistic(line: Any) -> rx.Component:
    numbers = (
        line.count,
        line.missing,
        line.unique,
        line.mean,
        line.median,
        line.minimum,
        line.maximum,
        line.deviation,
    )
    return rx.el.tr(
        rx.el.td(line.name, class_name="m"),
        rx.el.td(line.kind, class_name="t2"),
        *(rx.el.td(number, class_name="num") for number in numbers),
    )


def chart() -> rx.Component:
    """The histogram of the chosen column, with a list of columns to choose from."""
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.select(
                    rx.foreach(PortState.columns, lambda column: rx.el.option(column.name, value=column.name)),
                    value=PortState.column,
                    on_change=PortState.choose_column,
                    class_name="field sm",
                    aria_label="Column",
                ),
                rx.icon("chevron-down", size=14, stroke_width=1.75, class_name="t3", aria_hidden="true"),
                class_name="select",
            ),
            rx.el.span(PortState.statistics_note, class_name="s t3"),
            class_name="row g3 dock-note",
        ),
        rx.el.div(rx.foreach(PortState.chart, _tick), class_name="bars", role="img", aria_label="Histogram"),
        class_name="chart",
    )


def _tick(tick: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(tick.count, class_name="xs t2"),
        rx.el.div(rx.el.i(style={"height": f"{tick.share}%"}), class_name="amount"),
        rx.el.span(tick.label, class_name="xs t3 ell"),
        class_name="tick",
        title=f"{tick.words}: {tick.count}",
    )
