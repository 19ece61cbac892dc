"""The rows that an inference pipeline is checked with: those held out by its training run, with their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.read_options import ReadOptions
from designer.contract.files.sources import using
from designer.contract.schema import Schema
from designer.engine.executed import executed_pipeline
from designer.inference.doors import enabled_nodes
from designer.inference.path import entry_of, scoring_steps
from designer.inference.results import HeldOut, held_out, outputs_of
from designer.inference.rows import rows_of
from designer.pipeline.graph import Node, Pipeline
from designer.pipeline.lint.tracing import abilities
from designer.store.workspace import Workspace

ROW_LIMIT = 20_000
RUNS_SEARCHED = 200


@dataclass(frozen=True)
class Evidence:
    """Rows in the form of a request; `scored` are their scores in the training run, None if unknown."""

    rows: list[dict[str, Any]]
    scored: list[dict[str, Any]] | None = None
    numbers: list[int] = field(default_factory=list)
    """The positions of the rows in the dataset, from 0."""
    reason: str = ""
    run_id: str | None = None
    ignored: tuple[str, ...] = ()
    """Columns of the dataset that scoring does not need."""
    available: int = 0
    """How many rows the training run held out."""
    reading: ReadOptions | None = None
    """How the training file was read; None if there was none, or if this is unknown."""


def evidence(
    workspace: Workspace, pipeline: Pipeline, schema: Schema, library: Library, run_id: str | None = None
) -> Evidence:
    """Find the training run of an inference pipeline and the rows it held out.

    Falls back to the example rows of the pipeline, with the `reason`.
    """
    run_id = run_id or run_of(workspace, pipeline, library)
    if run_id is None:
        return _examples(pipeline, "the run that trained it is not in this workspace", library)
    try:
        return _from_run(workspace, pipeline, schema, library, run_id)
    except (DesignerError, KeyError) as error:
        return _examples(pipeline, str(error), library)


def run_of(workspace: Workspace, pipeline: Pipeline, library: Library) -> str | None:
    """The newest run whose outputs include everything the pipeline pins, among the last `RUNS_SEARCHED`; else None."""
    pinned = {
        node.parameters.get("artifact")
        for node in pipeline.nodes.values()
        if abilities(pipeline, node.id, library).holds_learned
    }
    for run in workspace.runs.all(limit=RUNS_SEARCHED) if pinned else ():
        if pinned <= {stored.digest for stored in outputs_of(workspace, run.id).values()}:
            return run.id
    return None


def _from_run(workspace: Workspace, pipeline: Pipeline, schema: Schema, library: Library, run_id: str) -> Evidence:
    training = executed_pipeline(workspace.runs.get(run_id))
    answering = {step.id for step in scoring_steps(pipeline, library)}
    step = next((step for step in scoring_steps(training, library) if step.id in answering), None)
    if step is None:
        reason = "the training pipeline has no scoring step of that name"
        raise DesignerError(reason, "Create the inference pipeline again.")
    outputs = outputs_of(workspace, run_id)
    held = held_out(workspace, training, step, outputs, library)
    missing = [name for name in schema.names if name not in held.rows]
    if missing:
        raise DesignerError(f"the dataset of the training run has no column '{missing[0]}'", "Run the pipeline again.")
    chosen = _spread(len(held.rows))
    entry = entry_of(training, step, library)
    dataset = outputs[entry].schema
    ignored = [name for name in dataset.names if name not in schema] if dataset else []
    return Evidence(
        rows=_rows(held.rows[schema.names], chosen),
        scored=_rows(held.scored, chosen) if held.scored is not None else None,
        numbers=held.numbers[chosen].tolist(),
        reason=_reason(held),
        run_id=run_id,
        ignored=tuple(ignored),
        available=len(held.rows),
        reading=_reading(workspace, training.nodes[entry[0]], library),
    )


def _reading(workspace: Workspace, node: Node, library: Library) -> ReadOptions | None:
    try:
        with using(workspace.sources(library)):
            return library.read(node.module, node.version, node.parameters).reads_as()
    except DesignerError:  # its dataset is gone: files are then read with the defaults
        return None


def _examples(pipeline: Pipeline, reason: str, library: Library) -> Evidence:
    doors = enabled_nodes(pipeline, "takes requests", library)
    rows: list[dict[str, Any]] = list(doors[0].parameters.get("examples") or []) if doors else []
    return Evidence(rows, None, list(range(len(rows))), reason)


def _spread(count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """All positions, or `ROW_LIMIT` of them, evenly spread."""
    if count <= ROW_LIMIT:
        return np.arange(count)
    return np.linspace(0, count - 1, ROW_LIMIT).astype("int64")


def _rows(table: pd.DataFrame, chosen: Sequence[int] | np.ndarray[Any, Any]) -> list[dict[str, Any]]:
    return rows_of(table.take(chosen))


def _reason(held: HeldOut) -> str:
    return f"held-out rows cannot be told apart: {held.reason}" if held.reason else ""
