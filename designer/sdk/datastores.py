"""Datastores of a workspace in code: folders, object stores and databases by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import pandas as pd

from designer.contract.abilities import Purpose
from designer.contract.errors import InvalidParameter
from designer.contract.files.store_path import NAMED_IN_PATH
from designer.sdk.connections.connection import Connection
from designer.sdk.display.tables import own
from designer.sdk.parameters import Parameter
from designer.sdk.steps import Step

if TYPE_CHECKING:
    from designer.store.records import Datastore as Row


Kind: TypeAlias = Literal["file", "folder"]


class StorePath:
    """A file, a folder or a pattern in a datastore. Give it to a step as an input.

    A path that ends in a slash, has a star or has no ending in its last name is a folder; `kind` decides otherwise.
    With `parameter` each run may name another path, in another datastore too: `workspace/incoming/a.csv`.
    """

    def __init__(
        self,
        datastore: str,
        path: str,
        connection: Connection,
        kind: Kind | None = None,
        parameter: Parameter | None = None,
    ) -> None:
        self.datastore = datastore
        self.path = path
        self.kind = kind or ("file" if PurePosixPath(path).suffix and not path.endswith(("/", "*")) else "folder")
        self.parameter = parameter
        self._connection = connection
        self._step: Step | None = None

    def as_step(self) -> Step:
        """The step that passes the file or folder on; the same one each time."""
        if self._step is None:
            purpose: Purpose = "passes a file on" if self.kind == "file" else "passes a folder on"
            store = NAMED_IN_PATH if self.parameter else self.datastore
            path = self.parameter or self.path.rstrip("/") or "."
            self._step = _step(self._connection, purpose, store, text=path)
        return self._step

    @property
    def place(self) -> str:
        """Where it lies on the computer of the workspace. Raises InvalidParameter for a datastore that is no folder."""
        address = self._connection.datastores.get(self.datastore).address
        if "://" in address:
            problem = f"'{self.datastore}' is not a folder of a computer"
            raise InvalidParameter(problem, "Use a datastore that is a folder, or run at times.", parameter="on_change")
        return f"{address}/{self.path.strip('/')}"

    def download(self, to: str | Path = ".") -> list[Path]:
        """Copy the file, or all files of the folder, into a folder of this computer."""
        return self._connection.datastores.download(self.datastore, self.path, Path(to))

    def __repr__(self) -> str:
        return f"<{self.kind} {self.path!r} of datastore {self.datastore!r}>"


class Query:
    """A query to a database. Give it to a step as an input, or read its rows."""

    def __init__(self, datastore: str, query: str, values: Mapping[str, Any], connection: Connection) -> None:
        self.datastore = datastore
        self.query = query
        self.values = dict(values)
        self._connection = connection
        self._step: Step | None = None

    def as_step(self) -> Step:
        """The step that reads the rows; the same one each time."""
        if self._step is None:
            lines = "\n".join(f"{name} = {_written(value)}" for name, value in self.values.items())
            self._step = _step(
                self._connection, "queries a database", self.datastore, code=self.query, lines=lines
            )  # fmt: skip
        return self._step

    def to_pandas(self) -> pd.DataFrame:
        """All rows as a DataFrame."""
        return own(self._connection.datastores.query(self.datastore, self.query, self.values, None))

    def __repr__(self) -> str:
        return f"<query of datastore {self.datastore!r}: {' '.join(self.query.split())[:60]}>"


class Datastore:
    """A datastore of a workspace."""

    def __init__(self, name: str, connection: Connection) -> None:
        self.name = name
        self._connection = connection

    @property
    def address(self) -> str:
        """Where it lies, without its secrets."""
        return self._row.address

    @property
    def is_default(self) -> bool:
        """Whether it is the workspace's default datastore."""
        return self._row.is_default

    def path(self, path: str | Parameter, kind: Kind | None = None) -> StorePath:
        """A file or a folder in it, as an input of a step.

        A `Parameter` whose default is a path in it makes one that each run may set, as `workspace/incoming/a.csv`.
        """
        if not isinstance(path, Parameter):
            return StorePath(self.name, path, self._connection, kind)
        default = None if path.default is None else str(path.default)
        named = None if default is None else f"{self.name}/{default.strip('/')}"
        parameter = replace(path, type="datapath", default=named)
        return StorePath(self.name, default or "", self._connection, kind or (None if default else "file"), parameter)

    def query(self, sql: str, **values: Any) -> Query:
        """The rows that a query to a database gives; `:name` in it stands for the value of that name."""
        return Query(self.name, sql, values, self._connection)

    def files(self, pattern: str = "**") -> list[str]:
        """The paths of the files of a folder or a pattern; at most 1,000."""
        return [entry.path for entry in self._connection.datastores.files(self.name, pattern).entries]

    def tables(self) -> list[str]:
        """The tables and views of a database."""
        return self._connection.datastores.tables(self.name)

    def upload(
        self, files: str | Path | Sequence[str | Path], to: str = "", *, overwrite: bool = False
    ) -> list[StorePath]:
        """Copy files and folders of this computer into a folder of it. Raises FileTaken without `overwrite`."""
        given = [files] if isinstance(files, str | Path) else list(files)
        places = [Path(each).expanduser() for each in given]
        entries = self._connection.datastores.upload(places, self.name, to, overwrite=overwrite)
        return [self.path(entry.path, "file") for entry in entries]

    def upload_files(self, files: Sequence[str | Path], target_path: str = "", overwrite: bool = False) -> None:
        """`upload` by another name."""
        self.upload(files, target_path, overwrite=overwrite)

    def download(self, path: str, to: str | Path = ".") -> list[Path]:
        """Copy a file, or all files of a folder or pattern, into a folder of this computer."""
        return self._connection.datastores.download(self.name, path, Path(to))

    def test(self) -> None:
        """Reach it once. Raises DatastoreUnreachable, DriverMissing or FileMissing."""
        self._connection.datastores.test(self.name)

    def set_default(self) -> None:
        """Make it the default datastore."""
        self._connection.datastores.set_default(self.name)

    def __repr__(self) -> str:
        return f"<datastore {self.name!r}: {self.address}>"

    @property
    def _row(self) -> Row:
        return self._connection.datastores.get(self.name)


