"""The download route serves exported files only, by their id only, and for a limited time."""

import json
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from designer.contract.errors import FileMissing
from designer.pipeline.document import loads, to_document
from designer.samples.templates import template
from designer.ui.http.exported_file import KEPT_SECONDS, ROUTE, address, export_draft, export_endpoint, new_place
from designer.ui.workspace import workspace


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Starlette(routes=[ROUTE]))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as opened:
        yield opened


async def test_the_file_is_an_attachment_under_its_name(client: httpx.AsyncClient) -> None:
    id, place = new_place()
    (place / "people.onnx").write_bytes(b"a model")
    answer = await client.get(address(id))
    assert answer.content == b"a model"
    assert answer.headers["content-disposition"] == 'attachment; filename="people.onnx"'


@pytest.mark.parametrize("id", ["ffffffffffff", "..", "..%2Fdesigner.db", "", "*", "download-ffffffffffff"])
async def test_nothing_else_can_be_fetched(client: httpx.AsyncClient, id: str) -> None:
    _, place = new_place()
    (place / "people.onnx").write_bytes(b"a model")
    assert (await client.get(address(id))).status_code == 404


async def test_a_file_that_is_still_written_is_not_there_yet(client: httpx.AsyncClient) -> None:
    id, place = new_place()
    (place / "files").mkdir()
    assert (await client.get(address(id))).status_code == 404


def test_old_files_go_when_the_next_is_made() -> None:
    (_, old), (_, young) = new_place(), new_place()
    long_ago = time.time() - KEPT_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    new_place()
    assert not old.exists()
    assert young.exists()


@pytest.mark.parametrize(
    ("title", "name"), [("Größe / Preis: 2", "größe-preis-2"), ("../..", "pipeline"), ("A" * 200, "a" * 80)]
)
def test_a_document_is_called_after_its_pipeline(folder: Path, title: str, name: str) -> None:
    sample = template("tumour-check")
    assert sample is not None
    draft = workspace().drafts.create(title, {**to_document(sample.pipeline), "name": title})
    _, place = new_place()
    assert export_draft(str(folder), str(place), draft.id, "json") == f"{name}.json"
    written = (place / f"{name}.json").read_text()
    assert to_document(loads(written.encode())) == json.loads(written)


def test_what_is_not_there_is_said(folder: Path) -> None:
    _, place = new_place()
    with pytest.raises(FileMissing):
        export_draft(str(folder), str(place), "no-such", "json")
    with pytest.raises(FileMissing, match="no-such"):
        export_endpoint(str(folder), str(place), "no-such", "onnx")
    assert list(place.iterdir()) == []
