"""Published pipelines: the list of them."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.badge import state_badge
from designer.ui.parts.buttons import link_button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.table import Column, name_link, table
from designer.ui.state.published.list import PublishedListState
from designer.ui.views.published.texts import PublishedRow

State = PublishedListState
_COLUMNS = (
    Column("Pipeline"),
    Column("State", "110px"),
    Column("Version", "120px"),
    Column("Parameters"),
    Column("Last run", "240px"),
    Column("Changed", "140px"),
)


def content() -> rx.Component:
    """The list."""
    return rx.el.div(
        rx.el.h1("Published pipelines"),
        rx.cond(
            State.rows,
            card(table(_COLUMNS, rx.foreach(State.rows, _row), label="Published pipelines")),
            rx.cond(
                State.is_loaded,
                card(
                    empty(
                        "Published pipelines run with other values over REST, by code and on schedules. Open a "
                        "pipeline or a run, then choose Publish.",
                        link_button("All pipelines", "/pipelines"),
                    )
                ),
                waiting(),
            ),
        ),
        class_name="padded stack",
    )


def _row(row: PublishedRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(name_link("send", "web", row.name, "/published/" + row.address)),
        rx.el.td(rx.el.span(row.state, class_name="chip " + row.tone)),
        rx.el.td(row.version),
        rx.el.td(row.parameters, class_name="t2"),
        rx.el.td(
            rx.el.div(
                rx.cond(row.last_state != "", state_badge(row.last_state)),
                rx.el.span(row.last_run, class_name="t2"),
                class_name="row g2",
            )
        ),
        rx.el.td(row.changed, class_name="t2"),
    )


PAGE = Page(
    route="/published", title="Published pipelines", section="Published pipelines", content=content,
    on_load=(State.load,),
)  # fmt: skip