class Datastores:
    """The datastores of a workspace: `datastores["shop"]`, `datastores.register("shop", "postgresql://…")`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, name: str, address: str, *, replace: bool = False, **secrets: str) -> Datastore:
        """Register a folder, `s3://`, `gs://`, `abfs://`, `postgresql://`, `mysql://`, `sqlite:///` or `duckdb:///`.

        `secrets` are such as `password`, or `access_key` and `secret_key`; without them the credentials of the computer
        apply. They are never shown again. Raises InvalidParameter, DatastoreTaken without `replace`.
        """
        row = self._connection.datastores.register(name, address, secrets, replace=replace)
        return Datastore(row.name, self._connection)

    @property
    def default(self) -> Datastore:
        """The default datastore; at first the workspace's own."""
        return Datastore(self._connection.datastores.get().name, self._connection)

    def remove(self, name: str) -> None:
        """Forget a datastore and its secrets; what it holds stays."""
        self._connection.datastores.remove(name)

    def __getitem__(self, name: str) -> Datastore:
        return Datastore(self._connection.datastores.get(name).name, self._connection)

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    def __iter__(self) -> Iterator[str]:
        return (row.name for row in self._connection.datastores.all())

    def __len__(self) -> int:
        return len(self._connection.datastores.all())

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


def _step(connection: Connection, purpose: Purpose, datastore: str, **fields: str | Parameter) -> Step:
    """A step of the module with this purpose; `fields` are its settings by the editor that they have on the canvas."""
    spec = connection.library.required(purpose)
    named: dict[str, str] = {parameter.editor: parameter.name for parameter in spec.parameters}
    values: dict[str, str | Parameter] = {
        named[editor]: value for editor, value in {**fields, "datastore": datastore}.items()
    }
    return Step(spec.id, version=spec.version, parameters=values, outputs=spec.outputs)


def _written(value: Any) -> str:
    return json.dumps(value, default=str)  # a date is written as text, which databases read
