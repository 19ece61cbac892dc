"""Export a pipeline or an endpoint as a file: written in a child process, served by its own route."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
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
    """An id and an empty folder for a download; removes folders older than KEPT_SECONDS."""
    scratch = workbench().workspace.scratch
    for old in scratch.glob(_FOLDER.format("*")):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    id = secrets.token_hex(6)
    return id, workbench().workspace.new_folder(scratch, _FOLDER.format(id))


def address(id: str) -> str:
    """The download path of an exported file."""
    return f"/exported/{id}"


def export_draft(workspace_folder: str, place: str, pipeline_id: str, to: Format) -> str:
    """Export a saved pipeline; runs in a child process. Returns the name of the file."""
    with open_workspace(workspace_folder) as opened:
        files = Workbench(opened, opened.library).exports.pipeline(pipeline_id, to, Path(place))
    return _one(files)


def export_endpoint(workspace_folder: str, place: str, name: str, to: Format) -> str:
    """Export the default version of an endpoint; runs in a child process. Returns the name of the file."""
    with open_workspace(workspace_folder) as opened:
        files = Workbench(opened, opened.library).exports.endpoint(name, to, Path(place))
    return _one(files)


def export_component(place: Path, name: str) -> str:
    """Export the default version of a component, with its code; returns the name of the archive."""
    with TemporaryDirectory(dir=workbench().workspace.scratch) as folder:
        workbench().exports.component(name, Path(folder))
        return Path(shutil.make_archive(str(place / name), "zip", folder)).name


def _one(files: Sequence[Path]) -> str:
    return (archived(files) if len(files) > 1 else files[0]).name


async def fetch(request: Request) -> Response:
    """The file as an attachment; the guard has checked the session."""
    id = request.path_params["id"]
    files: list[Path] = []
    if _ID.fullmatch(id):
        files = [path for path in (workbench().workspace.scratch / _FOLDER.format(id)).glob("*") if path.is_file()]
    if len(files) != 1:
        return PlainTextResponse("There is no such file.\n", status_code=404)
    return FileResponse(files[0], filename=files[0].name, media_type="application/octet-stream")


ROUTE = Route("/exported/{id}", fetch, methods=["GET"])
"""Serves an exported file by its id only, for an hour."""
