"""Group By: one row per group, with aggregates of its cells."""

from __future__ import annotations

from typing import Annotated, get_args

import numpy as np
import pandas as pd

from designer.contract.column_types import plain_where_full
from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from ..columns.chosen import chosen, require_free
from .aggregation import SUITS, Function, aggregated_columns, kind_after
from .groups import by_number, first_rows, group_numbers


def group_rows(
    dataset: pd.DataFrame, by: list[str], values: list[str], functions: list[str], rows: bool, missing: bool
) -> pd.DataFrame:
    """One row per combination of keys, in key order."""
    groups = group_numbers(dataset, by, missing)
    firsts = first_rows(groups)
    series_by_name = {name: dataset[name].iloc[firsts].reset_index(drop=True) for name in by}
    if rows:
        series_by_name["Count"] = pd.Series(np.bincount(groups + 1, minlength=len(firsts) + 1)[1:], dtype="int64")
    numbered = by_number(groups, len(firsts))
    done = {function: aggregated_columns(dataset, values, numbered, function) for function in functions}
    for name in values:
        for function in functions:
            series_by_name[f"{name}_{function}"] = done[function][name].reset_index(drop=True)
    columns = {name: plain_where_full(series) for name, series in series_by_name.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(firsts)), copy=False)


class GroupBy(
    Module,
    category="Data Transformation",
    icon="group",
    no_onnx="a group spans several rows",
    synonyms=("aggregate", "group", "summarise", "summarize", "total", "average", "sum by", "groupby"),
):
    """Aggregate groups of rows: totals, averages and counts.

    Rows with equal cells in the *Group by* columns form a group; without such columns the whole table is one group. New
    columns are named `<column>_<function>`. Functions: sum, mean, median, min, max, std and var (sample), count
    (non-missing cells), distinct, missing, first and last (non-missing, in table order) and mode (the most frequent;
    the smallest of ties). Sum, mean, median, std and var accept numbers and true/false (as 1 and 0), min and max also
    text and dates, the others any column. Missing cells are ignored; a group with missing cells only is missing. Groups
    are sorted by their keys, missing keys last.

    Each result depends on all rows of its group, so in an inference pipeline a request must contain the whole group.

    Errors: 0008 for an unknown function, 0017 for a column the function does not support, 0028 if a new column name is
    taken.

    Example: price by make with `Functions = mean, max` gives `make`, `price_mean`, `price_max`.
    """

    by: Columns = param(Columns(), label="Group by", required=False)
    """The key columns; none makes the whole table one group."""

    values: Columns = param(Columns(), label="Columns to aggregate", required=False)
    """The columns to aggregate."""

    functions: str = param("mean", label="Functions")
    """The functions to apply to each, separated by commas: sum, mean, median, min, max, std, var, count, distinct,
    missing, first, last, mode."""

    rows: bool = param(False, label="Count rows")
    """Add a column `Count` with the number of rows of the group."""

    missing: bool = param(True, label="Keep a group for missing keys")
    """Group rows with a missing key, too; otherwise leave them out."""

    @property
    def reads_other_rows(self) -> bool:
        """A group spans several rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        schema = Schema.of(dataset)
        by, values, functions = self._choices(schema)
        require_free(self._names(values, functions), by)
        return group_rows(dataset, by, values, functions, self.rows, self.missing)

    def infer(self, dataset: Schema) -> Schema:
        by = self.by.of(dataset, allow_empty=True)
        values = self.values.of(dataset, allow_empty=True)
        columns = [Column("Count", Kind.INTEGER)] if self.rows else []
        for name in values:
            for function in self._functions():
                categories = dataset[name].categories if function in ("first", "last", "mode") else None
                kind = kind_after(dataset[name].kind, function)
                columns.append(Column(f"{name}_{function}", kind, categories=categories))
        return dataset.select(by).append(*columns)

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        by, values, functions = self._choices(dataset.schema)
        return (script.call(group_rows, dataset, by, values, functions, self.rows, self.missing, result="grouped"),)

    def summary(self) -> str:
        return f"{self.functions} by {self.by}" if not self.by.is_empty else self.functions

    def _choices(self, schema: Schema) -> tuple[list[str], list[str], list[str]]:
        by = self.by.of(schema, allow_empty=self.by.is_empty)
        values = self.values.of(schema, allow_empty=self.values.is_empty)
        if not values and not self.rows:
            raise InvalidParameter(
                "there is nothing to compute", "Choose columns, or count rows.", parameter="Columns to aggregate"
            )
        functions = self._functions()
        for function in functions:
            chosen(self.values, schema, SUITS[function], "Columns to aggregate", lenient=not values)
        return by, values, functions

    def _functions(self) -> list[str]:
        names = list(dict.fromkeys(part.strip().lower() for part in self.functions.split(",") if part.strip()))
        known = get_args(Function)
        unknown = next((name for name in names if name not in known), None if names else "")
        if unknown is not None:
            raise InvalidParameter(
                f"there is no function '{unknown}'", f"Functions are: {', '.join(known)}.", parameter="Functions"
            )
        return names

    def _names(self, values: list[str], functions: list[str]) -> list[str]:
        return (["Count"] if self.rows else []) + [f"{name}_{function}" for name in values for function in functions]
