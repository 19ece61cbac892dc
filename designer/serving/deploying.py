"""Deploying, and checking again, in a process of its own: no page waits and no user code runs in the web process.

`python -m designer.serving.deploying WORKSPACE` reads a request from its standard input and writes JSON lines:
progress, then the result or the error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError, Place
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
    """`deploy` in a child process; blocks until it is done. Returns what `Deployed.to_json` says."""
    settings = {"run_id": run_id, "pipeline_id": pipeline_id, "description": description,
                "accept_differences": accept_differences}  # fmt: skip
    return _asked(workspace, {"deploy": to_document(pipeline), "name": name, "settings": settings}, report)


def certify_apart(
    workspace: Path, name: str, version: int | None = None, *, report: Report | None = None
) -> dict[str, Any]:
    """`certify` in a child process; blocks until it is done. Returns what `Certificate.to_json` says."""
    return _asked(workspace, {"certify": version, "name": name}, report)


def _asked(workspace: Path, request: Mapping[str, Any], report: Report | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "designer.serving.deploying", str(workspace)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(request))
        child.stdin.close()
        for line in child.stdout:
            message = _message(line)
            if "answer" in message:
                return dict(message["answer"])
            if "error" in message:
                raise _error(message["error"])
            if report is not None and "fraction" in message:
                report(message["fraction"], message["text"])
    raise DesignerError(f"the check ended without an answer (code {child.returncode})", "Try again.")


def main() -> None:
    """Do what standard input asks for."""
    request = json.load(sys.stdin)
    answers, sys.stdout = sys.stdout, sys.stderr  # what a user's script prints is no answer

    def tell(**message: Any) -> None:
        answers.write(json.dumps(message, default=str) + "\n")
        answers.flush()

    with open_workspace(Path(sys.argv[1])) as workspace:
        try:
            answer = _done(workspace, request, lambda fraction, text: tell(fraction=fraction, text=text))
        except DesignerError as error:
            tell(error=error.to_json())
        else:
            tell(answer=answer)


def _done(workspace: Workspace, request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    library, name = workspace.library(), request["name"]
    if "certify" in request:
        return certify(workspace, library, name, request["certify"], report=report).to_json()
    pipeline = from_document(request["deploy"])
    return deploy(workspace, library, pipeline, name, **request["settings"], report=report).to_json()


def _message(line: str) -> dict[str, Any]:
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


def _error(document: dict[str, Any]) -> DesignerError:
    error = DesignerError(document["found"], document["remedy"])
    error.place = Place(**document["place"])
    error.code = document["code"]
    return error


if __name__ == "__main__":
    main()
