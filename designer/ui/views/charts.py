"""Chart figures for pages: one for each theme, and marks that follow a slider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from designer.charts.palette import Theme


@dataclass(frozen=True)
class Dot:
    """A mark over a chart whose axes run from 0 to 1: position in percent of the plot, and a colour name."""

    x: float
    y: float
    colour: str
    is_shown: bool = True


def in_both_themes(draw: Callable[[Theme], go.Figure], without_dots: bool = False) -> tuple[go.Figure, go.Figure]:
    """The figure in light and dark; without dots that follow a slider, where the page draws them itself."""
    return _plain(draw("light"), without_dots), _plain(draw("dark"), without_dots)


def blank() -> go.Figure:
    """An empty figure, for a chart before its data is loaded; every tab holds some."""
    return go.Figure(layout={"template": go.layout.Template()})


def _plain(figure: go.Figure, without_dots: bool) -> go.Figure:
    """Remove plotly's own template, which would change margins and colours, and optionally the dots."""
    figure.layout.template = go.layout.Template()
    if without_dots:
        figure.data = [trace for trace in figure.data if getattr(trace, "mode", "") != "markers"]
    return figure
