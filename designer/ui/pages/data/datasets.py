"""The list of datasets, with the bundled samples and the trash."""

import reflex as rx

from designer.ui.page import Page
from designer.ui.parts.buttons import icon_button, link_button
from designer.ui.parts.card import card, empty, waiting
from designer.ui.parts.dialog import question
from designer.ui.parts.search_field import search_field
from designer.ui.parts.table import Column, name_link, name_with_tile, table
from designer.ui.state.data.datasets import DatasetRow, DatasetsState

_OWN = (
    Column("Dataset"),
    Column("Rows × columns", "140px", True),
    Column("Version", "80px", True),
    Column("Made", "140px"),
    Column("When", "140px"),
    Column("", "80px"),
)
_SAMPLES = (Column("Sample", "280px"), Column("What it holds"))


def content() -> rx.Component:
    """The list, the samples, and the trash unless it is empty."""
    state = DatasetsState
    return rx.el.div(
        rx.el.div(
            rx.el.h1("Datasets", class_name="grow"),
            search_field("Search datasets", state.search_text, state.search, "field find"),
            class_name="row g3",
        ),
        rx.cond(
            state.rows,
            card(table(_OWN, rx.foreach(state.rows, _own), label="Datasets")),
            rx.cond(state.is_loaded, card(_none()), waiting()),
        ),
        rx.cond(
            state.samples,
            card(table(_SAMPLES, rx.foreach(state.samples, _sample), label="Samples"), heading="Samples that ship"),
        ),
        rx.cond(state.trash, _trash()),
        _deletion(),
        _removal(),
        class_name="padded stack",
    )


def _none() -> rx.Component:
    return rx.cond(
        DatasetsState.search_text != "",
        empty("No dataset of yours matches “" + DatasetsState.search_text + "”."),
        empty("Your own datasets appear here.", link_button("New from file", "/datasets/new")),
    )


def _trash() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Trash", class_name="under"),
        card(table(_OWN, rx.foreach(DatasetsState.trash, _deleted), label="Trash")),
        aria_label="Trash",
    )


def bar() -> rx.Component:
    """The title and the button for a new dataset."""
    return rx.fragment(
        rx.el.span("Datasets", class_name="b"),
        rx.el.span(class_name="grow"),
        link_button("Datastores", "/datastores", icon="hard-drive"),
        link_button("New from file", "/datasets/new", kind="primary", icon="upload"),
    )


def _own(row: DatasetRow) -> rx.Component:
    delete = icon_button("Delete", "trash-2", small=True, on_click=DatasetsState.ask_delete(row.name))
    return _drawn(row, _name(row), delete)


def _deleted(row: DatasetRow) -> rx.Component:
    return _drawn(
        row,
        rx.el.div(*name_with_tile("database", "data", row.name), class_name="row g2 name"),
        icon_button("Bring back", "undo-2", small=True, on_click=DatasetsState.restore(row.name)),
        icon_button("Delete for ever", "x", small=True, on_click=DatasetsState.ask_forget(row.name)),
    )


def _drawn(row: DatasetRow, name: rx.Component, *actions: rx.Component) -> rx.Component:
    return rx.el.tr(
        rx.el.td(name),
        rx.el.td(row.size, class_name="num"),
        rx.el.td(row.version, class_name="num"),
        rx.el.td(row.origin, class_name="t2"),
        rx.el.td(row.made, class_name="t2"),
        rx.el.td(rx.el.div(*actions, class_name="row right")),
    )


def _sample(row: DatasetRow) -> rx.Component:
    return rx.el.tr(rx.el.td(_name(row)), rx.el.td(row.description, class_name="t2 words"))


def _name(row: DatasetRow) -> rx.Component:
    return name_link("database", "data", row.name, "/datasets/view?name=" + row.address)


def _deletion() -> rx.Component:
    return question(
        "Delete this dataset?",
        "“",
        DatasetsState.to_delete,
        "” goes to the trash. Pipelines keep what they computed from it.",
        is_asked=DatasetsState.to_delete != "",
        on_no=DatasetsState.ask_delete(""),
        yes="Delete",
        on_yes=DatasetsState.delete,
    )


def _removal() -> rx.Component:
    return question(
        "Delete this dataset for ever?",
        "“",
        DatasetsState.to_forget,
        "” goes with all its versions. A pipeline that reads it no longer runs.",
        is_asked=DatasetsState.to_forget != "",
        on_no=DatasetsState.ask_forget(""),
        yes="Delete for ever",
        on_yes=DatasetsState.forget,
    )


PAGE = Page(
    route="/datasets", title="Datasets", section="Datasets", content=content, bar=bar, on_load=(DatasetsState.load,)
)
