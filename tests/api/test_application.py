"""Who is admitted, how a request finds its operation, and how it is refused."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from designer.api.application import PREFIX
from designer.store.sessions import Sessions
from designer.ui.http.guard import cookie_name
from tests.api.conftest import Client
from tests.served import Served, served

REFUSED = "the request has no valid access token. Send Authorization: Bearer TOKEN. Make one in Settings, or with: "


def test_a_request_without_a_valid_token_is_refused_in_words(server: Served) -> None:
    wrong = ("", "Bearer", "Bearer x", f"Basic {server.token}", f"Bearer {server.token[:-1]}", server.token)
    for header in ({}, *({"authorization": text} for text in wrong)):
        answer = httpx.get(f"{server.address}{PREFIX}/workspace", headers=header)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert answer.json()["error"]["message"].startswith(REFUSED)
    with Client(server, server.token) as client:
        assert client.get("/workspace").status_code == 200
        assert client.get("/workspace", headers={"authorization": f"bearer {server.token}"}).status_code == 200
    with Client(server, None) as stranger:
        stranger.refusal("GET", "/nothing/here", 401)
        stranger.refusal("GET", f"/workspace?token={server.token}", 401)


def test_a_revoked_token_is_refused_at_once(server: Served) -> None:
    from designer.store.workspace import open_workspace

    with open_workspace(server.folder) as workspace, Client(server, server.new_token("read", "short")) as client:
        assert client.get("/workspace").status_code == 200
        workspace.tokens.revoke("short")
        client.refusal("GET", "/workspace", 401)


def test_the_session_of_a_browser_is_no_token(server: Served) -> None:
    sessions = Sessions(server.folder)
    session = sessions.redeem(sessions.mint_code())
    cookie = {"cookie": f"{cookie_name(server.port)}={session}"}
    assert httpx.get(f"{server.address}/", headers=cookie).status_code == 404, "the guard lets it in elsewhere"
    assert httpx.get(f"{server.address}{PREFIX}/workspace", headers=cookie).status_code == 401


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"])
def test_a_page_of_another_origin_is_refused_even_with_a_token(client: Client, origin: str) -> None:
    error = client.refusal("GET", "/workspace", 403, headers={"origin": origin})
    assert (error["code"], "only to its own pages" in error["message"]) == ("auth.address", True)


def test_another_host_is_refused(client: Client) -> None:
    assert "answers only at" in client.refusal("GET", "/workspace", 403, headers={"host": "evil.example"})["message"]


def test_our_own_origin_is_taken(client: Client, server: Served) -> None:
    assert client.get("/workspace", headers={"origin": server.address}).status_code == 200


def test_a_scope_below_the_needed_one_is_refused_by_name(server: Served, document: dict[str, Any]) -> None:
    token = server.new_token("read", "reader")
    with Client(server, token) as reader:
        assert reader.get("/runs").status_code == 200
        assert reader.post("/plans", json={"document": document}).status_code == 200
        error = reader.refusal("POST", "/runs", 403, json={"document": document})
        assert error["code"] == "auth.scope"
        assert error["found"] == "the token 'reader' allows read, and this needs run"
        assert error["hint"].endswith("designer token new NAME --scope run.")
    with Client(server, server.new_token("run", "runner")) as runner:
        assert "needs write" in runner.refusal("DELETE", "/datasets/Iris", 403)["message"]
        assert runner.patch("/runs/latest", json={}).status_code == 200


def test_what_is_not_there_and_what_is_not_allowed_there(client: Client) -> None:
    assert client.refusal("GET", "/nothing", 404)["hint"] == f"See {PREFIX}/openapi.json."
    for path in ("/runs/", "/datasets//content", "/datasets/%ff", "/runs/%2e%2e", "/"):
        client.refusal("GET", path, 404)
    answer = client.request("PURGE", "/runs")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert client.refusal("DELETE", "/workspace", 405)["message"] == "there is no DELETE here. Use GET."


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "body.not_json"),
        (b"{", 400, "body.not_json"),
        (b'{"document": {}} x', 400, "body.not_json"),
        ('{"document": "é"}'.encode("utf-16"), 400, "body.not_json"),
        (b'{"document": "\\ud800"}', 400, "body.not_json"),
        (b"[" * 100_000, 400, "body.not_json"),
        (b"null", 422, "body.invalid"),
        (b"[]", 422, "body.invalid"),
        (b'{"documents": {}}', 422, "body.invalid"),
        (b'{"document": 1}', 422, "body.invalid"),
        (b'{"document": {"nodes": {"x": {}}}}', 422, "refused.damaged_document"),
        (b'{"document": {}, "force": "perhaps"}', 422, "body.invalid"),
        (b"{}", 422, "body.invalid"),
        (b'{"document": {}, "pipeline": "x"}', 422, "body.invalid"),
        (b'{"pipeline": "nowhere"}', 422, "missing"),
    ],
)
def test_a_body_that_does_not_fit_is_refused(client: Client, content: bytes, status: int, code: str) -> None:
    headers = {"content-type": "application/json"}
    started = time.monotonic()
    error = client.refusal("POST", "/plans", status, content=content, headers=headers)
    assert error["code"] == code
    assert time.monotonic() - started < 5


def test_a_body_of_another_type_or_size_is_refused(client: Client) -> None:
    for kind in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        headers = {"content-type": kind} if kind else {}
        assert "application/json" in client.refusal("POST", "/plans", 415, content=b"{}", headers=headers)["hint"]
    big = b'{"document": "' + b"x" * (7 << 20) + b'"}'
    headers = {"content-type": "application/json"}
    assert client.refusal("POST", "/plans", 413, content=big, headers=headers)["code"] == "body.too_large"
    assert client.refusal("PUT", "/datasets/x/content", 413, content=iter([b"x" * (33 << 20)] * 2 + [b"x"]),
                          headers={"content-type": "application/octet-stream"})["code"] == "body.too_large"  # fmt: skip


def test_unknown_and_repeated_query_parameters_are_refused(client: Client) -> None:
    assert client.refusal("GET", "/runs?exp=1", 422)["where"] == {"parameter": "exp"}
    assert "occurs twice" in client.refusal("GET", "/runs?state=a&state=b", 422)["message"]
    assert client.refusal("GET", "/runs?limit=0", 422)["where"] == {"parameter": "limit"}
    client.refusal("GET", "/runs?text=%ff", 400)
    client.refusal("GET", "/workspace?x", 422)


def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(server: Served, client: Client) -> None:
    before = sorted((server.folder / "uploads").iterdir())
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = (
            f"PUT {PREFIX}/datasets/half/content?file=x.csv HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Authorization: Bearer {server.token}\r\nContent-Type: application/octet-stream\r\n"
            "Content-Length: 1000000\r\n\r\na,b\n1,2\n"
        )
        connection.sendall(head.encode())
        until = time.monotonic() + 10
        while sorted((server.folder / "uploads").iterdir()) == before:
            assert time.monotonic() < until, "nothing was received"
            time.sleep(0.02)
    while sorted((server.folder / "uploads").iterdir()) != before:
        assert time.monotonic() < until + 10, "the half file is still there"
        time.sleep(0.02)
    assert client.get("/datasets/half").status_code == 404


def test_a_server_that_stops_answers_what_waits(tmp_path: Path, document: dict[str, Any]) -> None:
    with served(tmp_path) as server, Client(server, server.token) as client:
        run = client.post("/runs", json={"document": document}).json()["id"]
        answers: list[httpx.Response] = []
        query = {"after": client.get(f"/runs/{run}/events").json()["last"], "wait": 50}
        waiting = threading.Thread(target=lambda: answers.append(client.get(f"/runs/{run}/events", params=query)))
        waiting.start()
        time.sleep(0.5)
        started = time.monotonic()
        server.stop()
        waiting.join()
    assert time.monotonic() - started < 15
    assert (answers[0].status_code, answers[0].json()["events"]) == (200, [])
