"""A Plotly chart without its toolbar."""

from __future__ import annotations

from typing import Any

import reflex as rx

_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


def chart(light: Any, dark: Any, label: str, height: int = 260) -> rx.Component:
    """The figure for the current theme; `height` in pixels."""
    return rx.el.div(
        rx.plotly.cartesian(
            data=rx.color_mode_cond(light=light, dark=dark),
            config=_CONFIG,
            template=None,
            width="100%",
            height=f"{height}px",
        ),
        role="img",
        aria_label=label,
        class_name="chart",
        style={"height": f"{height}px"},
    )
