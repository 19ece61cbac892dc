"""Deploy and check versions in a child process, so that no page waits and no user code runs in the web process.

`python -m designer.serving.deploying WORKSPACE` reads the request over the protocol of
`designer.engine.children.child`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.engine.children.child import ask, serve
from designer.pipeline.document import from_document, to_document
from designer.pipeline.graph import Pipeline
from designer.serving.certifying import Report, certify
from designer.serving.endpoints import deploy
from designer.store.workspace import Workspace, open_workspace


def deploy_apart(
    workspace: Path,
    pipeline: Pipeline,
    name: str,
    *,
    run_id: str | None = None,
    pipeline_id: str | None = None,
    description: str = "",
    accept_differences: bool = False,
    report: Report | None = None,
) -> dict[str, Any]:
    """Run `deploy` in a child process; blocks until it is done. Returns `Deployed.to_json()`."""
    settings = {"run_id": run_id, "pipeline_id": pipeline_id, "description": description,
                "accept_differences": accept_differences}  # fmt: skip
    return _run_apart(workspace, {"deploy": to_document(pipeline), "name": name, "settings": settings}, report)


def certify_apart(
    workspace: Path, name: str, version: int | None = None, *, report: Report | None = None
) -> dict[str, Any]:
    """Run `certify` in a child process; blocks until it is done. Returns `Certificate.to_json()`."""
    return _run_apart(workspace, {"certify": version, "name": name}, report)


def _run_apart(workspace: Path, request: Mapping[str, Any], report: Report | None) -> dict[str, Any]:
    return dict(ask("designer.serving.deploying", [str(workspace)], request, what="the check", report=report))


def _answer(request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    with open_workspace(Path(sys.argv[1])) as workspace:
        return _done(workspace, request, report)


def _done(workspace: Workspace, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    library, name = workspace.library(), request["name"]
    if "certify" in request:
        return certify(workspace, library, name, request["certify"], report=report).to_json()
    pipeline = from_document(request["deploy"])
    return deploy(workspace, library, pipeline, name, **request["settings"], report=report).to_json()


if __name__ == "__main__":
    serve(_answer)
