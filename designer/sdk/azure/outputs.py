"""Outputs of steps under the names of the original."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn

from designer.contract.errors import InvalidParameter, UnfittingWire
from designer.contract.values import File, Folder
from designer.registry.scripts import component_name
from designer.sdk.azure.faces import note_handing, noted, refuse_given
from designer.sdk.programs import NewOutput, output

if TYPE_CHECKING:
    from designer.sdk.azure.steps import PythonScriptStep

_NUMBERS = count(1)
KEPT = "outputs are kept by the workspace; download them from the run."


class Written:
    """What one step writes and others read: a folder, or a file. `name` is the name of the output."""

    def __init__(self, name: str, *, is_file: bool = False) -> None:
        self.name = name
        self.port = component_name(name)
        self.is_file = is_file
        self.writer: PythonScriptStep | None = None

    @property
    def new(self) -> NewOutput:
        """The output of the step that writes it."""
        return output(self.port, File if self.is_file else Folder)

    def claim(self, step: PythonScriptStep) -> None:
        """Note the step that writes it. Raises UnfittingWire where another one does."""
        if self.writer is not None and self.writer.name != step.name:
            problem = f"'{self.name}' is written by both '{self.writer.name}' and '{step.name}'"
            raise UnfittingWire(problem, "Read it by listing it among inputs, or with .as_input().")
        self.writer = step

    def __repr__(self) -> str:
        return f"<output {self.name!r}{f' of {self.writer.name!r}' if self.writer else ''}>"


class Reading:
    """What another step writes, as an input of a name."""

    def __init__(self, written: Written, name: str) -> None:
        self.written = written
        self.name = name

    def as_mount(self, path_on_compute: str | None = None) -> Reading:
        """The same."""
        note_handing("as_mount", path_on_compute)
        return self

    def as_download(self, path_on_compute: str | None = None) -> Reading:
        """The same."""
        note_handing("as_download", path_on_compute)
        return self

    def as_direct(self) -> Reading:
        """The same."""
        return self


class _Handed(Written):
    """How it is handed over is no choice: as a path."""

    def as_input(self, name: str | None = None) -> Reading:
        """It as an input of a step."""
        return Reading(self, name or self.name)

    def as_named_input(self, name: str) -> Reading:
        """It as an input of that name, which a script finds in `Run.get_context().input_datasets`."""
        return Reading(self, name)

    def parse_delimited_files(self, *arguments: Any, **named: Any) -> NoReturn:
        """Raise InvalidParameter: what a step writes is handed over as files."""
        remedy = "Read the files in the script, or make a table of them with modules.read_table(...) of designer.sdk."
        raise InvalidParameter(f"'{self.name}' is handed over as files, not as a table", remedy)

    parse_parquet_files = read_delimited_files = read_parquet_files = parse_delimited_files


class PipelineData(_Handed):
    """An output of a step that other steps read: a folder, or with `is_directory=False` a file."""

    def __init__(
        self,
        name: str,
        datastore: Any = None,
        output_name: str | None = None,
        output_mode: str = "mount",
        output_path_on_compute: str | None = None,
        output_overwrite: bool | None = None,
        data_type: str | None = None,
        is_directory: bool | None = None,
        pipeline_output_name: str | None = None,
        training_output: Any = None,
    ) -> None:
        where = {"datastore": datastore, "output_path_on_compute": output_path_on_compute, "data_type": data_type}
        noted("PipelineData", where, KEPT)
        refuse_given("PipelineData", {"training_output": training_output}, "Read the model in the script.")
        super().__init__(output_name or name, is_file=is_directory is False)
        if pipeline_output_name not in (None, self.name):
            problem = f"pipeline_output_name is '{pipeline_output_name}', and the output '{self.name}'"
            raise InvalidParameter(problem, f"Leave it out, and ask for get_pipeline_output('{self.name}').")

    def as_dataset(self) -> PipelineData:
        """The same: a script gets the path either way."""
        return self

    def as_mount(self) -> PipelineData:
        """The same."""
        return self

    def as_download(self, input_name: str | None = None, path_on_compute: str | None = None) -> Reading:
        """It as an input of a step."""
        note_handing("as_download", path_on_compute)
        return self.as_input(input_name)


class OutputFileDatasetConfig(_Handed):
    """An output of a step: a folder. It is read by other steps with `as_input`."""

    def __init__(
        self, name: str | None = None, destination: Any = None, source: str | None = None,
        partition_format: str | None = None,
    ) -> None:  # fmt: skip
        noted("OutputFileDatasetConfig", {"destination": destination}, KEPT)
        refused = {"source": source, "partition_format": partition_format}
        refuse_given(
            "OutputFileDatasetConfig", refused, "Let the script write to the path that it gets as an argument."
        )
        super().__init__(name or f"output_{next(_NUMBERS)}")

    def as_mount(self, disable_metadata_cache: bool = False) -> OutputFileDatasetConfig:
        """The same."""
        return self

    def as_upload(self, overwrite: bool = False, source_globs: Any = None) -> OutputFileDatasetConfig:
        """The same; all files are kept."""
        refuse_given("as_upload", {"source_globs": source_globs}, "Let the script write only what is to be kept.")
        return self

    def register_on_complete(self, name: str, **others: Any) -> NoReturn:
        """Raise InvalidParameter: files are no dataset."""
        remedy = (
            "Make a table of them with modules.read_table(...) of designer.sdk, and register the output of the run."
        )
        raise InvalidParameter("files are no dataset of a workspace, which is a table", remedy)
