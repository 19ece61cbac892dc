"""Datastores: the list, and what the shown one holds: files and folders, or tables and a query."""

import reflex as rx

from designer.ui.http.upload import FILE_PATH
from designer.ui.page import Page
from designer.ui.panels.drop_zone import file_input
from designer.ui.panels.store_folder import folder_button, way
from designer.ui.parts.badge import chip
from designer.ui.parts.buttons import button, icon_button
from designer.ui.parts.card import card, details_button, empty, waiting
from designer.ui.parts.crumbs import crumbs
from designer.ui.parts.dialog import dialog, question
from designer.ui.parts.table import Column, table
from designer.ui.state.datastores import DatastoresState
from designer.ui.views.datastore_list import EntryRow, StoreRow

State = DatastoresState
_STORES = (Column("Datastore"), Column("Kind", "190px"))
_FILES = (Column("Name"), Column("Size", "100px", True), Column("Changed", "140px"), Column("", "220px"))
_FORM, _UPLOAD = "new-datastore", "datastore-file"
_EXAMPLES = "/data/in, s3://bucket/prefix, postgresql://user@host/name, sqlite:////data/shop.db"


def content() -> rx.Component:
    """The list on the left, the shown datastore on the right."""
    return rx.el.div(
        rx.el.h1("Datastores"),
        rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
        rx.cond(State.note != "", rx.el.div(State.note, class_name="note", role="status")),
        rx.cond(
            State.is_loaded,
            rx.el.div(
                card(table(_STORES, rx.foreach(State.rows, _row), label="Datastores")),
                _shown(),
                class_name="datastores with-details",
            ),
            waiting(),
        ),
        _form(),
        _questions(),
        class_name="padded stack",
    )  # fmt: skip


def bar() -> rx.Component:
    """Breadcrumbs, and the button for a new datastore."""
    return rx.fragment(
        crumbs(("Datasets", "/datasets"), here="Datastores"),
        rx.el.span(class_name="grow"),
        button("New datastore", "primary", icon="plus", on_click=State.open_form),
    )


def _row(row: StoreRow) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                details_button(row.name, State.choose(row.name)),
                rx.cond(row.is_default, chip("Default")),
                class_name="row g2",
            ),
        ),
        rx.el.td(row.kind, class_name="t2"),
        class_name=rx.cond(State.shown.name == row.name, "chosen", ""),
    )


def _shown() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.span(State.shown.address, class_name="s t2 grow wrap"),
                rx.cond(State.busy != "", rx.el.span(State.busy, " …", class_name="s run", role="status")),
                class_name="row g3",
            ),
            rx.cond(
                State.shown.secrets,
                rx.el.div(rx.foreach(State.shown.secrets, lambda text: chip(text)), class_name="chips"),
            ),
            rx.cond(State.shown.is_database, _database(), _files()),
            _actions(),
            class_name="bd col g4",
        ),
        heading=State.shown.name,
    )


def _files() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            way(State.crumbs, State.look),
            rx.el.span(class_name="grow"),
            rx.el.label(
                rx.icon("upload", size=14, stroke_width=1.75, aria_hidden="true"),
                "Upload",
                file_input(
                    State.begin_upload, State.uploaded, State.busy, accepted="", path=FILE_PATH, name=_UPLOAD,
                    takes_many=True,
                ),
                class_name="btn sm upload",
                html_for=_UPLOAD,
            ),
            class_name="row g2",
        ),
        rx.cond(
            State.entries,
            rx.el.div(table(_FILES, rx.foreach(State.entries, _entry), label="Files"), class_name="scrolled"),
            rx.cond(State.is_reached, empty("This folder is empty.")),
        ),
        class_name="col g3",
    )  # fmt: skip


def _entry(row: EntryRow) -> rx.Component:
    name = rx.cond(row.is_folder, folder_button(row, State.look), rx.el.span(row.name, class_name="m"))
    acts = rx.el.div(
        rx.cond(
            row.is_table,
            button("Make a dataset", "quiet", small=True, on_click=State.make_dataset(row.path)),
        ),
        rx.el.a("Download", href=row.href, class_name="acc s", download=True, target="_blank"),
        icon_button("Delete", "trash-2", small=True, on_click=State.ask_delete(row.path)),
        class_name="row g2 right",
    )
    return rx.el.tr(
        rx.el.td(name, class_name="words"),
        rx.el.td(row.size, class_name="num"),
        rx.el.td(row.changed, class_name="t2"),
        rx.el.td(rx.cond(row.is_folder, rx.fragment(), acts)),
    )


