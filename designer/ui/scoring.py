"""Query the scoring process for the endpoint page. Blocking: call from threads only."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from designer.contract.errors import DesignerError
from designer.serving.address import HOST, scoring_port
from designer.serving.client import Client
from designer.serving.workers.wire import Refused
from designer.workbench.workbench import Workbench

_SECONDS = 3.0


@dataclass(frozen=True)
class Health:
    """The state of an endpoint now; `status` is empty where the scoring process does not answer."""

    address: str = ""
    status: str = ""
    version: int = 0
    engine: str = ""
    problem: str = ""
    minutes: list[dict[str, Any]] = field(default_factory=list)
    hour: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """A response: status, document or message, and latency."""

    status: int
    milliseconds: float
    document: dict[str, Any] | None = None
    problem: str = ""
    code: str = ""
    column: str = ""
    """The field to blame."""


def health(workspace: Path, name: str) -> Health:
    """Query the state of an endpoint from the scoring process of a workspace folder."""
    port = scoring_port(workspace)
    if port is None:
        return Health()
    ready = _get(port, f"/endpoints/{name}/ready")
    statistics = _get(port, f"/endpoints/{name}/statistics")
    return Health(
        f"http://{HOST}:{port}",
        str(ready.get("status", "")),
        int(ready.get("version") or 0),
        str(ready.get("engine", "")),
        str(ready.get("problem", "")),
        list(statistics.get("minutes", [])),
        dict(statistics.get("hour", {})),
    )


def ask(bench: Workbench, name: str, request: Mapping[str, Any]) -> Reply:
    """Send a scoring request over HTTP like any client, with the primary key, else the secondary."""
    port = scoring_port(bench.workspace.path)
    if port is None:
        return Reply(0, 0.0, problem="The scoring process does not answer. Start Designer again.")
    key = bench.endpoints.reveal(name, "primary") or bench.endpoints.reveal(name, "secondary")
    client = Client(port, f"/endpoints/{name}/score", key, 30.0)
    began = time.perf_counter()
    try:
        document = client.post(dict(request))
    except Refused as refused:
        problem, code = str(refused), refused.code or ""
        return Reply(refused.status, _since(began), problem=problem, code=code, column=refused.column)
    except DesignerError as error:
        return Reply(0, _since(began), problem=str(error))
    finally:
        client.close()
    return Reply(200, _since(began), document)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)


def _get(port: int, path: str) -> dict[str, Any]:
    connection = HTTPConnection(HOST, port, timeout=_SECONDS)
    try:
        connection.request("GET", path)
        document = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return document if isinstance(document, dict) else {}
