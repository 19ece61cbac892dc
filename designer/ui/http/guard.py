"""The guard in front of everything that the web process serves: pages, websocket, routes and files.

Checks in order: host, origin, code exchange, session, body size. A request that fails a check is refused.
"""

from collections.abc import Iterable
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from designer.api.application import PREFIX as API
from designer.api.application import refused
from designer.store.sessions import SESSION_SECONDS, Sessions
from designer.ui.http.limited_body import LimitedBody
from designer.ui.http.locked_page import locked_page
from designer.ui.http.session_socket import SessionSocket, refuse, with_bound_token

UPLOAD_PREFIX: Final = "/upload/"
"""The streaming upload routes; only they accept bodies above the ordinary limit."""

LEAVE: Final = "/leave"
"""A POST here ends the session of this browser."""

_ENTER: Final = "/enter"
_OPEN_TO_ALL: Final = frozenset({"/ping"})
_NEVER_REACHED: Final = ("/_upload", "/auth-codespace", "/_all_routes")
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """ASGI middleware that admits only browser sessions of this machine."""

    def __init__(
        self, app: ASGIApp, sessions: Sessions, port: int, body_bytes: int, upload_bytes: int, policy: str
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._hosts = frozenset(_hosts(port))
        self._cookie = cookie_name(port)
        self._body_bytes = body_bytes
        self._upload_bytes = upload_bytes
        self._headers = _HEADERS | {"content-security-policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on one request or websocket."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, self._with_security_headers(send, scope["path"]))
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(f"{API}/"):
            await self._program(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        limit = self._upload_bytes if scope["path"].startswith(UPLOAD_PREFIX) else self._body_bytes
        await LimitedBody(self._app, limit)(scope, receive, send)

    async def _program(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request to the API, which asks for a token itself: an Origin is checked only if the request has one."""
        wrong = self._wrong_address(scope, origin_required=False)
        if wrong is not None:
            await refused(403, "auth.address", wrong.strip())(scope, receive, send)
            return
        await LimitedBody(self._app, self._upload_bytes, _too_large)(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = self._session(Headers(scope=scope))
        if session is None or self._wrong_address(scope, origin_required=True) is not None:
            await receive()
            await refuse(send, "no session")
            return
        socket = SessionSocket(partial(self._sessions.is_open, session), receive, send)
        await self._app(with_bound_token(scope, session), socket.receive, socket.send)

    def _refusal(self, scope: Scope) -> Response | None:
        path: str = scope["path"]
        wrong = self._wrong_address(scope, origin_required=scope["method"] not in _SAFE_METHODS)
        if wrong is not None:
            return PlainTextResponse(wrong, status_code=403)
        if path.startswith(_NEVER_REACHED):
            return PlainTextResponse("Not found\n", status_code=404)
        if path == _ENTER:
            return self._enter(scope)
        session = self._session(Headers(scope=scope))
        if session is not None and (path, scope["method"]) == (LEAVE, "POST"):
            return self._leave(session)
        if path in _OPEN_TO_ALL or session is not None:
            return None
        return HTMLResponse(locked_page(), status_code=401)

    def _wrong_address(self, scope: Scope, origin_required: bool) -> str | None:
        """What is wrong with Host or Origin, None if nothing. Origins include the port, which SameSite ignores."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return f"Designer answers only at {', '.join(sorted(self._hosts))}.\n"
        origins = headers.getlist("origin")
        if not origins and not origin_required:
            return None
        if origins != [f"http://{hosts[0].lower()}"]:
            return "Designer answers only to its own pages: the Origin header names another address or is missing.\n"
        return None

    def _enter(self, scope: Scope) -> Response:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        session = self._sessions.redeem(query.get("code", [""])[0]) if scope["method"] == "GET" else None
        if session is None:
            return HTMLResponse(locked_page(expired=True), status_code=401)
        response = RedirectResponse(_local_path(query.get("next", ["/"])[0]), status_code=303)
        response.set_cookie(self._cookie, session, max_age=SESSION_SECONDS, path="/", httponly=True, samesite="strict")
        response.headers["cache-control"] = "no-store"
        return response

    def _leave(self, session: str) -> Response:
        self._sessions.close(session)
        response = RedirectResponse("/", status_code=303)
        response.delete_cookie(self._cookie, path="/", httponly=True, samesite="strict")
        return response

    def _with_security_headers(self, send: Send, path: str) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=_raw(message))
                for name, value in self._headers.items():
                    headers[name] = value
                # Names under /assets/ carry a content hash; everything else may change with an update.
                fixed = path.startswith("/assets/") and message["status"] == 200
                headers.setdefault("cache-control", "private, max-age=31536000, immutable" if fixed else "no-cache")
            await send(message)

        return send_with_headers

    def _session(self, headers: Headers) -> str | None:
        session = _cookie_value(headers.getlist("cookie"), self._cookie)
        return session if session and self._sessions.is_open(session) else None


def cookie_name(port: int) -> str:
    """The session cookie's name. Browsers share cookies between ports of a host, so it includes the port."""
    return f"designer_session_{port}"


def _too_large(status: int, text: str) -> Response:
    return refused(status, "body.too_large" if status == 413 else "body.length", text.strip())


def _hosts(port: int) -> Iterable[str]:
    for name in ("localhost", "127.0.0.1", "[::1]"):
        yield f"{name}:{port}"


def _cookie_value(headers: list[str], name: str) -> str | None:
    for header in headers:
        try:
            cookie = SimpleCookie(header).get(name)
        except CookieError:
            continue
        if cookie is not None:
            return cookie.value
    return None


def _local_path(wanted: str) -> str:
    """A path on this server, else the start page, so that no redirect leaves the server."""
    harmless = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable()
    return wanted if harmless and "\\" not in wanted and wanted.isascii() else "/"


def _raw(message: Message) -> dict[str, Any]:
    message["headers"] = list(message.get("headers", []))
    return message  # type: ignore[return-value]
