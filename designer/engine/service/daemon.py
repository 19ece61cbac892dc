"""The engine process of a workspace: `python -m designer.engine.service.daemon --workspace DIR`.

It executes queued runs, queues those of schedules, handles cancellations, computes requested statistics, and at start
marks runs that a killed engine left behind as crashed. A lock ensures that there is one engine per workspace. With
`--idle` it ends by itself, see `designer.engine.service.idle`; the engine of `designer start` waits until then.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

from designer.contract.errors import DesignerError
from designer.engine.backend import Backend, Limits
from designer.engine.backends import open_backend
from designer.engine.children.lifeline import end_with_starter
from designer.engine.profiles import Profiler
from designer.engine.run import execute_run
from designer.engine.schedules.firing import Scheduler
from designer.engine.service.idle import MARK, Idleness, start_holds
from designer.engine.service.recovery import recover
from designer.pipeline.document import from_document
from designer.pipeline.parameters import bound
from designer.store.history.runs import MostRuns
from designer.store.record import in_words
from designer.store.records import Run
from designer.store.workspace import Workspace, open_workspace

POLL_SECONDS = 0.05
LOOK_SECONDS = 1.0
"""Interval at which the queue is read even if the database seems unchanged."""
SWEEP_SECONDS = 5.0
RETRY_SECONDS = 1.0
EVENT_SECONDS = 7 * 24 * 3600
SCRATCH_SECONDS = 3600.0
_OF_A_RUN = re.compile(r"[0-9a-f]{32}-")
LOCK_SECONDS = 2.0
ALREADY_RUNNING = 3


class Daemon:
    """The main loop. Up to `at_once` runs have a thread each and share one backend, reopened if it dies."""

    def __init__(self, workspace: Workspace, opened: Callable[[], Backend], idleness: Idleness | None = None) -> None:
        self._workspace = workspace
        self._idleness = idleness
        self._opened = opened
        self._stop = threading.Event()
        self._runs: dict[str, threading.Thread] = {}
        self._profiler = Profiler(workspace)
        self._backend = opened()

    def stop(self) -> None:
        """Request shutdown; running runs are cancelled."""
        self._stop.set()

    def serve(self) -> None:
        """Serve until `stop`, or until idle for too long.

        Retry after disk and database errors: the disk may be full, the database locked.
        """
        self._backend.start()
        scheduler = Scheduler(self._workspace)
        scheduler.start()
        while not self._stop.is_set():
            try:
                self._tidy()
                self._work()
            except DesignerError as error:
                sys.stderr.write(f"{error}\n")
                self._stop.wait(RETRY_SECONDS)
        scheduler.close()
        for thread in self._runs.values():
            thread.join(timeout=5)
        self._backend.close()

    def _work(self) -> None:
        swept = looked_at = time.monotonic()
        last_stamp: tuple[int, ...] = ()
        while not self._stop.wait(POLL_SECONDS):
            if self._idleness is not None and self._idleness.is_over(is_busy=self._is_busy):
                self.stop()
                return
            now, stamp = time.monotonic(), self._workspace.database.stamp()
            if now - swept > SWEEP_SECONDS:
                swept = now
                self._recover()
            news = stamp != last_stamp or self._profiler.has_made or self._has_ended_one
            if news or now - looked_at > LOOK_SECONDS:
                last_stamp, looked_at = stamp, now
                self._take_runs()
                self._profiler.make_wanted(self._running_backend())

    def _recover(self) -> None:
        """Mark runs as crashed that no process executes, neither this one nor another."""
        recover(self._workspace, self._backend, [id for id, thread in self._runs.items() if thread.is_alive()])

    @property
    def _is_busy(self) -> bool:
        return any(thread.is_alive() for thread in self._runs.values())

    @property
    def _has_ended_one(self) -> bool:
        return not all(thread.is_alive() for thread in self._runs.values())

    def _take_runs(self) -> None:
        """Start the oldest queued runs, as far as there is room; the rows of started ones may still be queued."""
        self._runs = {id: thread for id, thread in self._runs.items() if thread.is_alive()}
        most = self._workspace.runs.most.at_once
        free = most - len(self._runs)
        if free == 0 or (self._idleness is not None and self._idleness.hands_over):
            return
        waiting = [id for id in self._workspace.runs.queued(most) if id not in self._runs]
        for id in waiting[:free]:
            self._runs[id] = threading.Thread(target=self._run, args=(id, self._running_backend()), name=f"run {id}")
            self._runs[id].start()

    def _run(self, id: str, backend: Backend) -> None:
        run = self._workspace.runs.get(id)
        try:
            library = self._workspace.library()
            pipeline = bound(from_document(run.document), run.assignments)
            execute_run(run, pipeline, library, self._workspace, backend, cancelled=self._stop.is_set)
        except Exception as error:  # one broken run must not end the engine; its row records the error
            traceback.print_exc()
            self._fail_run(run, error)

    def _fail_run(self, run: Run, error: Exception) -> None:
        words = error.to_json() if isinstance(error, DesignerError) else {"message": f"{type(error).__name__}: {error}"}
        with contextlib.suppress(DesignerError):  # if it cannot be written now, `_recover` does it later
            attempt = self._workspace.runs.claim(run.id, [], self._backend.owner)
            if attempt is not None:
                self._workspace.runs.finish(run.id, attempt, "failed", words)

    def _running_backend(self) -> Backend:
        if not self._backend.is_alive:
            self._backend = self._opened()
            self._backend.start()
        return self._backend

    def _tidy(self) -> None:
        """Clean up after a killed engine: orphaned runs, scratch folders, old events."""
        self._recover()
        self._workspace.runs.forget_events(time.time() - EVENT_SECONDS)
        running = self._workspace.runs.running()  # includes runs of a command line in this workspace
        scratch = self._workspace.scratch
        for folder in scratch.iterdir() if scratch.is_dir() else ():
            if folder.name.partition("-")[0] not in running and not _may_be_in_use(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _may_be_in_use(folder: Path) -> bool:
    """Whether a scratch folder may be one of a request that the web process answers: fresh, and of no run."""
    with contextlib.suppress(FileNotFoundError):
        return not _OF_A_RUN.match(folder.name) and time.time() - folder.stat().st_mtime < SCRATCH_SECONDS
    return True


def locked(workspace: Workspace, mark: str = "") -> IO[str] | None:
    """Lock the workspace for this process until the file is closed; returns None if another engine holds the lock.

    An engine without a `mark` waits for one that ends by itself.
    """
    lock = open(workspace.engine_lock, "a+")  # noqa: SIM115 - held until the process exits
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until and (mark or MARK not in workspace.engine_lock.read_text().splitlines()):
                lock.close()
                return None
            time.sleep(0.05)
        else:
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n{mark}".strip() + "\n")
            lock.flush()
            return lock


def _warnings(workspace: Workspace) -> list[str]:
    """Problems found at start that the owner of the workspace can act on."""
    damage = [
        f"The database {workspace.database.file} is damaged ({line}). End Designer and restore a backup."
        for line in workspace.database.check()[:1]
    ]
    return [*damage, *in_words(workspace.record.missing())]


def main(arguments: list[str] | None = None) -> int:
    """Serve a workspace until SIGTERM or SIGINT; returns the exit code."""
    end_with_starter()
    parser = argparse.ArgumentParser(
        prog="python -m designer.engine.service.daemon", description="Run queued pipelines."
    )
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--slots", type=int, default=None, help="nodes at once (default: one for each core)")
    parser.add_argument("--seconds", type=float, default=None, help="longest time of a node (default: no limit)")
    parser.add_argument("--idle", type=float, default=None, help="seconds without work after which it ends")
    parser.add_argument("--memory", type=float, default=0, help="most memory of a node in GB (default: 80 %%)")
    parser.add_argument("--runs", type=int, default=MostRuns.at_once, help="runs at once")
    parser.add_argument("--waiting", type=int, default=MostRuns.waiting, help="most queued runs")
    options = parser.parse_args(arguments)
    limits = Limits(memory_bytes=int(options.memory * 1024**3), seconds=options.seconds)
    try:
        most = MostRuns(options.runs, options.waiting)
        with open_workspace(options.workspace, checkpoints=True, most_runs=most) as workspace:
            return serve(workspace, partial(open_backend, options.slots, limits, workspace), options.idle)
    except DesignerError as error:
        sys.stderr.write(f"Engine: {error}\n")
        return os.EX_CONFIG


def serve(workspace: Workspace, opened: Callable[[], Backend], idle_seconds: float | None = None) -> int:
    """Run as the engine process of a workspace until SIGTERM or SIGINT, or until `idle_seconds` pass without work;
    `opened` opens a backend.

    Returns the exit code: `ALREADY_RUNNING` if another engine holds the workspace.
    """
    signals: list[int] = []
    mark = "" if idle_seconds is None else MARK
    lock = locked(workspace, mark)
    if lock is None:
        other = workspace.engine_lock.read_text().split("\n")[0]
        sys.stderr.write(
            f"Another engine process ({other}) runs the workspace {workspace.path}. End it with: kill {other}.\n"
        )
        return ALREADY_RUNNING
    for warning in _warnings(workspace):
        sys.stderr.write(f"{warning}\n")
    workspace.record.catch_up()
    while lock is not None:
        idleness = None if idle_seconds is None else Idleness(workspace.path, idle_seconds)
        with lock:
            _serve(Daemon(workspace, opened, idleness), signals)
        is_missed = not signals and not start_holds(workspace.path) and workspace.runs.queued(1)
        # A run queued between the last look and the release of the lock found an engine there.
        lock = locked(workspace, mark) if is_missed else None
    return 0


def _serve(daemon: Daemon, signals: list[int]) -> None:
    def on_signal(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        daemon.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    daemon.serve()


if __name__ == "__main__":
    sys.exit(main())
