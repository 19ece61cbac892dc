"""Access of modules to data outside the graph: registered datasets, samples, files, pinned artifacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from designer.contract.errors import FileMissing
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Schema

if TYPE_CHECKING:
    from designer.contract.module import Module


class Sources(Protocol):
    """The interface of the store for modules. Every method raises FileMissing if the item does not exist."""

    def dataset(self, name: str, version: int | None = None) -> pd.DataFrame:
        """A registered dataset or a sample, with its schema attached."""

    def dataset_schema(self, name: str, version: int | None = None) -> Schema:
        """The schema of a dataset, without reading rows."""

    def dataset_options(self, name: str, version: int | None = None) -> ReadOptions | None:
        """The options by which the file of a dataset was read; None if it was not read from a file."""

    def dataset_digest(self, name: str, version: int | None = None) -> str:
        """The digest of a dataset's content."""

    def dataset_names(self) -> list[str]:
        """The names that `dataset` knows."""

    def artifact(self, digest: str) -> Any:
        """A stored value, by the digest of its bytes."""

    def module(self, id: str, version: int, parameters: Mapping[str, Any]) -> Module:
        """A module with saved parameters. Raises UnknownModule or InvalidParameter."""

    def file(self, path: str) -> Path:
        """A file the user may read: inside the workspace's uploads, or any readable path on this computer."""

    def files(self, path: str) -> list[Path]:
        """The files of a pattern like `folder/**` or `folder/*.csv`, sorted by name; or the single file."""

    def datastore_files(self, name: str, path: str) -> list[Path]:
        """The files that a path or a pattern names in a datastore, sorted; those of an object store are copied here.

        Raises DatastoreMissing, DatastoreUnreachable.
        """

    def datastore_folder(self, name: str, path: str) -> Path:
        """A copy of a folder of a datastore, hidden files left out."""

    def datastore_stamp(self, name: str, path: str = "") -> str | None:
        """A digest that changes with the files of a path, or with a database; None if the datastore cannot tell."""

    def query(self, name: str, query: str, values: Mapping[str, Any]) -> pd.DataFrame:
        """The rows that a query to the database of a datastore gives; `:name` in it stands for a value."""

    def output(self, path: str) -> Path:
        """The path to write an exported file to; its folder exists."""


_SOURCES: ContextVar[Sources | None] = ContextVar("sources", default=None)


def sources() -> Sources:
    """The sources of the running engine or the open workspace. Raises FileMissing if there are none."""
    current = _SOURCES.get()
    if current is None:
        raise FileMissing("no workspace is open", "Run the module inside a workspace.")
    return current


def has_sources() -> bool:
    """Whether a workspace is open."""
    return _SOURCES.get() is not None


@contextmanager
def using(current: Sources) -> Iterator[None]:
    """Make these sources available to modules."""
    token = _SOURCES.set(current)
    try:
        yield
    finally:
        _SOURCES.reset(token)
