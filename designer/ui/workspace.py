"""The workspace that this web process serves."""

import os
from functools import cache
from pathlib import Path

from designer import settings
from designer.store.history.runs import MostRuns
from designer.store.workspace import Workspace


def workspace_folder() -> Path:
    """The workspace folder that `designer.ui.server` was started with; raises RuntimeError where it is not set."""
    named = os.environ.get("DESIGNER_WORKSPACE")
    if not named:
        raise RuntimeError(
            "DESIGNER_WORKSPACE is not set: the pages are served by `python -m designer.ui.server`, which sets it"
        )
    return Path(named)


def workspace() -> Workspace:
    """The open workspace, shared by the whole process: it is thread-safe."""
    return _opened(workspace_folder())


@cache
def _opened(folder: Path) -> Workspace:
    return Workspace(folder, most_runs=MostRuns(settings.runs_at_once(), settings.waiting_runs()))
