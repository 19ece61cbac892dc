"""Where the scoring process of a workspace listens."""

from __future__ import annotations

import json
import os
import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path

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
    try:
        if json.loads(place.read_text())["pid"] == os.getpid():
            place.unlink()
    except (OSError, ValueError, KeyError):
        return


def scoring_port(workspace: Path) -> int | None:
    """The port of the workspace's scoring process; None where none answers."""
    try:
        port = int(json.loads((workspace / FILE).read_text())["port"])
    except (OSError, ValueError, KeyError):
        return None
    return port if answers(port) else None


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
