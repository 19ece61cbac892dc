"""A pipeline or an endpoint taken away as a file: made in a child process, fetched through a route of its own."""

from __future__ import annotations

import re
import secrets
import shutil
import time
from pathlib import Path
from typing import Final, Literal

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from designer.contract.errors import FileMissing
from designer.export.notebook import notebook
from designer.export.onnx import export_onnx
from designer.export.script import export_script
from designer.pipeline.document import dumps, from_document
from designer.pipeline.graph import Pipeline
from designer.store.records import Draft
from designer.store.workspace import Workspace, open_workspace
from designer.ui.workspace import workspace

Format = Literal["python", "notebook", "onnx", "json"]
KEPT_SECONDS: Final = 3600.0
_FOLDER: Final = "download-{}"
_ID: Final = re.compile(r"[0-9a-f]{12}")
_RUNS: Final = 50
_COMPUTED: Final = ("nodes", "edges")
"""What a run depends on: not the layout, not the notes."""


def new_place() -> tuple[str, Path]:
    """An id and an empty folder for a file to be fetched; those made long ago go."""
    scratch = workspace().scratch
    for old in scratch.glob(_FOLDER.format("*")):
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    id = secrets.token_hex(6)
    place = scratch / _FOLDER.format(id)
    place.mkdir()
    return id, place


def address(id: str) -> str:
    """Where the file is fetched."""
    return f"/exported/{id}"


def export_draft(workspace_folder: str, place: str, pipeline_id: str, to: Format) -> str:
    """Write a pipeline as it is saved; runs in a child process. Returns the name of the file."""
    with open_workspace(workspace_folder) as opened:
        draft = opened.drafts.get(pipeline_id)
        run = newest_run(opened, draft)
        return _written(opened, from_document(draft.document), to, Path(place), _file_name(draft.name), run)


def export_endpoint(workspace_folder: str, place: str, name: str, to: Format) -> str:
    """Write what answers: the deployed pipeline as ONNX, or the script of the run that it was trained in."""
    with open_workspace(workspace_folder) as opened:
        version = opened.endpoints.version(name)
        document = version.document
        if to in ("python", "notebook"):
            if not version.run_id:
                raise FileMissing("no run is known that this version was trained in", "Export its training pipeline.")
            document = opened.runs.get(version.run_id).document
        return _written(opened, from_document(document), to, Path(place), name, version.run_id)


def newest_run(opened: Workspace, draft: Draft) -> str | None:
    """The newest finished run of the pipeline as it is: what a run before an edit left may no longer be true."""
    computed = [draft.document[part] for part in _COMPUTED]
    runs = (run for run in opened.runs.all(draft.id, _RUNS) if run.state == "finished")
    return next((run.id for run in runs if [run.document[part] for part in _COMPUTED] == computed), None)


def _written(opened: Workspace, pipeline: Pipeline, to: Format, place: Path, name: str, run_id: str | None) -> str:
    match to:
        case "json":
            file = place / f"{name}.json"
            file.write_text(dumps(pipeline), encoding="utf-8")
        case "onnx":
            file = place / f"{name}.onnx"
            export_onnx(pipeline, opened.path, file)
        case "python" | "notebook":
            file = _with_data(opened, pipeline, to, place, name, run_id)
    return file.name


def _with_data(opened: Workspace, pipeline: Pipeline, to: Format, place: Path, name: str, run_id: str | None) -> Path:
    """A script or notebook; in an archive with the tables that it reads, where it reads any."""
    script = export_script(pipeline, opened, opened.library(), lambda: run_id)
    text, ending = (notebook(script, pipeline.name), "ipynb") if to == "notebook" else (script.script, "py")
    if not script.data:
        return script.write(place / f"{name}.{ending}", text)[0]
    folder = place / "files"
    script.write(folder / f"{name}.{ending}", text)
    archive = Path(shutil.make_archive(str(place / name), "zip", folder))
    shutil.rmtree(folder)
    return archive


def _file_name(title: str) -> str:
    """The title of a pipeline as a file can be called everywhere."""
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-")[:80] or "pipeline"


async def fetch(request: Request) -> Response:
    """The file as an attachment; the guard in front has checked the session."""
    id = request.path_params["id"]
    found: list[Path] = []
    if _ID.fullmatch(id):
        found = [path for path in (workspace().scratch / _FOLDER.format(id)).glob("*") if path.is_file()]
    if len(found) != 1:
        return PlainTextResponse("There is no such file.\n", status_code=404)
    return FileResponse(found[0], filename=found[0].name, media_type="application/octet-stream")


ROUTE = Route("/exported/{id}", fetch, methods=["GET"])
"""Fetching an exported file: only by its id, for an hour."""
