"""Receiving a file from the browser: streamed to the disk as it comes, visible only when it is whole.

The guard in front has checked session, Origin, Host and size.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from designer.contract.errors import DesignerError
from designer.contract.reading import format_of
from designer.ui.workspace import workspace

UPLOAD_PATH: Final = "/upload/dataset"
NAME_HEADER: Final = "x-file-name"
_REFUSED: Final = frozenset({".pkl", ".pickle", ".joblib", ".npy", ".npz"})


async def receive(request: Request) -> Response:
    """Keep the body as a file; answers with the id of the upload."""
    if request.headers.get("content-type") != "application/octet-stream":
        return _refusal(415, "upload.content_type", "Send the file itself, as application/octet-stream.")
    name = unquote(request.headers.get(NAME_HEADER, ""))[-255:]
    suffix = Path(name).suffix.lower()
    if suffix in _REFUSED:
        message = "Files that run code when opened are not read."
        return _refusal(415, "dataset.pickle_refused", message, "Use Parquet or CSV.")
    try:
        format_of(Path(name))
    except DesignerError as error:
        return _refusal(422, "upload.name", str(error))
    place = await run_in_threadpool(workspace().upload_place, name)
    try:
        size = await _stream(request, place)
    except ClientDisconnect:
        await run_in_threadpool(_forget, place)
        return _refusal(400, "upload.length", "The upload was cut off.", "Send the file again.")
    except OSError as error:
        await run_in_threadpool(_forget, place)
        return _refusal(507, "disk.full", f"The file cannot be kept: {error.strerror}.", "Free some space.")
    if size == 0:
        await run_in_threadpool(_forget, place)
        return _refusal(422, "dataset.empty", "The file is empty.", "Choose a file that holds a table.")
    return JSONResponse({"upload": place.parent.name, "name": place.name, "size": size})


async def _stream(request: Request, place: Path) -> int:
    """Write what comes beside the place, and move it there when it is whole and on the disk."""
    part = place.with_name(".part")
    size = 0
    with part.open("wb") as file:
        async for chunk in request.stream():
            await run_in_threadpool(file.write, chunk)
            size += len(chunk)
        await run_in_threadpool(_to_disk, file)
    part.rename(place)
    return size


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _forget(place: Path) -> None:
    for left in place.parent.glob("*"):
        left.unlink(missing_ok=True)
    place.parent.rmdir()


def _refusal(status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status_code=status)


ROUTE = Route(UPLOAD_PATH, receive, methods=["POST"])
