"""Export Data: a table into a file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.sources import sources
from designer.contract.values import Table

SHEET_ROWS = 1_048_575


class ExportData(
    Module,
    category="Data Input and Output",
    no_onnx="a graph writes no files",
    at_inference="drop",
    synonyms=("save", "write", "download"),
):
    """Write a table into a file.

    Formats: CSV, TSV, Excel, JSON lines, Parquet. The file appears whole or not at all. The module runs again where
    the file was changed or removed. It is left out of an inference pipeline.

    Errors: 0003 for an empty path, 0029 for an address, 0057 where the file exists and may not be replaced.

    Example: `Path = "scored.parquet", File format = "Parquet"`.
    """

    path: str = param("", label="Path")
    """The file to write; a relative path lies in the workspace's exports."""

    format: Literal["CSV", "TSV", "Excel", "JSON Lines", "Parquet"] = param("CSV", label="File format")
    """The format of the file."""

    overwrite: bool = param(True, label="Replace an existing file")
    """Whether a file of that name may be replaced."""

    def run(self, dataset: Table) -> None:
        target = self._target()
        if target.exists() and not self.overwrite:
            remedy = "Allow replacing it, or choose another path."
            raise InvalidParameter(f"'{target.name}' exists", remedy, parameter="Path", code="0057")
        if self.format == "Excel" and len(dataset) > SHEET_ROWS:
            found = f"a sheet holds {SHEET_ROWS:,} rows, the table has {len(dataset):,}"
            raise InvalidParameter(found, "Use Parquet or CSV.", parameter="File format")
        part = target.with_name(f".{target.name}.part")
        try:
            write_table(dataset, str(part), self.format)
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)

    def infer(self, dataset: Schema) -> None:
        return None

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        script.call(write_table, dataset, self.path, self.format, result="written")
        return ()

    def fingerprint(self) -> str | None:
        try:
            with self._target().open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (DesignerError, OSError):
            return "absent"

    def explain(self, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        return f"{len(inputs['dataset']):,} rows written to {self._target()}."

    def summary(self) -> str:
        return Path(self.path).name

    def _target(self) -> Path:
        remedy = "Write a path like scored.csv."
        if not self.path.strip():
            raise InvalidParameter("no file is named", remedy, parameter="Path", code="0003")
        if "://" in self.path:
            raise InvalidParameter("an address is no file", remedy, parameter="Path", code="0029")
        return sources().output(self.path)


def write_table(table: Table, path: str, format: str) -> None:
    """Write a table into a file of this format."""
    match format:
        case "CSV":
            table.to_csv(path, index=False)
        case "TSV":
            table.to_csv(path, index=False, sep="\t")
        case "JSON Lines":
            table.to_json(path, orient="records", lines=True, date_format="iso", double_precision=15)
        case "Parquet":
            plain = table.copy(deep=False)
            plain.attrs = {}
            plain.to_parquet(path, index=False, write_page_checksum=True)
        case "Excel":
            zoned = table.select_dtypes("datetimetz").columns
            plain = table.assign(**{name: table[name].dt.tz_convert(None) for name in zoned})
            with open(path, "wb") as file:
                plain.to_excel(file, index=False, engine="openpyxl")
