"""The workspace this web process serves, for states that read from it."""

import os
from functools import cache
from pathlib import Path

from designer.store.workspace import Workspace


def workspace_folder() -> Path:
    """The folder that `designer.ui.server` was started with."""
    named = os.environ.get("DESIGNER_WORKSPACE")
    if not named:
        raise RuntimeError(
            "DESIGNER_WORKSPACE is not set: the pages are served by `python -m designer.ui.server`, which sets it"
        )
    return Path(named)


def workspace() -> Workspace:
    """The open workspace. It is safe for several threads, so one for the whole process."""
    return _opened(workspace_folder())


@cache
def _opened(folder: Path) -> Workspace:
    return Workspace(folder)
