"""Convert to CSV: export a table as a file."""

from __future__ import annotations

import io
from typing import Annotated

from designer.contract.module import Module
from designer.contract.script import Script, Variable
from designer.contract.values import Archive, Table
from designer.contract.written_text import write_delimited


class ConvertToCSV(
    Module,
    category="Data Transformation",
    icon="file-text",
    title="Convert to CSV",
    at_inference="drop",
    no_onnx="an ONNX graph writes no files",
    synonyms=("download", "text file", "comma separated"),
):
    """Convert a table to a downloadable CSV file.

    The file is UTF-8 with a header, commas, and an empty cell for each missing value. It is stored with the results of
    the run as `data.csv`.

    Errors: 0003 if the table is missing.

    Example: a table with columns a and b becomes a header `a,b` and one line per row.
    """

    def run(self, dataset: Table) -> Annotated[Archive, "Results dataset"]:
        return Archive({"data.csv": csv_text(dataset).encode()})

    def infer(self, dataset: object) -> None:
        return None

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(csv_text, dataset, result="csv"),)


def csv_text(table: Table) -> str:
    """The table as CSV text; texts with delimiters or line breaks are quoted."""
    text = io.StringIO()
    write_delimited(table, text)
    return text.getvalue()
