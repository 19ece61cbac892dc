"""Charts as pages keep them: one figure for each theme, and marks that follow a slider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from designer.charts.palette import Theme


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


def blank() -> go.Figure:
    """The figure of a chart before its data: every tab holds some."""
    return go.Figure(layout={"template": go.layout.Template()})


def _plain(figure: go.Figure, without_dots: bool) -> go.Figure:
    """Without plotly's own template, which would move margins and colours."""
    figure.layout.template = go.layout.Template()
    if without_dots:
        figure.data = [trace for trace in figure.data if getattr(trace, "mode", "") != "markers"]
    return figure
