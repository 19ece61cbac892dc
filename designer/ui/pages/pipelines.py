"""The list of all pipelines of the workspace, and the trash."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.drop_zone import file_input
from designer.ui.panels.finder import finder_field
from designer.ui.parts.badge import chip, state_badge
from designer.ui.parts.buttons import button, icon_button, link_button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.dialog import question
from designer.ui.parts.table import Column, name_link, name_with_tile, table
from designer.ui.state.opening import OpeningState
from designer.ui.state.pipelines import PipelinesState
from designer.ui.views.overview import RecentPipeline

_COLUMNS = (
    Column("Pipeline"),
    Column("Task", "140px"),
    Column("Last run", "120px"),
    Column("Edited", "120px", is_number=True),
    Column("", "88px"),
)
_NONE = "No pipelines yet. Start with a blank one, or with a template."


def bar() -> rx.Component:
    """The title, the finder, import of a file and the primary button."""
    return rx.fragment(
        rx.el.span("Pipelines", class_name="b"),
        rx.el.span(class_name="grow"),
        finder_field(),
        rx.el.label(
            rx.icon("upload", size=14, stroke_width=1.75, aria_hidden="true"),
            rx.cond(OpeningState.busy != "", OpeningState.busy + " …", "Open file"),
            file_input(OpeningState.begin, OpeningState.arrived, OpeningState.busy, ".json"),
            class_name="btn chooser",
            title="Open a pipeline that was exported as a file",
        ),
        button("Blank pipeline", kind="primary", icon="plus", on_click=PipelinesState.start_blank),
    )


def content() -> rx.Component:
    """The table, and the trash unless it is empty."""
    return rx.el.div(
        rx.el.h1("Pipelines"),
        rx.cond(OpeningState.problem != "", rx.el.div(OpeningState.problem, class_name="note bad", role="alert")),
        rx.cond(
            PipelinesState.rows,
            _table(PipelinesState.rows, "Pipelines", _row),
            rx.cond(PipelinesState.is_loaded, card(empty(_NONE, link_button("Templates on Home", "/"))), waiting()),
        ),
        rx.cond(PipelinesState.trash, _trash()),
        _removal(),
        class_name="padded stack",
    )


def _trash() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Trash", class_name="under"),
        _table(PipelinesState.trash, "Trash", _deleted_row),
        aria_label="Trash",
    )


def _table(rows: Any, label: str, drawn: Callable[[RecentPipeline], rx.Component]) -> rx.Component:
    return card(table(_COLUMNS, rx.foreach(rows, drawn), label=label))


def _row(pipeline: RecentPipeline) -> rx.Component:
    return _drawn(
        pipeline,
        name_link("workflow", "web", pipeline.name, "/pipelines/" + pipeline.id),
        icon_button("Copy", "copy", small=True, on_click=PipelinesState.duplicate(pipeline.id)),
        icon_button("Delete", "trash-2", small=True, on_click=PipelinesState.delete(pipeline.id)),
    )


def _deleted_row(pipeline: RecentPipeline) -> rx.Component:
    return _drawn(
        pipeline,
        rx.fragment(*name_with_tile("workflow", "web", pipeline.name)),
        icon_button("Bring back", "undo-2", small=True, on_click=PipelinesState.restore(pipeline.id)),
        icon_button("Delete for ever", "x", small=True, on_click=PipelinesState.ask_forget(pipeline.id)),
    )


def _removal() -> rx.Component:
    return question(
        "Delete this pipeline for ever?",
        "“",
        PipelinesState.to_forget_name,
        "” goes with its whole history. Its runs and endpoints stay.",
        is_asked=PipelinesState.to_forget != "",
        on_no=PipelinesState.ask_forget(""),
        yes="Delete for ever",
        on_yes=PipelinesState.forget,
    )


def _drawn(pipeline: RecentPipeline, name: rx.Component, *actions: rx.Component) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                name,
                rx.cond(pipeline.kind == "training", rx.fragment(), chip("Inference")),
                class_name="row g2 name",
            )
        ),
        rx.el.td(pipeline.task, class_name="t2"),
        rx.el.td(rx.cond(pipeline.state == "", rx.el.span("Not run", class_name="t3"), state_badge(pipeline.state))),
        rx.el.td(pipeline.edited, class_name="num t2"),
        rx.el.td(rx.el.div(*actions, class_name="row", style={"justify_content": "flex-end"})),
    )


PAGE = Page(
    route="/pipelines", title="Pipelines", section="Pipelines", content=content, bar=bar, on_load=(PipelinesState.load,)
)
