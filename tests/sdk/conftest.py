"""A workspace for pipelines by code; engines that the tests start are ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from designer.engine.service.idle import start_engine
from designer.sdk.connections.folder import Folder
from designer.sdk.workspace import Workspace
from designer.store.workspace import ENGINE_LOCK, engine_holds
from tests.served import Served, served

ENGINE_SECONDS = 600.0


@contextmanager
def opened(folder: Path, idle_seconds: float = 60.0) -> Iterator[Workspace]:
    """A workspace whose engine ends with the test."""
    with Workspace(connection=Folder(folder, idle_seconds)) as workspace:
        yield workspace
    end_engine(folder)


@contextmanager
def running(folder: Path) -> Iterator[Served]:
    """Serve a workspace, with an engine that ends with the test."""
    with served(folder) as server:
        start_engine(folder, ENGINE_SECONDS)
        yield server
        end_engine(folder)


def end_engine(folder: Path) -> None:
    """End the engine that runs in a folder, if one does."""
    until = time.monotonic() + 60
    while engine_holds(folder):
        with suppress(OSError, ValueError, IndexError):
            os.kill(int((folder / ENGINE_LOCK).read_text().split()[0]), signal.SIGTERM)
        assert time.monotonic() < until, "the engine does not end"
        time.sleep(0.05)


@pytest.fixture(scope="package", autouse=True)
def default_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The default workspace is none of the checkout."""
    folder = tmp_path_factory.mktemp("default")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESIGNER_WORKSPACE", str(folder))
        yield folder


@dataclass(frozen=True)
class Home:
    """A workspace with its folder, and the server at whose address it was opened; None where it is the folder."""

    workspace: Workspace
    folder: Path
    server: Served | None = None

    @property
    def opening(self) -> str:
        """Code that opens it in another process."""
        if self.server is None:
            return f"Workspace({str(self.folder)!r})"
        return f"Workspace({self.server.address!r}, token={self.server.token!r})"

    def url(self, path: str) -> str | None:
        """The address of a page; None where no server runs."""
        return f"{self.server.address}{path}" if self.server is not None else None


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A served workspace with an engine, shared by all files of tests."""
    with running(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(scope="module", params=["folder", "address"])
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A workspace in a folder, and one at the address of a server: whatever works on the one works on the other."""
    if request.param == "address":
        server: Served = request.getfixturevalue("server")
        with Workspace(server.address, token=server.token) as workspace:
            yield Home(workspace, server.folder, server)
    else:
        folder = tmp_path_factory.mktemp("sdk")
        with opened(folder) as workspace:
            yield Home(workspace, folder)


@pytest.fixture(scope="module")
def workspace(home: Home) -> Workspace:
    return home.workspace
