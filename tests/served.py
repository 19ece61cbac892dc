"""A workspace served over HTTP: the API behind the guard in a process of its own, as in the web process but without
its pages, and an engine beside it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from designer.store.workspace import open_workspace

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
FILE_BYTES = 64 << 20


@dataclass
class Served:
    """The process that serves a workspace; `restart` replaces it by a new one at the same address."""

    folder: Path
    port: int
    token: str = ""
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.served", str(self.port)]
        environment = {**os.environ, "DESIGNER_WORKSPACE": str(self.folder), "DESIGNER_PORT": str(self.port)}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment)
        until = time.monotonic() + START_SECONDS
        while not self.is_up:
            assert self.process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
            self.process = None

    def new_token(self, scope: str = "write", name: str = "") -> str:
        with open_workspace(self.folder) as workspace:
            return workspace.tokens.new(name or f"{scope} {time.monotonic_ns()}", scope, 1)[1]

    @property
    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """Serve a workspace, without an engine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = Served(folder, port)
    running.token = running.new_token()
    running.start()
    try:
        yield running
    finally:
        running.stop()


async def _serve(port: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server
    from starlette.applications import Starlette

    from designer import settings
    from designer.api.application import Api
    from designer.api.limits import Limits
    from designer.store.sessions import Sessions
    from designer.ui.http.guard import Guard
    from designer.ui.http.policy import content_policy
    from designer.ui.stopping import stopping
    from designer.ui.workbench import current_workbench

    api = Api(Starlette(), current_workbench, Limits(FILE_BYTES), settings.installed_version(), stopping().is_set)
    guard = Guard(api, Sessions(settings.default_workspace()), port, 2 << 20, FILE_BYTES, content_policy())
    server = Server(guard, settings.HOST, port, interface=Interfaces.ASGI)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: (stopping().set(), server.stop()))
    await server.serve()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
