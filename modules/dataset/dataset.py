"""Dataset: a registered dataset or a sample."""

from __future__ import annotations

from typing import Annotated

from designer.contract.errors import DesignerError, FileMissing
from designer.contract.files.read_options import ReadOptions
from designer.contract.files.sources import has_sources, sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script
from designer.contract.values import Table

from .script_table import read_beside


class Dataset(
    Module,
    category="Data Input and Output",
    icon="database",
    purpose="reads datasets",
    no_onnx="the request replaces the dataset",
    synonyms=("load", "open", "sample data", "registered"),
):
    """A registered dataset or a sample.

    The rows of a dataset of this workspace, or of a sample that ships with Designer. Registering a file under
    *Datasets* gives it a name and a version; without a version the newest is taken, and a new version reruns everything
    downstream.

    Errors: 0003 if none is chosen, 0065 if no dataset has that name.

    Example: `name = "census-income"` gives its 20,000 rows.
    """

    name: str = param("", label="Dataset", editor="dataset")
    """The name of a registered dataset or a sample."""

    version: int | None = param(None, label="Version", ge=1, required=False)
    """The version of the dataset; empty for the newest."""

    def run(self) -> Annotated[Table, "Dataset"]:
        return sources().dataset(self._chosen(), self.version)

    def infer(self) -> Schema:
        if not self.name or not has_sources():
            return Schema.unknown()
        return sources().dataset_schema(self.name, self.version)

    def to_python(self, script: Script) -> tuple[str, ...]:
        """Read the CSV file of the dataset's name next to the script."""
        return (read_beside(script, self.run(), self.name, self.fingerprint()),)

    def reads_as(self) -> ReadOptions | None:
        return sources().dataset_options(self._chosen(), self.version)

    def fingerprint(self) -> str | None:
        try:
            return sources().dataset_digest(self._chosen(), self.version)
        except DesignerError:
            return None

    def _chosen(self) -> str:
        if not self.name:
            raise FileMissing("no dataset is chosen", "Choose one in the settings.", parameter="Dataset", code="0003")
        return self.name
