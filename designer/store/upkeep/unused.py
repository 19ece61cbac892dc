"""Removal of a new workspace in which nothing was stored."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from designer.contract.errors import DesignerError
from designer.store.database import Database
from designer.store.folder import DATABASE, FOLDERS, is_workspace
from designer.store.library import FILE as MODULES

_FILES = (f"{DATABASE}*", "designer.lock", MODULES)
"""What opening a workspace writes besides its folders."""


@contextmanager
def removed_if_unused(path: Path) -> Iterator[None]:
    """Remove the workspace that the block creates if the block is refused before it stores anything.

    A workspace that existed before, and other files in the folder, are left alone.
    """
    if is_workspace(path):
        yield
        return
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        yield
    except DesignerError:
        if (path / DATABASE).exists() and _is_unused(path):
            _remove(path, missing)
        raise


def _is_unused(path: Path) -> bool:
    if any(not file.is_dir() for name in FOLDERS for file in (path / name).rglob("*")):
        return False
    database = Database(path / DATABASE)
    try:
        return database.is_empty()
    finally:
        database.close()


def _remove(path: Path, missing: list[Path]) -> None:
    for name in FOLDERS:
        shutil.rmtree(path / name)
    for pattern in _FILES:
        for file in path.glob(pattern):
            file.unlink()
    for folder in missing:
        if not any(folder.iterdir()):
            folder.rmdir()
