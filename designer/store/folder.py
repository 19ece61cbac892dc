"""The folder of a workspace: created if missing, refused if not writable."""

from __future__ import annotations

import errno
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.store.artifacts.blobs import FULL, disk_error

LAID = "laid"
"""The folder of unpacked folders; what is in it can be unpacked again."""

FOLDERS = ("artifacts", "manifests", "uploads", "exports", "modules", "logs", "scratch", LAID)
DATABASE = "designer.db"
OTHER = "Choose another with --workspace."


class WorkspaceUnusable(DesignerError):
    """The folder of a workspace cannot be created or written."""


class NoWorkspace(DesignerError):
    """A folder is not a workspace."""


def is_workspace(path: Path) -> bool:
    """Whether a folder has a workspace database or manifests, or cannot be read: opening it then reports why."""
    try:
        return any((path / name).exists() for name in (DATABASE, "manifests"))
    except PermissionError:
        return True


def require_workspace(path: Path) -> None:
    """Raise NoWorkspace if a folder is no workspace."""
    if not is_workspace(path):
        remedy = f"Name another with --workspace, or make one here: designer start --workspace {shlex.quote(str(path))}"
        raise NoWorkspace(f"there is no workspace in {path}", f"{remedy}.")


def make_folders(path: Path) -> None:
    """Create the missing folders of a workspace. Raises WorkspaceUnusable if they cannot be created or written.

    Every command needs write access: even reading the database writes files beside it.
    """
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in FOLDERS:
            (path / name).mkdir(exist_ok=True)
    except FileExistsError as error:
        place = error.filename or path
        raise WorkspaceUnusable(f"the workspace folder {path} cannot be made: {place} is a file", OTHER) from None
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) and path.is_dir():
            raise _read_only(path, error.strerror) from None
        if error.errno in FULL:
            raise disk_error(error) from None
        raise WorkspaceUnusable(f"the workspace folder {path} cannot be made ({error.strerror})", OTHER) from None
    for place in _written(path):
        if not os.access(place, os.W_OK):
            raise _read_only(place, "it is read-only")


def _written(path: Path) -> Iterator[Path]:
    """The paths that must be writable: the workspace, its subfolders, and the files that every process opens."""
    yield path
    yield from (path / name for name in FOLDERS if name != "modules")
    yield from (file for file in path.iterdir() if file.suffix in _OPENED and file.is_file())


_OPENED = (".db", ".db-wal", ".db-shm", ".sqlite", ".lock", ".json")


def _read_only(place: Path, why: str | None) -> WorkspaceUnusable:
    return WorkspaceUnusable(
        f"nothing can be written to {place} ({why})", f"Give your user the right to write there. {OTHER}"
    )
