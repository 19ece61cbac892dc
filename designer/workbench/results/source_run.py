"""Choose the run of a pipeline that its inference pipeline, deployment and exports are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.engine.executed import executed_pipeline
from designer.inference.path import scoring_steps
from designer.store.records import Draft, NodeRun, Run
from designer.store.workspace import Workspace

LOOKED_AT = 50
"""How many of a pipeline's newest runs are considered."""
_WORDS = frozenset({"title", "comment"})


class NotTrained(DesignerError):
    """No run of a pipeline finished, so there is no model to deploy or export."""


@dataclass(frozen=True)
class SourceRun:
    """The chosen run, and whether it ran the pipeline as saved now."""

    run: Run
    is_current: bool


def source_run(workspace: Workspace, draft: Draft, library: Library) -> SourceRun:
    """Choose the run of a pipeline to make its inference pipeline from.

    It is the newest finished run of the pipeline as saved now that scored rows. Failing that it is the newest finished
    run before an edit that scored rows, then the newest finished run: a run to a step above the model trained nothing
    that could score. Changes to node positions, names, comments, notes and groups do not count as edits. Raises
    NotTrained where no run finished.
    """
    finished = [run for run in workspace.runs.all(draft.id, LOOKED_AT) if run.state == "finished"]
    if not finished:
        raise NotTrained("no model has been trained yet", "Run the pipeline first.")
    scored = [run for run in finished if has_scored(run, workspace.runs.nodes(run.id), library)]
    current = [run for run in scored if is_same(run.document, draft.document)]
    chosen = next(iter((*current, *scored, *finished)))
    return SourceRun(chosen, is_same(chosen.document, draft.document))


def current_run(
    workspace: Workspace,
    document: Mapping[str, Any],
    pipeline_id: str | None,
    assignments: Mapping[str, Any] | None = None,
) -> Run | None:
    """The newest finished full run of this graph with these assignments, by default none; None without one.

    Results from before an edit may be outdated.
    """
    runs = (run for run in workspace.runs.all(pipeline_id, LOOKED_AT) if run.state == "finished")
    same = (run for run in runs if run.to_node is None and is_same(run.document, document))
    wanted = {**_defaults(document), **(assignments or {})}
    return next((run for run in same if {**_defaults(run.document), **run.assignments} == wanted), None)


def has_scored(run: Run, nodes: Mapping[str, NodeRun], library: Library) -> bool:
    """Whether a scoring step of the run finished or was reused."""
    steps = scoring_steps(executed_pipeline(run), library)
    return any(step.id in nodes and nodes[step.id].state in ("finished", "reused") for step in steps)


def is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two documents compute the same: equal nodes, edges and defaults, whatever their positions and names."""
    is_alike = one.get("edges") == other.get("edges") and _computing(one) == _computing(other)
    return is_alike and _defaults(one) == _defaults(other)


def _defaults(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each.get("default") for name, each in (document.get("parameters") or {}).items()}


def _computing(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The nodes of a document without titles and comments."""
    nodes = document.get("nodes") or {}
    return {id: {part: value for part, value in node.items() if part not in _WORDS} for id, node in nodes.items()}
