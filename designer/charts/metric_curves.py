"""Curves of a logged metric over its steps, one line for each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from designer.charts.palette import DASHES, PALETTES, Theme, framed

DRAWN_POINTS = 1_000
"""A longer line is drawn with so many points, the first and the last among them."""


@dataclass(frozen=True)
class Line:
    """One line: its label, and a value for each step."""

    label: str
    steps: Sequence[float]
    values: Sequence[float]


def metric_figure(name: str, lines: Sequence[Line], theme: Theme, *, height: int = 260) -> go.Figure:
    """The lines over their steps, with a legend if there are several; a single point is drawn as a dot.

    Line styles tell lines apart beyond the colours of the palette.
    """
    colours = PALETTES[theme]
    figure = framed(colours, "Step", name, height=height)
    for number, line in enumerate(lines):
        steps, values = _drawn(line)
        colour = colours.series[number % len(colours.series)]
        dash = DASHES[number // len(colours.series) % len(DASHES)]
        mode = "lines" if len(steps) > 1 else "markers"
        figure.add_scatter(
            x=steps, y=values, name=line.label, mode=mode, line={"color": colour, "width": 2, "dash": dash},
            marker={"color": colour, "size": 7}, hovertemplate="%{y:.6g} at step %{x}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    if len(lines) > 1:
        figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
        figure.update_layout(margin={"t": 36})
    return figure


def _drawn(line: Line) -> tuple[list[float], list[float]]:
    count = len(line.steps)
    if count <= DRAWN_POINTS:
        return list(line.steps), list(line.values)
    places = sorted({round(n * (count - 1) / (DRAWN_POINTS - 1)) for n in range(DRAWN_POINTS)})
    return [line.steps[n] for n in places], [line.values[n] for n in places]