def _database() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(
                State.tables,
                lambda name: rx.el.button(name, on_click=State.ask_table(name), class_name="btn sm", type="button"),
            ),
            class_name="chips",
        ),
        rx.cond(~State.tables & State.is_reached, empty("The database has no table.")),
        rx.debounce_input(
            rx.el.textarea(
                value=State.query,
                on_change=State.write_query,
                aria_label="Query",
                placeholder="SELECT * FROM …",
                class_name="field mono",
                rows="4",
                spell_check=False,
                disabled=~State.is_reached,
            ),
            debounce_timeout=200,
        ),
        rx.el.div(
            button("Show rows", icon="play", on_click=State.run_query, disabled=State.query == ""),
            rx.el.form(
                rx.el.input(name="dataset", placeholder="Name of a dataset", aria_label="Name of a dataset",
                            class_name="field", auto_complete="off", required=True),
                rx.el.button("Make a dataset", type="submit", class_name="btn", disabled=State.query == ""),
                on_submit=State.keep_query,
                class_name="row g2",
            ),
            class_name="row g3",
        ),
        rx.cond(State.heads, _rows()),
        class_name="col g3",
    )  # fmt: skip


def _rows() -> rx.Component:
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(rx.foreach(State.heads, rx.el.th))),
            rx.el.tbody(rx.foreach(State.lines, lambda line: rx.el.tr(rx.foreach(line, rx.el.td)))),
            class_name="tbl",
            aria_label="Rows of the query",
        ),
        class_name="scrolled rows",
    )


def _actions() -> rx.Component:
    return rx.cond(
        State.shown.is_own & State.shown.is_default,
        rx.el.p("This is the workspace's own folder for files. Programs find it as the default datastore.",
                class_name="s t3"),
        rx.el.div(
            rx.cond(
                ~State.shown.is_database & ~State.shown.is_default,
                button("Make it the default", on_click=State.make_default),
            ),
            rx.cond(
                ~State.shown.is_own,
                button("Remove", icon="trash-2", on_click=State.ask_remove(State.shown.name)),
            ),
            class_name="row g2",
        ),
    )  # fmt: skip


def _form() -> rx.Component:
    return dialog(
        "New datastore",
        rx.el.form(
            rx.cond(State.form_problem != "", rx.el.div(State.form_problem, class_name="note bad", role="alert")),
            _field("Name", rx.el.input(name="name", auto_focus=True, auto_complete="off", class_name="field",
                                       placeholder="lake")),
            _field("Address", rx.el.input(name="address", auto_complete="off", class_name="field", spell_check=False,
                                          placeholder="s3://bucket/prefix", on_blur=State.address_typed)),
            rx.el.p(_EXAMPLES, class_name="s t3"),
            rx.foreach(State.asked_secrets, _secret),
            id=_FORM,
            on_submit=State.add,
            class_name="col g3",
        ),
        is_open=State.is_form_open,
        on_close=State.close_form,
        footer=(
            rx.el.span("Secrets are kept in a file that only you can read.", class_name="s t3 grow"),
            rx.el.button("Register", type="submit", form=_FORM, class_name="btn p"),
        ),
        width="560px",
    )  # fmt: skip


def _secret(name: rx.Var[str]) -> rx.Component:
    secret = rx.el.input(name=name, type="password", auto_complete="off", class_name="field")
    return rx.el.label(rx.el.span(name, class_name="m s"), secret, class_name="col g1")


def _field(label: str, control: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="m s"), control, class_name="col g1")


def _questions() -> rx.Component:
    return rx.fragment(
        question(
            "Remove this datastore?",
            "Designer forgets “", State.to_remove, "” and its secrets. What it holds stays where it is.",
            is_asked=State.to_remove != "", on_no=State.ask_remove(""), yes="Remove", on_yes=State.remove,
        ),
        question(
            "Replace what is there?",
            State.taken, " Files of the same name are replaced.",
            is_asked=State.taken != "", on_no=State.keep, yes="Replace", on_yes=State.replace,
        ),
        question(
            "Delete this file?",
            "“", State.to_delete, "” is removed from “", State.shown.name, "” for ever.",
            is_asked=State.to_delete != "", on_no=State.ask_delete(""), yes="Delete", on_yes=State.delete,
        ),
    )  # fmt: skip


PAGE = Page(
    route="/datastores", title="Datastores", section="Datasets", content=content, bar=bar, on_load=(State.load,)
)
