"""Datasets of a workspace: add, read, build a pipeline on, delete, restore."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pandas as pd

from designer.charts.difference import TableDifference, difference
from designer.charts.profile import profile
from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, InvalidParameter
from designer.contract.files.read_options import ENCODINGS, SEPARATORS, ReadOptions
from designer.contract.files.required_file import require_file
from designer.contract.parameters import Parameter
from designer.contract.schema import Schema
from designer.engine.first_pipeline import first_pipeline_of
from designer.engine.importing import import_dataset
from designer.pipeline.graph import Pipeline
from designer.reading.advice import advice
from designer.reading.arrow_file import read_arrow
from designer.reading.dialect import guess
from designer.reading.file import Format, format_of
from designer.reading.undecided import undecided_header, undecided_sheet
from designer.samples.data import SampleDataset
from designer.store.artifacts.blobs import disk_error
from designer.store.artifacts.values import Stored
from designer.store.datasets import notices_of
from designer.store.records import Dataset, DatasetOrigin, Profile
from designer.store.upkeep.abandoned import sweep
from designer.store.workspace import Workspace, forget_upload, safe_name

DEFAULT_ENCODING = "UTF-8"
DEFAULT_SEPARATOR = "Comma"
BY_NAME = "By file name"
_DIFFERENCE = "difference 1"
"""Bump the number when the output of `designer.charts.difference` changes."""


@dataclass(frozen=True)
class Datasets:
    """The datasets of a workspace."""

    workspace: Workspace
    modules: Callable[[], Library]

    def all(self, *, trashed: bool = False) -> list[Dataset]:
        """The newest version of each registered dataset, or those in the trash."""
        return self.workspace.datasets.all(trashed=trashed)

    def samples(self) -> list[SampleDataset]:
        """The datasets that ship with Designer."""
        return self.workspace.datasets.samples()

    def names(self) -> list[str]:
        """The names of all readable datasets, samples included."""
        return self.workspace.datasets.names()

    def get(self, name: str, version: int | None = None) -> Dataset:
        """A dataset by name, the newest version by default; raises DatasetMissing."""
        return self.workspace.datasets.get(name, version)

    def notices(self, dataset: Dataset) -> list[str]:
        """What reading the dataset's file lost or left open, one sentence each."""
        return notices_of(dataset)

    def rows(self, dataset: Dataset, offset: int, limit: int) -> pd.DataFrame:
        """Some rows of a dataset, without reading the others."""
        stored = self.workspace.datasets.stored(dataset.name, dataset.version)
        return self.workspace.page(stored, offset, limit)

    def profile(self, dataset: Dataset, version: str) -> Profile | None:
        """The stored profile of a dataset under a profile version; None without one."""
        return self.workspace.results.profile(dataset.digest, version)

    def versions(self, name: str) -> list[Dataset]:
        """Every version of a dataset, newest first; raises FileMissing where there is none of that name."""
        self.get(name)
        return self.workspace.datasets.versions(name)

    def before(self, dataset: Dataset) -> Dataset:
        """The version before a version; raises FileMissing for the first."""
        earlier = [row for row in self.versions(dataset.name) if row.version < dataset.version]
        if not earlier:
            problem = f"version {dataset.version} of '{dataset.name}' is the first"
            raise FileMissing(problem, "Name another version or dataset to compare it with.")
        return earlier[0]

    def stored_difference(self, before: Dataset, after: Dataset) -> TableDifference | None:
        """The difference of two datasets or versions, if it was computed before."""
        kept = self.profile(after, _difference_from(before))
        return TableDifference.from_json(kept.document) if kept is not None else None

    def difference(self, before: Dataset, after: Dataset) -> TableDifference:
        """What changed from one dataset or version to another, computed in this process on first use."""
        kept = self.stored_difference(before, after)
        if kept is not None:
            return kept
        changes = difference(self.table(before), self.table(after))
        self.workspace.results.keep_profile(after.digest, _difference_from(before), "ready", changes.to_json())
        return changes

    def table(self, dataset: Dataset) -> pd.DataFrame:
        """All rows of a dataset."""
        table = self.workspace.value(self.workspace.datasets.stored(dataset.name, dataset.version))
        return cast(pd.DataFrame, table)

    def statistics(self, dataset: Dataset) -> list[dict[str, Any]]:
        """The statistics of each column, computed in this process."""
        return profile(self.table(dataset), Schema.from_json(dataset.table_schema))["profile"]  # type: ignore[no-any-return]

    def register_table(
        self, name: str, table: pd.DataFrame | Stored, *, description: str = "", origin: DatasetOrigin = "code"
    ) -> Dataset:
        """Register a table, by default one made by code, or an output of a run as the next version of a dataset.

        Returns the newest version if its content is the same.
        """
        if isinstance(table, Stored):
            origin = "output"
        return self.workspace.datasets.register(name, table, description=description, origin=origin)

    def add_arrow(self, file: Path, name: str, *, description: str = "") -> Dataset:
        """Register the table of an Arrow file as the next version of a dataset, see `register_table`.

        The file is checked in a process of its own first. Raises UnreadableFile.
        """
        return self.register_table(name, read_arrow(file), description=description)

    def add(
        self,
        file: Path,
        name: str = "",
        settings: Mapping[str, Any] | None = None,
        notices: list[str] | None = None,
        description: str = "",
    ) -> Dataset:
        """Copy a file into the workspace, read it as Import Data does, and register the table.

        The name defaults to `default_name` of the file. `settings` are parameters of Import Data; an encoding and a
        separator that they lack are detected, as on the page. Messages for the user are appended to `notices`: what
        reading lost or left open, and findings to review. Raises FileMissing; InvalidParameter for a setting that the
        format does not have; UnreadableFile, also where the settings leave the sheet or a title line undecided; or the
        error of the disk.
        """
        require_file(file)
        messages = [] if notices is None else notices
        options = self._decided(file, settings or {}, messages)
        place = self.workspace.upload_place(file.name)
        try:
            shutil.copyfile(file, place)
        except OSError as error:
            forget_upload(place)
            raise disk_error(error) from error
        name = name or default_name(file.name)
        dataset = import_dataset(
            self.workspace, self.modules(), place, name, options=options, description=description, notices=messages
        )
        messages += self._findings(dataset, file, options, messages)
        return dataset

    def _findings(self, dataset: Dataset, file: Path, options: Mapping[str, Any], notices: Sequence[str]) -> list[str]:
        """The findings of the page that the reader has not given, each with the setting that makes its change."""
        shown = {**options, "format": _format(file, options)}
        labels = {parameter.label for parameter in self._parameters() if parameter.is_shown(shown)}
        table = self.workspace.value(self.workspace.datasets.stored(dataset.name, dataset.version))
        return advice(table, self._reading(file, options), notices, labels)

    def _decided(self, file: Path, settings: Mapping[str, Any], notices: list[str]) -> dict[str, Any]:
        """The settings with the detected ones; raises where one is undecided or does not apply."""
        for parameter in self._parameters():
            if parameter.editor == "datastore" and settings.get(parameter.name):
                problem = "this file is on this computer, in no datastore"
                raise InvalidParameter(problem, "Leave the setting out.", parameter=parameter.label)
        self._reading(file, settings)  # an invalid setting is named first
        format = _format(file, settings)
        options = {**settings, **_detected(file, format, settings, notices)}
        _refuse_inapplicable(settings, self._parameters(), format, file.name)
        open_one = None if "sheet" in options else undecided_sheet(file, format)
        if open_one is None and "skip_rows" not in options:
            open_one = undecided_header(file, format, self._reading(file, options))
        if open_one is not None:
            raise open_one
        return options

    def _parameters(self) -> Sequence[Parameter]:
        return self.modules().required("reads files").parameters

    def _reading(self, file: Path, settings: Mapping[str, Any]) -> ReadOptions:
        """How Import Data reads a file with these settings; raises InvalidParameter for an invalid one."""
        library = self.modules()
        spec = library.required("reads files")
        return library.read(spec.id, spec.version, {**settings, "path": str(file)}).reads_as() or ReadOptions()

    def first_pipeline(self, name: str, version: int | None = None, label: str | None = None) -> Pipeline:
        """A pipeline for a dataset that runs unchanged; raises DesignerError where none could run."""
        return first_pipeline_of(self.workspace, name, version, label)

    def delete(self, name: str) -> None:
        """Move a dataset to the trash; pipelines that read it are unchanged. Raises InvalidParameter for a sample."""
        if self.get(name).origin == "sample":
            raise InvalidParameter(f"'{name}' ships with Designer", "Samples cannot be removed.")
        self.workspace.datasets.delete(name)

    def restore(self, name: str) -> None:
        """Restore a dataset from the trash; raises FileMissing."""
        self.workspace.datasets.restore(name)

    def forget(self, name: str) -> None:
        """Delete a dataset in the trash permanently; raises FileMissing."""
        self.workspace.datasets.forget(name)

    def is_trashed(self, name: str) -> bool:
        """Whether a dataset of that name is in the trash."""
        return name in [row.name for row in self.all(trashed=True)]

    def sweep(self) -> int:
        """Remove unused uploads untouched for a week; returns the bytes freed."""
        return sweep(self.workspace)


