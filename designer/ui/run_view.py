"""What the pages of runs say of a run and of its nodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.values import Task
from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.store.records import NodeRun, Run
from designer.store.workspace import Workspace
from designer.ui import figures
from designer.ui.evaluation_view import metric_title
from designer.ui.model_titles import node_title

ACTIVE = ("queued", "running")
_SHORT = {
    "Coefficient_of_Determination": "R²",
    "Overall Accuracy": "Accuracy",
    "Average Distance to Cluster Center": "Distance",
}
_HEADLINES = {
    Task.TWO_CLASS: ("AUC", "Accuracy"),
    Task.MULTICLASS: ("Overall Accuracy",),
    Task.REGRESSION: ("Coefficient_of_Determination", "Mean_Absolute_Error"),
    Task.CLUSTERING: ("Average Distance to Cluster Center",),
}


@dataclass(frozen=True)
class Headline:
    """The figure a run is known by; of an error the lower is the better."""

    metric: str
    value: float
    is_error: bool = False

    @property
    def digits(self) -> int:
        """Digits after the point: the larger the figure, the fewer."""
        return 3 if abs(self.value) < 10 else 1 if abs(self.value) < 1000 else 0

    @property
    def text(self) -> str:
        """The figure as it is shown."""
        return f"{self.value:,.{self.digits}f}".replace("-", "−")


@dataclass(frozen=True)
class RunRow:
    """One line of the list of runs."""

    id: str
    name: str
    pipeline_id: str
    state: str
    started: str
    seconds: str
    nodes: str
    best: str
    evaluation: str
    """The address of its first evaluation, empty where there is none."""


@dataclass(frozen=True)
class NodeRow:
    """One line of a run: a step and what happened to it."""

    id: str
    title: str
    module: str
    module_id: str
    category: str
    state: str
    seconds: str
    size: str
    words: str
    evaluation: str
    is_failed: bool = False


@dataclass(frozen=True)
class Reason:
    """A failure in words: what happened, and what would do."""

    message: str = ""
    remedy: str = ""
    kind: str = ""


def run_rows(runs: Sequence[Run], nodes_of: Callable[[str], Mapping[str, NodeRun]], now: float) -> list[RunRow]:
    """Runs as lines; those that began in the same minute are told to the second."""
    times = figures.told_apart(map(_began, runs), lambda began, exact: figures.moment(began, now, exact=exact))
    rows = [run_row(run, nodes_of(run.id), now) for run in runs]
    return [replace(row, started=started) for row, started in zip(rows, times, strict=True)]


def run_row(run: Run, nodes: Mapping[str, NodeRun], now: float) -> RunRow:
    """A run as a line."""
    evaluation = next((row for row in nodes.values() if _models(row)), None)
    best = headline_of_run(nodes)
    return RunRow(
        id=run.id,
        name=run.name or "Untitled pipeline",
        pipeline_id=run.pipeline_id or "",
        state=run.state.capitalize(),
        started=figures.moment(_began(run), now),
        seconds=_seconds(run, now),
        nodes=node_counts(nodes),
        best=f"{best.metric} {best.text}" if best else "",
        evaluation=f"/runs/{run.id}/evaluate/{evaluation.node}" if evaluation else "",
    )


def node_rows(run: Run, nodes: Mapping[str, NodeRun], library: Library) -> list[NodeRow]:
    """The steps of a run in the order of the graph."""
    pipeline = from_document(run.document)
    return [_node_row(run, pipeline, id, nodes.get(id), library) for id in pipeline.order()]


def pipeline_of(workspace: Workspace, run: Run) -> str:
    """The id of the pipeline that was run, empty where it was deleted for ever."""
    try:
        return workspace.drafts.get(run.pipeline_id).id if run.pipeline_id else ""
    except DesignerError:
        return ""


def node_counts(nodes: Mapping[str, NodeRun]) -> str:
    """How many steps did what: `4 reused, 3 ran`."""
    counts = Counter(row.state for row in nodes.values())
    words = {"finished": "ran", "reused": "reused", "failed": "failed", "crashed": "failed", "running": "running",
             "skipped": "skipped", "cancelled": "cancelled"}  # fmt: skip
    return ", ".join(f"{counts[state]} {word}" for state, word in words.items() if counts[state])


def reason_of(error: Mapping[str, Any] | None) -> Reason:
    """The words of a stored error."""
    if not error:
        return Reason()
    return Reason(str(error.get("message", "")), str(error.get("remedy", "")), str(error.get("type", "")))


def _node_row(run: Run, pipeline: Pipeline, id: str, row: NodeRun | None, library: Library) -> NodeRow:
    node = pipeline.nodes[id]
    module = library.get(node.module)
    title = module.spec().title if module else node.module
    return NodeRow(
        id=id,
        title=node_title(node, library),
        module=title if node.title else "",
        module_id=node.module,
        category=module.spec().category if module else "",
        state=row.state.capitalize() if row else "Disabled" if node.disabled else "Not asked for",
        seconds=f"{row.seconds:.1f} s" if row and row.seconds is not None else "",
        size=_size(row) if row else "",
        words=_words(row) if row else "",
        evaluation=f"/runs/{run.id}/evaluate/{id}" if row and _models(row) else "",
        is_failed=bool(row and row.state in ("failed", "crashed")),
    )


def _words(row: NodeRun) -> str:
    if row.error:
        return reason_of(row.error).message
    if row.state == "running":
        return row.text
    return row.explain or row.reason


def _size(row: NodeRun) -> str:
    for output in row.outputs.values():
        summary = output.get("summary") or {}
        if "rows" in summary:
            return f"{summary['rows']:,} × {summary['columns']:,}"
    return ""


def _began(run: Run) -> float:
    return run.started or run.created


def _seconds(run: Run, now: float) -> str:
    if run.started is None:
        return ""
    return figures.duration(max((run.ended or now) - run.started, 0.0))


def headline_of_run(nodes: Mapping[str, NodeRun]) -> Headline | None:
    """The headline figure of a run's first evaluation, None where it has none."""
    row = next((row for row in nodes.values() if _models(row)), None)
    if row is None:
        return None
    summary = next(output["summary"] for output in row.outputs.values() if output.get("kind") == "evaluation")
    return headline(str(summary.get("task", "")), summary.get("models", []))


def evaluated_models(row: NodeRun | None) -> list[dict[str, Any]]:
    """The models that a node evaluated, with their metrics."""
    return _models(row) if row else []


def _models(row: NodeRun) -> list[dict[str, Any]]:
    found = [output for output in row.outputs.values() if output.get("kind") == "evaluation"]
    return list(found[0]["summary"].get("models", [])) if found else []


def headline_of(task: str, models: Sequence[Mapping[str, Any]]) -> str:
    """The headline metric of the best of some evaluated models: `AUC 0.882`."""
    found = headline(task, models)
    return f"{found.metric} {found.text}" if found else ""


def headline(task: str, models: Sequence[Mapping[str, Any]]) -> Headline | None:
    """The headline figure of the best of some evaluated models."""
    names = _HEADLINES.get(Task(task), ()) if task in set(Task) else ()
    for name in names:
        values = [model["metrics"].get(name) for model in models]
        known = [value for value in values if value is not None]
        if known:
            is_error = "Error" in name or "Distance" in name
            value = min(known) if is_error else max(known)
            return Headline(_SHORT.get(name) or metric_title(name), float(value), is_error)
    return None
