"""All pipelines of the workspace."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from designer.ui.badge import chip, state_badge
from designer.ui.buttons import button, icon_button
from designer.ui.card import card, empty
from designer.ui.overview import RecentPipeline
from designer.ui.page import Page
from designer.ui.panels.finder import finder
from designer.ui.state.pipelines import PipelinesState
from designer.ui.table import Column, table

_COLUMNS = (
    Column("Pipeline"),
    Column("Task", "140px"),
    Column("Last run", "120px"),
    Column("Edited", "120px", is_number=True),
    Column("", "88px"),
)


def bar() -> rx.Component:
    """The title, the finder and the one primary button."""
    return rx.fragment(
        rx.el.span("Pipelines", class_name="b"),
        rx.el.span(class_name="grow"),
        finder(),
        button("Blank pipeline", kind="primary", icon="plus", on_click=PipelinesState.start_blank),
    )


def content() -> rx.Component:
    """The table, and the trash where something is in it."""
    return rx.el.div(
        rx.cond(
            PipelinesState.rows,
            _table(PipelinesState.rows, "Pipelines", _row),
            rx.cond(PipelinesState.is_loaded, card(empty("No pipelines yet. Start with a blank one or on Home."))),
        ),
        rx.cond(PipelinesState.trash, _trash()),
        class_name="padded col g4",
    )


def _trash() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Trash", style={"margin_bottom": "12px"}),
        _table(PipelinesState.trash, "Trash", _deleted_row),
        aria_label="Trash",
    )


def _table(rows: Any, label: str, drawn: Callable[[RecentPipeline], rx.Component]) -> rx.Component:
    return card(table(_COLUMNS, rx.foreach(rows, drawn), label=label), style={"overflow": "hidden"})


def _row(pipeline: RecentPipeline) -> rx.Component:
    name = rx.link(*_name(pipeline), href="/pipelines/" + pipeline.id, class_name="row g2 quiet", underline="none")
    return _drawn(
        pipeline,
        name,
        icon_button("Copy", "copy", small=True, on_click=PipelinesState.duplicate(pipeline.id)),
        icon_button("Delete", "trash-2", small=True, on_click=PipelinesState.delete(pipeline.id)),
    )


def _deleted_row(pipeline: RecentPipeline) -> rx.Component:
    restore = icon_button("Bring back", "undo-2", small=True, on_click=PipelinesState.restore(pipeline.id))
    return _drawn(pipeline, rx.el.span(*_name(pipeline), class_name="row g2"), restore)


def _drawn(pipeline: RecentPipeline, name: rx.Component, *actions: rx.Component) -> rx.Component:
    return rx.el.tr(
        rx.el.td(name),
        rx.el.td(pipeline.task, class_name="t2"),
        rx.el.td(rx.cond(pipeline.state == "", rx.el.span("Not run", class_name="t3"), state_badge(pipeline.state))),
        rx.el.td(pipeline.edited, class_name="num t2"),
        rx.el.td(rx.el.div(*actions, class_name="row", style={"justify_content": "flex-end"})),
    )


def _name(pipeline: RecentPipeline) -> list[rx.Component]:
    icon = rx.icon("workflow", size=12, stroke_width=1.75, aria_hidden="true")
    return [
        rx.el.span(icon, class_name="tile sm k-web"),
        rx.el.span(pipeline.name, class_name="m"),
        rx.cond(pipeline.kind == "training", rx.fragment(), chip("Inference")),
    ]


PAGE = Page(
    route="/pipelines", title="Pipelines", section="Pipelines", content=content, bar=bar, on_load=PipelinesState.load
)
