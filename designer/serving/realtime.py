"""The ASGI application that serves all endpoints of a workspace."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any

from designer.contract.errors import DesignerError
from designer.contract.wording.counting import counted
from designer.inference.rows import RefusedRequest
from designer.serving.live import Live, Route
from designer.serving.openapi import openapi
from designer.serving.pipelines.door import PREFIX as PIPELINES
from designer.serving.pipelines.door import PipelineDoor, Request, of_pipeline, refusal_of
from designer.serving.replies import JSON, TEXT, Header, Send, reply, reply_file, reply_json
from designer.serving.statistics import Statistics
from designer.serving.workers.wire import ModelFailed, Refused, answer, error_body, read_request

BODY_BYTES = 1024 * 1024
BODY_SECONDS = 10.0
TOO_LATE = 0.0
"""Marks a deadline that has passed."""
PREFIX = "/endpoints/"
HOSTS = frozenset({b"127.0.0.1", b"localhost", b"[::1]"})
HEADERS_REMEMBERED = 64
"""Callers send the same headers every time; cache the results for this many values."""
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

NO_KEY = Refused(401, "auth.key", "the key is missing or not valid", "Send the header Authorization: Bearer <key>.")


class Application:
    """The scoring process's ASGI application. `routes` and `staged` are replaced as a whole when versions change."""

    def __init__(self) -> None:
        self.routes: Mapping[str, Route] = {}
        """By endpoint."""
        self.staged: Mapping[tuple[str, int], Route] = {}
        """By endpoint and version number."""
        self.statistics = Statistics()
        self.pipelines: PipelineDoor | None = None
        """Answers for published pipelines, where this process serves them."""
        self.is_ready = False
        self.is_draining = False
        self.requests = 0
        self._receiving: dict[asyncio.Task[Any], float] = {}
        """Tasks whose request body is arriving, with their deadline."""
        self._started = format(int(time.time()), "x")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if self.pipelines is not None and path.startswith(PIPELINES):
            await self._pipeline(scope, receive, send, path.removeprefix(PIPELINES))
            return
        if not path.startswith(PREFIX):
            await self._inform(scope, send, "", path)
            return
        name, _, rest = path[len(PREFIX) :].partition("/")
        if rest.endswith("score"):
            await self._score(scope, receive, send, name, rest)
        else:
            await self._inform(scope, send, name, rest)

    async def _score(self, scope: Scope, receive: Receive, send: Send, name: str, rest: str) -> None:
        started = time.perf_counter()
        self.requests += 1
        live: Live | None = None
        route: Route | None = None
        rows = 0
        headers: tuple[Header, ...]
        try:
            received = _headers(scope)
            _guard(received)
            # Read the body first: closing mid-body would lose the refusal, and the version could be swapped meanwhile.
            body = await self._body(received, receive)
            route = self._route(name, rest)
            if scope["method"] != "POST":
                raise Refused(405, "score.method", f"{scope['method'][:10]} is not answered here", "Use POST.")
            live = self._permitted(route, received)
            _require_json(received)
            live.in_flight += 1
            try:
                sent, output_name = read_request(body, live.input_name, live.output_name)
                answered = await live.score(sent)
            finally:
                live.in_flight -= 1
            status, content, rows = 200, answer(answered, output_name), len(answered)
            headers = (JSON, (b"x-designer-version", b"%d" % live.version))
        except DesignerError as error:
            status, content, headers = self._refusal(error)
        except Exception as error:  # a defect of Designer: report it without internals
            failed = Refused(500, "server.defect", f"the request could not be answered ({type(error).__name__})")
            status, content, headers = self._refusal(failed)
        if route is not None and not route.is_checked:
            if live is None:
                self.statistics.refuse(route.name)
            else:
                self.statistics.add(live.endpoint, live.version, time.perf_counter() - started, rows, status != 200)
        await reply(send, status, content, *headers)

    async def _pipeline(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        assert self.pipelines is not None
        self.requests += 1
        try:
            received = _headers(scope)
            _guard(received)
            body = await self._body(received, receive) if scope["method"] == "POST" else b""
            query = scope.get("query_string", b"").decode("latin-1")
            answered = await self.pipelines.answer(Request(scope["method"], path, query, received, body))
        except DesignerError as error:
            refused = of_pipeline(error)
            await self._refuse(send, refused, *refusal_of(refused))
        except Exception as error:  # a defect of Designer: report it without internals
            failed = Refused(500, "server.defect", f"the request could not be answered ({type(error).__name__})")
            await self._refuse(send, failed, failed.status, "server.defect")
        else:
            if answered.file is not None:
                await reply_file(send, answered.file)
            else:
                await reply_json(send, answered.status, answered.document)

    async def _refuse(self, send: Send, error: DesignerError, status: int, code: str) -> None:
        status, content, headers = self._refused(error, status, code)
        await reply(send, status, content, *headers)

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        length = _length(headers)
        task = asyncio.current_task()
        assert task is not None
        self._receiving[task] = time.monotonic() + BODY_SECONDS
        try:
            return await _received(receive, length)
        except asyncio.CancelledError:
            if self._receiving.get(task) != TOO_LATE:
                raise
            task.uncancel()
            raise Refused(408, "score.slow", f"the request took more than {BODY_SECONDS:g} seconds to arrive") from None
        finally:
            self._receiving.pop(task, None)

    def end_slow_requests(self) -> None:
        """Refuse requests whose body is overdue. Called periodically: a timer for each request would cost more."""
        now = time.monotonic()
        for task, deadline in list(self._receiving.items()):
            if TOO_LATE < deadline < now:
                self._receiving[task] = TOO_LATE
                task.cancel()

    def _route(self, name: str, rest: str) -> Route:
        route = self.routes.get(name) if rest == "score" else self._staged(name, rest)
        if route is None:
            raise Refused(404, "endpoint.unknown", "there is no such endpoint", "Check the address.")
        return route

    def _staged(self, name: str, rest: str) -> Route | None:
        word, _, number = rest.removesuffix("/score").partition("/")
        if word != "versions" or not number.isdigit() or len(number) > 9:
            return None
        return self.staged.get((name, int(number)))

    def _permitted(self, route: Route, headers: Mapping[bytes, bytes]) -> Live:
        if self.is_draining:
            raise Refused(503, "server.draining", "the server is shutting down", "Try again in a moment.")
        if route.requires_key:
            self._authorize(route, headers.get(b"authorization", b""))
        if route.is_paused:
            raise Refused(503, "endpoint.disabled", "the endpoint is paused", "Resume it on its page.")
        live = route.live
        if live is None:
            raise Refused(503, "endpoint.model_integrity", route.problem or "the endpoint has no version that answers",
                          "Deploy it again.")  # fmt: skip
        if live.in_flight >= live.limit:
            raise Refused(
                429, "server.busy", f"{counted(live.in_flight, 'request')} are being answered", "Try again in a second."
            )
        return live

    def _authorize(self, route: Route, header: bytes) -> None:
        opened = _slot(route, header)
        if opened is None:
            others = (other for other in self.routes.values() if other is not route)
            if any(_slot(other, header) is not None for other in others):
                raise Refused(403, "auth.other_endpoint", "the key belongs to another endpoint",
                              "Use a key of this endpoint.")  # fmt: skip
            raise NO_KEY
        self.statistics.note_key(route.name, opened)

    def _refusal(self, error: DesignerError) -> tuple[int, bytes, tuple[Header, ...]]:
        return self._refused(error, *_status_of(error))

    def _refused(self, error: DesignerError, status: int, code: str) -> tuple[int, bytes, tuple[Header, ...]]:
        request_id = f"{self._started}-{self.requests:x}"
        headers: tuple[Header, ...] = (JSON, (b"x-request-id", request_id.encode()))
        headers += ((b"retry-after", b"1"),) if status in (429, 503) else ()
        headers += ((b"www-authenticate", b"Bearer"),) if status == 401 else ()
        return status, error_body(error, code, request_id), headers

    async def _inform(self, scope: Scope, send: Send, name: str, rest: str) -> None:
        """Answer health, readiness, contract and metrics requests; no key is needed, the server is loopback-only."""
        try:
            _guard(_headers(scope))
            if scope["method"] not in ("GET", "HEAD"):
                raise Refused(405, "server.method", f"{scope['method'][:10]} is not answered here", "Use GET.")
            status, document = self._document(name, rest, _headers(scope).get(b"authorization"))
        except DesignerError as error:
            status, content, headers = self._refusal(error)
            await reply(send, status, content, *headers)
            return
        if isinstance(document, str):
            await reply(send, status, document.encode(), TEXT)
        else:
            await reply_json(send, status, document)

    def _document(self, name: str, rest: str, key: bytes | None) -> tuple[int, Any]:
        match (bool(name), rest):
            case (False, "/"):
                return 200, "Healthy"
            case (False, "/healthz"):
                return 200, {"status": "alive"}
            case (False, "/readyz"):
                ready = self.is_ready and not self.is_draining
                return (200 if ready else 503), {"status": "ready" if ready else "not ready"}
            case (False, "/metrics"):
                return 200, self._metrics()
            case (True, "ready") if name in self.routes:
                return self._readiness(self.routes[name], key)
            case (True, staged) if route := self._staged(name, staged.removesuffix("/ready") + "/score"):
                return self._readiness(route, key)
            case (True, "openapi.json" | "swagger.json") if name in self.routes:
                return 200, openapi(self.routes[name])
            case (True, "statistics") if name in self.routes:
                return 200, {"minutes": self.statistics.hour(name), "hour": self.statistics.last_hour(name)}
            case _:
                raise Refused(404, "server.unknown", "there is no such address", "Check the address.")

    def _readiness(self, route: Route, key: bytes | None) -> tuple[int, dict[str, Any]]:
        """Whether requests are answered; a version under check is ready once loaded, even if the endpoint is paused.

        If a key is sent, also whether it opens the endpoint.
        """
        is_ready = route.live is not None and not route.is_paused and not self.is_draining
        version = route.live.version if route.live else None
        engine = route.live.engine if route.live else None
        status = "ready" if is_ready else "paused" if route.is_paused else "not ready"
        facts = {"status": status, "version": version, "engine": engine, "problem": route.problem}
        if key is not None:
            facts["opens"] = not route.requires_key or _slot(route, key) is not None
        return (200 if is_ready else 503), facts

    def _metrics(self) -> str:
        lines = ["# TYPE designer_requests_last_hour gauge", "# TYPE designer_errors_last_hour gauge"]
        for name in self.statistics.names():
            hour = self.statistics.hour(name)
            for word in ("requests", "errors"):
                total = int(sum(minute[word] or 0 for minute in hour))
                lines.append(f'designer_{word}_last_hour{{endpoint="{name}"}} {total}')
        return "\n".join(lines) + "\n"


def _slot(route: Route, header: bytes) -> str | None:
    """The slot of the key in an Authorization header; None if it opens nothing of this route."""
    scheme, _, key = header.partition(b" ")
    digest = hashlib.sha256(key.strip()).hexdigest()
    opened = None
    for expected, slot in route.keys.items():  # compare with all of them, against timing attacks
        if hmac.compare_digest(expected, digest):
            opened = slot
    return opened if scheme.lower() == b"bearer" else None


def _require_json(headers: Mapping[bytes, bytes]) -> None:
    if not _is_json(headers.get(b"content-type", b"")):
        raise Refused(415, "score.content_type", "the content type is not application/json",
                      "Send the header Content-Type: application/json.")  # fmt: skip
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refused(415, "score.content_type", "compressed requests cannot be read", "Send the JSON as it is.")


def _length(headers: Mapping[bytes, bytes]) -> int | None:
    """The request's Content-Length, None without one; raises Refused where it is invalid or too large."""
    promised = headers.get(b"content-length")
    if promised is None:
        return None
    if not promised.isdigit() or len(promised) > 20 or int(promised) > BODY_BYTES:
        raise _too_large()
    return int(promised)


async def _received(receive: Receive, length: int | None) -> bytes:
    """Read the body; stop at Content-Length, which saves a turn of the loop."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if len(body) == length or (not message.get("more_body") and len(body) <= BODY_BYTES):
        return body
    parts, size = [body], len(body)
    while message.get("more_body") and size != length:
        if size > BODY_BYTES:
            raise _too_large()
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "score.incomplete", "the request ended before its body was whole")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if size > BODY_BYTES:
        raise _too_large()
    return b"".join(parts)


def _too_large() -> Refused:
    return Refused(413, "score.too_large", "the request is larger than 1 MiB", "Send fewer rows, or score a file.")


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return dict(scope["headers"])


def _guard(headers: Mapping[bytes, bytes]) -> None:
    """Refuse other hosts than loopback (DNS rebinding) and pages of other origins; raises Refused."""
    if not _is_here(headers.get(b"host", b"")):
        raise Refused(403, "server.host", "this server answers to 127.0.0.1 and localhost only", "Use that address.")
    origin = headers.get(b"origin")
    if origin is not None and not _is_here(origin.partition(b"://")[2]):
        raise Refused(
            403,
            "server.origin",
            "requests from pages of other sites are refused",
            "Call it from a program on this computer.",
        )


@lru_cache(HEADERS_REMEMBERED)
def _is_json(kind: bytes) -> bool:
    return kind.partition(b";")[0].strip().lower() == b"application/json"


@lru_cache(HEADERS_REMEMBERED)
def _is_here(address: bytes) -> bool:
    """Whether a host, with or without a port, is loopback."""
    host, colon, port = address.rpartition(b":")
    return (host if colon and port.isdigit() else address) in HOSTS


def _status_of(error: DesignerError) -> tuple[int, str]:
    match error:
        case Refused() | RefusedRequest():
            return error.status, error.code or "score.refused"
        case ModelFailed():
            return 424, "model.error"
        case _:
            return 424, "model.error"
