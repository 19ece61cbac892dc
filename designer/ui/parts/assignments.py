"""The values that a run was given for pipeline parameters."""

from typing import Any

import reflex as rx


def assignments_chip(text: Any) -> rx.Component:
    """The values as a chip; nothing for an empty text."""
    drawn = rx.el.span(
        rx.icon("variable", size=12, stroke_width=1.75, aria_hidden="true"),
        rx.el.span(text, class_name="ell"),
        class_name="chip acc assignments",
        title="Values given to pipeline parameters: " + text,
    )
    return rx.cond(text != "", drawn)