def _difference_from(before: Dataset) -> str:
    """The profile version under which a dataset keeps what changed since another one."""
    return f"{_DIFFERENCE} {before.digest}"


def default_name(file_name: str) -> str:
    """The default name of a dataset: its file's name without the extension."""
    return Path(safe_name(file_name)).stem


def _format(file: Path, settings: Mapping[str, Any]) -> Format:
    named = str(settings.get("format", BY_NAME))
    return format_of(file) if named == BY_NAME else cast(Format, named)


def _detected(file: Path, format: Format, settings: Mapping[str, Any], notices: list[str]) -> dict[str, str]:
    """The encoding and separator of a text file where they are not set and not the defaults."""
    guessed, settled = guess(file, format), dict[str, str]()
    encoding = next(name for name, codec in ENCODINGS.items() if codec == guessed.encoding)
    if "encoding" not in settings and encoding != DEFAULT_ENCODING:
        settled["encoding"] = encoding
        notices.append(f"It was read as {encoding}: it is not {DEFAULT_ENCODING}.")
    separator = next((name for name, mark in SEPARATORS.items() if mark == guessed.separator), "")
    if format == "CSV" and "separator" not in settings and separator not in ("", DEFAULT_SEPARATOR):
        settled["separator"] = separator
        notices.append(f"It was read with the separator {separator}, which divides its rows alike.")
    return settled


def _refuse_inapplicable(
    settings: Mapping[str, Any], parameters: Sequence[Parameter], format: Format, file: str
) -> None:
    for parameter in parameters:
        if parameter.name in settings and not parameter.is_shown({**settings, "format": format}):
            formats = [str(value) for name, values in parameter.when if name == "format" for value in values]
            *most, last = [value for value in formats if value != BY_NAME]
            readable = f"{', '.join(most)} and {last}" if most else last
            remedy = f"Leave the setting '{parameter.name}' out: it is for {readable}."
            raise InvalidParameter(f"'{file}' is read as {format}", remedy, parameter=parameter.label)
