"""Convert to CSV: a table as a file."""

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
    no_onnx="a graph writes no files",
    synonyms=("download", "text file", "comma separated"),
):
    """Turn a table into a CSV file that can be downloaded.

    The file is UTF-8 with a header, commas, and an empty cell for each missing value. It lies in the results of the
    run under the name `data.csv`.

    Errors: 0003 where the table is missing.

    Example: a table of two columns becomes `a,b` and a line for each row.
    """

    def run(self, dataset: Table) -> Annotated[Archive, "Results dataset"]:
        return Archive({"data.csv": csv_text(dataset).encode()})

    def infer(self, dataset: object) -> None:
        return None

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (script.call(csv_text, dataset, result="csv"),)


def csv_text(table: Table) -> str:
    """The table as text; texts are quoted where they hold what ends a cell or a line."""
    text = io.StringIO()
    write_delimited(table, text)
    return text.getvalue()
