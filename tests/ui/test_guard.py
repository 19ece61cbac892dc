"""The guard rejects every request outside this machine's own browser sessions. The app behind it is a real one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Scope
from starlette.websockets import WebSocket

from designer.store.sessions import Sessions
from designer.ui.http.guard import LEAVE, Guard, cookie_name
from designer.ui.http.policy import content_policy

PORT = 8199
ORIGIN = f"http://127.0.0.1:{PORT}"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"]
PATHS = ["/", "/ping", "/_event", "/_upload", "/upload/file", "/assets/x.js", "/no/such/page", "/enter"]
FOREIGN_ORIGINS = [
    "http://evil.example",
    "http://127.0.0.1:8198",
    "http://127.0.0.1",
    f"https://127.0.0.1:{PORT}",
    f"http://localhost:{PORT}",
    "null",
    "",
]


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"{len(await request.body())} bytes")


async def talk(socket: WebSocket) -> None:
    """Echo each message; answer `query?` with the query parameters of the connection."""
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(str(socket.query_params) if text == "query?" else f"heard {text}")


class InProcess(httpx.BaseTransport):
    """A transport that passes each request to the ASGI app in this process."""

    def __init__(self, app: Guard) -> None:
        self._inner = httpx.ASGITransport(app)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


class Conversation:
    """One websocket connection of a browser, with the messages sent to it."""

    def __init__(self, guard: Guard, session: str | None, origin: str | None, query: bytes = b"") -> None:
        self._guard = guard
        self._query = query
        self._headers = [(b"host", f"127.0.0.1:{PORT}".encode())]
        if session is not None:
            self._headers.append((b"cookie", f"{cookie_name(PORT)}={session}".encode()))
        if origin is not None:
            self._headers.append((b"origin", origin.encode()))
        self.sent: list[Message] = []

    async def say(self, *steps: str | Callable[[], None]) -> list[str]:
        """Send texts and call functions in order; return the types of the messages sent back."""
        scope: Scope = {"type": "websocket", "path": "/_event", "headers": self._headers, "query_string": self._query}
        messages = _messages(steps)

        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            self.sent.append(message)

        await self._guard(scope, receive, send)
        return [message["type"].removeprefix("websocket.") for message in self.sent]


def _messages(steps: tuple[str | Callable[[], None], ...]) -> Iterator[Message]:
    yield {"type": "websocket.connect"}
    for step in steps:
        if isinstance(step, str):
            yield {"type": "websocket.receive", "text": step}
        else:
            step()
    yield {"type": "websocket.disconnect", "code": 1000}


@pytest.fixture
def sessions(tmp_path: Path) -> Sessions:
    return Sessions(tmp_path)


@pytest.fixture
def guard(sessions: Sessions) -> Guard:
    routes = [WebSocketRoute("/_event", talk), Route("/{path:path}", echo, methods=METHODS)]
    return Guard(Starlette(routes=routes), sessions, PORT, body_bytes=1000, upload_bytes=5000, policy=content_policy())


@pytest.fixture
def stranger(guard: Guard) -> Iterator[httpx.Client]:
    with httpx.Client(transport=InProcess(guard), base_url=ORIGIN, follow_redirects=False) as client:
        yield client


@pytest.fixture
def member(stranger: httpx.Client, sessions: Sessions) -> httpx.Client:
    stranger.get("/enter", params={"code": sessions.mint_code()})
    stranger.headers["origin"] = ORIGIN
    return stranger


@pytest.mark.parametrize("path", [path for path in PATHS if path != "/ping"])
@pytest.mark.parametrize("method", METHODS)
def test_every_method_and_path_is_closed_to_a_stranger(stranger: httpx.Client, method: str, path: str) -> None:
    answer = stranger.request(method, path, headers={"origin": ORIGIN})
    assert answer.status_code in {401, 404}
    assert "bytes" not in answer.text


def test_stranger_is_told_how_to_get_in(stranger: httpx.Client) -> None:
    answer = stranger.get("/")
    assert answer.status_code == 401
    assert "designer open" in answer.text


def test_code_is_exchanged_for_a_strict_cookie_and_leaves_the_address(
    stranger: httpx.Client, sessions: Sessions
) -> None:
    answer = stranger.get("/enter", params={"code": sessions.mint_code()})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["cache-control"] == "no-store"
    assert stranger.get("/").text == "0 bytes"


def test_used_code_opens_nothing(stranger: httpx.Client, sessions: Sessions) -> None:
    code = sessions.mint_code()
    stranger.get("/enter", params={"code": code})
    stranger.cookies.clear()
    answer = stranger.get("/enter", params={"code": code})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers
    assert "no longer works" in answer.text


def test_only_a_get_spends_a_code(stranger: httpx.Client, sessions: Sessions) -> None:
    code = sessions.mint_code()
    assert stranger.head("/enter", params={"code": code}).status_code == 401
    assert stranger.get("/enter", params={"code": code}).status_code == 303


def test_enter_can_lead_to_a_page(stranger: httpx.Client, sessions: Sessions) -> None:
    answer = stranger.get("/enter", params={"code": sessions.mint_code(), "next": "/pipelines/7?run=3"})
    assert answer.headers["location"] == "/pipelines/7?run=3"


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "http://evil.example", "https:evil.example",
     "/\r\nset-cookie: a=b", "/\tx", "javascript:alert(1)", "", "/\u2028"],
)  # fmt: skip
def test_enter_never_leads_elsewhere(stranger: httpx.Client, sessions: Sessions, elsewhere: str) -> None:
    answer = stranger.get("/enter", params={"code": sessions.mint_code(), "next": elsewhere})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:8198", f"127.0.0.1.evil.example:{PORT}",
     f"localhost.:{PORT}", f"127.0.0.1:{PORT}@evil.example", f"0.0.0.0:{PORT}", ""],
)  # fmt: skip
def test_foreign_host_is_refused_even_with_a_session(member: httpx.Client, host: str) -> None:
    assert member.get("/", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_own_names_are_answered(member: httpx.Client, name: str) -> None:
    host = f"{name}:{PORT}"
    cookie = f"{cookie_name(PORT)}={member.cookies[cookie_name(PORT)]}"
    origin = f"http://{host}".lower()
    assert member.post("/", headers={"host": host, "origin": origin, "cookie": cookie}).status_code == 200


@pytest.mark.parametrize("origin", FOREIGN_ORIGINS)
@pytest.mark.parametrize("method", METHODS)
def test_foreign_origin_is_refused_even_with_a_session(member: httpx.Client, method: str, origin: str) -> None:
    assert member.request(method, "/", headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"])
def test_a_change_without_an_origin_is_refused(member: httpx.Client, method: str) -> None:
    del member.headers["origin"]
    assert member.request(method, "/").status_code == 403


def test_reflex_upload_is_not_reachable_with_a_session(member: httpx.Client) -> None:
    assert member.post("/_upload", content=b"x").status_code == 404
    assert member.get("/_upload/file.csv").status_code == 404


def test_cookie_of_another_port_is_not_a_session(member: httpx.Client) -> None:
    session = member.cookies[cookie_name(PORT)]
    member.cookies.clear()
    assert member.get("/", headers={"cookie": f"{cookie_name(PORT + 1)}={session}"}).status_code == 401


def test_ended_session_is_refused(member: httpx.Client, sessions: Sessions) -> None:
    sessions.close(member.cookies[cookie_name(PORT)])
    assert member.get("/").status_code == 401


async def test_websocket_of_a_member_is_answered(guard: Guard, sessions: Sessions) -> None:
    conversation = Conversation(guard, sessions.redeem(sessions.mint_code()), ORIGIN)
    assert await conversation.say("hello") == ["accept", "send"]
    assert conversation.sent[1]["text"] == "heard hello"


@pytest.mark.parametrize("origin", [*FOREIGN_ORIGINS, None])
async def test_websocket_of_a_foreign_origin_is_refused(guard: Guard, sessions: Sessions, origin: str | None) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert await Conversation(guard, session, origin).say("hello") == ["close"]


@pytest.mark.parametrize("session", [None, "", "made-up"])
async def test_websocket_of_a_stranger_is_refused(guard: Guard, session: str | None) -> None:
    assert await Conversation(guard, session, ORIGIN).say("hello") == ["close"]


async def test_websocket_ends_with_its_session(guard: Guard, sessions: Sessions) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert session is not None
    conversation = Conversation(guard, session, ORIGIN)
    assert await conversation.say("one", lambda: sessions.close(session), "two") == ["accept", "send", "close"]


async def test_nothing_is_told_to_a_session_that_has_ended(sessions: Sessions) -> None:
    session = sessions.redeem(sessions.mint_code())
    assert session is not None

    async def tell_after_the_end(socket: WebSocket) -> None:
        await socket.accept()
        sessions.close(session)
        await socket.send_text("a secret")
        await socket.send_text("another")

    app = Starlette(routes=[WebSocketRoute("/_event", tell_after_the_end)])
    guard = Guard(app, sessions, PORT, body_bytes=1000, upload_bytes=5000, policy=content_policy())
    conversation = Conversation(guard, session, ORIGIN)
    assert await conversation.say() == ["accept", "close"]


async def query_behind(guard: Guard, session: str | None, query: bytes) -> QueryParams:
    """The query parameters that reach the app behind the guard for this query string."""
    conversation = Conversation(guard, session, ORIGIN, query)
    await conversation.say("query?")
    return QueryParams(conversation.sent[1]["text"])


async def test_a_tab_keeps_its_token_through_reconnects_and_restarts(guard: Guard, sessions: Sessions) -> None:
    session = sessions.redeem(sessions.mint_code())
    first = await query_behind(guard, session, b"EIO=4&transport=websocket&token=tab-1")
    restarted = Guard(Starlette(routes=[WebSocketRoute("/_event", talk)]), sessions, PORT, 1000, 5000, content_policy())
    assert await query_behind(restarted, session, b"EIO=4&transport=websocket&token=tab-1") == first
    assert (first["EIO"], first["transport"]) == ("4", "websocket")
    assert await query_behind(guard, session, b"token=tab-2") != await query_behind(guard, session, b"token=tab-1")


async def test_a_token_leads_another_session_elsewhere(guard: Guard, sessions: Sessions) -> None:
    mine, theirs = (sessions.redeem(sessions.mint_code()) for _ in range(2))
    my_token = (await query_behind(guard, mine, b"token=tab-1"))["token"]
    assert my_token != "tab-1"
    for stolen in ("tab-1", my_token):
        assert (await query_behind(guard, theirs, f"token={stolen}".encode()))["token"] != my_token


async def test_every_token_of_an_address_is_bound(guard: Guard, sessions: Sessions) -> None:
    parameters = await query_behind(guard, sessions.redeem(sessions.mint_code()), b"token=one&token=&%74oken=two")
    assert [len(token) for token in parameters.getlist("token")] == [64, 64, 64]


async def test_an_address_without_a_token_gets_none(guard: Guard, sessions: Sessions) -> None:
    assert "token" not in await query_behind(guard, sessions.redeem(sessions.mint_code()), b"EIO=4")


def test_signing_out_ends_the_session_and_takes_the_cookie_back(member: httpx.Client) -> None:
    session = member.cookies[cookie_name(PORT)]
    answer = member.post(LEAVE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert cookie_name(PORT) not in member.cookies
    assert member.get("/", headers={"cookie": f"{cookie_name(PORT)}={session}"}).status_code == 401


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://localhost:{PORT}"])
def test_no_other_page_signs_a_browser_out(member: httpx.Client, origin: str) -> None:
    assert member.post(LEAVE, headers={"origin": origin}).status_code == 403
    assert member.get("/").status_code == 200


def test_an_address_alone_signs_nobody_out(member: httpx.Client) -> None:
    member.get(LEAVE)
    assert member.get("/").status_code == 200


@pytest.mark.parametrize(
    ("path", "size", "status"), [("/", 1000, 200), ("/", 1001, 413), ("/upload/f", 5000, 200), ("/upload/f", 5001, 413)]
)
def test_announced_body_is_limited(member: httpx.Client, path: str, size: int, status: int) -> None:
    assert member.post(path, content=b"x" * size).status_code == status


@pytest.mark.parametrize("length", ["-1", "1e3", "ten", "0x10"])
def test_nonsense_length_is_refused(member: httpx.Client, length: str) -> None:
    assert member.post("/", content=b"x", headers={"content-length": length}).status_code == 400


@pytest.mark.parametrize(("chunks", "status"), [(10, 200), (11, 413), (1000, 413)])
async def test_unannounced_body_is_limited(guard: Guard, sessions: Sessions, chunks: int, status: int) -> None:
    session = sessions.redeem(sessions.mint_code())
    headers = [("host", f"127.0.0.1:{PORT}"), ("origin", ORIGIN), ("cookie", f"{cookie_name(PORT)}={session}")]
    scope: Scope = {
        "type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b"", "http_version": "1.1",
        "headers": [(name.encode(), str(value).encode()) for name, value in headers],
    }  # fmt: skip
    read, sent = 0, []

    async def body() -> AsyncIterator[Message]:
        nonlocal read
        for number in range(chunks):
            read += 1
            yield {"type": "http.request", "body": b"x" * 100, "more_body": number + 1 < chunks}
        yield {"type": "http.disconnect"}

    messages = body()

    async def send(message: Message) -> None:
        sent.append(message)

    await guard(scope, messages.__anext__, send)
    assert [m["status"] for m in sent if m["type"] == "http.response.start"] == [status]
    assert read <= 11, "reading goes on after the refusal"


async def test_a_chunked_body_gets_its_413_over_a_real_connection(guard: Guard, sessions: Sessions) -> None:
    server = Server(guard, "127.0.0.1", PORT, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.get_running_loop().create_task(server.serve())
    head = (
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\nOrigin: {ORIGIN}\r\nTransfer-Encoding: chunked\r\n"
        f"Cookie: {cookie_name(PORT)}={sessions.redeem(sessions.mint_code())}\r\n\r\n"
    )
    try:
        reader, writer = await _connected(serving)
        writer.write(head.encode() + b"400\r\n" + b"x" * 0x400 + b"\r\n")
        await writer.drain()
        status = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
    finally:
        server.stop()
        await serving
    assert b" 413 " in status


async def _connected(serving: asyncio.Task[None]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(200):
        assert not serving.done()
        try:
            return await asyncio.open_connection("127.0.0.1", PORT)
        except ConnectionRefusedError:
            await asyncio.sleep(0.02)
    raise TimeoutError("the server does not answer")


@pytest.mark.parametrize("path", ["/", "/enter?code=x", "/_upload", "/upload/x"])
def test_every_answer_carries_the_security_headers(member: httpx.Client, path: str) -> None:
    headers = member.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"


def test_readiness_can_be_asked_without_a_session_but_not_from_elsewhere(stranger: httpx.Client) -> None:
    assert stranger.get("/ping").status_code == 200
    assert stranger.get("/ping", headers={"host": "evil.example"}).status_code == 403
    assert stranger.get("/ping", headers={"origin": "http://evil.example"}).status_code == 403
