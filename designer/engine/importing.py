"""Making a dataset of a file: the file is read by Import Data in a child process, never by whoever asks for it."""

from __future__ import annotations

import inspect
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.contract import errors
from designer.contract.errors import DesignerError, UnreadableFile
from designer.contract.library import Library
from designer.engine.run import execute
from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.store.artifacts import Stored
from designer.store.datasets import checked_name
from designer.store.records import Dataset, NodeRun
from designer.store.workspace import Workspace

MODULE, NODE = "import-data", "import"
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
) -> Dataset:
    """Read a file and register its table; blocks until that is done.

    `path` is absolute or relative to the uploads folder; `options` are parameters of Import Data. Raises what is wrong
    with the file. The engine process does the work where there is one.
    """
    label = checked_name(name)
    parameters = {**(options or {}), "path": str(path)}
    module = library.read(MODULE, library[MODULE].spec().version, parameters)
    node = Node(NODE, MODULE, module.spec().version, module.parameters())
    row = _run(workspace, library, Pipeline(name=f"Import {label}", nodes={NODE: node}))
    if row.error is not None or not row.outputs:
        raise error_of(row.error or {"found": f"the file was not read ({row.state})"})
    stored = Stored.from_json(row.outputs[module.spec().outputs[0].name])
    return workspace.datasets.register(label, stored, description=description, source=path, options=dict(options or {}))


def error_of(document: Mapping[str, Any]) -> DesignerError:
    """The error that `DesignerError.to_json` wrote down, as one that can be raised."""
    found = str(document.get("found") or document.get("message") or "it failed")
    kind = getattr(errors, str(document.get("type")), None)
    plain = inspect.isclass(kind) and issubclass(kind, DesignerError)
    error: DesignerError = (kind if plain and kind is not None else UnreadableFile)(found, document.get("remedy", ""))
    error.code = document.get("code") or error.code
    place = {k: v for k, v in dict(document.get("place") or {}).items() if k != "node"}
    return error.at(**place)


def _run(workspace: Workspace, library: Library, pipeline: Pipeline) -> NodeRun:
    if not workspace.engine_is_running():
        run_id = execute(pipeline, library, workspace, slots=1).run_id
    else:
        run_id = workspace.runs.create(to_document(pipeline)).id
        until = time.monotonic() + WAIT_SECONDS
        while workspace.runs.get(run_id).state in ("queued", "running") and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
    row = workspace.runs.node(run_id, NODE)
    if row is None:
        raise DesignerError("the file was not read", "Is the engine process running?")
    return row
