"""Open the workspace for a command; warns of objects missing from its database."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from designer import settings
from designer.store.folder import NoWorkspace, require_workspace
from designer.store.history.runs import MostRuns
from designer.store.record import in_words
from designer.store.upkeep.unused import removed_if_unused
from designer.store.workspace import Workspace, open_workspace


@contextmanager
def opened(folder: Path, *, makes: bool = False) -> Iterator[Workspace]:
    """Open the workspace; prints a warning to standard error if objects are missing from its database.

    If there is no workspace, creates one with `makes`, which is removed if the command is refused before it stores
    anything; else raises NoWorkspace.
    """
    if not makes:
        require_workspace(folder)
    most = MostRuns(settings.runs_at_once(), settings.waiting_runs())
    with removed_if_unused(folder), open_workspace(folder, most_runs=most) as workspace:
        for sentence in in_words(workspace.record.missing()):
            print(f"designer: {sentence}", file=sys.stderr)
        yield workspace


@contextmanager
def opened_or_empty(folder: Path) -> Iterator[Workspace]:
    """Open the workspace, or a temporary empty one if there is none."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            require_workspace(folder)
        except NoWorkspace:
            folder = Path(scratch)
        with opened(folder, makes=True) as workspace:
            yield workspace
