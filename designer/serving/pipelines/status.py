"""How a run stands, as callers of Azure's published pipelines read it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from designer.engine.recording.run_metrics import metrics_of_step
from designer.pipeline.document import from_document
from designer.store.records import ACTIVE, NodeRun, Run
from designer.store.workspace import Workspace

STATUSES: Mapping[str, str] = {
    "queued": "NotStarted", "running": "Running", "finished": "Finished", "failed": "Failed", "crashed": "Failed",
    "cancelled": "Canceled", "reused": "Finished", "bypassed": "Finished", "skipped": "NotStarted",
}  # fmt: skip
"""The status of a run or a step by its state."""


def status_of(workspace: Workspace, run: Run, address: str) -> dict[str, Any]:
    """The document of a run: its status, its error, and its steps in the order of the pipeline."""
    nodes, logged = workspace.runs.nodes(run.id), workspace.metrics.latest([run.id])[run.id]
    order = [node for node in from_document(run.document).order() if node in nodes]
    return {
        **head_of(run, address),
        "Error": _error(run, nodes),
        "Steps": [_step(nodes[node], metrics_of_step(nodes[node], logged.get(node, {}))) for node in order],
    }


def head_of(run: Run, address: str) -> dict[str, Any]:
    """The ids, status and address of a run; `address` is that of its published pipeline."""
    return {
        "Id": run.id,
        "RunId": run.id,
        "Status": STATUSES[run.state],
        "StatusUrl": f"{address}/runs/{run.id}",
        "PipelineVersion": run.trigger.get("version"),
    }


def has_ended(document: Mapping[str, Any]) -> bool:
    """Whether a status is the last one."""
    return document["Status"] not in {STATUSES[state] for state in ACTIVE}


def _error(run: Run, nodes: Mapping[str, NodeRun]) -> dict[str, Any] | None:
    failed = [row for row in nodes.values() if row.state in ("failed", "crashed")]
    first = min(failed, key=lambda row: row.ended or row.started or 0.0, default=None)
    error = (first.error if first is not None else None) or run.error
    if error is None:
        return None
    message = str(error.get("message") or "it failed")
    title = f"{first.title}: " if first is not None and not message.startswith(first.title) else ""
    return {"Code": str(error.get("type") or "Failed"), "Message": f"{title}{message}",
            "Step": first.node if first is not None else None}  # fmt: skip


def _step(row: NodeRun, metrics: Mapping[str, float | str]) -> dict[str, Any]:
    numbers = {name: value for name, value in metrics.items() if isinstance(value, str) or math.isfinite(value)}
    return {
        "Name": row.node, "Title": row.title, "Status": STATUSES[row.state], "Reused": row.state == "reused",
        "Seconds": row.seconds, "Metrics": numbers, "Outputs": sorted(row.outputs),
    }  # fmt: skip
