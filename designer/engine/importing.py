"""Import a file as a dataset. Import Data reads the file in a child process, never in the caller's."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError, UnreadableFile
from designer.engine.run import execute
from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.reading.examination import NO_ROWS
from designer.store.artifacts.values import Stored
from designer.store.datasets import checked_name, with_reading
from designer.store.history.submission import Submission
from designer.store.records import Dataset, NodeRun
from designer.store.workspace import Workspace

NODE = "import"
POLL_SECONDS = 0.05
WAIT_SECONDS = 3600.0


def import_dataset(
    workspace: Workspace,
    library: Library,
    path: Path | str,
    name: str,
    *,
    options: Mapping[str, Any] | None = None,
    description: str = "",
    notices: list[str] | None = None,
) -> Dataset:
    """Read a file and register its table; blocks until done. The engine process reads it if one is running.

    `path` is absolute or relative to the uploads folder; `options` are parameters of Import Data. Notices for the user
    are appended to `notices` and kept with the dataset. Raises UnreadableFile if the file cannot be read, DesignerError
    if the engine process does not answer.
    """
    label = checked_name(name)
    parameters = {**(options or {}), "path": str(path)}
    spec = library.required("reads files")
    module = library.read(spec.id, spec.version, parameters)
    node = Node(NODE, spec.id, spec.version, module.parameters())
    row = _run(workspace, library, Pipeline(name=f"Import {label}", nodes={NODE: node}))
    if row.error is not None or not row.outputs:
        error = UnreadableFile.from_json(row.error or {"found": f"the file was not read ({row.state})"})
        error.place = replace(error.place, node=None)  # the caller has no node to be shown
        raise error
    messages = notices if notices is not None else []
    messages += row.explain.splitlines()
    stored = Stored.from_json(row.outputs[module.spec().outputs[0].name])
    if stored.rows == 0:
        messages.append(f"{NO_ROWS.title}. {NO_ROWS.text}")
    options_stored = with_reading(options or {}, module.reads_as(), messages)
    return workspace.datasets.register(label, stored, description=description, source=path, options=options_stored)


def is_import(document: Mapping[str, Any]) -> bool:
    """Whether the document of a run is that of an import."""
    return list(document.get("nodes", {})) == [NODE]


def _run(workspace: Workspace, library: Library, pipeline: Pipeline) -> NodeRun:
    submission = Submission(experiment="", trigger={"kind": "import"})
    if not workspace.engine_is_running():
        run_id = execute(pipeline, library, workspace, slots=1, submission=submission).run_id
    else:
        run_id = workspace.runs.create(to_document(pipeline), submission=submission).id
        until = time.monotonic() + WAIT_SECONDS
        while workspace.runs.get(run_id).state in ("queued", "running") and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
    row = workspace.runs.node(run_id, NODE)
    if row is None:
        raise DesignerError("the file was not read: the engine did not answer", "Restart Designer, then try again.")
    return row
