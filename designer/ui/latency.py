"""The latency of an endpoint over the last hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from designer.charts.palette import PALETTES, Theme, framed

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TICK_MINUTES = 10


def latency(minutes: Sequence[Mapping[str, Any]], theme: Theme) -> go.Figure:
    """Half and 95 of 100 requests were answered within so many milliseconds, in the hour up to the last of them."""
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
    figure.update_xaxes(tickformat="%H:%M", dtick=TICK_MINUTES * 60_000, range=[times[-1] - HOUR, times[-1] + MINUTE])
    return figure


def _local(minute: int) -> datetime:
    """Plotly shows times as they are given: without a zone, in that of this computer."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone().replace(tzinfo=None)
