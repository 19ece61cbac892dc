"""Send ASGI responses."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson

from designer.serving.pipelines.outputs import Written

PIECE_BYTES = 256 * 1024

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON: Header = (b"content-type", b"application/json")
TEXT: Header = (b"content-type", b"text/plain; charset=utf-8")
ALWAYS: tuple[Header, ...] = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))


async def reply(send: Send, status: int, body: bytes, *headers: Header) -> None:
    """Send a complete response."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length, *ALWAYS]})
    await send({"type": "http.response.body", "body": body})


async def reply_file(send: Send, written: Written) -> None:
    """Send a file, read in pieces, and close it."""
    headers: list[Header] = [
        (b"content-type", written.media_type.encode()),
        (b"content-length", b"%d" % written.size),
        (b"content-disposition", written.disposition.encode()),
    ]
    with written.file:
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, *ALWAYS]})
        while piece := await asyncio.to_thread(written.file.read, PIECE_BYTES):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def reply_json(send: Send, status: int, document: Any) -> None:
    """Send a JSON response."""
    await reply(send, status, orjson.dumps(document), JSON)
