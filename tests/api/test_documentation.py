"""docs/rest.md tells the truth: its commands run as they stand, and it names every operation."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from designer.api.limits import Limits
from designer.api.routes import all_operations
from designer.engine.service.idle import start_engine
from tests.fenced import blocks
from tests.sdk.conftest import end_engine
from tests.served import FILE_BYTES, Served

PAGE = (Path(__file__).parents[2] / "docs" / "rest.md").read_text(encoding="utf-8")


def test_its_commands_run_as_they_stand(server: Served, tmp_path: Path) -> None:
    """Read-only names of this test: the server has another address, and the command `designer` is in the checkout."""
    commands = "\n".join(block.text for block in blocks(PAGE)).replace("http://127.0.0.1:8321", server.address)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "DESIGNER_WORKSPACE": str(server.folder)}
    start_engine(server.folder, 60)
    try:
        ended = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands], cwd=tmp_path, env=environment, capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
    finally:
        end_engine(server.folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert '"engine":' in ended.stdout
    assert "age,income\n31,high\n24,low\n52,high\n" in ended.stdout
    assert ended.stdout.endswith("age,income\n24,low\n31,high\n52,high\n")
    (run,) = json.loads((tmp_path / "runs.json").read_text())
    assert (run["tags"], run["state"]) == ({"ticket": "42"}, "finished")
    assert json.loads((tmp_path / "changed.json").read_text())["description"] == "By curl"


def test_it_names_every_operation() -> None:
    rows = "\n".join(re.findall(r"^\| `.*$", PAGE, re.M))
    spans = re.findall(r"`((?:[A-Z]+, )*[A-Z]+) (/[^`]*)`", rows)
    named = {(method, path) for methods, path in spans for method in methods.split(", ")}
    assert named == {(each.method, each.path) for each in all_operations(Limits(FILE_BYTES), "0")}
