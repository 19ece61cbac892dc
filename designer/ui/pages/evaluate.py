"""Evaluation of a run: metrics with intervals and baseline, charts, confusion matrix."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.panels.confusion import confusion_card, matrix
from designer.ui.panels.curves import curves, drawn
from designer.ui.panels.design.inference import inference_buttons, inference_dialog
from designer.ui.panels.metrics import headline_card, metrics_card, small_table
from designer.ui.parts.badge import state_badge
from designer.ui.parts.buttons import button, link_button
from designer.ui.parts.card import card, missing
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.series import series
from designer.ui.state.evaluate import EvaluateState, NamedModel

State = EvaluateState


def content() -> rx.Component:
    """The headline metric, then the charts and tables for the task."""
    return rx.cond(
        State.problem != "",
        missing(State.problem, "All runs", "/runs"),
        rx.cond(
            State.view != "",
            rx.el.div(
                _head(),
                headline_card(),
                inference_dialog(),
                rx.match(
                    State.view,
                    ("binary", _binary()),
                    ("multiclass", _multiclass()),
                    ("regression", _regression()),
                    ("clustering", _clustering()),
                    rx.el.div(metrics_card(), class_name="g1c"),
                ),
                class_name="evaluation",
            ),
        ),
    )


def bar() -> rx.Component:
    """Breadcrumbs, and links to the pipeline, its inference pipeline and deployment."""
    return rx.fragment(
        rx.cond(
            State.problem != "",
            crumbs(("Runs", "/runs"), here="Not found"),
            crumbs(("Runs", "/runs"), (State.pipeline_name, "/runs/" + State.run_id), here=State.run_words),
        ),
        rx.el.span(class_name="grow"),
        rx.cond(
            (State.pipeline_id != "") & (State.problem == ""),
            rx.fragment(
                link_button("Open pipeline", "/pipelines/" + State.pipeline_id, icon="workflow"),
                inference_buttons(State.pipeline_id, is_primary=True),
            ),
        ),
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.h1(State.title),
        state_badge(State.state),
        rx.el.span(class_name="grow"),
        rx.foreach(State.names, _named),
        rx.el.span(class_name="sep"),
        link_button("Compare runs", "/runs/compare?a=" + State.run_id, class_name="btn sm", icon="history"),
        button("Export", icon="download", small=True, on_click=State.export),
        class_name="row g3 top",
    )


def _named(model: NamedModel) -> rx.Component:
    return rx.el.span(
        series(model.colour, model.is_dashed),
        rx.el.span(model.letter, "  ", model.title, class_name="m"),
        class_name="row g2 s",
    )


def _binary() -> rx.Component:
    return rx.fragment(curves(), rx.el.div(confusion_card(), metrics_card(), class_name="g2c"))


def _multiclass() -> rx.Component:
    large = drawn("matrix", "Confusion matrix", 520)
    return rx.fragment(
        rx.el.div(
            card(
                rx.el.div(rx.cond(State.matrix, matrix(), large), class_name="bd wide"),
                heading="Confusion matrix",
            ),
            metrics_card(),
            class_name="g2c free",
        ),
        rx.el.div(small_table("Classes"), class_name="g1c"),
    )


def _regression() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            card(
                rx.el.div(drawn("fit a", "Actual and predicted", 300), class_name="cv"),
                heading=rx.cond(State.names.length() > 1, "Actual and predicted, model A", "Actual and predicted"),
            ),
            rx.cond(
                State.names.length() > 1,
                card(
                    rx.el.div(drawn("fit b", "Model B", 300), class_name="cv"),
                    heading="Actual and predicted, model B",
                ),
                _residuals(),
            ),
            class_name="g2e",
        ),
        rx.cond(
            State.names.length() > 1,
            rx.el.div(_residuals(), metrics_card(), class_name="g2e"),
            rx.el.div(metrics_card(), class_name="g1c"),
        ),
    )


def _residuals() -> rx.Component:
    return card(
        rx.el.div(drawn("residuals", "Residuals", 300), class_name="cv"),
        heading="Predicted minus actual",
    )


def _clustering() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            card(
                rx.el.div(drawn("map", "Map of the clusters", 320), class_name="cv"),
                heading="Map of the clusters",
            ),
            card(
                rx.el.div(drawn("sizes", "Rows in each cluster", 320), class_name="cv"),
                heading="Rows in each cluster",
            ),
            class_name="g2e",
        ),
        rx.el.div(small_table("Clusters"), metrics_card(), class_name="g1c"),
    )


PAGE = Page(
    route="/runs/[run_id]/evaluate/[node_id]",
    title="Evaluation",
    section="Runs",
    content=content,
    bar=bar,
    subject=State.pipeline_name,
    on_load=(State.load,),
)
