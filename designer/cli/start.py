"""`designer start`: supervises the web, engine and scoring processes of one workspace."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from designer import settings

RESTARTS_PER_MINUTE = 5
GRACE_SECONDS = 12.0
POLL_SECONDS = 0.2


class CannotStart(Exception):
    """Something outside Designer stands in the way, with what would do."""


@dataclass
class Process:
    """One supervised process: how to start it, and when it was started."""

    name: str
    arguments: list[str]
    started: list[float] = field(default_factory=list)
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, or start it again."""
        self.started = [moment for moment in self.started if moment > time.monotonic() - 60] + [time.monotonic()]
        # A session of its own: Ctrl-C reaches the supervisor alone, which then stops the processes in order.
        self.running = subprocess.Popen([sys.executable, "-m", *self.arguments], start_new_session=True)  # noqa: S603

    @property
    def ended(self) -> int | None:
        """The exit code, None while it runs."""
        return self.running.poll() if self.running else None

    def stop(self) -> None:
        """Ask it to end; kill it after the grace period."""
        if self.running is None or self.running.poll() is not None:
            return
        self.running.terminate()
        try:
            self.running.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def start(workspace: Path, port: int, *, open_browser: bool = True) -> int:
    """Run everything until Ctrl-C, SIGTERM or the end of the web process; returns the exit code.

    Raises CannotStart where the port is taken or another Designer holds the workspace.
    """
    workspace.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(workspace):
        _make_sure_it_is_free(port)
        _make_sure_it_is_free(port + 1)
        web = ["designer.ui.server", "--workspace", str(workspace), "--port", str(port)]
        processes = [
            Process("engine", ["designer.engine.daemon", "--workspace", str(workspace)]),
            Process("scoring", ["designer.serving.server", "--workspace", str(workspace), "--port", str(port + 1)]),
            Process("web", [*web, "--open"] if open_browser else web),
        ]
        return _supervise(processes)


def _supervise(processes: list[Process]) -> int:
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    try:
        for process in processes:
            process.start()
        while not asked:
            time.sleep(POLL_SECONDS)
            for process in processes:
                if process.ended is not None and not _revive(process):
                    return process.ended or 0
        return 0
    finally:
        for process in reversed(processes):
            process.stop()


def _revive(process: Process) -> bool:
    """Start a process that ended again, unless it ends all the time or was never up."""
    early = len(process.started) == 1 and time.monotonic() - process.started[0] < 3
    if process.ended in (0, os.EX_CONFIG) or early or len(process.started) > RESTARTS_PER_MINUTE:
        print(f"Designer: the {process.name} process ended ({process.ended}).", file=sys.stderr, flush=True)
        return False
    print(f"Designer: the {process.name} process ended ({process.ended}); starting it again.", file=sys.stderr)
    process.arguments = [a for a in process.arguments if a != "--open"]
    process.start()
    return True


def _make_sure_it_is_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, port))
        except OSError:
            raise CannotStart(
                f"Port {port} on {settings.HOST} is taken by another program. "
                "Choose another one: designer start --port N."
            ) from None


@contextmanager
def _alone(workspace: Path) -> Iterator[None]:
    """Hold the workspace's start lock; it is free again after any end of this process."""
    path = workspace / "start.lock"
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise CannotStart(
                f"Designer already runs on this workspace (process {lock.read().strip() or 'unknown'}). "
                "Open it with: designer open."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
