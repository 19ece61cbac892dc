"""Metrics of runs by name, whether steps logged them or an evaluation computed them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from designer.charts.score_card import NOTES
from designer.store.records import NodeRun

Value = float | str
Values = dict[str, Value]


_LOWER = frozenset({"loss", "error", "mae", "mse", "rmse", "perplexity"})
_HIGHER = frozenset({"accuracy", "auc", "f1", "precision", "recall", "r2", "score"})


def lower_is_better(metric: str) -> bool | None:
    """Whether lower values of a metric are better; None if its name does not tell."""
    if metric in NOTES:
        return NOTES[metric].startswith("lower")
    words = set(re.findall(r"[a-z0-9]+", metric.lower()))
    return True if words & _LOWER else False if words & _HIGHER else None


def evaluated_models(row: NodeRun | None) -> list[dict[str, Any]]:
    """The models that a node evaluated, with their metrics."""
    evaluations = [output for output in row.outputs.values() if output.get("kind") == "evaluation"] if row else []
    return list(evaluations[0]["summary"].get("models", [])) if evaluations else []


def metrics_of_step(row: NodeRun | None, logged: Mapping[str, Value]) -> Values:
    """The metrics of one step by name. Of several evaluated models, the better value."""
    values: dict[str, list[float]] = {}
    for model in evaluated_models(row):
        for name, value in model["metrics"].items():
            if value is not None:
                values.setdefault(name, []).append(float(value))
    best = {name: min(each) if lower_is_better(name) else max(each) for name, each in values.items()}
    return {**best, **logged}


def metrics_of_run(nodes: Mapping[str, NodeRun], logged: Mapping[str, Mapping[str, Value]]) -> Values:
    """The metrics of a run by name. If several steps have one of the same name, the value of the last to end."""
    ordered: Iterable[NodeRun] = sorted(nodes.values(), key=lambda row: (row.ended or float("inf"), row.node))
    values: Values = {}
    for row in ordered:
        values |= metrics_of_step(row, logged.get(row.node, {}))
    return values


def metric_names(metrics: Iterable[Mapping[str, Value]]) -> list[str]:
    """The names that occur, in order of appearance."""
    return list(dict.fromkeys(name for values in metrics for name in values))


def sort_value(value: Value | None, *, is_descending: bool) -> tuple[Any, ...]:
    """A sort key: numbers first, then texts, runs without the metric last."""
    match value:
        case None:
            return (2, 0)
        case str():
            return (1, tuple(-ord(sign) for sign in value) if is_descending else tuple(map(ord, value)))
        case _:
            return (0, -value if is_descending else value)
