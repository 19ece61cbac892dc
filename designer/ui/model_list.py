"""The trained models of the runs of a workspace, the newest first, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from designer.contract.library import Library
from designer.contract.ports import PortType
from designer.pipeline.document import from_document
from designer.store.records import NodeRun, Run
from designer.store.workspace import Workspace, open_workspace
from designer.ui import figures
from designer.ui.model_titles import learner_title, trainer
from designer.ui.run_view import evaluated_models, headline_of

TOP_FEATURES = 30


@dataclass(frozen=True)
class ModelRow:
    """One line of the list."""

    digest: str
    title: str
    task: str
    pipeline: str
    run_id: str
    made: str
    best: str
    evaluation: str
    endpoint: str


@dataclass(frozen=True)
class Weight:
    """How much a feature counts: its importance, or its coefficient with a sign; `width` in percent."""

    feature: str
    value: str
    width: float
    is_negative: bool = False


@dataclass(frozen=True)
class ModelCard:
    """What a trained model says of itself."""

    name: str = ""
    task: str = ""
    label: str = ""
    classes: str = ""
    rows: str = ""
    notes: list[str] = field(default_factory=list)
    feature_count: str = ""
    features: list[tuple[str, str]] = field(default_factory=list)
    weight_title: str = ""
    weights: list[Weight] = field(default_factory=list)


def model_rows(workspace: Workspace, library: Library, limit: int = 100) -> list[ModelRow]:
    """The models of the newest runs; what was reused is shown where it was made last."""
    used = _endpoints_by_digest(workspace)
    rows: dict[str, ModelRow] = {}
    for run in workspace.runs.all(limit=limit):
        for row in _of_run(run, workspace.runs.nodes(run.id), library, used):
            rows.setdefault(row.digest, row)
    return list(rows.values())


def describe_model(folder: str, digest: str) -> dict[str, Any]:
    """What a model says of itself, as a document; runs in a child process, since it loads the model."""
    with open_workspace(folder) as workspace:
        model = workspace.value(digest)
    report = dict(model.report)
    return {
        "name": model.name,
        "task": str(model.task),
        "label": model.label.name if model.label else "",
        "classes": [str(name) for name in model.classes],
        "features": [[column.name, str(column.kind)] for column in model.features],
        "rows": int(report.get("rows", 0)),
        "notes": [str(note) for note in report.get("notes", [])],
        "not_used": {str(name): str(why) for name, why in dict(report.get("not_used", {})).items()},
        "importances": report.get("importances", [])[:TOP_FEATURES],
        "coefficients": _strongest(report.get("coefficients", [])),
    }


def model_card(document: Mapping[str, Any]) -> ModelCard:
    """The document in words and bars."""
    title, weights = _weights(document)
    notes = [*document["notes"], *(f"{name} is not used: {why}" for name, why in document["not_used"].items())]
    return ModelCard(
        name=document["name"],
        task=document["task"],
        label=document["label"],
        classes=", ".join(document["classes"][:12]),
        rows=figures.plural(document["rows"], "row"),
        notes=notes,
        feature_count=figures.count(len(document["features"])),
        features=[(name, kind) for name, kind in document["features"]],
        weight_title=title,
        weights=weights,
    )


def _of_run(run: Run, nodes: Mapping[str, NodeRun], library: Library, used: Mapping[str, list[str]]) -> list[ModelRow]:
    pipeline = from_document(run.document)
    scores = _scores(run, nodes, library)
    rows = []
    for id, row in nodes.items():
        for output in row.outputs.values():
            if output.get("kind") != str(PortType.TRAINED) or id not in pipeline.nodes:
                continue
            summary, (best, evaluation) = output.get("summary") or {}, scores.get(id, ("", ""))
            ports = [edge.input for edge in pipeline.incoming(id)]
            titles = (learner_title(pipeline, library, id, port) for port in ports)
            title = next(filter(None, titles), "") or str(summary.get("name", ""))
            rows.append(
                ModelRow(output["digest"], title, str(summary.get("task", "")), run.name, run.id,
                         figures.moment(run.created), best, evaluation, next(iter(used.get(output["digest"], [])), ""))
            )  # fmt: skip
    return rows


def _scores(run: Run, nodes: Mapping[str, NodeRun], library: Library) -> dict[str, tuple[str, str]]:
    """For each node that trained a model: its headline metric and where it is evaluated."""
    pipeline = from_document(run.document)
    found: dict[str, tuple[str, str]] = {}
    for id, row in nodes.items():
        models = evaluated_models(row)
        made = [output["summary"] for output in row.outputs.values() if output.get("kind") == "evaluation"]
        task = str(made[0].get("task", "")) if made else ""
        ports = [port for port in ("scored_dataset", "scored_dataset_to_compare") if id in pipeline.nodes]
        wired = [port for port in ports if pipeline.into(id, port)]
        for port, model in zip(wired, models, strict=False):
            made_by = trainer(pipeline, library, id, port)
            if made_by:
                found[made_by] = (headline_of(task, [model]), f"/runs/{run.id}/evaluate/{id}")
    return found


def _endpoints_by_digest(workspace: Workspace) -> dict[str, list[str]]:
    """Which endpoints answer with which pinned models."""
    used: dict[str, list[str]] = {}
    for endpoint in workspace.endpoints.all():
        for version in workspace.endpoints.versions(endpoint.name):
            if version.version != endpoint.default_version:
                continue
            for node in version.document.get("nodes", {}).values():
                digest = (node.get("parameters") or {}).get("artifact")
                if node.get("module") == "saved-model" and digest:
                    used.setdefault(digest, []).append(endpoint.name)
    return used


def _strongest(coefficients: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(coefficients, key=lambda row: -abs(row["coefficient"]))
    return [row for row in ordered if row["feature"] != "(intercept)"][:TOP_FEATURES]


def _weights(document: Mapping[str, Any]) -> tuple[str, list[Weight]]:
    if document["importances"]:
        rows = [(row["feature"], float(row["importance"])) for row in document["importances"]]
        return "Importance: share of what the splits gained", _bars(rows, signed=False)
    if document["coefficients"]:
        rows = [(_titled(row), float(row["coefficient"])) for row in document["coefficients"]]
        return "Coefficients on features scaled to 0..1, strongest first", _bars(rows, signed=True)
    return "", []


def _bars(rows: list[tuple[str, float]], *, signed: bool) -> list[Weight]:
    top = max((abs(value) for _, value in rows), default=0.0) or 1.0
    say = (lambda value: f"{value:+,.3g}".replace("-", "−")) if signed else figures.percent
    return [Weight(name, say(value), round(100 * abs(value) / top, 1), value < 0) for name, value in rows]


def _titled(row: Mapping[str, Any]) -> str:
    return f"{row['feature']} ({row['class']})" if row.get("class") else str(row["feature"])
