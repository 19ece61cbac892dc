"""The results of a run that a rewrite needs, and the rows that reached the scoring step."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.files.sources import using
from designer.contract.ports import PortType
from designer.contract.values import outline
from designer.engine.exchange import for_module
from designer.inference.path import Result, Step, entry_of
from designer.pipeline.graph import Edge, Pipeline
from designer.pipeline.walk import Outlet, by_output
from designer.store.artifacts.values import Stored
from designer.store.workspace import Workspace

ROW = "\u0000row"
"""The column that carries row numbers through the steps of a training path."""

Outputs = Mapping[Outlet, Stored]


@dataclass(frozen=True)
class HeldOut:
    """The rows that reached the scoring step, as in the dataset, and their scores in the run.

    `numbers` are their positions in the dataset. If rows cannot be traced back, `reason` says why, `rows` is the whole
    dataset and `scored` is None.
    """

    rows: pd.DataFrame
    numbers: np.ndarray
    scored: pd.DataFrame | None
    reason: str = ""


def outputs_of(workspace: Workspace, run_id: str) -> dict[Outlet, Stored]:
    """All outputs of a run, by node and port."""
    return {
        (id, port): Stored.from_json(document)
        for id, node in workspace.runs.nodes(run_id).items()
        for port, document in (node.outputs or {}).items()
    }


def results_of(workspace: Workspace, outputs: Outputs, library: Library) -> dict[Outlet, Result]:
    """The digest of each output and what is known of it: the schema of a table, the outline of a learned value."""
    learned = (PortType.TRAINED, PortType.TRANSFORMATION)
    return {
        outlet: Result(
            stored.digest,
            outline(workspace.value(stored, library)) if stored.kind in learned else stored.schema,
        )
        for outlet, stored in outputs.items()
    }


def held_out(workspace: Workspace, pipeline: Pipeline, step: Step, outputs: Outputs, library: Library) -> HeldOut:
    """Trace the rows that reached the scoring step back to the dataset."""
    entry = entry_of(pipeline, step, library)
    dataset = workspace.value(outputs[entry], library)
    try:
        with using(workspace.sources(library)):
            numbers = _numbers(workspace, pipeline, step, entry, len(dataset), outputs, library)
        scored = workspace.value(outputs[step.id, step.output], library)
        if len(scored) != len(numbers):
            raise DesignerError("the scoring step changed the number of rows", "Remove rows before it.").at(
                node=step.id
            )
    except (DesignerError, KeyError) as error:
        reason = str(error) if isinstance(error, DesignerError) else f"{error} has no result"
        return HeldOut(dataset, np.arange(len(dataset)), None, reason)
    return HeldOut(dataset.take(numbers).reset_index(drop=True), numbers, scored)


def _numbers(
    workspace: Workspace, pipeline: Pipeline, step: Step, entry: Outlet, count: int, outputs: Outputs, library: Library
) -> np.ndarray:
    """The positions in the dataset of the rows that reach the scoring step."""
    positions: dict[Outlet, np.ndarray] = {entry: np.arange(count)}
    between = pipeline.descendants(entry[0]) & pipeline.ancestors(step.id)
    for id in (id for id in pipeline.order() if id in between):
        wires = [e for e in pipeline.incoming(id) if (e.source, e.output) in positions]
        if wires:
            positions |= _after(workspace, pipeline, id, wires[0], positions, outputs, library)
    wire = pipeline.into(step.id, step.table)
    if wire is None or (wire.source, wire.output) not in positions:
        reason = "the held-out rows cannot be traced through the steps before it"
        raise DesignerError(reason, "Run the pipeline again.").at(node=step.id)
    return positions[wire.source, wire.output]


def _after(
    workspace: Workspace,
    pipeline: Pipeline,
    id: str,
    wire: Edge,
    positions: Mapping[Outlet, np.ndarray],
    outputs: Outputs,
    library: Library,
) -> dict[Outlet, np.ndarray]:
    """Row numbers at the table outputs of a step: unchanged if it keeps all rows, else carried through as a column."""
    before = positions[wire.source, wire.output]
    tables = [outlet for outlet, stored in outputs.items() if outlet[0] == id and stored.kind is PortType.TABLE]
    if not tables:
        return {}
    node = pipeline.nodes[id]
    spec = library[node.module].spec()
    one_table = sum(outputs[e.source, e.output].kind is PortType.TABLE for e in pipeline.incoming(id)) == 1
    same = [outlet for outlet in tables if outputs[outlet].rows == len(before)]
    if node.disabled or (one_table and same and spec.at_inference in ("keep", "select")):
        return dict.fromkeys(same, before)
    if spec.abilities.runs_code:
        return {}  # do not run a user's code again here
    values = {e.input: workspace.value(outputs[e.source, e.output], library) for e in pipeline.incoming(id)}
    values[wire.input] = values[wire.input].assign(**{ROW: before})
    module = library.read(node.module, node.version, node.parameters)
    with tempfile.TemporaryDirectory() as folder:
        answers = by_output(type(module), module.run(**for_module(module, values, Path(folder))))
    carried: dict[Outlet, np.ndarray] = {}
    for outlet in tables:
        table = answers[outlet[1]]
        if ROW in table.columns and len(table) == outputs[outlet].rows and table[ROW].notna().all():
            carried[outlet] = table[ROW].to_numpy(dtype="int64")
    return carried
