"""Compare any number of runs: settings that differ, metrics, curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from designer.contract.catalogue.library import Library
from designer.engine.recording.run_metrics import Value, Values, lower_is_better, metric_names, metrics_of_step
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import title_of
from designer.store.history.metrics import Series
from designer.store.records import NodeRun, Run
from designer.workbench.results.comparison import differences

MOST_RUNS = 20
"""The most runs that are compared at once."""


@dataclass(frozen=True)
class SettingValues:
    """A setting that differs, as text for each run."""

    step: str
    setting: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class MetricValues:
    """A metric of one step for each run; None where a run lacks it."""

    step: str
    metric: str
    values: tuple[Value | None, ...]

    @property
    def best(self) -> int | None:
        """The position of the best value; None if it cannot be told, or fewer than two different values are known."""
        numbers = {n: value for n, value in enumerate(self.values) if isinstance(value, float)}
        is_low = lower_is_better(self.metric)
        if is_low is None or len(set(numbers.values())) < 2:
            return None
        best = min if is_low else max
        return best(numbers, key=lambda n: numbers[n])


@dataclass(frozen=True)
class Curve:
    """A logged metric of one step: the series of each run that has more than one value of it."""

    step: str
    metric: str
    series: tuple[Series | None, ...]


@dataclass(frozen=True)
class RunTable:
    """Runs, the earliest first, and for each of them settings, metrics and curves."""

    runs: tuple[Run, ...]
    settings: tuple[SettingValues, ...]
    metrics: tuple[MetricValues, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Compared:
    """A run with what is compared of it."""

    run: Run
    pipeline: Pipeline
    nodes: Mapping[str, NodeRun]
    logged: Mapping[str, Mapping[str, Value]]
    series: Sequence[Series]

    def metrics(self) -> dict[str, Values]:
        """The metrics by node, in the order of the pipeline."""
        return {id: metrics_of_step(self.nodes.get(id), self.logged.get(id, {})) for id in self.pipeline.order()}


def run_table(compared: Sequence[Compared], library: Library) -> RunTable:
    """Compare runs; two or more, the first is the one that the others are held against."""
    titles = {id: title_of(node, library) for each in reversed(compared) for id, node in each.pipeline.nodes.items()}
    return RunTable(
        runs=tuple(each.run for each in compared),
        settings=tuple(_settings([each.pipeline for each in compared], library)),
        metrics=tuple(_metrics([each.metrics() for each in compared], titles)),
        curves=tuple(_curves([each.series for each in compared], titles)),
    )


def _settings(pipelines: Sequence[Pipeline], library: Library) -> list[SettingValues]:
    first, *others = pipelines
    values: dict[tuple[str, str], list[str]] = {}
    for place, other in enumerate(others, start=1):
        for each in differences(first, other, library):
            row = values.setdefault((each.step, each.setting), [each.first] * len(pipelines))
            row[place] = each.second
    return [SettingValues(step, setting, tuple(row)) for (step, setting), row in values.items()]


def _metrics(by_run: Sequence[Mapping[str, Values]], titles: Mapping[str, str]) -> list[MetricValues]:
    nodes = dict.fromkeys(node for metrics in by_run for node in metrics)
    return [
        MetricValues(titles[node], name, tuple(metrics.get(node, {}).get(name) for metrics in by_run))
        for node in nodes
        for name in metric_names(metrics.get(node, {}) for metrics in by_run)
    ]


def _curves(by_run: Sequence[Sequence[Series]], titles: Mapping[str, str]) -> list[Curve]:
    curves = [{(s.node, s.name): s for s in series if s.is_curve} for series in by_run]
    places = dict.fromkeys(place for each in curves for place in each)
    return [
        Curve(titles.get(node, node), name, tuple(each.get((node, name)) for each in curves)) for node, name in places
    ]
