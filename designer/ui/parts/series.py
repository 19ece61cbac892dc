"""The legend mark of a series: a line in its colour, solid or dashed."""

from typing import Any

import reflex as rx


def series(colour: Any, is_dashed: Any) -> rx.Component:
    """A short line in the style of the chart."""
    return rx.el.svg(
        rx.el.path(
            d="M0 4H20",
            stroke=colour,
            stroke_width="2",
            stroke_dasharray=rx.cond(is_dashed, "6 3", "none"),
            fill="none",
        ),
        width="20",
        height="8",
        aria_hidden="true",
    )
