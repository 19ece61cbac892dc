"""The metrics and settings of runs side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from designer.charts.metric_title import metric_title
from designer.ui.views import figures
from designer.ui.views.run.curves import metric_text
from designer.workbench.results.comparison import NOTHING, MetricPair
from designer.workbench.results.run_table import MetricValues, SettingValues


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


@dataclass(frozen=True)
class Cell:
    """A value of one run."""

    text: str
    is_best: bool = False


@dataclass(frozen=True)
class ValuesRow:
    """A setting or metric of a step, with a value for each run."""

    step: str
    name: str
    cells: list[Cell] = field(default_factory=list)


def setting_values(row: SettingValues) -> ValuesRow:
    """A setting that differs, as shown."""
    return ValuesRow(row.step, row.setting, [Cell(value) for value in row.values])


def metric_values(row: MetricValues) -> ValuesRow:
    """A metric of several runs, as shown."""
    cells = [Cell(metric_text(value), place == row.best) for place, value in enumerate(row.values)]
    return ValuesRow(row.step, metric_title(row.metric), cells)


def metric_row(pair: MetricPair) -> MetricRow:
    """A pair of metrics as shown; values that look the same are not called better."""
    difference = pair.difference or 0.0
    is_known = pair.difference is not None
    is_even = not is_known or _metric(pair.first) == _metric(pair.second)
    is_low = pair.lower_is_better
    better = -1 if is_even or is_low is None else int((difference < 0) == is_low)
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
