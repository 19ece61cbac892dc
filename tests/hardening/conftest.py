"""A workspace and a real engine process, shared by all rows of a file."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from designer.contract.errors import DesignerError
from designer.contract.library import Library
from designer.engine.importing import import_dataset
from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.store.records import ACTIVE, NodeRun
from designer.store.workspace import Workspace, open_workspace
from tests.hardening.intact import broken, moment

NODE_SECONDS, NODE_GIGABYTES = 8, 1.5


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something has come to pass."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)


@dataclass
class Laboratory:
    """Where rows are tried."""

    workspace: Workspace
    library: Library
    engine: int

    def add(self, file: Path, name: str) -> str:
        """What is said of a file that is to become a dataset: its size, or why not."""
        try:
            row = import_dataset(self.workspace, self.library, file, name)
        except DesignerError as error:
            return f"refused: {error}"
        return f"accepted: {row.rows} x {row.columns}"

    def run(self, pipeline: Pipeline) -> dict[str, NodeRun]:
        """What became of each node of a pipeline."""
        run = self.workspace.runs.create(to_document(pipeline))
        wait_for(lambda: self.workspace.runs.get(run.id).state not in ACTIVE, 120)
        return self.workspace.runs.nodes(run.id)

    def said_of(self, pipeline: Pipeline, node: str) -> str:
        """What is said of a node: its size, or how it ended and why."""
        row = self.run(pipeline)[node]
        if row.state == "finished":
            return "accepted: " + ", ".join(str(stored["summary"].get("rows")) for stored in row.outputs.values())
        return f"{row.outcome or row.state}: {(row.error or {}).get('message', '')}"

    def try_row(self, attempt: Callable[[], str], letters: str = "DATSX") -> str:
        """The answer to a bad input; fails where anything is not as before."""
        before = moment(self.workspace, self.engine)
        answer = attempt()
        wait_for(lambda: "T" not in {found[0] for found in broken(before, self.workspace, letters="T")}, 10)
        assert broken(before, self.workspace, answer, letters) == []
        return answer


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    folder = tmp_path_factory.mktemp("laboratory") / "workspace"
    with open_workspace(folder) as workspace:
        workspace.drafts.create("bystander", {"nodes": {}})
        workspace.datasets.register("bystander", pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]}))
        limits = ["--seconds", str(NODE_SECONDS), "--memory", str(NODE_GIGABYTES)]
        command = [sys.executable, "-m", "designer.engine.daemon", "--workspace", str(folder), "--slots", "2", *limits]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as engine:
            wait_for(workspace.engine_is_running)
            yield Laboratory(workspace, workspace.library(), engine.pid)
            engine.terminate()
