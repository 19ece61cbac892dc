"""Memory of page, engine and scoring process over many visits: `python -m tests.benchmarks.memory [visits]`.

A visit opens a page over a websocket, waits until it is filled and closes it. With each visit an endpoint
scores a row over HTTP; with every hundredth a pipeline is run. Prints a table of visits and megabytes, and exits with 1
if one of the processes grew by more than a tenth in the second half of the visits.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from designer.inference.create import create
from designer.pipeline.document import to_document
from designer.samples.templates import templates
from designer.serving.address import scoring_port
from designer.serving.client import Client, wait_until_followed
from designer.serving.endpoints import deploy
from designer.store.records import ACTIVE
from designer.store.sessions import Sessions
from designer.store.workspace import Workspace, open_workspace
from tests.browser.conftest import Server, free_port
from tests.browser.test_sessions import ROOT, Tab

NAME = "car-prices"
PROCESSES = {
    "page": "designer.ui.server",
    "engine": "designer.engine.service.daemon",
    "scoring": "designer.serving.server",
}
PAGES = ("/", "/pipelines", "/runs", "/models", "/datasets", "/endpoints")
FILLED = '"is_loaded_rx_state_":true'
RUN_EACH = 100
GROWTH = 0.10


def visit(server: Server, session: str, path: str) -> None:
    """Open a page like a new tab, wait until it is filled, and close it."""
    router = {"pathname": path, "query": {}, "asPath": path}
    event = {"name": f"{ROOT}.hydrate_and_load", "payload": {}, "router_data": router}
    with Tab(server, session, secrets.token_hex(16)) as tab:
        tab.say("42/_event," + json.dumps(["event", event]))
        tab.wait_for(FILLED)


def memory(server: Server) -> dict[str, float]:
    """Resident memory of each process in megabytes, by name."""
    assert server.process is not None
    family = psutil.Process(server.process.pid).children()
    members = {name: [each for each in family if module in each.cmdline()] for name, module in PROCESSES.items()}
    return {name: sum(each.memory_info().rss for each in some) / 2**20 for name, some in members.items()}


def run_once(workspace: Workspace, document: dict[str, object], pipeline: str) -> str:
    """Run a pipeline to its end in the engine process; return the id of the run."""
    run = workspace.runs.create(document, pipeline_id=pipeline)
    while workspace.runs.get(run.id).state in ACTIVE:
        time.sleep(0.05)
    return run.id


@dataclass(frozen=True)
class Live:
    """A live endpoint, and a row that it scores."""

    port: int
    key: str
    row: dict[str, Any]

    def client(self) -> Client:
        """A new connection to the endpoint."""
        return Client(self.port, f"/endpoints/{NAME}/score", self.key)


@contextmanager
def deployed(workspace: Workspace, run: str) -> Iterator[Live]:
    """Deploy the inference pipeline of a run and wait until the endpoint answers."""
    library = workspace.library()
    made = deploy(workspace, library, create(workspace, run, "realtime", library).pipeline, NAME)
    port, key = scoring_port(workspace.path), made.keys["primary"]
    assert port is not None
    wait_until_followed(workspace.path, NAME, made.version, [key])
    yield Live(port, key, workspace.endpoints.version(NAME).example["rows"][0])


def curve(visits: int, each: int, pause: float) -> list[dict[str, float]]:
    """Memory in megabytes by process, at the start and after every `each` visits."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), free_port(), runs_pipelines=True)
        server.start()
        try:
            return _visited(server, visits, each, pause)
        finally:
            server.stop()


def _visited(server: Server, visits: int, each: int, pause: float) -> list[dict[str, float]]:
    session = Sessions(server.workspace).redeem(Sessions(server.workspace).mint_code()) or ""
    points: list[dict[str, float]] = []
    sample = next(each for each in templates() if each.id == "car-prices")
    document = to_document(sample.pipeline)
    with open_workspace(server.workspace) as workspace:
        drafts = [workspace.drafts.create(f"Car prices {number}", document).id for number in range(20)]
        with deployed(workspace, run_once(workspace, document, drafts[0])) as live:
            client = live.client()
            for number in range(visits + 1):
                if number % each == 0:
                    time.sleep(pause)  # states of closed tabs expire after a while
                    points.append(memory(server))
                    sizes = ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in points[-1].items())
                    print(f"{number:>8} visits: {sizes}", flush=True)
                if number % RUN_EACH == 0:
                    run_once(workspace, document, drafts[number // RUN_EACH % len(drafts)])
                client.score([live.row])
                visit(server, session, PAGES[number % len(PAGES)])
    return points


def main() -> int:
    """Print the curve; return 1 if memory keeps growing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("visits", type=int, nargs="?", default=10_000)
    parser.add_argument("--each", type=int, default=1000)
    parser.add_argument("--pause", type=float, default=0.0)
    options = parser.parse_args()
    points = curve(options.visits, options.each, options.pause)
    middle, last = points[len(points) // 2], points[-1]
    return int(any(last[name] > middle[name] * (1 + GROWTH) for name in last))


if __name__ == "__main__":
    sys.exit(main())
