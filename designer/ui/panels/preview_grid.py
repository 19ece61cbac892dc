"""A preview of data: each column with its kind, a small histogram and a note, and rows as text."""

from typing import Any

import reflex as rx

from designer.contract.schema import Kind
from designer.ui.panels.column_profile import type_icon
from designer.ui.parts.badge import chip
from designer.ui.views.dataset.column_head import Head
from designer.ui.views.dataset.upload import Cell, Line

_TITLES = ("Column", "Type", "Missing", "Different values", "Examples", "")
_NUMBERS = ("Missing", "Different values")


def preview_grid(heads: Any, lines: Any, chosen: Any, choose: Any, choose_kind: Any = None) -> rx.Component:
    """The rows and columns of the window; kinds are editable if `choose_kind(column, kind)` is given."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th("#", class_name="num no"),
                    rx.foreach(heads, lambda head: _head(head, chosen, choose, choose_kind)),
                )
            ),
            rx.el.tbody(rx.foreach(lines, lambda line: _line(line, heads, chosen))),
            class_name="tbl grid",
            aria_label="Preview",
        ),
        class_name="sheet",
    )


def columns_table(columns: Any, choose: Any, choose_kind: Any = None, bring_back: Any = None) -> rx.Component:
    """One row per column; excluded columns can be included again if `bring_back(column)` is given."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(*(rx.el.th(title, class_name="num" if title in _NUMBERS else "") for title in _TITLES))
            ),
            rx.el.tbody(rx.foreach(columns, lambda head: _column_row(head, choose, choose_kind, bring_back))),
            class_name="tbl",
            aria_label="All columns",
        ),
        class_name="sheet",
    )


def turner(words: Any, what: str, turn: Any, has_before: Any, has_after: Any) -> rx.Component:
    """The position in the rows or columns, with arrows to the previous and next ones, disabled at the ends."""
    return rx.fragment(
        _arrow(f"{what} before", "←", turn(-1), has_before),
        rx.el.span(words),
        _arrow(f"{what} after", "→", turn(1), has_after),
    )


def _arrow(label: str, arrow: str, event: Any, leads_on: Any) -> rx.Component:
    return rx.el.button(
        arrow, on_click=event, disabled=~leads_on, class_name="link", type="button", aria_label=label, title=label
    )


def turners(state: Any) -> rx.Component:
    """The paging controls below the grid of a `TableWindow` state."""
    columns = turner(state.column_words, "Columns", state.turn_columns, state.first_column > 0, state.has_columns_after)
    return rx.el.div(
        turner(state.row_words, "Rows", state.turn_rows, state.offset > 0, state.has_rows_after),
        rx.el.span(class_name="grow"),
        rx.cond(state.column_words != "", columns),
        class_name="row g2 s t2 mf",
    )


def _head(head: Head, chosen: Any, choose: Any, choose_kind: Any) -> rx.Component:
    return rx.el.th(
        rx.el.button(head.name, on_click=choose(head.name), class_name="n ell link", title=head.name, type="button"),
        _kind(head, choose_kind),
        rx.el.div(rx.foreach(head.bars, _small_bar), class_name="mini", aria_hidden="true"),
        rx.el.div(head.note, class_name="xs t3 ell"),
        class_name=rx.cond(chosen == head.name, "on", ""),
        scope="col",
    )


def _kind(head: Head, choose_kind: Any) -> rx.Component:
    if choose_kind is None:
        return rx.el.span(type_icon(head.kind), head.kind, class_name="row g1 xs t3")
    return rx.el.span(
        type_icon(head.kind),
        rx.el.select(
            *(rx.el.option(str(kind), value=str(kind)) for kind in Kind),
            value=head.kind,
            on_change=lambda kind: choose_kind(head.name, kind),
            custom_attrs={"aria-label": "Type of " + head.name},
        ),
        rx.icon("chevron-down", size=10, stroke_width=2, aria_hidden="true"),
        class_name="ty " + head.tone,
    )


def _small_bar(height: float) -> rx.Component:
    return rx.el.i(style={"height": f"max(1px, calc({height} * 100%))"})


def _line(line: Line, heads: Any, chosen: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(line.number, class_name="num no"),
        rx.foreach(line.cells, lambda cell, place: _cell(cell, heads[place].name == chosen)),
    )


def _cell(cell: Cell, is_chosen: Any) -> rx.Component:
    return rx.el.td(cell.text, class_name=cell.look + rx.cond(is_chosen, " on", ""))


def _column_row(head: Head, choose: Any, choose_kind: Any, bring_back: Any) -> rx.Component:
    name = rx.el.button(head.name, on_click=choose(head.name), class_name="link m", type="button")
    return rx.el.tr(
        rx.el.td(name),
        rx.el.td(rx.cond(head.left_out, chip("left out"), _kind(head, choose_kind))),
        rx.el.td(head.missing, class_name="num"),
        rx.el.td(head.unique, class_name="num"),
        rx.el.td(head.examples, class_name="t2"),
        rx.el.td(_taken_in_again(head, bring_back)),
    )


def _taken_in_again(head: Head, bring_back: Any) -> rx.Component:
    if bring_back is None:
        return rx.fragment()
    back = rx.el.button("Take in", on_click=bring_back(head.name), class_name="btn sm tiny", type="button")
    return rx.cond(head.left_out, back)
