"""An HTTP client of the scoring process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import Any

from designer.contract.errors import DesignerError
from designer.engine.children.lifeline import environment
from designer.inference.rows import ROW_LIMIT
from designer.serving.address import HOST, answers, free_port, scoring_port
from designer.serving.workers.wire import Refused

START_SECONDS = 120.0
BYTES = 900 * 1024


class NoScoringProcess(DesignerError):
    """The scoring process does not answer."""


class Client:
    """Score rows at a path of the scoring process, over one persistent connection."""

    def __init__(self, port: int, path: str, key: str | None, seconds: float = 60.0) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=seconds)
        self._path = path
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    def score(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Score rows, one answer each; raises Refused with the server's status and message."""
        answered: list[dict[str, Any]] = []
        for part in _parts(rows):
            document = self.post({"Inputs": {"WebServiceInput0": part}, "GlobalParameters": {}})
            answered += next(iter(document["Results"].values()))
        return answered

    def post(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request; raises Refused or NoScoringProcess."""
        try:
            self._connection.request("POST", self._path, json.dumps(request).encode(), self._headers)
            response = self._connection.getresponse()
            document: dict[str, Any] = json.loads(response.read())
        except (OSError, HTTPException, ValueError) as cause:
            self._connection.close()
            raise NoScoringProcess("the scoring process does not answer", "Start it again.") from cause
        if response.status != 200:
            error = document["error"]
            column = error.get("where", {}).get("column", "")
            raise Refused(response.status, error["code"], error["message"].rstrip("."), column=column)
        return document

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@contextmanager
def scoring_process(workspace: Path) -> Iterator[int]:
    """Yield the port of the workspace's scoring process; if none runs, start one for the duration of the block."""
    port = scoring_port(workspace)
    if port is not None:
        yield port
        return
    port = free_port()
    command = [sys.executable, "-m", "designer.serving.server", "--workspace", str(workspace), "--port", str(port)]
    process = subprocess.Popen(  # noqa: S603
        [*command, "--check"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    )
    try:
        wait_until_ready(port, process)
        yield port
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_until_ready(port: int, process: subprocess.Popen[bytes] | None = None, path: str = "/readyz") -> None:
    """Wait until a path answers 200; raises NoScoringProcess."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and (process is None or process.poll() is None):
        if answers(port, path):
            return
        time.sleep(0.05)
    raise NoScoringProcess("the scoring process did not start", "See its log.")


def wait_until_followed(
    workspace: Path, name: str, version: int | None, keys: Iterable[str] = (), *, is_paused: bool = False
) -> None:
    """Wait until a running scoring process serves the stored state: this version, these keys.

    Returns at once if none runs: the next one loads the stored state. Raises NoScoringProcess where the version cannot
    be loaded, or the change is not picked up within START_SECONDS.
    """
    until = time.monotonic() + START_SECONDS
    waiting = list(keys)
    while time.monotonic() < until:
        port = scoring_port(workspace)
        if port is None:
            return
        facts = _facts(port, f"/endpoints/{name}")
        if version is None or (facts.get("version"), facts.get("status")) == (version, _STATUS[is_paused]):
            waiting = [key for key in waiting if not is_open(port, f"/endpoints/{name}", key)]
            if not waiting:
                return
        elif facts.get("problem"):
            raise NoScoringProcess(facts["problem"], "Deploy it again.")
        time.sleep(0.05)
    raise NoScoringProcess("the scoring process does not pick up changes of the workspace", "Start it again.")


_STATUS = {True: "paused", False: "ready"}


def is_open(port: int, address: str, key: str) -> bool:
    """Whether a key opens an endpoint or version at an address, as `/endpoints/census`; not counted as a request."""
    return _facts(port, address, {"Authorization": f"Bearer {key}"}).get("opens") is True


def _facts(port: int, address: str, headers: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """The readiness document of an endpoint or version; empty if it does not answer."""
    connection = HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", f"{address}/ready", headers=dict(headers))
        facts = json.loads(connection.getresponse().read())
    except (OSError, HTTPException, ValueError):
        return {}
    finally:
        connection.close()
    return facts if isinstance(facts, dict) else {}


def _parts(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Split rows into requests within the limits of row count and body size."""
    size = max(len(json.dumps(row)) for row in rows[:50]) if rows else 1
    step = max(1, min(ROW_LIMIT, BYTES // (2 * size)))
    for start in range(0, len(rows), step):
        yield rows[start : start + step]


def wait_until_loaded(port: int, name: str, version: int) -> None:
    """Wait until a staged version is ready; raises NoScoringProcess with the reason where it cannot be loaded."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", f"/endpoints/{name}/versions/{version}/ready")
            response = connection.getresponse()
            facts = json.loads(response.read())
        except (OSError, HTTPException, ValueError) as error:
            raise NoScoringProcess("the scoring process ended", "See its log.") from error
        finally:
            connection.close()
        if response.status == 200:
            return
        if facts.get("problem"):
            raise NoScoringProcess(facts["problem"], "Deploy it again.")
        time.sleep(0.05)
    raise NoScoringProcess(f"version {version} did not load within {START_SECONDS:g} seconds", "See the log.")
