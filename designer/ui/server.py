"""Process entry point of the web page: `python -m designer.ui.server --workspace DIR --port N`."""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from designer import settings
from designer.contract.errors import DesignerError
from designer.engine.children.lifeline import end_with_starter
from designer.store.folder import make_folders
from designer.store.sessions import Sessions
from designer.ui.http.frontend import BuildFailedError, ensure_built
from designer.ui.stopping import stopping

END_SECONDS = 1.0
"""How long page tasks have to end after the server was stopped."""


def main(arguments: list[str] | None = None) -> None:
    """Build what is missing, print an address that lets one browser in, and serve until stopped."""
    end_with_starter()
    wanted = _parser().parse_args(arguments)
    workspace: Path = wanted.workspace.resolve()
    if not _is_free(settings.HOST, wanted.port):
        _give_up(f"Port {wanted.port} on {settings.HOST} is taken. Choose another one with --port.")
    try:
        make_folders(workspace)
        folder = ensure_built()
    except (BuildFailedError, DesignerError) as problem:
        _give_up(str(problem))
    _announce_to_reflex(workspace, wanted.port, folder)
    address = f"http://{settings.HOST}:{wanted.port}/enter?code="
    asyncio.run(_serve(wanted.port, None if wanted.quiet else address, Sessions(workspace), wanted.open))


def _give_up(reason: str) -> NoReturn:
    """Exit with EX_CONFIG: a restart would change nothing."""
    sys.stderr.write(f"{reason}\n")
    raise SystemExit(os.EX_CONFIG)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m designer.ui.server", description=main.__doc__)
    parser.add_argument("--workspace", type=Path, default=settings.default_workspace(), metavar="DIR")
    parser.add_argument("--port", type=int, default=settings.DEFAULT_PORT, metavar="N")
    parser.add_argument("--open", action="store_true", help="open the browser")
    parser.add_argument("--quiet", action="store_true", help="print no address; somebody else lets browsers in")
    return parser


def _is_free(host: str, port: int) -> bool:
    """Whether the port can be bound; false for an IPv6 host on a machine without IPv6."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return False
    return True


def _announce_to_reflex(workspace: Path, port: int, folder: Path) -> None:
    """Set the environment and working folder from which Reflex reads its settings and files."""
    origins = (f"http://{host}:{port}" for host in ("localhost", settings.HOST, "[::1]"))
    os.environ |= {
        "DESIGNER_WORKSPACE": str(workspace),
        "DESIGNER_PORT": str(port),
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_BACKEND_ONLY": "true",
        "REFLEX_CORS_ALLOWED_ORIGINS": ",".join(origins),
        "REFLEX_DIR": str(folder / ".reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }
    os.chdir(folder)
    sys.path.insert(0, str(folder))


async def _serve(port: int, address: str | None, sessions: Sessions, open_browser: bool) -> None:
    gc.disable()  # importing creates many objects and little garbage
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from designer.ui.app import app

    served = app()
    gc.freeze()
    gc.enable()
    servers = [Server(served, settings.HOST, port, interface=Interfaces.ASGI, log_level=LogLevels.error)]
    if _is_free(settings.HOST_V6, port):  # the same app; the first server runs its lifespan
        servers.append(Server(served, settings.HOST_V6, port, interface=Interfaces.ASGINL, log_level=LogLevels.error))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _stop, servers)
    serving, *also = [loop.create_task(server.serve()) for server in servers]
    await _answering(port, serving)
    if address is not None and not serving.done():
        sys.stdout.write(f"Designer is ready: {address}{sessions.mint_code()}\n")
        sys.stdout.flush()
    if open_browser and settings.has_a_screen() and not serving.done():
        opened = f"http://{settings.HOST}:{port}/enter?code={sessions.mint_code()}"
        await loop.run_in_executor(None, webbrowser.open, opened)
    await asyncio.gather(serving, *also)
    await _end_tasks()


async def _end_tasks() -> None:
    """Cancel the remaining tasks of pages. Closing the socket of a vanished page may block forever: exit then."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others and (await asyncio.wait(others, timeout=END_SECONDS))[1]:
        sys.stdout.flush()
        os._exit(0)


def _stop(servers: Sequence[Any]) -> None:
    stopping().set()
    for server in servers:
        server.stop()


async def _answering(port: int, serving: asyncio.Task[None]) -> None:
    """Wait until the port answers, so that the printed address works at once."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(settings.HOST, port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


if __name__ == "__main__":
    main()
