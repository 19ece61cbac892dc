"""The modules that the pages show: those shipped with Designer and those in the workspace's folder, kept current."""

from functools import cache
from pathlib import Path
from threading import Lock

from designer.contract.catalogue.library import Library
from designer.store.components import Components
from designer.store.library import own_library
from designer.ui.workspace import workspace, workspace_folder

Stamp = frozenset[tuple[str, int, int]]


class ShownModules:
    """The modules and components of a workspace.

    Rescanned when a file in its `modules` folder is added, changed or removed, or a component registered or changed.

    Scans are serialized: pages and the warm-up may ask at the same time, and two threads importing the same modules
    would see some half imported.
    """

    def __init__(self, workspace: Path, components: Components | None = None) -> None:
        self._workspace = workspace
        self._components = components
        self._scanning = Lock()
        self._shared: Library | None = None
        self._known: tuple[tuple[Stamp, float], Library] | None = None

    def library(self) -> Library:
        """The modules of the last scan. The first call takes seconds."""
        if self._known is None:
            with self._scanning:
                if self._known is None:
                    self._scan()
        assert self._known is not None
        return self._known[1]

    def look(self) -> bool:
        """Rescan if files have changed; returns whether they have. Meanwhile `library` returns the previous scan."""
        if self._known is None or self._known[0] == self._stamp():
            return False
        with self._scanning:
            self._scan()
        return True

    def _scan(self) -> None:
        stamp = self._stamp()  # before the scan: a change during it is seen by the next look
        self._shared = self._shared or Library.scan()
        self._known = stamp, self._with_components(own_library(self._workspace, self._shared))

    def _with_components(self, library: Library) -> Library:
        components = self._components
        return library.with_components(components.modules(), components.offered()) if components else library

    def _stamp(self) -> tuple[Stamp, float]:
        return stamp_of(self._workspace / "modules"), self._components.stamp() if self._components else 0.0


def stamp_of(folder: Path) -> Stamp:
    """Names, modification times and sizes of a folder's Python files; differs once one has changed."""
    try:
        statuses = [(path.name, path.stat()) for path in folder.glob("*.py")]
    except OSError:  # a file or the folder was removed meanwhile; the next look sees it
        return frozenset()
    return frozenset((name, status.st_mtime_ns, status.st_size) for name, status in statuses)


def library() -> Library:
    """The modules that ship with Designer and those of this workspace."""
    return shown_modules().library()


def shown_modules() -> ShownModules:
    """The modules of this process's workspace."""
    return _of(workspace_folder())


@cache
def _of(folder: Path) -> ShownModules:
    return ShownModules(folder, workspace().components)
