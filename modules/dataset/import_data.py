"""Import Data: a table from a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import PrivateAttr

from designer.contract.errors import DesignerError, FileMissing, InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.read_options import (
    DATE_ORDERS,
    DECIMAL_MARKS,
    ENCODINGS,
    SEPARATORS,
    THOUSANDS_MARKS,
    ReadOptions,
)
from designer.contract.schema import Schema
from designer.contract.script import Script
from designer.contract.selection import Columns
from designer.contract.sources import has_sources, sources
from designer.contract.values import Table
from designer.reading.ahead import quickly_known
from designer.reading.file import names_format, read_tables
from designer.reading.notices import Notice

from .script_table import read_beside

TEXT = ("By file name", "CSV", "TSV")


class ImportData(
    Module,
    category="Data Input and Output",
    icon="file-input",
    purpose="reads files",
    no_onnx="the request takes the place of a file",
    version=2,
    synonyms=("read file", "csv", "excel", "parquet", "load"),
):
    """Read a table from a file, or from all files of a folder.

    Formats: CSV, TSV, Excel (values of one sheet), JSON lines, Parquet. Types are found for whole columns and
    nothing is guessed. A cell is a number only if the number gives the same digits back: `01234`, `+49301234`, `12E3`,
    `5_13`, whole numbers beyond 64 bits and fractions of more than 17 digits stay text, in every format. Harmless are
    blanks around a number, zeros at the end of a fraction, a plus in front of a fraction (`+0.5`), and an exponent
    with a sign or after a point (`1e-05`, `1.2E4`). `NA` is missing only where it is named as a missing value. A cell
    of blanks is missing, unless its column is text. Dates are those of ISO 8601, kept to the microsecond; a date with
    a zone is its moment in UTC. Dates like `15.08.2023` or `8/15/2023` are read where one value of the column tells
    which number is the day; where none does, the column stays text until *Date order* is set.

    The first row of a CSV file may name the separator, as `sep=;`. Only a line feed ends a line of JSON lines. An
    error in a cell of Excel is missing, a duration is its seconds, a time of day is text. Of merged cells the first
    has the value. What a file loses in this way is said after the run.

    Without a header the columns are `Col1`, `Col2`, ... A changed file is read again.

    `folder/**` takes all files of a folder and of those in it, `folder/*.csv` the files of one ending, in the order of
    their names: their rows stand below each other. They must have the same columns, and a column has one type in all.

    Columns are known before a run where the files have at most 1 MB in all, else after it.

    Errors: 0003 for an empty path, 0029 for an address, 0049 for an empty, binary, badly encoded or ragged file (with
    the row), for a number that is too large and for a formula of Excel without a stored value, 0028 for duplicate
    column names unless they are numbered, 0061 for a file with another number of columns, 0010 for one with other
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

    decimal_mark: Literal["Point", "Comma"] = param("Point", label="Decimal mark", when={"format": TEXT})
    """What stands before the fraction of a number in a text file."""

    thousands_mark: Literal["None", "Comma", "Point", "Blank", "Apostrophe"] = param(
        "None", label="Thousands mark", when={"format": TEXT}
    )
    """What stands between groups of three digits in a text file: with a point, `2.500` is 2500."""

    fill_up_short_rows: bool = param(False, label="Fill up short rows", when={"format": TEXT})
    """Whether a row of a text file may have fewer cells than the header; those it lacks are missing."""

    number_duplicates: bool = param(False, label="Number duplicate names", when={"format": (*TEXT, "Excel")})
    """Whether a second column of a name is called `name_2` instead of refusing the file."""

    date_order: Literal["By the values", "Day first", "Month first"] = param(
        "By the values", label="Date order", when={"format": (*TEXT, "Excel", "JSON Lines")}
    )
    """Whether the day or the month is first in dates like 03.04.2023; by the values where one of a column decides."""

    sheet: str = param("", label="Sheet", required=False, when={"format": ("By file name", "Excel")})
    """The sheet of an Excel workbook; empty for the first."""

    columns: Columns = param(Columns.all(), label="Columns to include")
    """The columns to take."""

    _notices: list[Notice] = PrivateAttr(default_factory=list)

    def run(self) -> Annotated[Table, "Output data"]:
        paths = self._files()
        self._notices.clear()
        format = None if self.format == "By file name" else self.format
        table = read_tables(paths, format, self.reads_as(), self._notices)
        return table if self.columns == Columns.all() else table[self.columns.of(table)].copy()

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        """What the file holds that the table does not, and what could be read in another way."""
        return "\n".join(map(str, self._notices))

    def infer(self) -> Schema:
        """The columns of files that are read in no time; of larger ones only that they are there."""
        if not self.path.strip() or not has_sources():
            return Schema.unknown()
        paths = self._files()
        if not all(path.is_file() for path in paths):
            raise FileMissing(f"there is no file '{self.path}'", "Check the path.", parameter="Path")
        known = quickly_known(paths, None if self.format == "By file name" else self.format, self.reads_as())
        if known is None:
            return Schema.unknown()
        return known if self.columns == Columns.all() else known.select(self.columns.of(known))

    def to_python(self, script: Script) -> tuple[str, ...]:
        """Read the CSV file of the same name, which lies beside the script."""
        path = Path(self.path)
        key = f"{self.fingerprint()} {self.path} {self.format} {self.reads_as()} {self.columns}"
        name = path.parent.name if "*" in path.name else path.stem
        return (read_beside(script, self.run(), name, key),)

    def reads_as(self) -> ReadOptions:
        """The settings as one value; a separator is asked for in CSV files only."""
        return ReadOptions(
            separator="\t" if self._is_tsv() else SEPARATORS[self.separator],
            encoding=ENCODINGS[self.encoding],
            header=self.header,
            skip_rows=self.skip_rows,
            missing=("", *(marker.strip() for marker in self.missing_values.split(",") if marker.strip())),
            decimal=DECIMAL_MARKS[self.decimal_mark],
            thousands=THOUSANDS_MARKS[self.thousands_mark],
            sheet=self.sheet,
            date_order=DATE_ORDERS[self.date_order],
            pad_short_rows=self.fill_up_short_rows,
            number_duplicates=self.number_duplicates,
        )

    def _is_tsv(self) -> bool:
        return self.format == "TSV" or (self.format == "By file name" and names_format(self.path) == "TSV")

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
            raise InvalidParameter(
                "web addresses cannot be read", "Download the file first.", parameter="Path", code="0029"
            )
        return sources().files(self.path)
