"""The datasets, artifacts and files that modules can read, see `designer.contract.files.sources`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.files.read_options import ReadOptions
from designer.contract.module import Module
from designer.contract.schema import Schema
from designer.store.artifacts.values import Stored
from designer.store.datasets import Datasets, read_options_of
from designer.store.datastores.datastores import Datastores, address_of
from designer.store.datastores.filesystem import FileStore, Listing, checked_path
from designer.store.datastores.local_folder import is_text
from designer.store.workspace_files import USERS_FOLDERS, WorkspaceFiles

MOST_FILES = 1000


class Data(Protocol):
    """The part of a workspace that modules read from."""

    datasets: Datasets
    datastores: Datastores

    def value(self, stored: Stored | str, library: Library | None = None) -> Any:
        """Load a stored value."""


class WorkspaceSources:
    """Datasets, artifacts and files of a workspace.

    `opened` opens the workspace on first use, so that a child process that reads no dataset opens none.
    """

    def __init__(self, folder: Path, opened: Callable[[], Data], library: Library | None = None) -> None:
        self._folder = folder
        self._opened = opened
        self._library = library
        self._own = WorkspaceFiles(folder, USERS_FOLDERS)  # to open its database would also drop the locks of SQLite

    def dataset(self, name: str, version: int | None = None) -> pd.DataFrame:
        """A registered dataset or a sample, with its schema attached."""
        workspace = self._opened()
        frame: pd.DataFrame = workspace.value(workspace.datasets.stored(name, version))
        return frame

    def dataset_schema(self, name: str, version: int | None = None) -> Schema:
        """The schema of a dataset, without reading rows."""
        return Schema.from_json(self._opened().datasets.get(name, version).table_schema)

    def dataset_options(self, name: str, version: int | None = None) -> ReadOptions | None:
        """How the file of a dataset was read; None if it came from no file."""
        return read_options_of(self._opened().datasets.get(name, version))

    def dataset_digest(self, name: str, version: int | None = None) -> str:
        """A digest of the rows, column kinds and roles of a dataset."""
        return self._opened().datasets.stored(name, version).identity

    def dataset_names(self) -> list[str]:
        """The names that `dataset` accepts."""
        return self._opened().datasets.names()

    def artifact(self, digest: str) -> Any:
        """A stored value, by the digest of its bytes."""
        return self._opened().value(digest, self._library)

    def module(self, id: str, version: int, parameters: Mapping[str, Any]) -> Module:
        """A module with saved parameters. Raises UnknownModule or InvalidParameter."""
        return (self._library or Library()).read(id, version, parameters)

    def file(self, path: str) -> Path:
        """A readable file: an absolute path, or one relative to the workspace's uploads.

        Raises FileMissing, also for a file of the workspace itself.
        """
        requested = _plain(path)
        place = requested if requested.is_absolute() else _inside(self._folder / "uploads", requested)
        if not place.exists():
            raise FileMissing(f"there is no file '{path}'", "Check the path, or upload the file.", file=path)
        if not place.is_file():
            raise FileMissing(f"'{path}' is not a file", "Name a file.", file=path)
        if self._own.include(place):
            raise FileMissing(f"'{path}' belongs to the workspace itself", "Choose another file.", file=path)
        if not os.access(place, os.R_OK):
            raise FileMissing(f"'{path}' may not be read", "Change its permissions.", file=path)
        return place

    def files(self, path: str) -> list[Path]:
        """The files that match `folder/**` or `folder/*.csv`, sorted by path; or the one file without a `*`.

        Skips hidden files and names that are not UTF-8. Raises FileMissing if none or more than `MOST_FILES` match.
        """
        pattern = _plain(path)
        if "*" not in pattern.name:
            return [self.file(path)]
        folder = pattern.parent if pattern.is_absolute() else _inside(self._folder / "uploads", pattern.parent)
        if not folder.is_dir():
            raise FileMissing(f"there is no folder '{pattern.parent}'", "Check the path.", file=path)
        below = folder.rglob("*") if pattern.name == "**" else folder.glob(pattern.name)
        seen = (place for place in below if place.is_file() and not self._own.include(place))
        listed = list(islice((place for place in seen if _is_shown(place.relative_to(folder))), MOST_FILES + 1))
        files = sorted(listed)
        if not files:
            raise FileMissing(f"no file in '{pattern.parent}' matches '{pattern.name}'", "Check the path.", file=path)
        if len(listed) > MOST_FILES:
            remedy = "Name a folder with fewer, or write them into one file."
            raise FileMissing(f"more than {MOST_FILES:,} files match '{path}'", remedy, file=path)
        return files

    def datastore_files(self, name: str, path: str) -> list[Path]:
        """The files of a path or a pattern in a datastore; copies where they are not on this computer."""
        store = self._opened().datastores.files(name)
        entries = _within_limit(store.matching(path, MOST_FILES), path).entries
        return _on_this_computer(store, [entry.path for entry in entries])

    def datastore_folder(self, name: str, path: str) -> Path:
        """A copy of a folder of a datastore, hidden files left out."""
        store = self._opened().datastores.files(name)
        below = checked_path(path)
        entries = _within_limit(store.matching(f"{path.rstrip('/')}/**" if path.strip("/") else "**", MOST_FILES), path)
        folder = Path(tempfile.mkdtemp(prefix="datastore-"))
        for entry in entries.entries:
            store.download(entry.path, folder / entry.path)
        return folder / below

    def datastore_stamp(self, name: str, path: str = "") -> str | None:
        """A digest that changes with the files of a path, or with a database; None if the datastore cannot tell."""
        stores = self._opened().datastores
        if address_of(stores.get(name)).is_database:
            return stores.open_database(name).stamp()
        return stores.files(name).stamp(path)

    def query(self, name: str, query: str, values: Mapping[str, Any]) -> pd.DataFrame:
        """The rows that a query to the database of a datastore gives."""
        return self._opened().datastores.open_database(name).table(query, values)

    def output(self, path: str) -> Path:
        """The path of an exported file: absolute, or relative to the workspace's exports; creates its folder.

        Raises InvalidParameter for a folder and for an absolute path inside the workspace, FileMissing if the folder
        cannot be created.
        """
        requested = _plain(path)
        place = requested if requested.is_absolute() else _inside(self._folder / "exports", requested)
        if place.is_dir():
            raise InvalidParameter(f"'{path}' is a folder", "Name a file.", parameter="File")
        if place.resolve().is_relative_to(self._folder.resolve()) and requested.is_absolute():
            problem = "the file would lie inside the workspace"
            raise InvalidParameter(problem, "Choose another folder.", parameter="File")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            problem = f"the folder of '{path}' cannot be made ({error.strerror})"
            raise FileMissing(problem, "Choose another path.", file=path) from error
        return place


def _is_shown(path: Path) -> bool:
    return is_text(str(path)) and not any(part.startswith(".") for part in path.parts)


def _on_this_computer(store: FileStore, paths: list[str]) -> list[Path]:
    """The files where they lie, or copies of them in a new temporary folder: that of a step, which goes with it."""
    if paths and store.local(paths[0]) is not None:
        return [place for path in paths if (place := store.local(path)) is not None]
    folder = Path(tempfile.mkdtemp(prefix="datastore-"))
    for path in paths:
        store.download(path, folder / path)
    return [folder / path for path in paths]


def _within_limit(listing: Listing, path: str) -> Listing:
    if not listing.is_complete:
        remedy = "Name a folder with fewer, or write them into one file."
        raise FileMissing(f"more than {MOST_FILES:,} files match '{path}'", remedy, file=path)
    return listing


def _plain(path: str) -> Path:
    if not path.strip():
        raise FileMissing("no file is named", "Type a path, or upload a file.")
    if "\0" in path or "://" in path or path.startswith("\\\\"):
        raise FileMissing(f"'{path[:80]}' is not a file on this computer", "Name a local file.")
    return Path(path).expanduser()


def _inside(folder: Path, relative: Path) -> Path:
    place = (folder / relative).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise FileMissing(f"'{relative}' leads out of the workspace", "Name an absolute path, or a file inside it.")
    return place
