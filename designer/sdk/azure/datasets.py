"""Datasets under the names of the original."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from designer.contract.errors import InvalidParameter
from designer.contract.wording.closeness import closest
from designer.sdk.azure.datastores import DataPath, DataReference, Datastore
from designer.sdk.azure.faces import Face, note_handing, refuse_given
from designer.sdk.datasets import Dataset as Plain
from designer.sdk.parameters import Parameter
from designer.sdk.steps import Step, Wireable
from designer.sdk.workspace import Workspace as PlainWorkspace

_SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Pipe", " ": "Space"}
_ENCODINGS = {"utf8": "UTF-8", "utf-8": "UTF-8", "utf16": "UTF-16", "windows1252": "Windows-1252",
              "iso88591": "ISO-8859-1", "latin1": "ISO-8859-1", "ascii": "UTF-8"}  # fmt: skip
_PREPARED = "Columns are typed and chosen by modules: Edit Metadata, Select Columns in Dataset."


class _Named:
    """What can be an input of a step under a name."""

    def as_step(self) -> Step:
        """The step that gives it."""
        raise NotImplementedError

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """It as an input of that name, which a script finds in `Run.get_context().input_datasets`."""
        return DatasetConsumptionConfig(name, self)

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """It as an input of a step."""
        return self.as_named_input("input").as_mount(path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """It as an input of a step."""
        return self.as_named_input("input").as_download(path_on_compute)


class TabularDataset(_Named):
    """A table: a registered dataset, or files of a datastore and how they are read."""

    def __init__(self, workspace: Any, registered: Plain | None, place: DataReference | None = None,
                 reading: Mapping[str, Any] | None = None) -> None:  # fmt: skip
        self.workspace = workspace
        self.registered = registered
        self._place = place
        self._reading = dict(reading or {})

    @property
    def name(self) -> str:
        """Its name; empty until it is registered."""
        return self.registered.name if self.registered is not None else ""

    @property
    def version(self) -> int | None:
        """Its version; None until it is registered."""
        return self.registered.version if self.registered is not None else None

    @cached_property
    def _step(self) -> Step:
        if self.registered is not None:
            return self.registered.as_step()
        assert self._place is not None
        spec = self.workspace.plain.connection.library.required("reads files")
        settings = {"path": self._place.path_on_datastore, "datastore": self._place.datastore.name, **self._reading}
        return Step(spec.id, version=spec.version, parameters=settings, outputs=spec.outputs)

    def as_step(self) -> Step:
        """The step that reads it."""
        return self._step

    def register(
        self,
        workspace: Any,
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        create_new_version: bool = False,
    ) -> TabularDataset:
        """Register it as the next version of a dataset; the same rows again are the same version.

        `create_new_version` makes no difference: other rows are another version, and none is lost.
        """
        refuse_given("register", {"tags": tags}, "Write them into the description.")
        rows: Any = self._place.place if self._place is not None else self.to_pandas_dataframe()
        registered = workspace.plain.datasets.register(name, rows, description=description or "", **self._reading)
        return TabularDataset(workspace, registered)

    def to_pandas_dataframe(self, on_error: str = "null", out_of_range_datetime: str = "null") -> pd.DataFrame:
        """Its rows. Raises InvalidParameter until it is registered."""
        if self.registered is None:
            raise InvalidParameter(
                "the dataset is not registered yet", "Register it first: dataset.register(ws, NAME)."
            )
        return self.registered.to_pandas()

    def as_direct(self) -> DatasetConsumptionConfig:
        """It as an input of a step."""
        return self.as_named_input("input")

    def __repr__(self) -> str:
        return repr(self.registered) if self.registered is not None else f"<table of {self._place!r}>"


class FileDataset(_Named):
    """A file or a folder of a datastore."""

    def __init__(self, place: DataReference) -> None:
        self.place = place

    def as_step(self) -> Step:
        """The step that passes it on."""
        return self.place.as_step()

    def register(self, workspace: Any, name: str, **others: Any) -> FileDataset:
        """Raise InvalidParameter: a dataset of the workspace is a table."""
        remedy = f"Give steps the path itself: datastore.path({self.place.path_on_datastore!r})."
        raise InvalidParameter("files are no dataset of a workspace, which is a table", remedy)

    def to_path(self) -> list[str]:
        """The paths of its files in the datastore."""
        return self.place.datastore.plain.files(self.place.path_on_datastore)

    def __repr__(self) -> str:
        return repr(self.place)


class NamedDataset(_Named):
    """The dataset that a parameter of the pipeline names."""

    def __init__(self, workspace: PlainWorkspace, parameter: Parameter) -> None:
        self._workspace = workspace
        self._parameter = parameter

    @cached_property
    def _step(self) -> Step:
        spec = self._workspace.connection.library.required("reads datasets")
        named = next(each.name for each in spec.parameters if each.editor == "dataset")
        return Step(spec.id, version=spec.version, parameters={named: self._parameter}, outputs=spec.outputs)

    def as_step(self) -> Step:
        """The step that reads it."""
        return self._step


class DatasetConsumptionConfig:
    """A dataset as an input of a name. How it is handed over is no choice: as a path, which may be read as a table."""

    def __init__(self, name: str, dataset: Any, mode: str = "direct", path_on_compute: str | None = None) -> None:
        note_handing("as_named_input", path_on_compute)
        dataset = getattr(dataset, "dataset", dataset)  # that of a PipelineParameter
        if not isinstance(dataset, Wireable):
            raise InvalidParameter(f"a {type(dataset).__name__} is no dataset", "Give a Dataset.", parameter="dataset")
        self.name = name
        self.dataset = dataset

    def as_step(self) -> Step:
        """The step that gives it."""
        return self.dataset.as_step()

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """The same."""
        return DatasetConsumptionConfig(self.name, self.dataset, "mount", path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """The same."""
        return DatasetConsumptionConfig(self.name, self.dataset, "download", path_on_compute)

    def as_direct(self) -> DatasetConsumptionConfig:
        """The same."""
        return self

    def __repr__(self) -> str:
        return f"<input {self.name!r}: {self.dataset!r}>"


class _Tabular:
    """`Dataset.Tabular`."""

    @staticmethod
    def from_delimited_files(
        path: Any,
        validate: bool = True,
        include_path: bool = False,
        infer_column_types: bool = True,
        set_column_types: Any = None,
        separator: str = ",",
        header: Any = True,
        partition_format: str | None = None,
        support_multi_line: bool = False,
        empty_as_string: bool = False,
        encoding: str = "utf8",
    ) -> TabularDataset:
        """A table of CSV files. Types are always inferred, and line breaks in quotes understood."""
        others = {"include_path": include_path, "set_column_types": set_column_types,
                  "partition_format": partition_format, "empty_as_string": empty_as_string,
                  "infer_column_types": None if infer_column_types else "False"}  # fmt: skip
        refuse_given("from_delimited_files", others, _PREPARED)
        reading = {"format": "CSV", "encoding": _choice("encoding", encoding, _ENCODINGS),
                   "separator": _choice("separator", separator, _SEPARATORS),
                   "header": str(header).rpartition(".")[2] not in ("False", "NO_HEADERS")}  # fmt: skip
        return _read(path, reading)

    @staticmethod
    def from_parquet_files(path: Any, validate: bool = True, **others: Any) -> TabularDataset:
        """A table of Parquet files."""
        refuse_given("from_parquet_files", others, _PREPARED)
        return _read(path, {"format": "Parquet"})

    @staticmethod
    def from_json_lines_files(path: Any, validate: bool = True, **others: Any) -> TabularDataset:
        """A table of files with a JSON object in each line."""
        refuse_given("from_json_lines_files", others, _PREPARED)
        return _read(path, {"format": "JSON Lines"})

    @staticmethod
    def register_pandas_dataframe(
        dataframe: pd.DataFrame, target: Any, name: str, description: str | None = None, **others: Any
    ) -> TabularDataset:
        """Register a DataFrame as the next version of a dataset; `target` names the workspace alone."""
        refuse_given("register_pandas_dataframe", others, "Leave it out.")
        store = target[0] if isinstance(target, tuple) else target
        registered = store.workspace.plain.datasets.register(name, dataframe, description=description or "")
        return TabularDataset(store.workspace, registered)


class _File:
    """`Dataset.File`."""

    @staticmethod
    def from_files(path: Any, validate: bool = True, partition_format: str | None = None, is_file: bool = False,
                   ) -> FileDataset:  # fmt: skip
        """A file or a folder of a datastore."""
        refuse_given("from_files", {"partition_format": partition_format}, "Read the parts of the path in the script.")
        return FileDataset(_place(path))


class Dataset(Face):
    """Where datasets come from."""

    Tabular = _Tabular
    File = _File

    @staticmethod
    def get_by_name(workspace: Any, name: str, version: int | str = "latest") -> TabularDataset:
        """A registered dataset, by default its newest version."""
        datasets = workspace.plain.datasets
        is_newest = version in ("latest", None)
        return TabularDataset(workspace, datasets[name] if is_newest else datasets[name, int(version)])

    @staticmethod
    def get_all(workspace: Any) -> dict[str, TabularDataset]:
        """The registered datasets by name."""
        return {name: Dataset.get_by_name(workspace, name) for name in workspace.plain.datasets}


def _read(path: Any, reading: Mapping[str, Any]) -> TabularDataset:
    place = _place(path)
    return TabularDataset(place.datastore.workspace, None, place, reading)


def _place(path: Any) -> DataReference:
    """The place that an argument `path` names: a reference, a (datastore, path), or a list of one."""
    match path:
        case [single]:
            return _place(single)
        case DataReference():
            return path
        case DataPath():
            return path.create_data_reference()
        case (Datastore() as store, str(below)):
            return store.path(below)
        case str():
            problem = f"'{path[:80]}' is not the path of a datastore"
            raise InvalidParameter(problem, "Upload it: datastore.upload_files([...]).", parameter="path")
        case [*several]:
            problem = f"{len(several)} paths are given"
            raise InvalidParameter(problem, "Name a folder or a pattern, such as in/*.csv.", parameter="path")
    problem = f"a {type(path).__name__} is no path of a datastore"
    raise InvalidParameter(problem, "Give datastore.path('folder/file.csv').", parameter="path")


def _choice(name: str, given: str, choices: Mapping[str, str]) -> str:
    text = str(given).rpartition(".")[2].lower() if name == "encoding" else given
    if text not in choices:
        raise InvalidParameter(f"'{given}' is not understood", closest(text, choices, "There are"), parameter=name)
    return choices[text]
