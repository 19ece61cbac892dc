"""Import Data: a table from a file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.reading import ReadOptions, format_of, read_tables
from designer.contract.schema import Schema
from designer.contract.script import Script
from designer.contract.selection import Columns
from designer.contract.sources import has_sources, sources
from designer.contract.values import Table

from .dataset import file_name
from .enter_data_manually import read_columns

SEPARATORS = {"Comma": ",", "Semicolon": ";", "Tab": "\t", "Pipe": "|", "Space": " "}
TEXT = ("By file name", "CSV", "TSV")


class ImportData(
    Module,
    category="Data Input and Output",
    no_onnx="the request takes the place of a file",
    synonyms=("read file", "csv", "excel", "parquet", "load"),
):
    """Read a table from a file, or from all files of a folder.

    Formats: CSV, TSV, Excel (values of one sheet), JSON lines, Parquet. Types are found for whole columns and
    nothing is guessed: `01234` stays text, `NA` is missing only where it is named as a missing value, decimal commas
    stay text. Without a header the columns are `Col1`, `Col2`, ... A changed file is read again.

    `folder/**` takes all files of a folder and of those in it, `folder/*.csv` the files of one ending, in the order of
    their names: their rows stand below each other. They must have the same columns, and a column has one type in all.

    Columns are known only after a run.

    Errors: 0003 for an empty path, 0029 for an address, 0049 for an empty, binary, badly encoded or ragged file (with
    the row), 0028 for duplicate column names, 0061 for a file with another number of columns, 0010 for one with other
    names, 0065 for a file that does not exist.

    Example: `Path = "sales.csv", Separator = "Semicolon", Missing values = "NA,?"`.
    """

    path: str = param("", label="Path", editor="file")
    """The file: an uploaded one, or a path on this computer; or the files of a folder, as `folder/**`."""

    format: Literal["By file name", "CSV", "TSV", "Excel", "JSON Lines", "Parquet"] = param("By file name")
    """The format of the file."""

    separator: Literal["Comma", "Semicolon", "Tab", "Pipe", "Space"] = param(
        "Comma", when={"format": ("By file name", "CSV")}
    )
    """What stands between the cells of a CSV file."""

    encoding: Literal["UTF-8", "UTF-16", "Windows-1252", "ISO-8859-1"] = param(
        "UTF-8", when={"format": (*TEXT, "JSON Lines")}
    )
    """How characters are written in a text file."""

    header: bool = param(True, label="Has header", when={"format": (*TEXT, "Excel")})
    """Whether the first row holds the names of the columns."""

    skip_rows: int = param(0, label="Rows to skip", ge=0, le=1_000_000, when={"format": (*TEXT, "Excel")})
    """Rows above the header or the data that are left out."""

    missing_values: str = param("", label="Missing values", required=False, when={"format": (*TEXT, "Excel")})
    """Cells that stand for a missing value, separated by commas; an empty cell always does."""

    sheet: str = param("", label="Sheet", required=False, when={"format": ("By file name", "Excel")})
    """The sheet of an Excel workbook; empty for the first."""

    columns: Columns = param(Columns.all(), label="Columns to include")
    """The columns to take."""

    def run(self) -> Annotated[Table, "Output data"]:
        paths = self._files()
        table = read_tables(paths, None if self.format == "By file name" else self.format, self._options(paths[0]))
        return table if self.columns == Columns.all() else table[self.columns.of(table)].copy()

    def infer(self) -> Schema:
        """Nothing is known, but that the file is there."""
        if self.path.strip() and has_sources() and not all(path.is_file() for path in self._files()):
            raise FileMissing(f"there is no file '{self.path}'", "Check the path.", parameter="Path")
        return Schema.unknown()

    def to_python(self, script: Script) -> tuple[str, ...]:
        """Read the CSV file of the same name, which lies beside the script."""
        kinds = {column.name: str(column.kind) for column in Schema.of(self.run())}
        path = Path(self.path)
        name = path.parent.name if "*" in path.name else path.stem
        return (script.call(read_columns, file_name(name), kinds, result="dataset"),)

    def fingerprint(self) -> str | None:
        try:
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
            raise InvalidParameter("addresses are not read", "Download the file first.", parameter="Path", code="0029")
        return sources().files(self.path)

    def _options(self, path: Path) -> ReadOptions:
        is_csv = self.format == "CSV" or (self.format == "By file name" and format_of(path) == "CSV")
        return ReadOptions(
            separator=SEPARATORS[self.separator] if is_csv else ",",
            encoding="cp1252" if self.encoding == "Windows-1252" else self.encoding,
            header=self.header,
            skip_rows=self.skip_rows,
            missing=("", *(marker.strip() for marker in self.missing_values.split(",") if marker.strip())),
            sheet=self.sheet,
        )
