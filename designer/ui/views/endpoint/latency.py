"""The latency of an endpoint over the last hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from designer.charts.palette import PALETTES, Theme, framed

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
TICK_MINUTES = 10


def latency(minutes: Sequence[Mapping[str, Any]], theme: Theme, now: float) -> go.Figure:
    """The median and 95th percentile latency in milliseconds by minute, over the hour up to `now`."""
    colours = PALETTES[theme]
    figure = framed(colours, "", "", height=168, margin={"l": 40, "r": 16, "t": 8, "b": 28})
    end = _local(int(now // 60))
    drawn = _with_gaps(minutes)
    times = [_local(minute) for minute, _ in drawn]
    for name, i, dash in (("p50", 0, "solid"), ("p95", 1, "dash")):
        figure.add_scatter(
            x=times, y=[measured and measured[name] for _, measured in drawn], mode="lines+markers", name=name,
            line={"color": colours.series[i], "width": 2, "dash": dash}, connectgaps=False,
            marker={"size": 6, "line": {"color": colours.surface, "width": 1}},
            hovertemplate=f"%{{x|%H:%M}}: {name} %{{y:.1f}} ms<extra></extra>",
        )  # fmt: skip
    figure.update_yaxes(rangemode="tozero", nticks=5)
    figure.update_xaxes(tickformat="%H:%M", dtick=TICK_MINUTES * 60_000, range=[end - HOUR, end + MINUTE])
    return figure


def _with_gaps(minutes: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any] | None]]:
    """The minutes, with an empty one in each gap, so that no line is drawn across it."""
    drawn: list[tuple[int, Mapping[str, Any] | None]] = []
    for measured in minutes:
        minute = int(measured["minute"])
        if drawn and minute > drawn[-1][0] + 1:
            drawn.append((drawn[-1][0] + 1, None))
        drawn.append((minute, measured))
    return drawn


def _local(minute: int) -> datetime:
    """The minute in local time, without a zone: plotly shows times as given."""
    return datetime.fromtimestamp(minute * 60, UTC).astimezone().replace(tzinfo=None)
