"""The API as an ASGI application: admits tokens, finds the operation, reads the request, answers.

It stands behind the guard of the web process, which checks Host, Origin and the size of bodies. Cookies are not read.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from pydantic_core import to_json
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from designer.api.limits import Limits
from designer.api.openapi import described
from designer.api.operation import JSON, Answer, Call, Operation
from designer.api.refusals import NEW_TOKEN, Refusal, error_body, refuse, require_scope
from designer.api.requests import body_of, file_of, headers_of, query_of
from designer.api.routes import Routes, all_operations
from designer.contract.errors import DesignerError
from designer.store.records import AccessToken
from designer.workbench.workbench import Workbench

PREFIX = "/api/v1"
"""The path of the API in the web process."""

THREADS = 16
"""How many requests are worked on at once; the pages have threads of their own."""


Input = TypeVar("Input")
Output = TypeVar("Output")


class Api:
    """The API of one workspace: answers what is below `PREFIX`, and passes everything else on to `inner`."""

    def __init__(
        self,
        inner: ASGIApp,
        bench: Callable[[], Workbench],
        limits: Limits,
        version: str,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._inner = inner
        operations = all_operations(limits, version)
        document = described(operations, PREFIX, version)
        own = Operation("GET", "/openapi.json", "This document", lambda call: Answer(document), answers={200: dict})
        self._routes = Routes((*operations, own))
        self._bench = bench
        self._is_stopping = is_stopping
        self._limits = limits
        self._threads = CapacityLimiter(THREADS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http" or not scope["path"].startswith(f"{PREFIX}/"):
            await self._inner(scope, receive, send)
            return
        request = Request(scope, receive)
        used: list[Path] = []
        try:
            with suppress(ClientDisconnect):
                response = await self._response(request, used)
                # Without extensions the file is read here: the server would open it when it has been removed.
                await response({**scope, "extensions": {}} if used else scope, receive, send)
        finally:
            for file in used:
                await to_thread.run_sync(partial(shutil.rmtree, file.parent, ignore_errors=True))

    async def _response(self, request: Request, used: list[Path]) -> Response:
        """The answer or refusal; folders of the files in `used` are removed after it was sent."""
        operation: Operation | None = None
        try:
            token = await self._admitted(request)
            operation, path = self._found(request)
            require_scope(token, operation.scope)
            call = await self._call(request, operation, token, path, used)
            answer = await self._answer(operation, call)
        except DesignerError as error:
            return refuse(error, operation.missing_status if operation is not None else 404)
        except ClientDisconnect:
            raise
        except Exception as error:  # a defect of Designer: report it without internals
            return _defect(error)
        if answer.is_temporary and isinstance(answer.content, Path):
            used.append(answer.content)
        return _sent(answer)

    async def _admitted(self, request: Request) -> AccessToken:
        """The token of the request. Raises Refusal 401, with the same words whatever is wrong with it."""
        kind, _, text = request.headers.get("authorization", "").partition(" ")
        row = None
        if kind.lower() == "bearer" and text.isascii():
            row = await self._in_thread(self._bench().tokens.admitted, text.strip())
        if row is None:
            problem = "the request has no valid access token"
            raise Refusal(401, "auth.token", problem, f"Send Authorization: Bearer TOKEN. {NEW_TOKEN}.",
                          www_authenticate="Bearer")  # fmt: skip
        return row

    def _found(self, request: Request) -> tuple[Operation, Any]:
        found = self._routes.find(request.method, _own_path(request.scope))
        if found.operation is not None:
            return found.operation, found.path
        if found.methods:
            methods = ", ".join(found.methods)
            raise Refusal(405, "method", f"there is no {request.method} here", f"Use {methods}.", allow=methods)
        remedy = f"See {PREFIX}/openapi.json."
        raise Refusal(404, "address", "there is nothing at this address", remedy)

    async def _call(
        self, request: Request, operation: Operation, token: AccessToken, path: Any, used: list[Path]
    ) -> Call:
        bench = self._bench()
        query = query_of(request, operation.query)
        body = await body_of(request, operation.body, self._limits.document_bytes) if operation.body else None
        file = None
        if operation.takes:
            file = await file_of(request, operation, str(getattr(query, "file", "")), bench.workspace, used)

        async def is_over() -> bool:
            return self._is_stopping() or await request.is_disconnected()

        return Call(bench, token, path, query, body, file, headers_of(request), is_over)

    async def _answer(self, operation: Operation, call: Call) -> Answer:
        if operation.waits is not None:
            return await operation.waits(call)
        assert operation.handle is not None
        return await self._in_thread(operation.handle, call)

    async def _in_thread(self, work: Callable[[Input], Output], argument: Input) -> Output:
        return await to_thread.run_sync(partial(work, argument), limiter=self._threads)


def refused(status: int, code: str, found: str, remedy: str = "") -> Response:
    """A refusal of the guard, in the form of the API."""
    return refuse(Refusal(status, code, found, remedy))


def _own_path(scope: Scope) -> bytes:
    """The percent-encoded path below the address of the API."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    return raw.partition(b"?")[0].removeprefix(PREFIX.encode())


def _sent(answer: Answer) -> Response:
    headers = {"cache-control": "no-store", **answer.headers}
    match answer.content:
        case Path() as file:
            return FileResponse(file, answer.status, headers, media_type=answer.media)
        case None:
            return Response(None, answer.status, headers)
        case content:
            return Response(to_json(content, inf_nan_mode="null"), answer.status, headers, media_type=JSON)


def _defect(error: Exception) -> Response:
    id = secrets.token_hex(8)
    sys.stderr.write(f"API, request {id}:\n{''.join(traceback.format_exception(error))}")
    problem = f"the request could not be answered ({type(error).__name__})"
    defect = Refusal(500, "server.defect", problem, "The log of Designer says more under the id of the request.")
    return Response(error_body(defect, defect.name, id), 500, media_type=JSON, headers={"cache-control": "no-store"})
