"""Score with an external ONNX file."""

from __future__ import annotations

import hashlib
from typing import Annotated

import numpy as np
import pandas as pd

from designer.contract.column_types import documented
from designer.contract.errors import DesignerError, InvalidParameter
from designer.contract.files.sources import sources
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.selection import Columns
from designer.contract.values import Table

from .foreign_onnx import answer, checked, needed, opened
from .scoring import with_scores


class ONNXModel(
    Module,
    category="Model Scoring & Evaluation",
    icon="package",
    title="ONNX Model",
    synonyms=("foreign model", "PyTorch", "XGBoost", "LightGBM", "import model"),
    no_onnx="an external graph is not merged into another",
    no_python="the file stays where it is",
):
    """Score a dataset with an ONNX model from any tool.

    An input of the model takes the column of the same name; if the only input has another name, it takes the chosen
    columns as a matrix, in the order chosen. Each output becomes a column, or several numbered from 0. The file is
    validated without running it and rejected if it uses unknown operators, functions, subgraphs or external data. The
    columns are known only after a run.

    Errors: 0049 for a file that is not an ONNX model, 0159 for a rejected model, 0001 if a column the model needs is
    missing.

    Example: a model that weights two columns by 2 and 3 predicts 5 for a row of ones.
    """

    file: str = param("", label="ONNX file", editor="file", accepts=(".onnx",))
    """The file."""

    columns: Columns = param(Columns.features(), label="Columns for a single input")
    """The columns for a model whose only input is not named like a column, in this order."""

    score_rows_with_missing_numbers: bool = param(False)
    """Pass missing numbers to the model as NaN, if it supports them. Off: rows with a missing number in an input column
    stay unscored."""

    time_limit_in_seconds: int = param(60, ge=1, le=3600)
    """Time limit for the model."""

    append_score_columns_to_output: bool = param(True)
    """Keep the columns of the dataset before the scores."""

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
        """The columns of the dataset, open to more that only the file defines."""
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
