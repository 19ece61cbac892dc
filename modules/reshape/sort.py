"""Sort: sort the rows of a table."""

from __future__ import annotations

from typing import Annotated, Literal

import pandas as pd

from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table


def sort_rows(dataset: pd.DataFrame, names: list[str], ascending: bool, missing_first: bool) -> pd.DataFrame:
    """The rows sorted by these columns; ties keep their order."""
    position: Literal["first", "last"] = "first" if missing_first else "last"
    return dataset.sort_values(names, ascending=ascending, na_position=position, kind="stable", ignore_index=True)


class Sort(
    Module,
    category="Data Transformation",
    icon="arrow-down-up",
    no_onnx="the position of a row depends on the other rows",
    at_inference="pass through",
    synonyms=("order by", "arrange", "sort values", "rank", "ascending", "descending"),
):
    """Sort the rows by one or several columns.

    The first selected column is the primary key, later ones break ties. The sort is stable, so of two Sort modules in
    sequence the first breaks the ties of the second. Text is compared by code point (upper case before lower case),
    categories by the order of their levels, false before true. An inference pipeline keeps the order of requests.

    Errors: 0011 for a selection that matches nothing.

    Example: 3, 1 and a missing cell, ascending, become 1, 3, missing.
    """

    columns: Columns = param(Columns(ordered=True), label="Sort by")
    """The sort keys, in the order of selection."""

    order: Literal["Ascending", "Descending"] = param("Ascending", label="Order")
    """Smallest first, or largest first."""

    missing: Literal["Last", "First"] = param("Last", label="Missing values")
    """Where to put rows with a missing key."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        return sort_rows(dataset, self._names(dataset), self.order == "Ascending", self.missing == "First")

    def infer(self, dataset: Schema) -> Schema:
        return dataset

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        settings = (self._names(dataset.schema), self.order == "Ascending", self.missing == "First")
        return (script.call(sort_rows, dataset, *settings, result="ordered"),)

    def summary(self) -> str:
        return f"{self.columns}, {self.order.lower()}"

    def _names(self, dataset: Table | Schema) -> list[str]:
        return list(dict.fromkeys(self.columns.model_copy(update={"ordered": True}).of(dataset)))
