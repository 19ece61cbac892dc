"""A workspace for pipelines by code; engines that the tests start are ended."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from designer.sdk.connections.folder import Folder
from designer.sdk.workspace import Workspace
from designer.store.workspace import ENGINE_LOCK, engine_holds


@contextmanager
def opened(folder: Path, idle_seconds: float = 60.0) -> Iterator[Workspace]:
    """A workspace whose engine ends with the test."""
    with Workspace(connection=Folder(folder, idle_seconds)) as workspace:
        yield workspace
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


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with opened(tmp_path_factory.mktemp("sdk")) as workspace:
        yield workspace
