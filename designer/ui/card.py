"""Cards and empty states."""

from typing import Any

import reflex as rx


def card(*content: Any, heading: Any = None, actions: tuple[rx.Component, ...] = (), **props: Any) -> rx.Component:
    """A white panel with an optional heading and buttons at its right."""
    head = [] if heading is None else [rx.el.div(rx.el.span(heading, class_name="grow"), *actions, class_name="hd")]
    return rx.el.section(*head, *content, class_name="card", **props)


def empty(text: str, *actions: rx.Component) -> rx.Component:
    """One line saying what will be here, and the button that makes it so."""
    return rx.el.div(rx.el.span(text, class_name="grow"), *actions, class_name="empty")
