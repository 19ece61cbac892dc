"""The download route serves scored files only, by their id only."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from designer.ui.http.scored_file import ROUTE, SCORED, address

ID = "0123456789ab"


@pytest.fixture
async def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path))
    folder = tmp_path / "uploads" / ID
    (folder / SCORED).mkdir(parents=True)
    (folder / "data.csv").write_text("secret\n")
    (folder / SCORED / "data.scored.csv").write_text("a,Scored Labels\n1,yes\n")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=[ROUTE])), base_url="http://t"
    ) as opened:
        yield opened


async def test_the_scored_file_is_an_attachment(client: httpx.AsyncClient) -> None:
    answer = await client.get(address(ID, "scored"))
    assert answer.text == "a,Scored Labels\n1,yes\n"
    assert answer.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path",
    [
        address(ID, "errors"), address(ID, "data.csv"), address("ffffffffffff", "scored"), address("..", "scored"),
        "/download/scored/..%2F..%2Fetc", f"/download/..%2F{ID}/scored",
    ],
)  # fmt: skip
async def test_nothing_else_can_be_fetched(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
