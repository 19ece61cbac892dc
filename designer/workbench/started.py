"""The Designer that runs on a workspace, and the addresses of its pages."""

from __future__ import annotations

import fcntl
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from designer.contract.errors import DesignerError
from designer.engine.service.idle import START_LOCK
from designer.store.sessions import Sessions

HOST = "127.0.0.1"


class NotStarted(DesignerError):
    """No Designer runs on the workspace."""


@dataclass(frozen=True)
class Started:
    """The Designer running on a workspace."""

    pid: int
    port: int


def started(workspace: Path) -> Started | None:
    """The Designer running on this workspace; None if there is none."""
    try:
        with (workspace / START_LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return read_start(workspace / START_LOCK)
    except OSError:
        return None
    return None


def page_address(workspace: Path, path: str) -> str | None:
    """The address of a page for a browser that is let in already; None if Designer does not run."""
    designer = started(workspace)
    return f"http://{HOST}:{designer.port}{path}" if designer is not None else None


def entrance(workspace: Path, path: str = "") -> str:
    """An address that lets a browser in, once and within a minute. Raises NotStarted."""
    designer = started(workspace)
    if designer is None:
        problem = f"Designer is not running on {workspace}"
        raise NotStarted(problem, f"Start it with: designer start --workspace {workspace}")
    query = f"&next={quote(path)}" if path else ""
    return f"http://{HOST}:{designer.port}/enter?code={Sessions(workspace).mint_code()}{query}"


def read_start(lock: Path) -> Started | None:
    """What `designer start` wrote into its lock; None where that cannot be read."""
    try:
        document = json.loads(lock.read_text())
        return Started(int(document["pid"]), int(document["port"]))
    except (OSError, ValueError, LookupError, TypeError):
        return None
