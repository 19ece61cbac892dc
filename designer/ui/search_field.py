"""A field to search a list with."""

from typing import Any

import reflex as rx


def search_field(label: str, text: Any, on_change: Any, classes: str = "field") -> rx.Component:
    """A field with a magnifying glass; `on_change` gets the text when typing pauses."""
    return rx.el.div(
        rx.icon("search", size=14, stroke_width=1.75, aria_hidden="true", class_name="t3"),
        rx.debounce_input(
            rx.el.input(value=text, on_change=on_change, placeholder=label, aria_label=label, type="search"),
            debounce_timeout=150,
        ),
        class_name=classes,
    )
