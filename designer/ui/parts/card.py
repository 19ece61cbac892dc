"""Cards, and their content while there is nothing to show."""

from typing import Any

import reflex as rx

from designer.ui.parts.buttons import link_button


def card(*content: Any, heading: Any = None, actions: tuple[rx.Component, ...] = (), **props: Any) -> rx.Component:
    """A panel with an optional heading, and actions right of it."""
    head = [] if heading is None else [rx.el.div(rx.el.span(heading, class_name="grow"), *actions, class_name="hd")]
    return rx.el.section(*head, *content, class_name="card", **props)


def empty(text: Any, *actions: rx.Component) -> rx.Component:
    """An empty state: one line of text, and actions."""
    return rx.el.div(rx.el.span(text, class_name="grow"), *actions, class_name="empty")


def waiting() -> rx.Component:
    """A placeholder card while its content loads."""
    return card(rx.el.div(rx.el.div(class_name="skeleton grow"), class_name="empty"), aria_hidden="true")


def missing(problem: Any, label: str, address: str) -> rx.Component:
    """A page whose subject does not exist: the problem, and a link to the list."""
    return rx.el.div(card(empty(problem, link_button(label, address))), class_name="padded")


def details_button(name: Any, choose: Any) -> rx.Component:
    """The name of a row that shows the details of it, which a narrow window has below the list: they scroll into view.

    The list and the details are the cards of an element of the class `with-details`.
    """
    scroll = rx.call_script(
        "setTimeout(() => document.querySelector('.with-details > .card:last-child')"
        "?.scrollIntoView({ block: 'nearest', behavior: 'smooth' }), 100)"
    )
    return rx.el.button(name, on_click=[choose, scroll], class_name="link m", type="button")
