"""Cards, and what stands in them while there is nothing to show."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import link_button


def card(*content: Any, heading: Any = None, actions: tuple[rx.Component, ...] = (), **props: Any) -> rx.Component:
    """A white panel with an optional heading and buttons at its right."""
    head = [] if heading is None else [rx.el.div(rx.el.span(heading, class_name="grow"), *actions, class_name="hd")]
    return rx.el.section(*head, *content, class_name="card", **props)


def empty(text: Any, *actions: rx.Component) -> rx.Component:
    """One line saying what will be here, and the button that makes it so."""
    return rx.el.div(rx.el.span(text, class_name="grow"), *actions, class_name="empty")


def waiting() -> rx.Component:
    """A card whose content is not here yet."""
    return card(rx.el.div(rx.el.div(class_name="skeleton grow"), class_name="empty"), aria_hidden="true")


def missing(problem: Any, label: str, address: str) -> rx.Component:
    """A page whose thing does not exist: why, and the way to those that do."""
    return rx.el.div(card(empty(problem, link_button(label, address))), class_name="padded")
