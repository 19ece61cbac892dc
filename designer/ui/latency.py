"""The latency of an endpoint over the last hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import plotly.graph_objects as go

from designer.charts.palette import PALETTES, Theme, framed


def latency(minutes: Sequence[Mapping[str, Any]], theme: Theme) -> go.Figure:
    """Half and 95 of 100 requests were answered within so many milliseconds, minute by minute."""
    colours = PALETTES[theme]
    figure = framed(colours, "", "", height=168, margin={"l": 40, "r": 16, "t": 8, "b": 28})
    times = [_local(int(minute["minute"])) for minute in minutes]
    for name, i, dash in (("p50", 0, "solid"), ("p95", 1, "dash")):
        figure.add_scatter(
            x=times, y=[minute[name] for minute in minutes], mode="lines+markers", name=name,
            line={"color": colours.series[i], "width": 2, "dash": dash}, marker={"size": 4},
            hovertemplate=f"%{{x|%H:%M}}: {name} %{{y:.1f}} ms<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(rangemode="tozero", nticks=5)
    figure.update_xaxes(tickformat="%H:%M", nticks=6)
    return figure


def _local(minute: int) -> datetime:
    """Plotly shows times as they are given: without a zone, in that of this computer."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone().replace(tzinfo=None)
