"""The upload route: what it stores, what it refuses, and what remains after an aborted upload."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Node
from designer.ui.http import upload
from designer.ui.http.upload import ROUTES, UPLOAD_PATH
from designer.ui.state.editor.fields import fields_of


@pytest.fixture
async def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    transport = httpx.ASGITransport(Starlette(routes=[*ROUTES]))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as opened:
        yield opened


async def send(client: httpx.AsyncClient, name: str, body: bytes, **headers: str) -> httpx.Response:
    all_headers = {"content-type": "application/octet-stream", "x-file-name": name} | headers
    return await client.post(UPLOAD_PATH, content=body, headers=all_headers)


def kept(workspace: Path) -> list[Path]:
    return [path for path in (workspace / "uploads").rglob("*") if path.is_file()]


async def test_a_file_is_kept_as_it_came(client: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await send(client, "my%20file.csv", b"a,b\n1,2\n")
    document = answer.json()
    assert answer.status_code == 200
    assert document["size"] == 8
    assert (tmp_path / "uploads" / document["upload"] / "my file.csv").read_bytes() == b"a,b\n1,2\n"
    assert kept(tmp_path) == [tmp_path / "uploads" / document["upload"] / "my file.csv"]


@pytest.mark.parametrize(
    "name", ["..%2F..%2Fx.csv", "%2Fetc%2Fx.csv", "C%3A%5Cx.csv", "%5C%5Chost%5Cs%5Cx.csv", ".csv"]
)
async def test_a_name_never_leads_out_of_the_uploads(client: httpx.AsyncClient, tmp_path: Path, name: str) -> None:
    await send(client, name, b"a\n1\n")
    assert all(path.resolve().is_relative_to(tmp_path / "uploads") for path in kept(tmp_path))
    assert not list(tmp_path.parent.glob("x.csv"))


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("model.pkl", 415, "dataset.pickle_refused"),
        ("array.npy", 415, "dataset.pickle_refused"),
        ("picture.png", 422, "upload.name"),
        ("", 422, "upload.name"),
    ],
)
async def test_what_is_not_a_table_is_refused(
    client: httpx.AsyncClient, tmp_path: Path, name: str, status: int, code: str
) -> None:
    answer = await send(client, name, b"x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert kept(tmp_path) == []


async def test_json_and_forms_are_refused(client: httpx.AsyncClient, tmp_path: Path) -> None:
    for kind in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
        answer = await send(client, "a.csv", b'{"filepath": "/etc/passwd"}', **{"content-type": kind})
        assert answer.status_code == 415
    assert kept(tmp_path) == []


async def test_an_empty_file_leaves_nothing(client: httpx.AsyncClient, tmp_path: Path) -> None:
    answer = await send(client, "a.csv", b"")
    assert answer.json()["error"]["code"] == "dataset.empty"
    assert list((tmp_path / "uploads").iterdir()) == []


async def test_an_upload_that_is_cut_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    parts = iter([{"type": "http.request", "body": b"a,b\n", "more_body": True}, {"type": "http.disconnect"}])
    answers: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return next(parts)

    async def send_back(message: dict[str, object]) -> None:
        answers.append(message)

    headers = [(b"content-type", b"application/octet-stream"), (upload.NAME_HEADER.encode(), b"a.csv")]
    scope = {"type": "http", "method": "POST", "path": UPLOAD_PATH, "headers": headers, "query_string": b""}
    await Starlette(routes=[*ROUTES])(scope, receive, send_back)  # type: ignore[arg-type]
    assert answers[0]["status"] == 400
    assert kept(tmp_path) == []


async def test_every_file_that_a_picker_offers_is_accepted(client: httpx.AsyncClient) -> None:
    specs = [module.spec() for module in Library.scan()]
    fields = [field for spec in specs for field in fields_of(Node(spec.id, spec.id), spec, {}, [])]
    offered = {suffix for field in fields if field.editor == "file" for suffix in field.accept.split(",")}
    assert {".onnx", ".csv", ".parquet"} <= offered
    for suffix in offered:
        assert (await send(client, f"file{suffix}", b"a\n1\n")).status_code == 200, suffix
