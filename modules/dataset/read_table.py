"""Read Table: read a table from the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import PrivateAttr

from designer.contract.errors import FileMissing, UnreadableFile
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.contract.values import Folder, Table
from designer.contract.wording.closeness import closest
from designer.contract.wording.counting import counted
from designer.reading.file import read_tables, suffixes
from designer.reading.notices import Notice

from .file_settings import FileSettings


class ReadTable(
    FileSettings,
    category="Data Input and Output",
    icon="file-input",
    version=2,
    no_onnx="the request replaces the file",
    no_python="the files come from a program that the script does not run",
    synonyms=("folder", "file", "csv", "parquet", "component", "script"),
):
    """Read a table from a file, or from several files of a folder.

    The folder or file is the output of a script or a component. Files are read as *Import Data* reads them: see there
    for formats, types and dates.

    *File* names one file of the folder, `results/scores.csv`, or several by a pattern, `*.csv` or `**/*.parquet`; their
    rows are concatenated in the order of their names. Empty, the folder must hold one file that is a table.

    The columns are known after a run.

    Errors: 0065 for a file that is not in the folder, with the files that are; for a file that cannot be read, those of
    *Import Data*.

    Example: `File = "scores.csv"`.
    """

    path: str = param("", label="File", required=False)
    """A file of the folder, or a pattern like `*.csv`; empty for the only table in it."""

    _notices: list[Notice] = PrivateAttr(default_factory=list)

    def run(self, folder: Folder) -> Annotated[Table, "Output data"]:
        self._notices.clear()
        paths = self._chosen(folder)
        table = read_tables(paths, self.chosen_format(), self.reads_as(), self._notices, self.columns)
        return table if self.columns == Columns.all() else table[self.columns.of(table)].copy()

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """What the file holds that the table does not, and what is ambiguous."""
        return "\n".join(map(str, self._notices))

    def infer(self, folder: None) -> Schema:
        """Nothing is known before the run."""
        return Schema.unknown()

    def summary(self) -> str:
        return self.path

    def _chosen(self, folder: Folder) -> list[Path]:
        names = {path.relative_to(folder.path).as_posix(): path for path in folder.files()}
        wanted = self.path.strip().removeprefix("./")
        if not wanted:
            return [self._only_table(names)]
        if wanted in names:
            return [names[wanted]]
        matching = [path for path in folder.files() if path in set(folder.path.glob(wanted.lstrip("/")))]
        if not matching or ".." in Path(wanted).parts:
            raise FileMissing(f"the folder has no file '{wanted}'", _remedy(names, wanted), parameter="File")
        return matching

    def _only_table(self, names: Mapping[str, Path]) -> Path:
        tables = [path for path in names.values() if path.suffix.lower() in suffixes() or len(names) == 1]
        if len(tables) != 1:
            problem = f"the folder holds {counted(len(tables), 'table')}, and no file is chosen"
            raise UnreadableFile(problem, _remedy(names, ""), parameter="File")
        return tables[0]


def _remedy(names: Mapping[str, Path], wanted: str) -> str:
    """The closest name, or those that there are."""
    return closest(wanted, names, "It holds") or "It is empty."
