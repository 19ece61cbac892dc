"""A pipeline or an endpoint taken away as a file: made in a child process, fetched through a route of its own."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from designer.store.workspace import open_workspace
from designer.ui.workbench import workbench
from designer.workbench.exports import Format, archived
from designer.workbench.workbench import Workbench

KEPT_SECONDS: Final = 3600.0
_FOLDER: Final = "download-{}"
_ID: Final = re.compile(r"[0-9a-f]{12}")


def new_place() -> tuple[str, Path]:
    """An id and an empty folder for a file to be fetched; those made long ago go."""
    scratch = workbench().workspace.scratch
    for old in scratch.glob(_FOLDER.format("*")):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    id = secrets.token_hex(6)
    return id, workbench().workspace.new_folder(scratch, _FOLDER.format(id))


def address(id: str) -> str:
    """Where the file is fetched."""
    return f"/exported/{id}"


def export_draft(workspace_folder: str, place: str, pipeline_id: str, to: Format) -> str:
    """Write a pipeline as it is saved; runs in a child process. Returns the name of the file."""
    with open_workspace(workspace_folder) as opened:
        files = Workbench(opened, opened.library).exports.pipeline(pipeline_id, to, Path(place))
    return _one(files)


def export_endpoint(workspace_folder: str, place: str, name: str, to: Format) -> str:
    """Write what answers at an endpoint; runs in a child process. Returns the name of the file."""
    with open_workspace(workspace_folder) as opened:
        files = Workbench(opened, opened.library).exports.endpoint(name, to, Path(place))
    return _one(files)


def _one(files: Sequence[Path]) -> str:
    return (archived(files) if len(files) > 1 else files[0]).name


async def fetch(request: Request) -> Response:
    """The file as an attachment; the guard in front has checked the session."""
    id = request.path_params["id"]
    found: list[Path] = []
    if _ID.fullmatch(id):
        found = [path for path in (workbench().workspace.scratch / _FOLDER.format(id)).glob("*") if path.is_file()]
    if len(found) != 1:
        return PlainTextResponse("There is no such file.\n", status_code=404)
    return FileResponse(found[0], filename=found[0].name, media_type="application/octet-stream")


ROUTE = Route("/exported/{id}", fetch, methods=["GET"])
"""Fetching an exported file: only by its id, for an hour."""
