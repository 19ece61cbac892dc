"""Export Data: write a table to a file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.files.sources import sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from .read_back import read_back_differently
from .written_table import write_table


class ExportData(
    Module,
    category="Data Input and Output",
    icon="file-output",
    no_onnx="an ONNX graph writes no files",
    at_inference="drop",
    synonyms=("save", "write", "download"),
):
    """Write a table to a file.

    Formats: CSV, TSV, Excel, JSON lines, Parquet. The file is written atomically. The module runs again if the file was
    changed or removed. Inference pipelines leave it out.

    *Import Data* reads back the same cells: numbers are written with all their digits, text that begins with `=` stays
    text, dates are ISO 8601 (in Excel too, where it would round them). Parquet keeps every type. CSV and TSV do not
    store types: a text column whose cells all look like numbers, dates or true/false is read back as such. In CSV, TSV
    and Excel an empty text is read back as a missing cell; only Parquet preserves categories, other formats return
    text. Each run lists the affected columns.

    Errors: 0003 for an empty path, 0029 for a URL, 0057 if the file exists and must not be replaced; an infinite number
    (except Parquet), and whatever exceeds an Excel sheet: more than 32,767 characters in a cell, whole numbers beyond
    2^53, more than 1,048,575 rows.

    Example: `Path = "scored.parquet", File format = "Parquet"`.
    """

    path: str = param("", label="Path")
    """The file to write; a relative path is resolved in the workspace's exports folder."""

    format: Literal["CSV", "TSV", "Excel", "JSON Lines", "Parquet"] = param("CSV", label="File format")
    """The format of the file."""

    overwrite: bool = param(True, label="Replace an existing file")
    """Whether an existing file may be overwritten."""

    def run(self, dataset: Table) -> None:
        target = self._target()
        if target.exists() and not self.overwrite:
            remedy = "Allow replacing it, or choose another path."
            raise InvalidParameter(f"'{target.name}' exists", remedy, parameter="Path", code="0057")
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
        table = inputs["dataset"]
        rows = counted(len(table), "row")
        return " ".join([f"{rows} written to {self._target()}.", *read_back_differently(table, self.format)])

    def summary(self) -> str:
        return Path(self.path).name

    def _target(self) -> Path:
        remedy = "Write a path like scored.csv."
        if not self.path.strip():
            raise InvalidParameter("no file is named", remedy, parameter="Path", code="0003")
        if "://" in self.path:
            raise InvalidParameter("a web address is not a file", remedy, parameter="Path", code="0029")
        return sources().output(self.path)
