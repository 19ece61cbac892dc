"""The headline metric of a run: that of its first evaluation, by task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.contract.values import Task
from designer.engine.recording.run_metrics import evaluated_models
from designer.store.records import NodeRun

_HEADLINES = {
    Task.TWO_CLASS: ("AUC", "Accuracy"),
    Task.MULTICLASS: ("Overall Accuracy",),
    Task.REGRESSION: ("Coefficient_of_Determination", "Mean_Absolute_Error"),
    Task.CLUSTERING: ("Average Distance to Cluster Center",),
}


@dataclass(frozen=True)
class Headline:
    """A metric by its name in the evaluation; lower is better for an error."""

    metric: str
    value: float
    is_error: bool = False

    @property
    def digits(self) -> int:
        """Digits after the point: fewer for larger values."""
        return 3 if abs(self.value) < 10 else 1 if abs(self.value) < 1000 else 0

    @property
    def text(self) -> str:
        """The value as shown."""
        return f"{self.value:,.{self.digits}f}".replace("-", "−")


def headline_of_run(nodes: Mapping[str, NodeRun]) -> Headline | None:
    """The headline of a run's first evaluation; None without one."""
    row = first_evaluation(nodes)
    if row is None:
        return None
    summary = next(output["summary"] for output in row.outputs.values() if output.get("kind") == "evaluation")
    return headline(str(summary.get("task", "")), summary.get("models", []))


def first_evaluation(nodes: Mapping[str, NodeRun]) -> NodeRun | None:
    """The first node of a run that evaluated models."""
    return next((row for row in nodes.values() if evaluated_models(row)), None)


def headline(task: str, models: Sequence[Mapping[str, Any]]) -> Headline | None:
    """The headline of the best evaluated model; None for a task without a headline or models without its metrics."""
    names = _HEADLINES.get(Task(task), ()) if task in set(Task) else ()
    for name in names:
        values = [model["metrics"].get(name) for model in models]
        present = [value for value in values if value is not None]
        if present:
            is_error = "Error" in name or "Distance" in name
            return Headline(name, float(min(present) if is_error else max(present)), is_error)
    return None
