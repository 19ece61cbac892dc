"""The dialog in which the path of a field is chosen in a datastore."""

import reflex as rx

from designer.ui.panels.store_folder import folder_button, way
from designer.ui.parts.buttons import button
from designer.ui.parts.card import empty
from designer.ui.parts.dialog import dialog
from designer.ui.parts.table import Column, table
from designer.ui.state.editor.browsing import BrowseState
from designer.ui.views.datastore_list import EntryRow

State = BrowseState
_COLUMNS = (Column("Name"), Column("Size", "100px", True), Column("Changed", "140px"))


def browse_dialog() -> rx.Component:
    """The dialog; to be placed once on a page."""
    return dialog(
        State.store,
        rx.el.div(
            rx.el.div(way(State.crumbs, State.look), class_name="row g2 wrapped"),
            rx.cond(State.problem != "", rx.el.div(State.problem, class_name="note bad", role="alert")),
            rx.cond(
                State.entries,
                rx.el.div(table(_COLUMNS, rx.foreach(State.entries, _entry), label="Files"), class_name="files"),
                rx.cond(State.is_reached, empty("This folder is empty.")),
            ),
            class_name="col g3 browse",
        ),
        is_open=State.is_open,
        on_close=State.close,
        footer=(
            rx.el.span(State.note, class_name="s t3 grow ell"),
            button("Cancel", kind="quiet", on_click=State.close),
            rx.cond(
                State.whole != "",
                button(State.whole, kind="primary", on_click=State.choose_folder, disabled=~State.is_reached),
            ),
        ),
        width="640px",
    )


def _entry(row: EntryRow) -> rx.Component:
    file = rx.el.button(row.name, on_click=State.choose(row.path), class_name="link m", type="button")
    return rx.el.tr(
        rx.el.td(
            rx.cond(
                row.is_folder,
                folder_button(row, State.look),
                rx.cond(State.takes_files, file, rx.el.span(row.name, class_name="t2")),
            ),
            class_name="words",
        ),
        rx.el.td(row.size, class_name="num"),
        rx.el.td(row.changed, class_name="t2"),
    )
