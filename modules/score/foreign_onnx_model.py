"""Scoring with an ONNX file of somebody else's."""

from __future__ import annotations

import hashlib
from typing import Annotated

import numpy as np
import pandas as pd

from designer.contract.column_types import documented
from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.contract.sources import sources
from designer.contract.values import Table

from .foreign_onnx import answer, checked, needed, opened
from .scoring import with_scores


class ONNXModel(
    Module,
    category="Model Scoring & Evaluation",
    icon="package",
    title="ONNX Model",
    synonyms=("foreign model", "PyTorch", "XGBoost", "LightGBM", "import model"),
    no_onnx="a foreign graph is not merged into another",
    no_python="the file stays where it is",
):
    """Score a dataset by a model from an ONNX file, from whatever tool it comes.

    An input of the model takes the column of its name; a model with one input of another name takes the chosen columns
    side by side, in the order chosen. Each output becomes a column, or several numbered from 0. The file is read as
    bytes and refused where it uses unknown operators, functions, inner graphs or data in other files. The columns are
    known after a run.

    Errors: 0049 for a file that is no ONNX model, 0159 for one that is refused, 0001 for a column that the model needs.

    Example: a file that weighs two columns by 2 and 3 answers 5 for a row of ones.
    """

    file: str = param("", label="ONNX file", editor="file", accepts=(".onnx",))
    """The file."""

    columns: Columns = param(Columns.features(), label="Columns for a single input")
    """What a model with one input of another name than a column sees, in this order."""

    score_rows_with_missing_numbers: bool = param(False)
    """Show the model missing numbers as NaN, for models that can take them. Off: rows that miss a number the model sees
    get no answer."""

    time_limit_in_seconds: int = param(60, ge=1, le=3600)
    """When the model is stopped."""

    append_score_columns_to_output: bool = param(True)
    """Keep the columns of the dataset before the answers."""

    def run(self, dataset: Table) -> Annotated[Table, "Scored dataset"]:
        """Score."""
        session = opened(checked(self._content()))
        columns = needed(session, dataset, self.columns.of(dataset, allow_empty=True))
        scored = np.ones(len(dataset), dtype=bool)
        if not self.score_rows_with_missing_numbers:
            numbers = dataset[columns].select_dtypes(["number", "boolean", "bool"])
            scored = numbers.notna().all(axis=1).to_numpy()
        outputs = answer(session, dataset[scored], columns, self.time_limit_in_seconds)
        answers = pd.DataFrame({name: pd.Series(values, dtype=values.dtype) for name, values in outputs.items()})
        answers = documented(answers).set_index(dataset.index[scored]).reindex(dataset.index)
        return with_scores(dataset, documented(answers).set_index(dataset.index), self.append_score_columns_to_output)

    def infer(self, dataset: Schema) -> Schema:
        """The columns of the dataset, and more that only the file knows."""
        return dataset.open() if self.append_score_columns_to_output else Schema.unknown()

    def fingerprint(self) -> str | None:
        """The digest of the file."""
        try:
            return hashlib.sha256(self._content()).hexdigest()
        except (DesignerError, OSError):
            return None

    def _content(self) -> bytes:
        if not self.file:
            raise InvalidParameter("no file is chosen", "Choose an ONNX file.", parameter="ONNX file")
        return sources().file(self.file).read_bytes()

    def summary(self) -> str:
        """The file."""
        return self.file.replace("\\", "/").rsplit("/", 1)[-1]
