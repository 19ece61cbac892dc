"""docs/ten-minutes.md, run from top to bottom as it stands."""

from __future__ import annotations

import linecache
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from designer.serving.address import free_port
from designer.store.workspace import open_workspace
from tests.fenced import Block, blocks
from tests.sdk.conftest import end_engine
from tests.serving.conftest import ended, started

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ten-minutes.md").read_text(encoding="utf-8")
STARTS = ["pip install .", "designer start"]
"""What tests/test_readme.py runs."""


@pytest.fixture
def scoring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a scoring process on the workspace of the folder that the page is read in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DESIGNER_WORKSPACE", str(tmp_path / ".designer"))
    open_workspace(tmp_path / ".designer").close()
    port = free_port()
    process = started(tmp_path / ".designer", port)
    yield port
    end_engine(tmp_path / ".designer")
    assert ended(process) == 0


def run_in_bash(block: Block, port: int) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    text = block.text.replace("http://127.0.0.1:8322", f"http://127.0.0.1:{port}")
    command = ["bash", "-euo", "pipefail", "-c", text]
    result = subprocess.run(command, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=180)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_it_leads_from_a_dataset_to_a_schedule_with_runs(
    scoring: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    printed: dict[str, str] = {}
    for block in blocks(PAGE):
        if block.heading == "Install and start":
            assert block.commands == STARTS
        elif block.language == "bash":
            printed[block.heading] = printed.get(block.heading, "") + run_in_bash(block, scoring)
        else:
            name = f"docs/ten-minutes.md, {block.heading}, {block.place}"
            linecache.cache[name] = (len(block.text), None, block.text.splitlines(True), name)  # as notebooks do
            exec(compile(block.text, name, "exec"), names)
            printed[block.heading] = printed.get(block.heading, "") + capsys.readouterr().out
    names["ws"].close()
    assert "No problems." in printed["A pipeline"]
    assert "waits for Score Model" in printed["A pipeline"]
    changes = printed["Change one line"]
    assert "split-data                   reused    same as before" in changes
    assert "two-class-decision-forest    finished  runs again: Number of decision trees 20 -> 100" in changes
    assert "[1878.0, 2010.0, 2250.0, 2499.0, 2501.0]" in printed["A component"]
    assert printed["Publish it"].endswith("172 scored.csv\n")
    assert "Scored Labels" in (tmp_path / "scored.csv").read_text().partition("\n")[0]
    assert "fired by hand" in printed["Schedule it"]
    assert sum(" finished 0.9" in line for line in printed["Schedule it"].splitlines()) >= 4


def test_its_links_lead_to_pages_and_headings_that_are_there() -> None:
    sdk = (ROOT / "docs" / "sdk.md").read_text(encoding="utf-8")
    assert "## Pipelines written for Azure ML\n" in sdk
    assert "(sdk.md#pipelines-written-for-azure-ml)" in PAGE
    assert (ROOT / "docs" / "rest.md").is_file()
    assert "docs/ten-minutes.md" in (ROOT / "README.md").read_text(encoding="utf-8")
