"""The part of a store passed to a child process: where values are stored, which modules exist, what they may read.

It is plain data, so that it can be sent to wherever the process starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from designer.contract.catalogue.library import Library
from designer.contract.files.sources import using
from designer.contract.schema import Schema
from designer.store.artifacts.values import Artifacts, Stored
from designer.store.folder import LAID
from designer.store.library import own_library, shared_modules
from designer.store.sources import WorkspaceSources

if TYPE_CHECKING:
    from designer.store.workspace import Workspace


@dataclass(frozen=True)
class ChildStore:
    """The values, modules and sources available to a child process.

    `laid` is the folder for unpacked folders, `modules` the folder that holds `modules/` and the list of shared
    modules, `scratch` the one for scratch folders.
    `workspace` is the folder of the workspace whose datasets and files modules may read; None if they may read none.
    """

    artifacts: Path
    laid: Path
    modules: Path
    scratch: Path
    workspace: Path | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """The store of a workspace on this computer."""
        folder = workspace.path
        return cls(workspace.artifacts.blobs.folder, folder / LAID, folder, workspace.scratch, folder)

    def get(self, stored: Stored, library: Library | None = None) -> Any:
        """Read a value, see `Artifacts.get`."""
        return self._values.get(stored, library)

    def put(self, value: Any, roles: Schema | None = None) -> Stored:
        """Keep a value, see `Artifacts.put`."""
        return self._values.put(value, roles)

    def blob(self, digest: str, seal: str = "") -> Path:
        """The file of a stored value, verified, see `Blobs.verified`."""
        return self._values.blobs.verified(digest, seal)

    def changed_files(self, stored: Stored) -> list[str]:
        """The files of a stored value that are not as they were stored; what was unpacked of it is discarded then."""
        return self._values.changed_files(stored)

    def shared_library(self) -> Library:
        """The modules of all workspaces."""
        return shared_modules(self.modules)

    def library(self, shared: Library | None = None) -> Library:
        """The modules of all workspaces and the workspace's own."""
        return own_library(self.modules, shared)

    @contextmanager
    def offered(self, library: Library) -> Iterator[None]:
        """Give modules access to sources outside the graph. Opens the workspace when a module reads a dataset."""
        if self.workspace is None:
            yield
            return
        with using(WorkspaceSources(self.workspace, cache(partial(_opened, self.workspace)), library)):
            yield

    def to_json(self) -> dict[str, Any]:
        """Serialize to a JSON document."""
        folders = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: None if folder is None else str(folder) for name, folder in folders.items()}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """Read back what `to_json` wrote."""
        workspace = document["workspace"]
        places = {each.name: Path(document[each.name]) for each in fields(cls) if each.name != "workspace"}
        return cls(**places, workspace=None if workspace is None else Path(workspace))

    @cached_property
    def _values(self) -> Artifacts:
        return Artifacts(self.artifacts, self.laid)


def _opened(folder: Path) -> Workspace:
    from designer.store.workspace import open_workspace  # the database libraries are slow to import

    return open_workspace(folder)
