"""A served workspace with one finished run, shared by the tests of the API, and an HTTP client for each scope."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from designer.api.application import PREFIX
from designer.engine.run import execute
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import open_workspace
from tests.served import Served, served

SCRIPT = "def azureml_main(a, b):\n    print('printed words')\n    return a,\n"


def small(seed: int = 1, name: str = "Small") -> Pipeline:
    """Rows typed in, divided, and handed to a script that prints."""
    nodes = [
        Node("rows", "enter-data-manually", 1, {"data": "a,b\n" + "".join(f"{n},{n % 3}\n" for n in range(20))}),
        Node("split", "split-data", 1, {"fraction": 0.5, "seed": seed}),
        Node("script", "execute-python-script", 1, {"script": SCRIPT}),
    ]
    edges = (Edge("rows", "dataset", "split", "dataset"), Edge("split", "results_dataset1", "script", "dataset1"))
    return Pipeline(name=name, nodes={node.id: node for node in nodes}, edges=edges)


class Client(httpx.Client):
    """A client of the API with a token."""

    def __init__(self, server: Served, token: str | None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        super().__init__(base_url=f"{server.address}{PREFIX}", headers=headers, timeout=60)

    def refusal(self, method: str, path: str, status: int, **request: Any) -> dict[str, Any]:
        """The error of a request that is refused with a status."""
        answer = self.request(method, path, **request)
        assert answer.status_code == status, answer.text
        error: dict[str, Any] = answer.json()["error"]
        assert set(error) == {"code", "message", "where", "hint", "request_id", "type", "found"}
        assert "Traceback" not in answer.text
        return error


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("api") / "workspace"
    with open_workspace(folder) as workspace:
        assert execute(small(), workspace.library(), workspace, slots=1).state == "finished"
    with served(folder) as running:
        yield running


@pytest.fixture(scope="session")
def client(server: Served) -> Iterator[Client]:
    """A client that may do everything."""
    with Client(server, server.token) as client:
        yield client


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    return to_document(small())
