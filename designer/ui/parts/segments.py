"""A segmented control: a row of choices, one of them active."""

from typing import Any

import reflex as rx


def segments(*choices: Any, label: str) -> rx.Component:
    """The control; `label` is its accessible name."""
    return rx.el.div(*choices, class_name="seg", role="group", aria_label=label)


def segment(text: Any, is_on: Any, on_click: Any, **props: Any) -> rx.Component:
    """One choice."""
    classes = rx.cond(is_on, "on", "")
    return rx.el.button(text, on_click=on_click, class_name=classes, aria_pressed=is_on, type="button", **props)
