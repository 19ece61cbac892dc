"""Outputs of the steps of a run: as tables, values and files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.ports import PortType
from designer.contract.schema import Schema
from designer.contract.values import Archive, Evaluation, File, Folder
from designer.contract.wording.articles import with_article
from designer.contract.wording.closeness import closest
from designer.sdk.connections.connection import Connection, Produced
from designer.sdk.datasets import Dataset
from designer.sdk.display.figures import display_evaluation, evaluation_bundle
from designer.sdk.display.tables import SHOWN_ROWS, mimebundle, own, place_for, written
from designer.store.artifacts.tables import to_arrow
from designer.store.artifacts.values import Stored
from designer.store.records import NodeRun

if TYPE_CHECKING:
    import pyarrow as pa


class RunOutput:
    """One output of a step: a table, a model, a transformation, an evaluation, a folder or a file."""

    def __init__(self, connection: Connection, row: NodeRun, port: str, stored: Stored) -> None:
        self.port = port
        self._connection = connection
        self._row = row
        self._stored = stored

    @property
    def kind(self) -> str:
        """What it is: data, trained model, evaluation and the like."""
        return str(self._stored.kind)

    @property
    def schema(self) -> Schema:
        """The columns of a table. Raises InvalidParameter for another value."""
        self._require_table()
        return self._stored.schema or Schema.unknown()

    def load(self) -> Any:
        """The value: a DataFrame, or an object of `designer.contract.values`."""
        return self._connection.value(self._produced)

    def to_pandas(self) -> pd.DataFrame:
        """The rows of a table. Raises InvalidParameter for another value."""
        self._require_table()
        return own(self.load())

    def to_arrow(self) -> pa.Table:
        """The rows of a table as an Arrow table."""
        return to_arrow(self.to_pandas())

    def download(self, to: str | Path = ".") -> Path:
        """Write it to a file, or into a folder; returns the file, for several files the folder.

        A table becomes .csv, .parquet or .arrow by the name of the file (in a folder: CSV), files keep their names,
        anything else is written by joblib.
        """
        place, name = Path(to), f"{self._row.node}-{self.port}"
        if self._stored.kind is PortType.TABLE:
            return written(self.to_pandas(), place, name)
        value = self.load()
        if isinstance(value, Folder):
            shutil.copytree(value.path, place, dirs_exist_ok=True, copy_function=shutil.copy)
            for file in Folder(place).files():
                file.chmod(file.stat().st_mode | 0o200)  # the stored files are read-only
            return place
        if isinstance(value, File):
            file = place_for(place, value.name)
            shutil.copyfile(value.path, file)
            return file
        if isinstance(value, Archive):
            for path, content in value.files.items():
                file = place / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            return place
        import joblib

        file = place_for(place, f"{name}.joblib")
        joblib.dump(value, file)
        return file

    def files(self) -> list[str]:
        """The files of a folder, by their paths in it; the name of a file. Empty for other values."""
        value = self.load() if self._stored.kind in (PortType.FOLDER, PortType.FILE) else None
        if isinstance(value, Folder):
            return [file.relative_to(value.path).as_posix() for file in value.files()]
        return [value.name] if isinstance(value, File) else []

    def register(self, name: str, *, description: str = "") -> Dataset:
        """Register a table as the next version of a dataset. Raises InvalidParameter for another value."""
        self._require_table()
        row = self._connection.add_output(self._produced, name, description)
        return Dataset(row.name, connection=self._connection)

    def figures(self) -> Mapping[str, Any]:
        """The plotly figures of an evaluation by name; empty for other values."""
        from designer.sdk.display.figures import figures_of

        value = self.load() if self._stored.kind is PortType.EVALUATION else None
        return figures_of(value) if isinstance(value, Evaluation) else {}

    def __repr__(self) -> str:
        size = f", {self._stored.rows:,} x {self._stored.columns}" if self._stored.rows is not None else ""
        return f"<{self.kind} {self.port} of {self._row.title}{size}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        title = f"{self.port} of {self._row.title}"
        if self._stored.kind is PortType.TABLE:
            first = self._connection.rows(self._produced, SHOWN_ROWS)
            return mimebundle(first, self.schema, self._stored.rows or 0, title)
        if self._stored.kind is PortType.EVALUATION:
            return evaluation_bundle(self.load(), title)
        return {"text/plain": repr(self)}

    def _ipython_display_(self) -> None:
        from IPython.display import display

        if self._stored.kind is PortType.EVALUATION:
            display_evaluation(self.load(), f"{self.port} of {self._row.title}")
        else:
            display(self._repr_mimebundle_(), raw=True)

    @property
    def _produced(self) -> Produced:
        return Produced(self._row.run_id, self._row.node, self.port, self._stored)

    def _require_table(self) -> None:
        if self._stored.kind is not PortType.TABLE:
            remedy = "Read it with .load(), or write it with .download()."
            raise InvalidParameter(f"'{self.port}' of {self._row.title} is {with_article(self.kind)}, no table", remedy)


class Outputs(Mapping[str, RunOutput]):
    """The outputs of a step by port."""

    def __init__(self, connection: Connection, row: NodeRun) -> None:
        self._connection = connection
        self._row = row

    def __getitem__(self, port: str) -> RunOutput:
        if port not in self._row.outputs:
            names = closest(port, self._row.outputs, "Outputs are") or f"The step is {self._row.state}."
            raise FileMissing(f"{self._row.title} has no output '{port}'", names)
        stored = Stored.from_json(self._row.outputs[port])
        return RunOutput(self._connection, self._row, port, stored)

    def __contains__(self, port: object) -> bool:
        return port in self._row.outputs

    def __iter__(self) -> Iterator[str]:
        return iter(self._row.outputs)

    def __len__(self) -> int:
        return len(self._row.outputs)

    def __repr__(self) -> str:
        return f"<outputs {', '.join(self)}>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)
