"""The workspace as commands open it: what is missing from it is said first."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from designer.store.folder import NoWorkspace, require_workspace
from designer.store.record import in_words
from designer.store.workspace import Workspace, open_workspace


@contextmanager
def opened(folder: Path, *, makes: bool = False) -> Iterator[Workspace]:
    """The workspace, with a word on standard error where its database has lost something.

    Where there is none, a command that `makes` something makes one; for others NoWorkspace is raised.
    """
    if not makes:
        require_workspace(folder)
    with open_workspace(folder) as workspace:
        for sentence in in_words(workspace.record.missing()):
            print(f"designer: {sentence}", file=sys.stderr)
        yield workspace


@contextmanager
def opened_or_empty(folder: Path) -> Iterator[Workspace]:
    """The workspace, or an empty one that is gone afterwards where there is none."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            require_workspace(folder)
        except NoWorkspace:
            folder = Path(scratch)
        with opened(folder, makes=True) as workspace:
            yield workspace
