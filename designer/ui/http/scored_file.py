"""Score a file with an endpoint: in a child process, with the result served by its own route."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from designer.serving.batch.scoring import scored_name
from designer.store.workspace import open_workspace
from designer.ui.views.dataset.upload import uploaded_file
from designer.ui.workbench import workbench
from designer.workbench.workbench import Workbench

SCORED: Final = ".scored"
"""The hidden folder beside the uploaded file."""

SECONDS: Final = 3600.0
_ID: Final = re.compile(r"[0-9a-f]{12}")
_KINDS: Final = ("scored", "errors")


def score_upload(folder: str, workspace_folder: str, endpoint: str) -> dict[str, Any]:
    """Score the file of an upload; runs in a child process. Returns the row counts, engine, duration and file name."""
    place = Path(folder)
    source = uploaded_file(place)
    target = place / SCORED / scored_name(source)
    target.parent.mkdir(exist_ok=True)
    with open_workspace(workspace_folder) as opened:
        scored = Workbench(opened, opened.library).endpoints.score_file(endpoint, source, target)
    if scored.errors is not None:
        scored.errors.replace(target.parent / "errors.csv")
    return {
        "rows": scored.rows,
        "unscored": scored.unscored,
        "refused": scored.refused,
        "notes": scored.notes,
        "engine": scored.engine,
        "seconds": scored.seconds,
        "file": target.name,
    }


def address(upload: str, kind: str) -> str:
    """The download path of a scored file, or of its refused rows."""
    return f"/download/{kind}/{upload}"


async def fetch(request: Request) -> Response:
    """The file as an attachment; the guard has checked the session."""
    upload, kind = request.path_params["upload"], request.path_params["kind"]
    folder = workbench().workspace.uploads / upload / SCORED
    if not _ID.fullmatch(upload) or kind not in _KINDS or not folder.is_dir():
        return PlainTextResponse("There is no such file.\n", status_code=404)
    is_wanted = (lambda name: name == "errors.csv") if kind == "errors" else (lambda name: ".scored" in name)
    file = next((path for path in sorted(folder.iterdir()) if is_wanted(path.name)), None)
    if file is None:
        return PlainTextResponse("There is no such file.\n", status_code=404)
    return FileResponse(file, filename=file.name, media_type="application/octet-stream")


ROUTE = Route("/download/{kind}/{upload}", fetch, methods=["GET"])
