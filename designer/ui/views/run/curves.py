"""Logged metrics as charts and texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import plotly.graph_objects as go

from designer.charts.metric_curves import Line, metric_figure
from designer.contract.wording.counting import counted
from designer.engine.recording.run_metrics import Value
from designer.store.history.metrics import Series
from designer.ui.views import figures
from designer.ui.views.charts import in_both_themes
from designer.workbench.results.run_table import RunTable

DRAWN = 24
"""The most charts on a page."""

_TEXT = 60


@dataclass(frozen=True)
class Charts:
    """Charts by title, in both themes."""

    titles: list[str] = field(default_factory=list)
    light: dict[str, go.Figure] = field(default_factory=dict)
    dark: dict[str, go.Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class LoggedRow:
    """The newest value of a metric of a step; `kept` says if not all values were kept or some not recorded."""

    name: str
    value: str
    kept: str = ""


def charts_of_step(series: Sequence[Series]) -> Charts:
    """A chart for each curve of one step."""
    return _charts({each.name: (each.name, [_line("", each)]) for each in series if each.is_curve})


def charts_of_table(table: RunTable, labels: Sequence[str]) -> Charts:
    """A chart for each metric that several runs logged, with a line for each run."""
    titles = {(curve.step, curve.metric): f"{curve.metric}, {curve.step}" for curve in table.curves}
    return _charts({
        titles[curve.step, curve.metric]: (
            curve.metric,
            [_line(label, each) for label, each in zip(labels, curve.series, strict=True) if each is not None],
        )
        for curve in table.curves
    })  # fmt: skip


def logged_rows(series: Sequence[Series]) -> list[LoggedRow]:
    """The newest values of the metrics of a step."""
    return [LoggedRow(each.name, metric_text(each.last), _kept(each)) for each in series]


def metric_text(value: Value | None) -> str:
    """The value of a metric as shown: three digits after the point, whole numbers without."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value if len(value) <= _TEXT else f"{value[: _TEXT - 1]}…"
    if value == int(value) and abs(value) < 1e15:
        return figures.count(value)
    return figures.number(value, 3 if abs(value) < 1000 else 0)


def _charts(drawn: dict[str, tuple[str, list[Line]]]) -> Charts:
    charts = Charts()
    for title, (name, lines) in list(drawn.items())[:DRAWN]:
        light, dark = in_both_themes(partial(metric_figure, name, lines, height=220))
        charts.titles.append(title)
        charts.light[title], charts.dark[title] = light, dark
    return charts


def _line(label: str, series: Series) -> Line:
    return Line(label, series.steps(), series.values())


def _kept(series: Series) -> str:
    count = len(series.points)
    return f"{count:,} of {counted(series.count, 'value')} kept" if count < series.count else ""
