"""Comparison of two versions of a dataset."""

from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.badge import chip
from designer.ui.parts.card import card, empty, missing, waiting
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.table import Column, table
from designer.ui.state.data.dataset_versions import DatasetVersionsState, VersionChoice
from designer.ui.views.dataset.difference import ColumnChangeRow, PairedBar, Tile

_COLUMNS = (
    Column("Column"),
    Column("Type", "160px"),
    Column("Missing", "120px", True),
    Column("Different values", "130px", True),
    Column("Mean", "150px", True),
    Column("Distribution", "220px"),
    Column("Move", "110px"),
)


def content() -> rx.Component:
    """The choice of both versions, and what changed from one to the other."""
    state = DatasetVersionsState
    return rx.cond(
        state.missing_name != "",
        missing("There is no dataset “" + state.missing_name + "”.", "All datasets", "/datasets"),
        rx.el.div(
            rx.el.div(
                rx.el.h1("Compare versions", class_name="grow"),
                rx.cond(
                    state.before != "",
                    rx.fragment(
                        _choice("Before", "before", state.before),
                        rx.icon("arrow-right", size=16, class_name="t3", aria_hidden="true"),
                        _choice("After", "after", state.after),
                    ),
                ),
                class_name="row g2 wrap",
            ),
            rx.cond(state.problem != "", card(empty(state.problem))),
            rx.cond(state.is_busy, waiting()),
            rx.cond(state.is_shown, _difference()),
            class_name="padded stack versions",
        ),
    )


def _choice(label: str, place: str, chosen: Any) -> rx.Component:
    return rx.el.select(
        rx.foreach(DatasetVersionsState.choices, _version),
        value=chosen,
        on_change=lambda number: DatasetVersionsState.choose(place, number),
        aria_label=label,
        class_name="field",
    )


def _version(choice: VersionChoice) -> rx.Component:
    return rx.el.option(choice.words, value=choice.number)


def _difference() -> rx.Component:
    state = DatasetVersionsState
    return rx.fragment(
        rx.cond(state.is_same, rx.el.div("Both versions hold the same rows.", class_name="note ok", role="status")),
        rx.el.div(rx.foreach(state.tiles, _tile), class_name="card tiles"),
        rx.cond(
            (state.added != "") | (state.removed != "") | state.is_reordered,
            card(
                rx.el.dl(
                    _names("Added", state.added),
                    _names("Removed", state.removed),
                    rx.cond(state.is_reordered, _names("Order", "The columns of both stand in another order.")),
                    class_name="bd pad facts",
                ),
                heading="Columns added and removed",
            ),
        ),
        rx.cond(
            state.rows,
            card(
                rx.el.div(
                    table(_COLUMNS, rx.foreach(state.rows, _row), label="Columns of both versions"), class_name="wide"
                ),
                rx.el.p(
                    "Move: the population stability index (PSI), by value or in tenths of the earlier version, less "
                    "what chance gives; noticeable above 0.02, clear above 0.1, strong above 0.25. ",
                    state.left_out,
                    class_name="bd pad s t3",
                ),
                heading="Columns of both versions",
                actions=(_key("before", ""), _key("after", "after")),
            ),
        ),
    )


def _tile(tile: Tile) -> rx.Component:
    return rx.el.div(rx.el.b(tile.value), rx.el.span(tile.label, class_name="s t3"))


def _names(title: str, names: Any) -> rx.Component:
    return rx.cond(names != "", rx.fragment(rx.el.dt(title, class_name="t2"), rx.el.dd(names, class_name="words")))


def _row(row: ColumnChangeRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.name, class_name="m words"),
        rx.el.td(row.kind, class_name="t2"),
        rx.el.td(row.missing, class_name="num"),
        rx.el.td(row.unique, class_name="num"),
        rx.el.td(row.mean, class_name="num"),
        rx.el.td(
            rx.cond(
                row.bars,
                rx.el.div(rx.foreach(row.bars, _bars), class_name="pairs", role="img", aria_label=row.index),
            )
        ),
        rx.el.td(
            rx.match(
                row.tone,
                *((tone, chip(row.shift, tone)) for tone in ("bad", "warn", "acc")),
                rx.el.span(row.shift, class_name="t3"),
            ),
            title=row.index,
        ),
    )


def _key(word: str, place: str) -> rx.Component:
    mark = rx.el.i(class_name=f"key {place}".strip(), aria_hidden="true")
    return rx.el.span(mark, word, class_name="row g2 xs t2")


def _bars(bar: PairedBar) -> rx.Component:
    return rx.el.span(
        rx.el.i(style={"height": f"max(1px, calc({bar.before} * 100%))"}),
        rx.el.i(class_name="after", style={"height": f"max(1px, calc({bar.after} * 100%))"}),
        title=bar.label,
    )


def bar() -> rx.Component:
    """Breadcrumbs."""
    state = DatasetVersionsState
    return rx.cond(
        state.missing_name != "",
        crumbs(("Datasets", "/datasets"), here="Not found"),
        crumbs(("Datasets", "/datasets"), (state.name, "/datasets/view?name=" + state.address), here="Compare"),
    )


PAGE = Page(
    route="/datasets/compare",
    title="Compare versions",
    section="Datasets",
    content=content,
    bar=bar,
    subject=DatasetVersionsState.name,
    on_load=(DatasetVersionsState.load,),
)
