"""Models: the trained models with their best metric, description and endpoint."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.artifact_report import artifact_report
from designer.ui.parts.buttons import link_button
from designer.ui.parts.card import card, details_button, empty, waiting
from designer.ui.parts.table import Column, table
from designer.ui.state.models import ModelsState
from designer.ui.views.model_list import ModelRow

State = ModelsState
_COLUMNS = (
    Column("Model"),
    Column("Pipeline"),
    Column("Best", "120px"),
    Column("Trained", "110px"),
    Column("Endpoint", "130px"),
)


def content() -> rx.Component:
    """The list on the left, one model on the right."""
    return rx.el.div(
        rx.el.h1("Models"),
        rx.cond(
            State.rows,
            rx.el.div(
                card(rx.el.div(table(_COLUMNS, rx.foreach(State.rows, _row), label="Models"), class_name="scrolled")),
                _card(),
                class_name="models with-details",
            ),
            rx.cond(
                State.is_loaded,
                card(empty("Trained models appear here after a run.", link_button("All pipelines", "/pipelines"))),
                waiting(),
            ),
        ),
        class_name="padded stack",
    )


def _row(row: ModelRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            details_button(row.title, State.choose(row.digest)),
            rx.el.div(row.task, class_name="xs t3"),
        ),
        rx.el.td(rx.link(row.pipeline, href="/runs/" + row.run_id, class_name="quiet", underline="none")),
        rx.el.td(
            rx.cond(
                row.evaluation != "",
                rx.link(row.best, href=row.evaluation, class_name="acc m", underline="none"),
                rx.el.span("not evaluated", class_name="t3"),
            )
        ),
        rx.el.td(row.made, class_name="t2"),
        rx.el.td(
            rx.cond(
                row.endpoint != "",
                rx.link(row.endpoint, href="/endpoints/" + row.endpoint, class_name="acc", underline="none"),
                rx.el.span("–", class_name="t3"),
            )
        ),
        class_name=rx.cond(State.chosen == row.digest, "chosen", ""),
    )


def _card() -> rx.Component:
    model = State.card
    return card(
        rx.match(
            rx.cond(State.problem != "", "problem", rx.cond(model.name != "", "model", "waiting")),
            ("problem", rx.el.div(State.problem, class_name="note bad", role="alert")),
            ("waiting", rx.el.div(rx.el.div(class_name="skeleton grow"), class_name="empty", aria_hidden="true")),
            rx.el.div(artifact_report(model), class_name="bd col g4", aria_busy=State.busy),
        ),
        heading=rx.cond(model.name != "", model.name, "Model"),
    )


PAGE = Page(route="/models", title="Models", section="Models", content=content, on_load=(State.load,))
