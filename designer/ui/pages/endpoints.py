"""The list of endpoints, with state, parity and requests."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.buttons import link_button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.table import Column, name_link, table
from designer.ui.state.endpoints import EndpointRow, EndpointsState

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
            card(table(_COLUMNS, rx.foreach(State.rows, _row), label="Endpoints")),
            rx.cond(
                State.is_loaded,
                card(
                    empty(
                        "Deployed pipelines appear here. Run a pipeline, then press Deploy.",
                        link_button("All pipelines", "/pipelines"),
                    )
                ),
                waiting(),
            ),
        ),
        class_name="padded stack",
    )


def _row(row: EndpointRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(name_link("globe", "web", row.name, "/endpoints/" + row.name)),
        rx.el.td(rx.el.span(row.state, class_name="chip " + row.tone)),
        rx.el.td(row.version, class_name="num"),
        rx.el.td(row.engine, class_name="t2"),
        rx.el.td(rx.el.span(row.parity, class_name="chip " + row.parity_tone)),
        rx.el.td(row.requests, class_name="num"),
        rx.el.td(row.changed, class_name="t2"),
    )


PAGE = Page(route="/endpoints", title="Endpoints", section="Endpoints", content=content, on_load=(State.load,))
