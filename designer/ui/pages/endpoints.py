"""Endpoints: what answers requests, and whether it can be trusted."""

import reflex as rx

from designer.ui.badge import chip
from designer.ui.buttons import link_button
from designer.ui.card import card, empty
from designer.ui.page import Page
from designer.ui.state.endpoints import EndpointRow, EndpointsState
from designer.ui.table import Column, table

State = EndpointsState
_COLUMNS = (
    Column("Endpoint"),
    Column("State", "110px"),
    Column("Version", "80px", True),
    Column("Answers with", "140px"),
    Column("Parity", "120px"),
    Column("Requests, last hour", "160px", True),
    Column("Changed", "140px"),
)


def content() -> rx.Component:
    """The list."""
    return rx.el.div(
        rx.el.h1("Endpoints"),
        rx.cond(
            ~State.is_answering,
            rx.el.div(
                "The scoring process does not answer, so no endpoint does. Start Designer again.",
                class_name="note bad",
                role="alert",
            ),
        ),
        rx.cond(
            State.rows,
            card(table(_COLUMNS, rx.foreach(State.rows, _row), label="Endpoints"), style={"overflow": "hidden"}),
            rx.cond(
                State.is_loaded,
                card(
                    empty(
                        "Deployed pipelines appear here. Run a pipeline, then press Deploy.",
                        link_button("All pipelines", "/pipelines"),
                    )
                ),
            ),
        ),
        class_name="padded stack wide",
    )


def _row(row: EndpointRow) -> rx.Component:
    icon = rx.icon("globe", size=12, stroke_width=1.75, aria_hidden="true")
    return rx.el.tr(
        rx.el.td(
            rx.link(
                rx.el.span(icon, class_name="tile sm k-web"),
                rx.el.span(row.name, class_name="m"),
                href="/endpoints/" + row.name,
                class_name="row g2 quiet",
                underline="none",
            )
        ),
        rx.el.td(rx.el.span(row.state, class_name="chip " + row.tone)),
        rx.el.td(row.version, class_name="num"),
        rx.el.td(row.engine, class_name="t2"),
        rx.el.td(rx.cond(row.parity != "", rx.el.span(row.parity, class_name="chip " + row.parity_tone), chip("none"))),
        rx.el.td(row.requests, class_name="num"),
        rx.el.td(row.changed, class_name="t2"),
    )


PAGE = Page(route="/endpoints", title="Endpoints", section="Endpoints", content=content, on_load=State.load)
