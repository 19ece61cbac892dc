"""Enter Data Manually: a small table entered by hand."""

from __future__ import annotations

import io
from typing import Annotated, Any, Literal

import pandas as pd

from designer.contract.column_types import documented
from designer.contract.errors import DesignerError, UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script
from designer.contract.values import Table
from designer.reading.delimited import read_text

from .script_table import read_here


class EnterDataManually(
    Module,
    category="Data Input and Output",
    icon="keyboard",
    no_onnx="the request replaces the typed rows",
    version=2,
    synonyms=("type", "literal", "inline", "paste"),
):
    """Enter a small table by hand.

    Formats: CSV and TSV, with or without a header (columns are then `Col1`, `Col2`, ...); ARFF with numeric and nominal
    attributes; SVMLight, which gives `Col1` ... `Coln` and `Labels`. Blank lines are skipped and short rows are padded
    with missing values. Column types (numbers, dates, true/false) are inferred from whole columns; `01234` stays text.

    Errors: 0049 if the text does not match the format.

    Example: `Data = "name,age\\nAnn,41\\nBo,"` gives two rows, the second without an age.
    """

    data_format: Literal["CSV", "TSV", "ARFF", "SVMLight"] = param("CSV", label="DataFormat")
    """The format of the text."""

    has_header: bool = param(True, label="HasHeader", when={"data_format": ("CSV", "TSV")})
    """Whether the first row holds the names of the columns."""

    data: str = param("", label="Data", editor="lines")
    """The table, one row per line."""

    def run(self) -> Annotated[Table, "Dataset"]:
        if not self.data.strip():
            raise UnreadableFile("there is no data", "Write a table, one row a line.", parameter="Data")
        match self.data_format:
            case "CSV" | "TSV":
                return self._delimited()
            case "ARFF":
                return _read(read_arff, self.data, "ARFF")
            case "SVMLight":
                return _read(read_svmlight, self.data, "SVMLight")

    def infer(self) -> Schema:
        return Schema.of(self.run()) if self.data.strip() else Schema.unknown()

    def to_python(self, script: Script) -> tuple[str, ...]:
        """Read the same text with the inferred types."""
        if self.data_format == "ARFF":
            return (script.call(read_arff, self.data, result="dataset"),)
        if self.data_format == "SVMLight":
            return (script.call(read_svmlight, self.data, result="dataset"),)
        return (read_here(script, self._delimited()),)

    def reads_as(self) -> ReadOptions | None:
        if self.data_format not in ("CSV", "TSV"):
            return None
        separator = "\t" if self.data_format == "TSV" else ","
        return ReadOptions(separator=separator, header=self.has_header, pad_short_rows=True)

    def _delimited(self) -> Table:
        try:
            return read_text(self.data, self.reads_as())
        except DesignerError as error:
            raise error.at(parameter="Data") from error.__cause__


def read_arff(text: str) -> pd.DataFrame:
    """The table of an ARFF text; nominal attributes become categories."""
    from scipy.io import arff

    cells, meta = arff.loadarff(io.StringIO(text))
    table = pd.DataFrame(cells)
    for name in meta.names():
        kind, values = meta[name]
        if kind == "nominal":
            table[name] = pd.Categorical(
                table[name].str.decode("utf-8").replace("?", None), categories=list(values or ())
            )
    return table


def read_svmlight(text: str) -> pd.DataFrame:
    """The table of an SVMLight text: `Col1` ... `Coln` and `Labels`."""
    from sklearn.datasets import load_svmlight_file

    features, labels = load_svmlight_file(io.BytesIO(text.encode()))
    names = [f"Col{i + 1}" for i in range(features.shape[1])]
    return pd.DataFrame(features.toarray(), columns=names).assign(Labels=labels)


def _read(read: Any, text: str, format: str) -> Table:
    try:
        return documented(read(text))
    except DesignerError:
        raise
    except Exception as error:  # third-party readers raise arbitrary exceptions
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UnreadableFile(f"this is not {format} ({reason})", "Correct the text.", parameter="Data") from error
