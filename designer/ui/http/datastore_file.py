"""Download a file of a datastore through the browser; the guard has checked the session."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from designer.contract.errors import DesignerError
from designer.ui.workbench import workbench


async def fetch(request: Request) -> Response:
    """The file as an attachment, streamed; 404 where there is none, 424 where the datastore does not answer."""
    name, path = request.path_params["name"], request.path_params["path"]
    try:
        pieces = await run_in_threadpool(workbench().datastores.read, name, path)
    except DesignerError as error:
        return PlainTextResponse(f"{error}\n", status_code=404 if error.place.file or error.code else 424)
    attached = f"attachment; filename*=UTF-8''{quote(PurePosixPath(path).name)}"
    return StreamingResponse(
        iterate_in_threadpool(pieces),
        media_type="application/octet-stream",
        headers={"Content-Disposition": attached, "X-Content-Type-Options": "nosniff"},
    )


ROUTE = Route("/datastore/{name}/{path:path}", fetch, methods=["GET"])
"""Files of datastores by their paths."""
