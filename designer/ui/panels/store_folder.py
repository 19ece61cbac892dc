"""Folders of a datastore: the way to the shown one, and the folders to go into."""

from typing import Any

import reflex as rx

from designer.ui.views.datastore_list import EntryRow


def way(crumbs: Any, look: Any) -> rx.Component:
    """The folders that lead to the shown one; `look` is the event that lists the folder of a path."""
    return rx.fragment(
        _step("All", look("")),
        rx.foreach(
            crumbs,
            lambda crumb: rx.fragment(rx.el.span("/", class_name="t3 s"), _step(crumb.name, look(crumb.path))),
        ),
    )


def folder_button(row: EntryRow, look: Any) -> rx.Component:
    """A folder to go into."""
    return rx.el.button(
        rx.icon("folder", size=14, stroke_width=1.75, aria_hidden="true"),
        row.name,
        on_click=look(row.path),
        class_name="link m row g2",
        type="button",
    )


def _step(name: Any, go: Any) -> rx.Component:
    return rx.el.button(name, on_click=go, class_name="link s m", type="button")
