"""A search field for a list."""

from typing import Any

import reflex as rx


def search_field(
    label: str, text: Any, on_change: Any, classes: str = "field", key: str = "", testid: str = ""
) -> rx.Component:
    """A field with a magnifying glass; `on_change` receives the text when typing pauses.

    `text` must be the state's filter text, so that field and list always agree.
    """
    attributes = {"data-testid": testid} if testid else {}
    return rx.el.div(
        rx.icon("search", size=14, stroke_width=1.75, aria_hidden="true", class_name="t3"),
        rx.debounce_input(
            rx.el.input(
                value=text,
                on_change=on_change,
                placeholder=label,
                aria_label=label,
                type="search",
                custom_attrs=attributes,
            ),
            debounce_timeout=150,
        ),
        rx.el.span(key, class_name="kbd") if key else rx.fragment(),
        class_name=classes,
    )
