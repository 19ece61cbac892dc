"""Datasets: the list with the samples that ship, and the page of one."""

import reflex as rx

from designer.ui.buttons import button, icon_button, link_button
from designer.ui.card import card, empty
from designer.ui.dialog import dialog
from designer.ui.page import Page
from designer.ui.panels.column_profile import profile_panel
from designer.ui.panels.preview_grid import preview_grid, turner
from designer.ui.state.datasets import DatasetRow, DatasetsState, DatasetState
from designer.ui.table import Column, table

_OWN = (
    Column("Dataset"),
    Column("Rows × columns", "140px", True),
    Column("Version", "80px", True),
    Column("Made", "140px"),
    Column("When", "140px"),
    Column("", "48px"),
)
_SAMPLES = (Column("Sample", "280px"), Column("What it holds"))


def content() -> rx.Component:
    """The list."""
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Datasets", class_name="grow"),
            rx.el.div(
                rx.icon("search", size=14, stroke_width=1.75, aria_hidden="true", class_name="t3"),
                rx.debounce_input(
                    rx.el.input(
                        value=DatasetsState.search_text,
                        on_change=DatasetsState.search,
                        placeholder="Search datasets",
                        aria_label="Search datasets",
                        type="search",
                    ),
                    debounce_timeout=150,
                ),
                class_name="field find",
            ),
            class_name="row g3",
        ),
        rx.cond(
            DatasetsState.rows,
            card(table(_OWN, rx.foreach(DatasetsState.rows, _own), label="Datasets"), style={"overflow": "hidden"}),
            rx.cond(
                DatasetsState.is_loaded,
                card(empty("Your own datasets appear here.", link_button("New from file", "/datasets/new"))),
            ),
        ),
        rx.cond(
            DatasetsState.samples,
            card(
                table(_SAMPLES, rx.foreach(DatasetsState.samples, _sample), label="Samples"),
                heading="Samples that ship",
                style={"overflow": "hidden"},
            ),
        ),
        _deletion(),
        class_name="padded stack",
    )


def bar() -> rx.Component:
    """The title and the way in."""
    return rx.fragment(
        rx.el.span("Datasets", class_name="b"),
        rx.el.span(class_name="grow"),
        link_button("New from file", "/datasets/new", kind="primary", icon="upload"),
    )


def _own(row: DatasetRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(_name(row)),
        rx.el.td(row.size, class_name="num"),
        rx.el.td(row.version, class_name="num"),
        rx.el.td(row.origin, class_name="t2"),
        rx.el.td(row.made, class_name="t2"),
        rx.el.td(icon_button("Delete", "trash-2", small=True, on_click=DatasetsState.ask_delete(row.name))),
    )


def _sample(row: DatasetRow) -> rx.Component:
    return rx.el.tr(rx.el.td(_name(row)), rx.el.td(row.description, class_name="t2"))


def _name(row: DatasetRow) -> rx.Component:
    icon = rx.icon("database", size=12, stroke_width=1.75, aria_hidden="true")
    return rx.link(
        rx.el.span(icon, class_name="tile sm k-data"),
        rx.el.span(row.name, class_name="m"),
        href="/datasets/view?name=" + row.address,
        class_name="row g2 quiet",
        underline="none",
    )


def _deletion() -> rx.Component:
    return dialog(
        "Delete this dataset?",
        rx.el.p("“", DatasetsState.to_delete, "” leaves the list. Pipelines keep what they computed from it."),
        is_open=DatasetsState.to_delete != "",
        on_close=DatasetsState.ask_delete(""),
        footer=(
            rx.el.span(class_name="grow"),
            button("Keep", on_click=DatasetsState.ask_delete("")),
            button("Delete", "danger", on_click=DatasetsState.delete),
        ),
        width="440px",
    )


def one() -> rx.Component:
    """The page of one dataset."""
    state = DatasetState
    return rx.cond(
        state.missing_name != "",
        rx.el.div(
            card(empty("There is no dataset “" + state.missing_name + "”.", link_button("All datasets", "/datasets"))),
            class_name="padded",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.span(state.words, class_name="s t2"),
                    rx.el.span(state.description, class_name="s t3 ell grow"),
                    rx.cond(state.busy != "", rx.el.span(state.busy, " …", class_name="s run", role="status")),
                    class_name="row g3 mh",
                ),
                rx.cond(state.problem != "", rx.el.div(state.problem, class_name="note bad", role="alert")),
                preview_grid(state.heads, state.lines, state.chosen, state.choose_column),
                rx.el.div(
                    turner(state.row_words, "Rows", state.turn_rows),
                    rx.el.span(class_name="grow"),
                    rx.cond(state.column_words != "", turner(state.column_words, "Columns", state.turn_columns)),
                    class_name="row g2 s t2 mf",
                ),
                class_name="md",
            ),
            rx.cond(state.heads, profile_panel(state.profile, state.step_column(-1), state.step_column(1))),
            class_name="dataset",
        ),
    )


def one_bar() -> rx.Component:
    """Where one is, and the way to a pipeline."""
    state = DatasetState
    return rx.fragment(
        rx.el.div(
            rx.link("Datasets", href="/datasets", class_name="crumb", underline="none"),
            rx.el.span("/", class_name="t3"),
            rx.el.span(state.name, class_name="b"),
            class_name="row g2",
        ),
        rx.el.span(class_name="grow"),
        rx.cond(
            state.heads,
            rx.fragment(
                rx.el.select(
                    rx.el.option("Nothing to predict: find groups", value=""),
                    rx.foreach(state.names, lambda name: rx.el.option(name, value=name)),
                    value=state.label,
                    on_change=state.choose_label,
                    aria_label="What to predict",
                    class_name="field predict",
                ),
                button("Build pipeline", "primary", on_click=state.build),
            ),
        ),
    )


PAGE = Page(
    route="/datasets", title="Datasets", section="Datasets", content=content, bar=bar, on_load=DatasetsState.load
)
ONE_PAGE = Page(
    route="/datasets/view", title="Dataset", section="Datasets", content=one, bar=one_bar, on_load=DatasetState.load
)
