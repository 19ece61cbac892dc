"""A workspace with two deployed endpoints, one per engine, and a scoring process that serves them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import orjson
import pytest

from designer.contract.catalogue.library import Library
from designer.inference.create import create
from designer.pipeline.graph import Node, Pipeline
from designer.serving.address import HOST, free_port
from designer.serving.client import wait_until_ready
from designer.serving.endpoints import Deployed, deploy
from designer.store.workspace import Workspace, open_workspace
from tests.trained import people, people_pipeline, recorded, wire

ROW: dict[str, Any] = {"age": 40, "hours": 38.5, "work": "State", "member": True}
SCRIPT = """
import time

def azureml_main(dataframe1=None, dataframe2=None):
    print("a line that is no answer")
    if (dataframe1["age"] == 13).any():
        raise ValueError("thirteen")
    if (dataframe1["age"] == 14).any():
        time.sleep(60)
    if (dataframe1["age"] == 16).any():
        time.sleep(0.15)
    if (dataframe1["age"] == 15).any():
        import os
        os._exit(3)
    return dataframe1,
"""


@dataclass(frozen=True)
class Served:
    """A running scoring process with its workspace and endpoints."""

    workspace: Workspace
    library: Library
    port: int
    keys: dict[str, str]
    """The primary key of each endpoint."""
    deployed: dict[str, Deployed]

    def post(
        self, endpoint: str, body: Any, *, key: str | None = None, path: str | None = None, method: str = "POST",
        **headers: str,
    ) -> tuple[int, Any]:  # fmt: skip
        """Send a request; return the status and the document. `headers` take underscores for hyphens."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        key = self.keys[endpoint] if key is None else key
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection(HOST, self.port, timeout=30)
        try:
            connection.request(method, path or f"/endpoints/{endpoint}/score", content, sent)
            response = connection.getresponse()
            answer = response.read()
            return response.status, orjson.loads(answer) if answer[:1] in b"{[" else answer.decode()
        finally:
            connection.close()

    def score(self, endpoint: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The scored rows; asserts that the request succeeds."""
        status, answer = self.post(endpoint, {"Inputs": {"WebServiceInput0": rows}, "GlobalParameters": {}})
        assert status == 200, answer
        scored: list[dict[str, Any]] = answer["Results"]["WebServiceOutput0"]
        return scored


def logistic() -> Pipeline:
    return people_pipeline("two-class-logistic-regression", "income")


def scripted() -> Pipeline:
    """The same pipeline with a user's script before scoring, which cannot be converted to ONNX."""
    pipeline = logistic()
    script = Node("script", "execute-python-script", parameters={"script": SCRIPT})
    old = wire("select.results_dataset > clean.dataset")
    edges = [e for e in pipeline.edges if e != old]
    edges += [wire("select.results_dataset > script.dataset1"), wire("script.result_dataset > clean.dataset")]
    return replace(pipeline, nodes={**pipeline.nodes, "script": script}, edges=tuple(edges))


def deployed(workspace: Workspace, library: Library, pipeline: Pipeline, name: str) -> Deployed:
    """Train, create the inference pipeline, deploy."""
    answer = create(workspace, recorded(pipeline, workspace, library), "realtime", library)
    assert answer.problems == []
    return deploy(workspace, library, answer.pipeline, name)


def started(folder: Path, port: int, *options: str) -> subprocess.Popen[bytes]:
    """Start a scoring process and wait until it is ready."""
    command = [sys.executable, "-m", "designer.serving.server", "--workspace", str(folder), "--port", str(port)]
    process = subprocess.Popen([*command, "--timeout", "2", *options], stderr=subprocess.DEVNULL)
    wait_until_ready(port, process)
    return process


def ended(process: subprocess.Popen[bytes]) -> int:
    """Stop a process with SIGTERM, as a supervisor would; return its exit code."""
    os.kill(process.pid, signal.SIGTERM)
    return process.wait(timeout=30)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("serving")
    library = Library.scan()
    with open_workspace(folder) as workspace:
        workspace.datasets.register("people", people())
        endpoints = {
            "income": deployed(workspace, library, logistic(), "income"),
            "scripted": deployed(workspace, library, scripted(), "scripted"),
        }
        port = free_port()
        process = started(folder, port)
        try:
            keys = {name: one.keys["primary"] for name, one in endpoints.items()}
            yield Served(workspace, library, port, keys, endpoints)
        finally:
            assert ended(process) == 0
