"""The trained models of the runs of a workspace, the newest first, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from designer.contract.library import Library
from designer.contract.ports import PortType
from designer.pipeline.document import from_document
from designer.store.cleaning import LISTED_RUNS
from designer.store.records import NodeRun, Run
from designer.store.workspace import Workspace
from designer.ui import figures
from designer.ui.model_titles import learner_title, trainer
from designer.ui.run_view import evaluated_models, headline_of


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


def model_rows(workspace: Workspace, library: Library, limit: int = LISTED_RUNS) -> list[ModelRow]:
    """The models of the newest runs; what was reused is shown where it was made last."""
    used = _endpoints_by_digest(workspace)
    rows: dict[str, ModelRow] = {}
    for run in workspace.runs.all(limit=limit):
        for row in _of_run(run, workspace.runs.nodes(run.id), library, used):
            rows.setdefault(row.digest, row)
    return list(rows.values())


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
