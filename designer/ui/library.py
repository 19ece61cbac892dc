"""The modules that the pages show. Scanned once per process: a workspace's own modules need a restart."""

from functools import cache
from pathlib import Path
from threading import Lock

from designer.contract.library import Library
from designer.ui.workspace import workspace_folder

_SCANNING = Lock()


def library() -> Library:
    """The modules that ship with Designer and those of this workspace.

    Pages and the warm-up may ask at the same moment: two threads that import the same modules get half of some.
    """
    with _SCANNING:
        return _scanned(workspace_folder() / "modules")


@cache
def _scanned(folder: Path) -> Library:
    return Library.scan(folder)
