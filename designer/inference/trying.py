"""Try a request without the label in a child process: which columns a script reads shows only when it runs.

`python -m designer.inference.trying WORKSPACE` gets the inference pipeline, the schema of the label and rows that
include it, and answers with the error of the step that fails without it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.contract.schema import Schema
from designer.engine.children.child import Report, ask, serve
from designer.inference.path import NotRewritable
from designer.inference.scorer import Scorer
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.pipeline.lint.tracing import abilities
from designer.store.workspace import Workspace, open_workspace

LIMIT_SECONDS = 30.0
REMEDY = "Leave it out of this step, or move the step to the training branch, behind the point where scoring leaves it."


def runs_code(pipeline: Pipeline, library: Library) -> bool:
    """Whether a step runs a script or a query; which columns that reads shows only when it runs."""
    return any(abilities(pipeline, id, library).runs_code for id in pipeline.nodes)


def step_that_needs(
    labels: Schema, pipeline: Pipeline, rows: Sequence[Mapping[str, Any]], workspace: Path
) -> NotRewritable | None:
    """The error of the step that fails without the label and works with it; None if requests do not need the label."""
    request = {"pipeline": to_document(pipeline), "labels": labels.to_json(), "rows": list(rows)}
    try:
        answer = ask(
            "designer.inference.trying",
            [str(workspace)],
            request,
            what="the trial",
            seconds=LIMIT_SECONDS,
            is_quiet=True,
        )
    except DesignerError:
        return None  # the check at deployment reports it
    if answer is None:
        return None
    failed = DesignerError.from_json(answer)
    names = ", ".join(f"'{name}'" for name in labels.names)
    error = NotRewritable(f"it reads the label {names}, which requests do not carry ({failed.found})", REMEDY)
    error.at(node=failed.place.node, module=failed.place.module)
    return error


def _answer(request: Mapping[str, Any], report: Report) -> dict[str, object] | None:
    with open_workspace(Path(sys.argv[1])) as workspace:
        failed = _tried(
            workspace, from_document(request["pipeline"]), Schema.from_json(request["labels"]), request["rows"]
        )
    return failed.to_json() if failed else None


def _tried(
    workspace: Workspace, pipeline: Pipeline, labels: Schema, rows: list[dict[str, Any]]
) -> DesignerError | None:
    library = workspace.library()
    failed = _failure(workspace, library, pipeline, None, rows)
    if failed is None or not failed.place.node:
        return None
    scorer = Scorer.load(pipeline, library, workspace.sources(library))
    both = Schema((*scorer.schema.columns, *labels.columns))
    if _failure(workspace, library, pipeline, both, rows) is not None:
        return None  # it fails with the label too, so the label is not the cause
    return failed


def _failure(
    workspace: Workspace, library: Library, pipeline: Pipeline, schema: Schema | None, rows: list[dict[str, Any]]
) -> DesignerError | None:
    try:
        scorer = Scorer.load(pipeline, library, workspace.sources(library), schema)
        scorer.score([{name: row.get(name) for name in scorer.schema.names} for row in rows])
    except DesignerError as error:
        return error
    return None


if __name__ == "__main__":
    serve(_answer)
