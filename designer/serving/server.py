"""The scoring process: `python -m designer.serving.server --workspace DIR --port N`.

Serves all endpoints of a workspace on loopback. On SIGTERM, answers the accepted requests, then exits.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from designer import settings
from designer.contract.errors import DesignerError
from designer.engine.children.lifeline import end_with_starter
from designer.serving.address import HOST, free_port, is_free, remove_address, write_address
from designer.serving.pipelines.door import PipelineDoor
from designer.serving.realtime import Application
from designer.serving.watch import Watch
from designer.store.folder import make_folders
from designer.store.history.runs import MostRuns
from designer.store.workspace import Workspace, open_workspace

DRAIN_SECONDS = 15.0
LOCK = "scoring.lock"
EXIT_USAGE, EXIT_LOCKED = 2, 3

log = logging.getLogger("designer.serving")


def main(arguments: list[str] | None = None) -> int:
    """Serve until a signal ends it; returns the exit code."""
    end_with_starter()
    options = _options(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s", stream=sys.stderr)
    logging.getLogger("designer").setLevel(logging.INFO)
    port = options.port or free_port()
    if not 0 < port < 65536 or not is_free(port):
        sys.stderr.write(f"Scoring: port {port} is in use. Choose another with --port.\n")
        return EXIT_USAGE
    try:
        with _locked(options.workspace, alone=not options.check) as locked:
            if not locked:
                other = (options.workspace / LOCK).read_text().strip()
                sys.stderr.write(
                    f"Another scoring process ({other}) serves {options.workspace}. End it with: kill {other}.\n"
                )
                return EXIT_LOCKED
            most = MostRuns(settings.runs_at_once(), settings.waiting_runs())
            with open_workspace(options.workspace, most_runs=most) as workspace:
                uvloop.run(serve(workspace, port, options.timeout, counts=not options.check))
    except DesignerError as error:
        sys.stderr.write(f"Scoring: {error}\n")
        return EXIT_USAGE
    return 0


async def serve(workspace: Workspace, port: int, seconds: float, *, counts: bool = True) -> None:
    """Serve the endpoints of a workspace on a port until SIGTERM or SIGINT."""
    application = Application()
    watch = Watch(workspace, application, seconds, counts)
    if counts:
        application.pipelines = PipelineDoor(
            workspace, application.statistics.note_key, lambda: application.is_draining
        )
    server = Server(
        application, HOST, port, interface=Interfaces.ASGINL, http=HTTPModes.http1, websockets=False, backlog=1024,
        log_enabled=False,
    )  # fmt: skip
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    if counts:
        watch.restore()
    await watch.step()
    serving = asyncio.create_task(server.serve())
    following = asyncio.create_task(watch.run())
    if counts:
        write_address(workspace.path, port)
    log.debug("scoring process listens at http://%s:%d", HOST, port)
    await asyncio.wait([serving, asyncio.create_task(stopping.wait())], return_when=asyncio.FIRST_COMPLETED)
    await _drain(application)
    if counts:
        remove_address(workspace.path)
    following.cancel()
    server.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(serving, timeout=5)
    await watch.close()


async def _drain(application: Application) -> None:
    """Refuse new requests and wait for those in flight."""
    application.is_draining = True
    async with asyncio.timeout(DRAIN_SECONDS + 1):
        for _ in range(int(DRAIN_SECONDS / 0.05)):
            if not _in_flight(application):
                break
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.05)  # let the last answers leave the socket


def _in_flight(application: Application) -> int:
    routes = (*application.routes.values(), *application.staged.values())
    return sum(route.live.in_flight for route in routes if route.live is not None)


@contextlib.contextmanager
def _locked(folder: Path, *, alone: bool) -> Iterator[bool]:
    """Whether this is the workspace's only scoring process; one that only checks a version takes no lock."""
    if not alone:
        yield True
        return
    make_folders(folder)
    with open(folder / LOCK, "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield True


_PORT_HELP = f"default {settings.DEFAULT_SCORING_PORT}; 0 for a free one"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="designer.serving.server", description="Serve the endpoints of a workspace.")
    parser.add_argument("--workspace", type=Path, required=True, help="the folder that holds the endpoints")
    parser.add_argument("--port", type=int, default=settings.DEFAULT_SCORING_PORT, help=_PORT_HELP)
    parser.add_argument("--timeout", type=float, default=5.0, help="seconds that a model may take for a request")
    parser.add_argument("--check", action="store_true", help="only check a version: count nothing, announce nothing")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # threads of the server and of onnxruntime may abort at interpreter exit
