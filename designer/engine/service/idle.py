"""Engines that end by themselves: started by a program where no Designer runs, and handed over to one that starts."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from designer.engine.children.lifeline import STARTER
from designer.store.history.runs import MostRuns

IDLE_SECONDS = 60.0
START_LOCK = "start.lock"
"""The file that `designer start` locks."""
ENGINE_LOG = "engine.log"
MARK = "idle"
"""The second line in the lock file of an engine that ends by itself."""
LOOK_SECONDS = 1.0


@dataclass
class Idleness:
    """Decides when such an engine ends: after `seconds` without work, or as soon as it is idle once Designer starts."""

    workspace: Path
    seconds: float
    hands_over: bool = False
    """Whether Designer has started on the workspace: no more runs are taken."""
    _worked_at: float = field(default_factory=time.monotonic)
    _looked_at: float = 0.0

    def is_over(self, *, is_busy: bool) -> bool:
        """Whether the engine ends now."""
        now = time.monotonic()
        if now - self._looked_at > LOOK_SECONDS:
            self._looked_at, self.hands_over = now, start_holds(self.workspace)
        if is_busy:
            self._worked_at = now
        return not is_busy and (self.hands_over or now - self._worked_at > self.seconds)


def start_holds(workspace: Path) -> bool:
    """Whether `designer start` runs on a workspace; its engine takes the runs, if not now then in a moment."""
    try:
        with (workspace / START_LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def start_engine(workspace: Path, idle_seconds: float = IDLE_SECONDS, most: MostRuns | None = None) -> int:
    """Start an engine that outlives this process and ends by itself; what it says goes to its log in the workspace.

    It ends at once if another engine holds the workspace. Returns its PID; see `has_ended`.
    """
    environment = {name: value for name, value in os.environ.items() if name != STARTER}
    command = ["-m", "designer.engine.service.daemon", "--workspace", str(workspace), "--idle", f"{idle_seconds:g}"]
    if most is not None:
        command += ["--runs", str(most.at_once), "--waiting", str(most.waiting)]
    log = os.open(engine_log(workspace), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    redirected = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, log, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
    try:  # no Popen, which warns when it is dropped while its process runs
        return os.posix_spawn(
            sys.executable, [sys.executable, *command], environment, file_actions=redirected, setsid=True
        )
    finally:
        os.close(log)
        os.close(nothing)


def has_ended(pid: int) -> bool:
    """Whether an engine that this process started has ended; reaps it."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


def engine_log(workspace: Path) -> Path:
    """The log of the engine that was started last."""
    return workspace / "logs" / ENGINE_LOG
