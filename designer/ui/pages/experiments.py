"""The list of experiments, which group runs."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import icon_button, link_button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.table import Column, table
from designer.ui.state.history.experiments import ExperimentRow, ExperimentsState

_COLUMNS = (
    Column("Experiment", "280px"),
    Column("Description"),
    Column("Runs", "80px", True),
    Column("Latest run", "140px"),
    Column("", "56px"),
)
_NONE = "No experiments yet. A run makes the experiment that it is submitted to: designer run FILE --experiment NAME."


def bar() -> rx.Component:
    """Breadcrumbs."""
    return crumbs(("Runs", "/runs"), here="Experiments")


def content() -> rx.Component:
    """The table."""
    state = ExperimentsState
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Experiments", class_name="grow"),
            rx.el.label(
                rx.el.input(type="checkbox", checked=state.with_archived, on_change=state.show_archived),
                "Show archived",
                class_name="row g2 s t2",
            ),
            class_name="row g3",
        ),
        rx.cond(state.problem != "", rx.el.div(state.problem, class_name="note bad", role="alert")),
        rx.cond(
            state.rows,
            card(table(_COLUMNS, rx.foreach(state.rows, _row), label="Experiments")),
            rx.cond(state.is_loaded, card(empty(_NONE, link_button("All runs", "/runs"))), waiting()),
        ),
        class_name="padded stack",
    )


def _row(row: ExperimentRow) -> rx.Component:
    state = ExperimentsState
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                rx.link(row.name, href="/runs?experiment=" + row.name, class_name="m quiet", underline="none"),
                rx.cond(row.is_archived, chip("Archived")),
                class_name="row g2 name",
            )
        ),
        rx.el.td(
            rx.el.input(
                default_value=row.description,
                on_blur=lambda text: state.describe(row.name, text),
                placeholder="What is tried here",
                aria_label="Description of " + row.name,
                class_name="in-place",
                key=row.name,
            )
        ),
        rx.el.td(row.runs, class_name="num"),
        rx.el.td(row.latest, class_name="t2"),
        rx.el.td(
            rx.cond(
                row.is_archived,
                icon_button("Restore", "archive-restore", small=True, on_click=state.restore(row.name)),
                rx.cond(
                    row.is_fixed,
                    rx.fragment(),
                    icon_button("Archive", "archive", small=True, on_click=state.archive(row.name)),
                ),
            )
        ),
    )


PAGE = Page(
    route="/experiments",
    title="Experiments",
    section="Runs",
    content=content,
    bar=bar,
    on_load=(ExperimentsState.load,),
)
