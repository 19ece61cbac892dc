"""The address file of a workspace's scoring process."""

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
    """Write this process's PID and port to the address file, atomically."""
    place = workspace / FILE
    part = place.with_name(f".{FILE}.{os.getpid()}")
    part.write_text(json.dumps({"pid": os.getpid(), "port": port}))
    part.replace(place)


def remove_address(workspace: Path) -> None:
    """Remove the address file if this process wrote it."""
    place = workspace / FILE
    if scoring_pid(workspace) == os.getpid():
        place.unlink(missing_ok=True)


def scoring_port(workspace: Path) -> int | None:
    """The port of the workspace's scoring process; None if none is ready there."""
    port = _written(workspace, "port")
    return port if port is not None and 0 < port < 65536 and answers(port) else None


def scoring_pid(workspace: Path) -> int | None:
    """The PID in the address file; None without one."""
    return _written(workspace, "pid")


def _written(workspace: Path, name: str) -> int | None:
    value = (read_object(workspace / FILE) or {}).get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def scoring_address(workspace: Path) -> str | None:
    """The base URL of the workspace's scoring process; None if none is ready."""
    port = scoring_port(workspace)
    return f"http://{HOST}:{port}" if port else None


def answers(port: int, path: str = "/readyz") -> bool:
    """Whether a scoring process answers 200 at a path on a port."""
    connection = HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """A TCP port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a port can be bound."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
