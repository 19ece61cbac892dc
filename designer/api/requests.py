"""Read what a request carries: its query, its JSON body, or the content that is streamed to a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin
from urllib.parse import parse_qsl

import orjson
from anyio import to_thread
from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from designer.api.operation import JSON, Operation
from designer.api.refusals import Invalid, Refusal
from designer.store.artifacts.blobs import disk_error
from designer.store.workspace import Workspace


def query_of(request: Request, model: type[BaseModel]) -> BaseModel:
    """The query parameters. Raises Refusal 422 for an unknown, repeated or unfitting one."""
    try:
        pairs = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise Refusal(400, "query.encoding", "the query is not UTF-8", "Percent-encode it.") from None
    names = {field.alias or name: field for name, field in model.model_fields.items()}
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name in names and _is_list(names[name].annotation):
            values.setdefault(name, []).append(text)
        elif name in values:
            raise Refusal(422, "query.invalid", f"the query parameter '{name[:80]}' occurs twice", "Send it once.")
        else:
            values[name] = text
    try:
        return model.model_validate(values)
    except ValidationError as problem:
        raise Invalid("query", problem) from None


async def body_of(request: Request, model: type[BaseModel], limit: int) -> BaseModel:
    """The JSON body. Raises Refusal 400, 413, 415 or 422."""
    _require_type(request, (JSON,))
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise Refusal(413, "body.too_large", f"the body is larger than {limit} bytes", "Send less at once.")
    try:
        return model.model_validate(_parsed(bytes(content)))
    except ValidationError as problem:
        raise Invalid("body", problem) from None


async def file_of(request: Request, operation: Operation, name: str, workspace: Workspace, used: list[Path]) -> Path:
    """The content, streamed to a file in a folder of its own; it is added to `used` at once.

    Raises Refusal 415, or 422 if it is empty, or the error of the disk.
    """
    _require_type(request, operation.takes)
    place = await to_thread.run_sync(workspace.upload_place, name or "content")
    used.append(place)
    size = 0
    try:
        with place.open("wb") as file:
            async for chunk in request.stream():
                await to_thread.run_sync(file.write, chunk)
                size += len(chunk)
    except OSError as error:
        raise disk_error(error) from error
    if size == 0:
        raise Refusal(422, "body.empty", "the content is empty", "Send the file itself.")
    return place


def headers_of(request: Request) -> Mapping[str, str]:
    """The headers by lower-case name."""
    return {name.lower(): value for name, value in request.headers.items()}


def _parsed(content: bytes) -> Any:
    """A JSON document. NaN and numbers beyond 64 bits are read, so that they are refused by the name of their place."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        try:
            document = json.loads(content.decode())
            json.dumps(document, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Refusal(400, "body.not_json", f"the body is not JSON: {error}", "Send a JSON object.") from None
    return document


def _require_type(request: Request, accepted: tuple[str, ...]) -> None:
    sent = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if sent not in accepted:
        found = f"the content type is '{sent[:80]}'" if sent else "the request names no content type"
        raise Refusal(415, "body.content_type", found, f"Send {' or '.join(accepted)}.")


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_list(each) for each in get_args(annotation))
    return get_origin(annotation) is list
