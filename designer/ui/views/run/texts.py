"""Rows and texts of the run pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from designer.charts.metric_title import metric_title
from designer.contract.catalogue.library import Library
from designer.engine.importing import NODE as IMPORT_NODE
from designer.engine.recording.run_metrics import evaluated_models
from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.walk import title_of
from designer.store.records import NodeRun, Run
from designer.ui.views import figures
from designer.ui.views.legend import state_word
from designer.ui.views.run.about import experiment_label
from designer.workbench.assignments import assignments_text
from designer.workbench.results.headline import Headline, first_evaluation, headline_of_run

_SHORT = {
    "Coefficient_of_Determination": "R²",
    "Overall Accuracy": "Accuracy",
    "Average Distance to Cluster Center": "Distance",
}
_CAPITAL = re.compile(r"(?<=[a-z])[A-Z]")


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
    """The path of its first evaluation; empty without one."""
    is_import: bool = False
    """Whether it imported a file into a dataset."""
    assignments: str = ""
    """The values given to the parameters of its pipeline; empty without any."""

    experiment: str = ""
    tags: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    """The metrics that the list shows as columns."""

    @property
    def label(self) -> str:
        """What tells it apart in a chart: its experiment and number, else its start."""
        return self.experiment or self.started


@dataclass(frozen=True)
class NodeRow:
    """One line of a run: a step and its result."""

    id: str
    title: str
    module: str
    icon: str
    category: str
    state: str
    seconds: str
    size: str
    words: str
    evaluation: str
    is_failed: bool = False


@dataclass(frozen=True)
class Reason:
    """A failure in words: what happened, and the remedy."""

    message: str = ""
    remedy: str = ""
    kind: str = ""
    """The class of the error in words: `Script failed`."""


def run_rows(runs: Sequence[Run], nodes: Mapping[str, Mapping[str, NodeRun]], now: float) -> list[RunRow]:
    """Runs as lines; start times that coincide to the minute are shown to the second."""
    times = figures.distinct_times(map(_began, runs), lambda began, exact: figures.moment(began, now, exact=exact))
    rows = [run_row(run, nodes.get(run.id, {}), now) for run in runs]
    return [replace(row, started=started) for row, started in zip(rows, times, strict=True)]


def run_row(run: Run, nodes: Mapping[str, NodeRun], now: float) -> RunRow:
    """The line of a run."""
    evaluation = first_evaluation(nodes)
    return RunRow(
        id=run.id,
        name=run.name or "Untitled pipeline",
        pipeline_id=run.pipeline_id or "",
        state=state_word(run.state),
        started=figures.moment(_began(run), now),
        seconds=_seconds(run, now),
        nodes=node_counts(nodes),
        best=headline_text(headline_of_run(nodes)),
        evaluation=f"/runs/{run.id}/evaluate/{evaluation.node}" if evaluation else "",
        is_import=run.pipeline_id is None and list(nodes) == [IMPORT_NODE],
        assignments=assignments_text(run.assignments),
        experiment=experiment_label(run),
        tags=[f"{name}={value}" if value else name for name, value in sorted(run.tags.items())],
    )


def node_rows(run: Run, nodes: Mapping[str, NodeRun], library: Library) -> list[NodeRow]:
    """The steps of a run in graph order."""
    pipeline = from_document(run.document)
    return [_node_row(run, pipeline, id, nodes.get(id), library) for id in pipeline.order()]


def node_counts(nodes: Mapping[str, NodeRun]) -> str:
    """How many steps ended in which state: `4 reused, 3 ran`."""
    counts = Counter(row.state for row in nodes.values())
    words = {"finished": "ran", "reused": "reused", "failed": "failed", "crashed": "failed", "running": "running",
             "skipped": "skipped", "cancelled": "cancelled"}  # fmt: skip
    return ", ".join(f"{counts[state]} {word}" for state, word in words.items() if counts[state])


def reason_of(error: Mapping[str, Any] | None) -> Reason:
    """A stored error in words."""
    if not error:
        return Reason()
    kind = _CAPITAL.sub(lambda match: f" {match[0].lower()}", str(error.get("type", "")))
    return Reason(str(error.get("message", "")), str(error.get("remedy", "")), kind)


def _node_row(run: Run, pipeline: Pipeline, id: str, row: NodeRun | None, library: Library) -> NodeRow:
    node = pipeline.nodes[id]
    module = library.get(node.module)
    title = module.spec().title if module else node.module
    return NodeRow(
        id=id,
        title=title_of(node, library),
        module=title if node.title and node.title != title else "",
        icon=module.spec().icon if module else "",
        category=module.spec().category if module else "",
        state=state_word(row.state if row else "disabled" if node.disabled else "not asked for"),
        seconds=f"{row.seconds:.1f} s" if row and row.seconds is not None else "",
        size=_size(row) if row else "",
        words=_words(row) if row else "",
        evaluation=f"/runs/{run.id}/evaluate/{id}" if evaluated_models(row) else "",
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


def headline_title(headline: Headline) -> str:
    """The metric's name as shown."""
    return _SHORT.get(headline.metric) or metric_title(headline.metric)


def headline_text(headline: Headline | None) -> str:
    """The headline of a run or model: `AUC 0.882`; empty without one."""
    return f"{headline_title(headline)} {headline.text}" if headline else ""
