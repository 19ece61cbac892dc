"""Import Data: read a table from a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import PrivateAttr

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.files.sources import has_sources, sources
from designer.contract.files.store_path import place_of
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script
from designer.contract.selection import Columns
from designer.contract.values import Table
from designer.reading.ahead import quickly_known
from designer.reading.file import read_tables
from designer.reading.notices import Notice

from .file_settings import FileSettings
from .script_table import read_beside


class ImportData(
    FileSettings,
    category="Data Input and Output",
    icon="file-input",
    purpose="reads files",
    no_onnx="the request replaces the file",
    version=3,
    synonyms=("read file", "csv", "excel", "parquet", "load"),
):
    """Read a table from a file, or from all files of a folder.

    Formats: CSV, TSV, Excel (values of one sheet), JSON lines, Parquet. Types are inferred from whole columns, and only
    where the conversion is lossless. A cell is a number only if the number formats back to the same digits: `01234`,
    `+49301234`, `12E3`, `5_13`, whole numbers beyond 64 bits and fractions of more than 17 digits stay text, in every
    format. Allowed are blanks around a number, trailing zeros of a fraction, a leading plus of a fraction (`+0.5`), and
    an exponent with a sign or after a point (`1e-05`, `1.2E4`). `NA` is missing only if listed as a missing value. A
    blank cell is missing, unless its column is text. Dates are ISO 8601 with microsecond precision; dates with a time
    zone are converted to UTC. Dates like `15.08.2023` or `8/15/2023` are parsed if a value of the column shows which
    number is the day; otherwise the column stays text until *Date order* is set.

    The first row of a CSV file may declare the separator, as `sep=;`. In JSON lines only a line feed ends a line. In
    Excel an error cell is missing, a duration is its seconds, a time of day is text, and of merged cells the first has
    the value. Each run reports what was lost this way.

    Without a header the columns are `Col1`, `Col2`, ... A changed file is read again.

    With a *Datastore*, the path is one in it; its file is read again when its size or time changes.

    `folder/**` reads all files of a folder and its subfolders, `folder/*.csv` those with one extension, in the order of
    their names, and concatenates their rows. All files must have the same columns; a column has one type across files.

    Columns of lists, objects or bytes in Parquet and JSON files cannot be read; *Columns to include* leaves them out.

    Columns are known before a run if the files total at most 1 MB, else after it.

    Errors: 0003 for an empty path, 0029 for a URL, 0049 for an empty, binary, badly encoded or ragged file (with the
    row), for a number that is too large and for an Excel formula without a cached value, 0028 for duplicate column
    names unless they are numbered, 0061 for files with different numbers of columns, 0010 for different column names,
    0065 for a missing file, 0157 for an unknown datastore.

    Example: `Path = "sales.csv", Separator = "Semicolon", Missing values = "NA,?"`.
    """

    path: str = param("", label="Path", editor="file", within="datastore")
    """An uploaded file, a path on this computer, or the files of a folder, as `folder/**`."""

    datastore: str = param("", label="Datastore", editor="datastore", accepts=("files",), required=False)
    """A datastore, *This computer* (empty), or *Named in the path* (`*`), which begins with the datastore then."""

    _notices: list[Notice] = PrivateAttr(default_factory=list)

    def run(self) -> Annotated[Table, "Output data"]:
        paths = self._files()
        self._notices.clear()
        table = read_tables(paths, self.chosen_format(), self.reads_as(), self._notices, self.columns)
        return table if self.columns == Columns.all() else table[self.columns.of(table)].copy()

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """What the file holds that the table does not, and what is ambiguous."""
        return "\n".join(map(str, self._notices))

    def infer(self) -> Schema:
        """The columns of small files; for larger ones only check that they exist."""
        if not self.path.strip() or not has_sources() or self.datastore:
            return Schema.unknown()  # an object store is not asked for each edit
        paths = self._files()
        if not all(path.is_file() for path in paths):
            raise FileMissing(f"there is no file '{self.path}'", "Check the path.", parameter="Path")
        known = quickly_known(paths, self.chosen_format(), self.reads_as(), self.columns)
        if known is None:
            return Schema.unknown()
        return known if self.columns == Columns.all() else known.select(self.columns.of(known))

    def to_python(self, script: Script) -> tuple[str, ...]:
        """Read the CSV file of the same name next to the script."""
        path = Path(self.path)
        key = f"{self.fingerprint()} {self.path} {self.format} {self.reads_as()} {self.columns}"
        name = (path.parent.name if "*" in path.name else path.stem) or self.datastore
        return (read_beside(script, self.run(), name, key),)

    def fingerprint(self) -> str | None:
        try:
            if self.datastore:
                return sources().datastore_stamp(*place_of(self.datastore, self.path))
            digests = [self._digest(path) for path in self._files()]
        except (DesignerError, OSError):
            return None
        return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()

    def summary(self) -> str:
        return Path(self.path).name

    def _digest(self, path: Path) -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _files(self) -> list[Path]:
        if not self.path.strip():
            raise FileMissing("no file is chosen", "Upload one or write its path.", parameter="Path", code="0003")
        if "://" in self.path or self.path.startswith("\\\\"):
            raise InvalidParameter(
                "web addresses cannot be read", "Download the file first.", parameter="Path", code="0029"
            )
        if not self.datastore:
            return sources().files(self.path)
        return sources().datastore_files(*place_of(self.datastore, self.path))
