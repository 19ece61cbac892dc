"""The workspace as commands open it: what is missing from it is said first."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from designer.store.record import in_words
from designer.store.workspace import Workspace, open_workspace


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    """The workspace, with a word on standard error where its database has lost something."""
    with open_workspace(folder) as workspace:
        for sentence in in_words(workspace.record.missing()):
            print(f"designer: {sentence}", file=sys.stderr)
        yield workspace
