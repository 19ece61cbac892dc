"""The settings for reading a table from files, shared by the modules that do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import field_validator

from designer.contract.files.read_options import (
    DATE_ORDERS,
    DECIMAL_MARKS,
    ENCODINGS,
    SEPARATORS,
    THOUSANDS_MARKS,
    ReadOptions,
)
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.selection import Columns
from designer.reading.file import Format, names_format

TEXT = ("By file name", "CSV", "TSV")
INFER, FORMER_INFER = "Infer", "By the values"


class FileSettings(Module):
    """Which file to read, and how."""

    path: str = param("", label="Path")
    """The file, or a pattern for several."""

    format: Literal["By file name", "CSV", "TSV", "Excel", "JSON Lines", "Parquet"] = param("By file name")
    """The format of the file."""

    separator: Literal["Comma", "Semicolon", "Tab", "Pipe", "Space"] = param(
        "Comma", when={"format": ("By file name", "CSV")}
    )
    """The separator of a CSV file."""

    encoding: Literal["UTF-8", "UTF-16", "Windows-1252", "ISO-8859-1"] = param(
        "UTF-8", when={"format": (*TEXT, "JSON Lines")}
    )
    """The encoding of a text file."""

    header: bool = param(True, label="Has header", when={"format": (*TEXT, "Excel")})
    """Whether the first row holds the names of the columns."""

    skip_rows: int = param(0, label="Rows to skip", ge=0, le=1_000_000, when={"format": (*TEXT, "Excel")})
    """Number of rows to skip above the header or the data."""

    missing_values: str = param("", label="Missing values", required=False, when={"format": (*TEXT, "Excel")})
    """Values to read as missing, separated by commas; an empty cell always is."""

    decimal_mark: Literal["Point", "Comma"] = param("Point", label="Decimal mark", when={"format": TEXT})
    """The decimal separator in a text file."""

    thousands_mark: Literal["None", "Comma", "Point", "Blank", "Apostrophe"] = param(
        "None", label="Thousands mark", when={"format": TEXT}
    )
    """The thousands separator in a text file: with a point, `2.500` is 2500."""

    fill_up_short_rows: bool = param(False, label="Pad short rows", when={"format": TEXT})
    """Whether a row of a text file may have fewer cells than the header; absent cells are missing."""

    number_duplicates: bool = param(False, label="Number duplicate names", when={"format": (*TEXT, "Excel")})
    """Whether to rename a duplicate column to `name_2` instead of rejecting the file."""

    date_order: Literal["Infer", "Day first", "Month first"] = param(
        "Infer", label="Date order", when={"format": (*TEXT, "Excel", "JSON Lines")}
    )
    """Whether the day or the month comes first in dates like 03.04.2023; *Infer* takes it from the values of a
    column."""

    sheet: str = param("", label="Sheet", required=False, when={"format": ("By file name", "Excel")})
    """The sheet of an Excel workbook; empty for the first."""

    columns: Columns = param(Columns.all(), label="Columns to include")
    """The columns to read."""

    @field_validator("date_order", mode="before")
    @classmethod
    def _renamed(cls, date_order: Any) -> Any:
        """Accept the former text also where `migrate` does not reach: in code and in values of pipeline parameters."""
        return INFER if date_order == FORMER_INFER else date_order

    @classmethod
    def migrate(cls, version: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Rename the choice of *Date order* that infers it."""
        if parameters.get("date_order") == FORMER_INFER:
            return {**parameters, "date_order": INFER}
        return dict(parameters)

    def reads_as(self) -> ReadOptions:
        """The settings as one value; the separator applies to CSV files only."""
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

    def chosen_format(self) -> Format | None:
        """The chosen format; None where the name of the file tells it."""
        return None if self.format == "By file name" else self.format
