"""Remove Duplicate Rows: keep one row per key."""

from __future__ import annotations

from typing import Annotated

import pandas as pd

from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from ..columns.cells import rows_without_gaps


class RemoveDuplicateRows(
    Module,
    category="Data Transformation",
    icon="copy",
    at_inference="pass through",
    purpose="removes duplicates",
    no_onnx="whether a row is kept depends on the others",
    synonyms=("distinct", "unique", "deduplicate"),
):
    """Keep one row per combination of key values.

    Rows keep their order. A row with a missing value in any key is never a duplicate. Left out of an inference
    pipeline, which must score every row of a request.

    Errors: 0001 for a key that does not exist, 0003 if no key is chosen.

    Example: keys `customer`: the first row of each customer, and all rows without one.
    """

    keys: Columns = param(Columns(), label="Key column selection filter expression")
    """The key columns that identify duplicates."""

    keep_first: bool = param(True, label="Retain first duplicate row")
    """Keep the first duplicate; otherwise the last."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        return without_duplicates(dataset, self.keys.of(dataset), self.keep_first)

    def infer(self, dataset: Schema) -> Schema:
        return dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        return (
            script.call(without_duplicates, dataset, self.keys.of(dataset.schema), self.keep_first, result="distinct"),
        )

    def summary(self) -> str:
        return f"by {self.keys}"


def without_duplicates(dataset: pd.DataFrame, keys: list[str], keep_first: bool) -> pd.DataFrame:
    """One row per key; all rows with a missing key stay."""
    repeated = dataset.duplicated(keys, keep="first" if keep_first else "last")
    return dataset[~repeated | ~rows_without_gaps(dataset, keys)].reset_index(drop=True)
