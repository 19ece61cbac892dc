"""Where the scoring process of a workspace listens."""

from __future__ import annotations

import json
import os
import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from designer.store.kept import read_object

FILE = "scoring.json"
HOST = "127.0.0.1"


def write_address(workspace: Path, port: int) -> None:
    """Say where the scoring process listens."""
    place = workspace / FILE
    part = place.with_name(f".{FILE}.{os.getpid()}")
    part.write_text(json.dumps({"pid": os.getpid(), "port": port}))
    part.replace(place)


def remove_address(workspace: Path) -> None:
    """Take back what this process wrote."""
    place = workspace / FILE
    if scoring_pid(workspace) == os.getpid():
        place.unlink(missing_ok=True)


def scoring_port(workspace: Path) -> int | None:
    """The port of the workspace's scoring process; None where none answers."""
    port = _written(workspace, "port")
    return port if port is not None and 0 < port < 65536 and answers(port) else None


def scoring_pid(workspace: Path) -> int | None:
    """The process that wrote where it listens; None where none did."""
    return _written(workspace, "pid")


def _written(workspace: Path, name: str) -> int | None:
    value = (read_object(workspace / FILE) or {}).get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def scoring_address(workspace: Path) -> str | None:
    """The address of the workspace's scoring process; None where none answers."""
    port = scoring_port(workspace)
    return f"http://{HOST}:{port}" if port else None


def answers(port: int, path: str = "/readyz") -> bool:
    """Whether a scoring process is ready at a port."""
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a port can be listened on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
