"""Start a scheduler and workers as processes of their own, which end with the test that started them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

import psutil
from distributed import Client

from designer.engine.children.lifeline import environment

FORK_SERVER = "designer.engine.local.forkserver"

SCHEDULER = """
import asyncio, json, sys
from designer.engine.children.lifeline import end_with_starter
end_with_starter()
from designer.engine.dask.encryption import security
from distributed import Scheduler
async def main():
    files = json.loads(sys.argv[1])
    async with Scheduler(host="127.0.0.1", port=0, protocol="tls" if files else "tcp", security=security(files),
                         dashboard=False, dashboard_address="127.0.0.1:0") as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
asyncio.run(main())
"""

WORKER = """
import asyncio, json, sys
from designer.engine.children.lifeline import end_with_starter
end_with_starter()
from designer.engine.dask.encryption import security
from distributed import Worker
async def main():
    address, name, folder, files = sys.argv[1:]
    async with Worker(address, name=name, host="127.0.0.1", nthreads=1, local_directory=folder, death_timeout=60,
                      security=security(json.loads(files)), dashboard=False, dashboard_address="127.0.0.1:0") as worker:
        await worker.finished()
asyncio.run(main())
"""


class Cluster:
    """A scheduler and workers by name, under TLS if its files are given."""

    def __init__(self, folder: Path, tls: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._tls = json.dumps(dict(tls or {}))
        self.scheduler = self._started(SCHEDULER, self._tls, stdout=subprocess.PIPE)
        assert self.scheduler.stdout is not None
        self.address = self.scheduler.stdout.readline().strip()
        self.workers: dict[str, subprocess.Popen[str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()
        assert self.scheduler.stdout is not None
        self.scheduler.stdout.close()

    def add_worker(self, name: str, **variables: str) -> None:
        arguments = (self.address, name, str(self._folder / name), self._tls)
        self.workers[name] = self._started(WORKER, *arguments, **variables)

    def wait_for_workers(self, count: int) -> None:
        with Client(self.address, set_as_default=False, timeout=30) as client:
            wait_until(lambda: len(client.scheduler_info(n_workers=-1)["workers"]) == count, 60)

    def kill_worker(self, name: str) -> None:
        process = self.workers.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def children(self) -> list[psutil.Process]:
        """The processes of nodes: what the fork servers of the workers have started."""
        below = [each for worker in self.workers.values() for each in descendants(worker.pid)]
        return [each for process in below if FORK_SERVER in command(process) for each in descendants(process.pid)]

    def _started(self, code: str, *arguments: str, stdout: int | None = None, **more: str) -> subprocess.Popen[str]:
        log = os.open(self._folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        try:
            return subprocess.Popen(
                [sys.executable, "-c", code, *arguments], stdout=stdout, stderr=log, text=True, env=environment(**more)
            )
        finally:
            os.close(log)


def descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_until(condition: Callable[[], bool], seconds: float) -> float:
    """Wait for a condition; returns the seconds that it took."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, "it did not come true"
        time.sleep(0.02)
    return time.monotonic() - start
