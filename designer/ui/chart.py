"""Plotly charts on a page: one figure for each theme, without the tool bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import reflex as rx

from designer.charts.palette import Theme

_CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


@dataclass(frozen=True)
class Dot:
    """A mark over a chart whose axes run from 0 to 1: places in percent of the plot, and a colour by name."""

    x: float
    y: float
    colour: str
    is_shown: bool = True


def in_both_themes(draw: Callable[[Theme], go.Figure], without_dots: bool = False) -> tuple[go.Figure, go.Figure]:
    """The figure light and dark; dots that follow a slider are left out where the page draws them itself."""
    return _plain(draw("light"), without_dots), _plain(draw("dark"), without_dots)


def chart(light: Any, dark: Any, label: str, height: int = 260) -> rx.Component:
    """The chart in the theme of the page."""
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


def _plain(figure: go.Figure, without_dots: bool) -> go.Figure:
    """Without plotly's own template, which would move margins and colours."""
    figure.layout.template = go.layout.Template()
    if without_dots:
        figure.data = [trace for trace in figure.data if getattr(trace, "mode", "") != "markers"]
    return figure
