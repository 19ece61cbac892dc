"""The versions of an endpoint: the live one and the others."""

from typing import Any

import reflex as rx

from designer.ui.parts.card import card
from designer.ui.parts.table import Column, table
from designer.ui.state.endpoint.page import EndpointState
from designer.ui.views.endpoint.texts import VersionRow

State = EndpointState
_MAKE_LIVE: Any = State.make_live
_COLUMNS = (
    Column("Version", "72px"),
    Column("State", "72px"),
    Column("Model"),
    Column("Best", "120px"),
    Column("Answers with", "112px"),
    Column("Deployed", "104px"),
    Column("", "96px", True),
)


def versions_card() -> rx.Component:
    """The table of versions."""
    return card(
        rx.el.div(table(_COLUMNS, rx.foreach(State.versions, _version), label="Versions"), class_name="scroll"),
        heading="Versions",
        actions=(rx.el.span("swapped without losing a request", class_name="xs t3 plain"),),
        style={"overflow": "hidden"},
    )


def _version(row: VersionRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row.number, class_name="b"),
        rx.el.td(rx.el.span(row.state, class_name="chip " + row.tone)),
        rx.el.td(row.model, title=row.reason),
        rx.el.td(row.best),
        rx.el.td(row.engine, class_name="t2", title=row.reason),
        rx.el.td(row.made, class_name="t2"),
        rx.el.td(
            rx.cond(
                row.action != "",
                rx.el.button(row.action, on_click=_MAKE_LIVE(row.number), class_name="btn sm tiny", type="button"),
            ),
            class_name="num",
        ),
    )
