"""Datastores: register, look into, move files to and from, and make datasets of what they hold."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.files.required_file import require_file
from designer.store.datastores.address import SECRETS, Address
from designer.store.datastores.datastores import OWN, address_of
from designer.store.datastores.filesystem import Listing, checked_path
from designer.store.datastores.local_folder import Entry
from designer.store.records import Dataset, Datastore
from designer.store.workspace import Workspace
from designer.store.workspace_files import USERS_FOLDERS, WorkspaceFiles
from designer.workbench.datasets import Datasets

PREVIEWED_ROWS = 100


@dataclass(frozen=True)
class Datastores:
    """The datastores of a workspace."""

    workspace: Workspace
    modules: Callable[[], Library]

    def all(self) -> list[Datastore]:
        """The datastores by name, the workspace's own first."""
        return self.workspace.datastores.all()

    def holdings(self) -> dict[str, str]:
        """What each datastore holds, by name: `files` or `tables`."""
        return {row.name: "tables" if address_of(row).is_database else "files" for row in self.all()}

    def get(self, name: str = "") -> Datastore:
        """A datastore, by default the default one. Raises DatastoreMissing."""
        return self.workspace.datastores.get(name)

    def address(self, row: Datastore) -> Address:
        """Where a datastore lies, without its secrets."""
        return address_of(row)

    def secrets(self, row: Datastore) -> dict[str, bool]:
        """The secrets that a datastore takes, each with whether it has been given; their values are never shown."""
        given = self.workspace.datastores.secret_names(row.name)
        return {name: name in given for name in SECRETS[address_of(row).kind]}

    def is_own(self, row: Datastore) -> bool:
        """Whether it is the workspace's own, which cannot be changed or removed."""
        return row.name == OWN

    def register(
        self, name: str, address: str, secrets: Mapping[str, str] | None = None, *, replace: bool = False
    ) -> Datastore:
        """Register a datastore without reaching it, see `test`.

        With `replace` the one of that name gets another address or other secrets; those not given stay if the address
        does. Raises InvalidParameter, DatastoreTaken.
        """
        return self.workspace.datastores.register(name, address, secrets, replace=replace)

    def test(self, name: str) -> Datastore:
        """Reach a datastore once. Raises DatastoreUnreachable, DriverMissing, FileMissing."""
        return self.workspace.datastores.test(name)

    def set_default(self, name: str) -> Datastore:
        """Make a datastore of files the default. Raises DatastoreMissing, InvalidParameter for a database."""
        return self.workspace.datastores.set_default(name)

    def remove(self, name: str) -> Datastore:
        """Forget a datastore and its secrets; what it holds stays. Raises DatastoreMissing."""
        return self.workspace.datastores.remove(name)

    def entries(self, name: str, folder: str = "") -> Listing:
        """What lies directly in a folder of a datastore; at most 1,000 entries."""
        return self.workspace.datastores.files(name).entries(folder)

    def files(self, name: str, pattern: str = "**") -> Listing:
        """The files of a path, a folder or a pattern; at most 1,000."""
        return self.workspace.datastores.files(name).matching(pattern)

    def tables(self, name: str) -> list[str]:
        """The tables and views of a database."""
        return self.workspace.datastores.open_database(name).tables()

    def upload(self, files: Sequence[Path], name: str, to: str = "", *, overwrite: bool = False) -> list[Entry]:
        """Copy files of this computer, and all below folders among them, into a folder of a datastore.

        The files of the workspace itself are left out. Nothing is copied if a file is missing, or is there already and
        `overwrite` is not set. Raises FileMissing, FileTaken.
        """
        wanted = pairs(files, checked_path(to), self.workspace.path)
        store = self.workspace.datastores.files(name)
        if not overwrite:
            for _, target in wanted:
                store.require_free(target)
        return [store.upload(file, target, overwrite=overwrite) for file, target in wanted]

    def download(self, name: str, path: str, to: Path) -> list[Path]:
        """Copy a file into a folder of this computer, or all files of a folder or pattern with their folders."""
        store = self.workspace.datastores.files(name)
        entries = store.matching(path).entries
        above = folder_of(checked_path(path), entries)
        targets = [(each.path, to / PurePosixPath(each.path).relative_to(above)) for each in entries]
        for source, target in targets:
            store.download(source, target)
        return [target for _, target in targets]

    def read(self, name: str, path: str) -> Iterator[bytes]:
        """The content of one file in pieces. Raises FileMissing."""
        store = self.workspace.datastores.files(name)
        entries = store.matching(path).entries
        if len(entries) != 1 or entries[0].path != checked_path(path):
            raise FileMissing(f"'{path}' is not a file of '{name}'", "Name a file.", file=path)
        return store.read(entries[0].path)

    def delete(self, name: str, path: str) -> None:
        """Remove one file of a datastore for ever. Raises FileMissing."""
        self.workspace.datastores.files(name).delete(path)

    def query(
        self, name: str, query: str, values: Mapping[str, Any] | None = None, limit: int | None = PREVIEWED_ROWS
    ) -> pd.DataFrame:
        """Rows that a query to a database gives. Raises InvalidQuery, InvalidParameter."""
        return self.workspace.datastores.open_database(name).table(query, values or {}, limit)

    def register_file(
        self, name: str, path: str, dataset: str = "", settings: Mapping[str, Any] | None = None,
        notices: list[str] | None = None, description: str = "",
    ) -> Dataset:  # fmt: skip
        """Make a dataset of a file of a datastore, read as `Datasets.add` reads one."""
        store = self.workspace.datastores.files(name)
        wanted = checked_path(path)
        if not wanted or store.matching(wanted).entries[0].path != wanted:
            raise InvalidParameter(f"'{path}' is not a file of '{name}'", "Name one file.", parameter="Path")
        with tempfile.TemporaryDirectory(dir=self.workspace.scratch, prefix="datastore-") as folder:
            place = Path(folder) / PurePosixPath(wanted).name
            store.download(wanted, place)
            return self._datasets.add(place, dataset, settings, notices, description)

    def register_query(
        self, name: str, query: str, dataset: str, values: Mapping[str, Any] | None = None, description: str = ""
    ) -> Dataset:
        """Make a dataset of the rows that a query to a database gives."""
        rows = self.query(name, query, values, None)
        return self._datasets.register_table(dataset, rows, description=description, origin="query")

    @property
    def _datasets(self) -> Datasets:
        return Datasets(self.workspace, self.modules)


def pairs(files: Sequence[Path], to: str, workspace: Path | None = None) -> list[tuple[Path, str]]:
    """The files with their paths in the datastore; of a folder around the workspace those outside that.

    Raises FileMissing.
    """
    wanted: list[tuple[Path, str]] = []
    for given in files:
        if not given.is_dir():
            require_file(given)
        below = sorted(each for each in given.rglob("*") if each.is_file()) if given.is_dir() else [given]
        if workspace is not None:
            own = WorkspaceFiles(workspace, USERS_FOLDERS)
            if own.include(given):
                raise FileMissing("this belongs to the workspace itself", "Choose another file.", file=str(given))
            everything = WorkspaceFiles(workspace)
            left_out = own if everything.include(given) else everything
            below = [each for each in below if not left_out.include(each)]
        wanted += [(each, f"{to}/{each.relative_to(given.parent).as_posix()}".strip("/")) for each in below]
    return wanted


def folder_of(path: str, entries: Sequence[Entry]) -> PurePosixPath:
    """The folder that downloaded files keep their paths below: that of a file, or the part before a star."""
    if "*" in path:
        return PurePosixPath(path[: path.index("*")].rpartition("/")[0])
    return PurePosixPath(path).parent if entries[0].path == path else PurePosixPath(path)
