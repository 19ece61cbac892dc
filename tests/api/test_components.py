"""Snapshots and components over HTTP."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from blake3 import blake3

from designer.store.artifacts.trees import pack
from tests.api.conftest import Client
from tests.served import Served

ZIP = {"content-type": "application/zip"}


@pytest.fixture
def packed(tmp_path: Path) -> bytes:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "main.py").write_text("print('hello')\n")
    pack(tmp_path / "source", tmp_path / "packed.zip")
    return (tmp_path / "packed.zip").read_bytes()


def spec(name: str = "hello", version: str = "", code: str = "", program: str = "main.py") -> dict[str, Any]:
    command = {"kind": "python", "program": program, "arguments": []}
    return {"name": name, "version": version, "command": command, "code": code}


def kept(client: Client, packed: bytes) -> str:
    digest = blake3(packed).hexdigest()
    assert client.put(f"/snapshots/{digest}", content=packed, headers=ZIP).status_code in (200, 201)
    return digest


def test_a_snapshot_is_asked_for_sent_once_and_kept(client: Client, packed: bytes) -> None:
    digest = blake3(packed).hexdigest()
    assert client.head(f"/snapshots/{digest}").status_code == 404
    assert client.put(f"/snapshots/{digest}", content=packed, headers=ZIP).status_code == 201
    assert client.head(f"/snapshots/{digest}").status_code == 200
    assert client.put(f"/snapshots/{digest}", content=packed, headers=ZIP).status_code == 200


def archive(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", compression) as opened:
        for name, content in entries:
            opened.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"no zip", "is no zip archive"),
        (archive(("../x.py", b"1")), "is not a plain relative name"),
        (archive(("/x.py", b"1")), "is not a plain relative name"),
        (archive(("a\\b", b"1")), "is not a plain relative name"),
        (archive(("x", b"0" * 100_000), compression=zipfile.ZIP_DEFLATED), "compressed"),
        (archive(("x.py", b"1234567"))[:-30], "is no zip archive"),
        (archive(("x.py", b"1234567")).replace(b"1234567", b"1234568", 1), "cannot be used (x.py)"),
    ],
)
def test_an_archive_that_is_not_safe_is_refused(client: Client, content: bytes, words: str) -> None:
    digest = blake3(content).hexdigest()
    error = client.refusal("PUT", f"/snapshots/{digest}", 422, content=content, headers=ZIP)
    assert words in error["message"]
    assert client.head(f"/snapshots/{digest}").status_code == 404


def test_a_snapshot_under_another_digest_is_refused(client: Client, packed: bytes) -> None:
    for digest in ("0" * 64, "x", "..%2F..%2Fetc"):
        error = client.refusal("PUT", f"/snapshots/{digest}", 422, content=packed, headers=ZIP)
        assert "another digest" in error["message"]


def test_a_component_is_registered_listed_changed_and_archived(client: Client, packed: bytes) -> None:
    code = kept(client, packed)
    path = "/components/hello/versions/1.3"
    first = client.put(path, json={"spec": spec(code=code)})
    assert (first.status_code, first.json()["is_default"]) == (201, True), first.text
    assert client.put(path, json={"spec": spec(code=code)}).status_code == 200
    other = {"spec": {**spec(code=code), "files": {"main.py": "1"}}}
    assert client.refusal("PUT", path, 409, json=other)["code"] == "component.version_taken"
    numbered = client.post("/components", json=other)
    assert (numbered.status_code, numbered.json()["version"]) == (201, "1")
    assert client.post("/components", json=other).status_code == 200
    assert [row["version"] for row in client.get("/components/hello/versions").json()] == ["1", "1.3"]
    assert client.get("/components/hello").json()["version"] == "1"
    assert client.patch("/components/hello", json={"default": "1.3"}).json()["version"] == "1.3"
    assert "hello" in [row["name"] for row in client.get("/components").json()]
    client.patch("/components/hello", json={"archived": True})
    assert "hello" not in [row["name"] for row in client.get("/components").json()]
    assert client.get(path).json()["spec"]["code"] == code
    client.refusal("GET", "/components/hello/versions/2", 404)
    client.refusal("PATCH", "/components/nobody", 404, json={"archived": True})


def test_a_kept_component_is_found_by_its_version_but_not_listed(client: Client, packed: bytes) -> None:
    order = {"spec": spec("quiet", code=kept(client, packed)), "anonymous": True}
    made = client.post("/components", json=order)
    assert (made.status_code, made.json()["is_anonymous"]) == (201, True)
    assert client.post("/components", json=order).status_code == 200
    assert client.get(f"/components/quiet/versions/{made.json()['version']}").status_code == 200
    assert "quiet" not in [row["name"] for row in client.get("/components").json()]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"code": "0" * 64}, "the code of 'hello' is not there"),
        ({"name": "a/b"}, "is not a name and version"),
        ({"version": "../1"}, "is not a name and version"),
        ({"name": "x" * 300}, "is not a name and version"),
        ({"command": {"kind": "sh", "program": "x", "arguments": []}}, "spec.command.kind"),
        ({"command": 1}, "spec.command"),
        ({"inputs": [{"name": "a", "type": "cloud"}]}, "spec.inputs.0.type"),
        ({"inputs": [{"name": "a"}, {"name": "a"}]}, "'a'"),
    ],
)
def test_a_component_that_is_none_is_refused_with_the_field(client: Client, wrong: dict[str, Any], words: str) -> None:
    error = client.refusal("POST", "/components", 422, json={"spec": {**spec(), **wrong}})
    assert words in error["message"]


def test_keeping_needs_run_and_registering_write(server: Served, packed: bytes) -> None:
    with Client(server, server.new_token("run", "keeper")) as keeper:
        order = {"spec": spec("kept", code=kept(keeper, packed))}
        assert keeper.post("/components", json={**order, "anonymous": True}).status_code == 201
        assert "this needs write" in keeper.refusal("POST", "/components", 403, json=order)["message"]
