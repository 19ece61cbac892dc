"""Every block of docs/sdk.md, run in order as it stands."""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import Any

import pytest

from tests.fenced import blocks
from tests.sdk.conftest import end_engine
from tests.served import Served

ROOT = Path(__file__).parents[2]


def test_every_block_runs_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: Served
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path / ".designer"))
    monkeypatch.setenv("DESIGNER_TOKEN", server.token)
    page = blocks((ROOT / "docs" / "sdk.md").read_text(encoding="utf-8"))
    readme = [
        command for block in blocks((ROOT / "README.md").read_text(encoding="utf-8")) for command in block.commands
    ]
    names: dict[str, Any] = {}
    try:
        for block in page:
            if block.language == "bash":
                assert block.text in readme, "test_readme runs it"
            else:
                name = f"docs/sdk.md, {block.heading}"
                text = block.text.replace("http://127.0.0.1:8321", server.address)
                linecache.cache[name] = (len(text), None, text.splitlines(True), name)  # as notebooks do
                exec(compile(text, name, "exec"), names)
    finally:
        if "ws" in names:
            names["ws"].close()
        end_engine(tmp_path / ".designer")
    printed = capsys.readouterr().out
    assert "No problems." in printed
    assert "m.split_data(dataset" in names["code"]
    assert (tmp_path / "scored.csv").is_file()
    assert f"{server.address}/runs/" in printed
    assert [block.heading for block in page if block.language not in ("bash", "python")] == []
