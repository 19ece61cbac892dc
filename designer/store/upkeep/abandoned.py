"""Find and remove uploaded files that nothing uses: abandoned imports, and scored batches."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import Text, cast
from sqlmodel import col, select

from designer.store.artifacts.references import pipeline_texts
from designer.store.records import Dataset, Run
from designer.store.workspace import Workspace

KEPT_SECONDS = 7 * 24 * 3600.0
"""How long an unused upload is kept: its page may still be open, its preview half corrected."""


def abandoned(workspace: Workspace, older_than: float = KEPT_SECONDS) -> list[Path]:
    """The folders of uploads that are unmodified for `older_than` seconds and that nothing refers to.

    A dataset, in the trash or not, refers to the file it was read from; a pipeline, each of its revisions, each run and
    each deployed version refer to the files their modules read.
    """
    deadline = time.time() - older_than
    places = workspace.uploads.iterdir() if workspace.uploads.is_dir() else ()
    folders = [path for path in places if path.is_dir() and _touched(path) <= deadline]
    if not folders:
        return []
    unused = {folder.name for folder in folders}
    for text in _texts(workspace):
        unused -= {name for name in unused if name in text}
    return sorted(folder for folder in folders if folder.name in unused)


def sweep(workspace: Workspace, older_than: float = KEPT_SECONDS) -> int:
    """Remove abandoned uploads; returns the bytes freed."""
    folders = abandoned(workspace, older_than)
    freed = sum(size_of(folder) for folder in folders)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    return freed


def size_of(folder: Path) -> int:
    """The total size in bytes of all files below a folder."""
    return sum(path.stat().st_size for path in _files(folder))


def _touched(folder: Path) -> float:
    return max((path.stat().st_mtime for path in (folder, *_files(folder))), default=0.0)


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _texts(workspace: Workspace) -> Iterator[str]:
    """Every text that may refer to an upload."""
    with workspace.database.read() as session:
        yield from (source for source in session.exec(select(Dataset.source)) if source)
        yield from session.exec(select(cast(col(Run.document), Text)))
        yield from pipeline_texts(session)
