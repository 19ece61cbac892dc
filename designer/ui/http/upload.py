"""Receive a file from the browser: streamed to disk, visible only once complete.

The guard has checked session, Origin, Host and size.
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
from designer.reading.file import format_of
from designer.store.artifacts.blobs import disk_error
from designer.store.workspace import forget_upload
from designer.ui.library import library
from designer.ui.workbench import workbench

UPLOAD_PATH: Final = "/upload/dataset"
FILE_PATH: Final = "/upload/file"
NAME_HEADER: Final = "x-file-name"
_REFUSED: Final = frozenset({".pkl", ".pickle", ".joblib", ".npy", ".npz"})


def _accepted_by_modules() -> frozenset[str]:
    """The suffixes of non-tabular files that a module's parameter accepts."""
    parameters = (parameter for module in library() for parameter in module.spec().parameters)
    return frozenset(suffix for parameter in parameters for suffix in parameter.accepts)


async def receive_table(request: Request) -> Response:
    """Store a file that a module reads; responds with the id of the upload."""
    suffix = Path(_name(request)).suffix.lower()
    if suffix in _REFUSED:
        message = "Files that run code when opened are not read."
        return _refusal(415, "dataset.pickle_refused", message, "Use Parquet or CSV.")
    try:
        if suffix not in await run_in_threadpool(_accepted_by_modules):
            format_of(Path(_name(request)))
    except DesignerError as error:
        return _refusal(422, "upload.name", str(error))
    return await receive_file(request)


async def receive_file(request: Request) -> Response:
    """Store the body as a file of any kind; responds with the id of the upload."""
    if request.headers.get("content-type") != "application/octet-stream":
        return _refusal(415, "upload.content_type", "Send the file itself, as application/octet-stream.")
    try:
        place = await run_in_threadpool(workbench().workspace.upload_place, _name(request))
    except DesignerError as error:
        return _refusal(507, "disk.full", error.finding(), error.remedy)
    try:
        size = await _stream(request, place)
    except ClientDisconnect:
        await run_in_threadpool(forget_upload, place)
        return _refusal(400, "upload.length", "The upload was cut off.", "Send the file again.")
    except OSError as error:
        await run_in_threadpool(forget_upload, place)
        refused = disk_error(error)
        return _refusal(507, "disk.full", f"The file cannot be kept: {refused.finding()}", refused.remedy)
    if size == 0:
        await run_in_threadpool(forget_upload, place)
        return _refusal(422, "dataset.empty", "The file is empty.", "Choose a file that holds a table.")
    return JSONResponse({"upload": place.parent.name, "name": place.name, "size": size})


def _name(request: Request) -> str:
    return unquote(request.headers.get(NAME_HEADER, ""))[-255:]


async def _stream(request: Request, place: Path) -> int:
    """Write the body to a temporary file, and rename it once complete and synced; returns its size."""
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


def _refusal(status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status_code=status)


ROUTES = (
    Route(UPLOAD_PATH, receive_table, methods=["POST"]),
    Route(FILE_PATH, receive_file, methods=["POST"]),
)
