"""The rows by which an inference pipeline is checked: those that its training run held out, with their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.contract.schema import Schema
from designer.inference.path import INPUT, SAVED_IDS, entry_of, scoring_steps
from designer.inference.results import HeldOut, held_out, outputs_of
from designer.inference.rows import rows_of
from designer.pipeline.document import from_document
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace

ROW_LIMIT = 20_000
RUNS_SEARCHED = 200


@dataclass(frozen=True)
class Evidence:
    """Rows as requests bring them; `scored` is what the training run answered, None where that is not known."""

    rows: list[dict[str, Any]]
    scored: list[dict[str, Any]] | None = None
    numbers: list[int] = field(default_factory=list)
    """The positions of the rows in the dataset, counted from 0."""
    reason: str = ""
    run_id: str | None = None
    ignored: tuple[str, ...] = ()
    """Columns of the dataset that scoring does not need."""


def evidence(
    workspace: Workspace, pipeline: Pipeline, schema: Schema, library: Library, run_id: str | None = None
) -> Evidence:
    """Find the training run of an inference pipeline and the rows it held out."""
    run_id = run_id or run_of(workspace, pipeline)
    if run_id is None:
        return _examples(pipeline, "the run that trained it is not in this workspace")
    try:
        return _from_run(workspace, pipeline, schema, library, run_id)
    except (DesignerError, KeyError) as error:
        return _examples(pipeline, str(error))


def run_of(workspace: Workspace, pipeline: Pipeline) -> str | None:
    """The newest run that left everything that an inference pipeline pins."""
    pinned = {node.parameters.get("artifact") for node in pipeline.nodes.values() if node.module in SAVED_IDS}
    for run in workspace.runs.all(limit=RUNS_SEARCHED) if pinned else ():
        if pinned <= {stored.digest for stored in outputs_of(workspace, run.id).values()}:
            return run.id
    return None


def _from_run(workspace: Workspace, pipeline: Pipeline, schema: Schema, library: Library, run_id: str) -> Evidence:
    training = from_document(workspace.runs.get(run_id).document)
    answering = {step.id for step in scoring_steps(pipeline, library)}
    step = next((step for step in scoring_steps(training, library) if step.id in answering), None)
    if step is None:
        raise DesignerError("the training pipeline has no scoring step of that name")
    outputs = outputs_of(workspace, run_id)
    found = held_out(workspace, training, step, outputs, library)
    missing = [name for name in schema.names if name not in found.rows]
    if missing:
        raise DesignerError(f"the dataset of the training run has no column '{missing[0]}'")
    chosen = _spread(len(found.rows))
    dataset = outputs[entry_of(training, step, library)].schema
    ignored = [name for name in dataset.names if name not in schema] if dataset else []
    return Evidence(
        rows=_rows(found.rows[schema.names], chosen),
        scored=_rows(found.scored, chosen) if found.scored is not None else None,
        numbers=found.numbers[chosen].tolist(),
        reason=_reason(found),
        run_id=run_id,
        ignored=tuple(ignored),
    )


def _examples(pipeline: Pipeline, reason: str) -> Evidence:
    doors = [node for node in pipeline.nodes.values() if node.module == INPUT]
    rows: list[dict[str, Any]] = list(doors[0].parameters.get("examples") or []) if doors else []
    return Evidence(rows, None, list(range(len(rows))), reason)


def _spread(count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """All positions, or as many as are compared, evenly spread."""
    if count <= ROW_LIMIT:
        return np.arange(count)
    return np.linspace(0, count - 1, ROW_LIMIT).astype("int64")


def _rows(table: pd.DataFrame, chosen: Sequence[int] | np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    return rows_of(table.take(chosen))


def _reason(found: HeldOut) -> str:
    return f"held-out rows cannot be told apart: {found.reason}" if found.reason else ""
