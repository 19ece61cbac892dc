"""The metrics of two runs side by side."""

from __future__ import annotations

from dataclasses import dataclass

from designer.charts.metric_title import metric_title
from designer.ui.views import figures
from designer.workbench.comparison import NOTHING, MetricPair


@dataclass(frozen=True)
class MetricRow:
    """One metric of one model in both runs; `better` is 0, 1, or -1 where neither is."""

    model: str
    metric: str
    first: str
    second: str
    difference: str
    tone: str
    better: int


def metric_row(pair: MetricPair) -> MetricRow:
    """A pair of metrics as shown; values that look the same are not called better."""
    difference = pair.difference or 0.0
    is_known = pair.difference is not None
    is_even = not is_known or _metric(pair.first) == _metric(pair.second)
    better = -1 if is_even else int((difference < 0) == pair.lower_is_better)
    return MetricRow(
        pair.model,
        metric_title(pair.metric),
        _metric(pair.first),
        _metric(pair.second),
        "0" if is_known and is_even else _signed(difference) if is_known else "",
        {-1: "t2", 0: "bad", 1: "ok"}[better],
        better,
    )


def _metric(value: float | None) -> str:
    if value is None:
        return NOTHING
    return figures.number(value, 3 if abs(value) < 1000 else 0)


def _signed(value: float) -> str:
    return figures.signed(value) if abs(value) < 1000 else f"{value:+,.0f}".replace("-", "−")
