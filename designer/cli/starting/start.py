"""`designer start`: the web, engine and scoring processes of one workspace, supervised until Ctrl-C."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from designer import settings
from designer.cli.starting.ports import is_free, taken
from designer.cli.starting.supervisor import Process, supervise
from designer.engine.service.idle import START_LOCK as LOCK
from designer.store.folder import make_folders
from designer.workbench.started import Started, read_start


class CannotStart(Exception):
    """The environment prevents the start; the message names the remedy."""


def start(workspace: Path, port: int, *, open_browser: bool = True) -> int:
    """Run everything until Ctrl-C or SIGTERM, or until the page cannot be started; returns the exit code.

    Raises DesignerError if the folder cannot be written, CannotStart if a port is in use or another Designer holds the
    workspace.
    """
    make_folders(workspace)
    with _alone(workspace, port):
        for each in (port, port + 1):
            if not is_free(each):
                raise CannotStart(taken(each))
        signals: list[int] = []

        def on_signal(number: int, frame: FrameType | None) -> None:
            signals.append(number)

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, on_signal)
        return supervise(_processes(workspace, port, open_browser), lambda: bool(signals))


def _processes(workspace: Path, port: int, open_browser: bool) -> list[Process]:
    folder = ["--workspace", str(workspace)]
    web = ["designer.ui.server", *folder, "--port", str(port), *(["--open"] if open_browser else [])]
    limits = ["--runs", str(settings.runs_at_once()), "--waiting", str(settings.waiting_runs())]
    engine_lock = workspace / "engine.lock"
    return [
        Process("page", web, lambda pid: _answers(port), "there is no page", is_essential=True),
        Process(
            "engine",
            ["designer.engine.service.daemon", *folder, *limits],
            lambda pid: _holds(engine_lock, pid),
            "queued runs wait",
        ),
        Process(
            "scoring process",
            ["designer.serving.server", *folder, "--port", str(port + 1)],
            lambda pid: _answers(port + 1),
            "endpoints do not answer",
        ),
    ]


def _answers(port: int) -> bool:
    try:
        socket.create_connection((settings.HOST, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def _holds(lock: Path, pid: int) -> bool:
    try:
        return lock.read_text().strip() == str(pid)
    except OSError:
        return False


@contextmanager
def _alone(workspace: Path, port: int) -> Iterator[None]:
    """Hold the workspace's start lock, which is released however this process ends."""
    path = workspace / LOCK
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise CannotStart(f"The folder {workspace} cannot be locked ({error.strerror}). "
                                  "Choose one on a local disk: designer start --workspace DIR.") from None  # fmt: skip
            raise CannotStart(_runs_already(workspace, read_start(path))) from None
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "port": port}))
        lock.flush()
        yield


def _runs_already(workspace: Path, other: Started | None) -> str:
    if other is None:
        return f"Designer is already starting on {workspace}."
    return (
        f"Designer is already running on {workspace}: process {other.pid}, page at "
        f"http://{settings.HOST}:{other.port}. Open it with: designer open. Stop it with: kill {other.pid}."
    )
