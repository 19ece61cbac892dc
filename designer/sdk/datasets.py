"""Datasets of a workspace in code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from designer.contract.column_types import documented, to_pandas
from designer.contract.errors import InvalidParameter
from designer.contract.schema import Schema
from designer.contract.wording.articles import with_article
from designer.sdk.connections.connection import Connection
from designer.sdk.datastores import Query, StorePath
from designer.sdk.display.difference import DatasetDifference
from designer.sdk.display.tables import mimebundle, own, written
from designer.sdk.library import default_library
from designer.sdk.steps import Step
from designer.store.artifacts.tables import to_arrow

if TYPE_CHECKING:
    import pyarrow as pa

    from designer.store.records import Dataset as Row


class Dataset:
    """A dataset by name, by default its newest version. Give it to a step as an input.

    Those of `Workspace.datasets` also read the rows; one made by `Dataset(name)` only names them.
    """

    def __init__(self, name: str, version: int | None = None, *, connection: Connection | None = None) -> None:
        self.name = str(name)
        self.pinned = version
        self._connection = connection
        self._step: Step | None = None

    def as_step(self) -> Step:
        """The step that reads the dataset; the same one each time."""
        if self._step is None:
            self._step = self._made()
        return self._step

    @property
    def version(self) -> int:
        """The version: the given one, or the newest now."""
        return self._row.version

    @property
    def description(self) -> str:
        """What it is, in the words of its owner."""
        return self._row.description

    @property
    def schema(self) -> Schema:
        """Its columns with kinds and roles."""
        return Schema.from_json(self._row.table_schema)

    def versions(self) -> list[Dataset]:
        """Every version, newest first."""
        rows = self._reached.dataset_versions(self.name)
        return [Dataset(row.name, row.version, connection=self._connection) for row in rows]

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a DataFrame."""
        return own(self._reached.dataset_table(self.name, self.pinned))

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table."""
        return to_arrow(self.to_pandas())

    def download(self, to: str | Path = ".") -> Path:
        """Write the rows to a .csv, .parquet or .arrow file, or as CSV into a folder; returns the file."""
        return written(self.to_pandas(), Path(to), self.name)

    def profile(self) -> pd.DataFrame:
        """Statistics of each column: one row for each, with kind, missing and distinct values, mean and the like."""
        columns = self._reached.dataset_profile(self.name, self.pinned)
        return pd.DataFrame([_flat(column) for column in columns]).set_index("name")

    def compare(self, before: Dataset | int | None = None) -> DatasetDifference:
        """What changed since another version, by default the one before: rows, columns, distributions."""
        earlier = before.version if isinstance(before, Dataset) else before
        if isinstance(before, Dataset) and before.name != self.name:
            problem = f"'{before.name}' is another dataset than '{self.name}'"
            raise InvalidParameter(problem, "Give a version of the same dataset.", parameter="before")
        return DatasetDifference(self._reached.dataset_difference(self.name, earlier, self.pinned))

    def __repr__(self) -> str:
        return f"<dataset {self.name!r}{f', version {self.pinned}' if self.pinned else ''}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if self._connection is None:
            return {"text/plain": repr(self)}
        row = self._row
        title = f"{row.name}, version {row.version}"
        return mimebundle(self.to_pandas(), self.schema, row.rows, title)

    @property
    def _row(self) -> Row:
        return self._reached.dataset(self.name, self.pinned)

    @property
    def _reached(self) -> Connection:
        if self._connection is None:
            problem = f"the dataset '{self.name}' belongs to no workspace here"
            raise InvalidParameter(problem, f"Read it from one: Workspace().datasets['{self.name}'].")
        return self._connection

    def _made(self) -> Step:
        library = self._connection.library if self._connection is not None else default_library()
        spec = library.required("reads datasets")
        named = next(parameter.name for parameter in spec.parameters if parameter.editor == "dataset")
        parameters: dict[str, Any] = {named: self.name}
        if self.pinned is not None and spec.parameter("version") is not None:
            parameters["version"] = self.pinned
        return Step(spec.id, version=spec.version, parameters=parameters, outputs=spec.outputs)


class Datasets:
    """The datasets of a workspace: `datasets["name"]`, `datasets["name", 2]`, `datasets.register(...)`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, name: str, data: Any, *, description: str = "", **reading: Any) -> Dataset:
        """Register the next version of a dataset: a file, a DataFrame, an Arrow table, a file of a datastore, a query.

        The same rows again are the same version. `reading` are the settings of Import Data for a file, such as
        `separator="Semicolon"`; those left out are detected. Raises FileMissing, UnreadableFile, InvalidParameter, or
        WrongColumnType for a column that no table of Designer can hold.
        """
        if isinstance(data, str | Path):
            row = self._connection.add_file(Path(data).expanduser(), name, description, reading)
        elif isinstance(data, StorePath):
            stores = self._connection.datastores
            row = stores.register_file(data.datastore, data.path, name, reading, None, description)
        else:
            row = self._of_rows(name, data, description, reading)
        return Dataset(row.name, connection=self._connection)

    def _of_rows(self, name: str, data: Any, description: str, reading: Mapping[str, Any]) -> Row:
        if reading:
            setting = next(iter(reading))
            raise InvalidParameter(f"'{setting}' says how a file is read, and this is a table", "Leave it out.")
        if isinstance(data, Query):
            stores = self._connection.datastores
            return stores.register_query(data.datastore, data.query, name, data.values, description)
        return self._connection.add_table(_table(data), name, description)

    def __getitem__(self, key: str | tuple[str, int]) -> Dataset:
        name, version = key if isinstance(key, tuple) else (key, None)
        self._connection.dataset(name, version)
        return Dataset(name, version, connection=self._connection)

    def __contains__(self, name: object) -> bool:
        return name in self._connection.datasets()

    def __iter__(self) -> Iterator[str]:
        return iter(self._connection.datasets())

    def __len__(self) -> int:
        return len(self._connection.datasets())

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


def _table(data: Any) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        return documented(_with_named_index(data))
    if isinstance(data, pd.Series):
        raise InvalidParameter("a Series is not a table", "Give series.to_frame('name').", parameter="data")
    if hasattr(data, "__arrow_c_stream__"):  # pyarrow, polars, duckdb
        import pyarrow as pa

        return documented(to_pandas(pa.table(data)))
    problem = f"{with_article(type(data).__name__)} is not a table"
    raise InvalidParameter(problem, "Give a file, a DataFrame or an Arrow table.", parameter="data")


def _with_named_index(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with each level of its index that has a name as a column, unless one of that name is there."""
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    return frame.reset_index(level=named) if named else frame


def _flat(column: Mapping[str, Any]) -> dict[str, Any]:
    statistics = column.get("statistics") or {}
    plain = {name: value for name, value in column.items() if not isinstance(value, dict | list)}
    return plain | {name: value for name, value in statistics.items() if not isinstance(value, dict | list)}
