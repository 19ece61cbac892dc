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

from designer.contract.catalogue.library import Library
from designer.contract.errors import DesignerError
from designer.engine.importing import import_dataset
from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.store.records import ACTIVE, NodeRun
from designer.store.workspace import Workspace, open_workspace
from tests.hardening.intact import broken, moment

NODE_SECONDS, NODE_GIGABYTES = 8, 1.5


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until the condition holds; fail after some seconds."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "the condition did not hold in time"
        time.sleep(0.02)


@dataclass
class Laboratory:
    """A workspace with a running engine, in which rows are tried."""

    workspace: Workspace
    library: Library
    engine: int

    def add(self, file: Path, name: str) -> str:
        """Add a file as a dataset; return its size, or the reason for its refusal."""
        try:
            row = import_dataset(self.workspace, self.library, file, name)
        except DesignerError as error:
            return f"refused: {error}"
        return f"accepted: {row.rows} x {row.columns}"

    def run(self, pipeline: Pipeline) -> dict[str, NodeRun]:
        """Run a pipeline; return the state of each node."""
        run = self.workspace.runs.create(to_document(pipeline))
        wait_for(lambda: self.workspace.runs.get(run.id).state not in ACTIVE, 120)
        return self.workspace.runs.nodes(run.id)

    def answer_of(self, pipeline: Pipeline, node: str) -> str:
        """Run a pipeline; return the number of rows of a node's outputs, or its outcome and error."""
        row = self.run(pipeline)[node]
        if row.state == "finished":
            return "accepted: " + ", ".join(str(stored["summary"].get("rows")) for stored in row.outputs.values())
        return f"{row.outcome or row.state}: {(row.error or {}).get('message', '')}"

    def try_row(self, attempt: Callable[[], str], letters: str = "DATSX") -> str:
        """Make an attempt with a bad input and return its answer; fail if it changed anything else."""
        before = moment(self.workspace, self.engine)
        answer = attempt()
        wait_for(lambda: "T" not in {line[0] for line in broken(before, self.workspace, letters="T")}, 10)
        assert broken(before, self.workspace, answer, letters) == []
        return answer


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laboratory]:
    folder = tmp_path_factory.mktemp("laboratory") / "workspace"
    with open_workspace(folder) as workspace:
        workspace.drafts.create("bystander", {"nodes": {}})
        workspace.datasets.register("bystander", pd.DataFrame({"x": [1.0, 2.0], "y": ["a", "b"]}))
        limits = ["--seconds", str(NODE_SECONDS), "--memory", str(NODE_GIGABYTES)]
        command = [
            sys.executable,
            "-m",
            "designer.engine.service.daemon",
            "--workspace",
            str(folder),
            "--slots",
            "2",
            *limits,
        ]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as engine:
            wait_for(workspace.engine_is_running)
            yield Laboratory(workspace, workspace.library(), engine.pid)
            engine.terminate()
