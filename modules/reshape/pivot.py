"""Pivot: the values of a column become columns."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import pandas as pd

from designer.contract.column_types import plain_where_full
from designer.contract.errors import DuplicateColumns, TooManyCategories
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.chosen import chosen_column, require_free
from ..join.keys import taken
from .aggregation import SUITS, Function, aggregated, kind_after
from .groups import by_number, first_rows, group_numbers

LIMIT = 5000


def pivot_rows(dataset: pd.DataFrame, rows: list[str], column: str, values: str, function: str) -> pd.DataFrame:
    """One row per combination of `rows`, one column per value of `column`."""
    return pivot_cells(dataset, rows, values, function, *headings_of(dataset[column]))


def headings_of(series: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], list[Any]]:
    """The position of each cell among the headings, -1 if missing, and the headings in order."""
    if series.dtype.name == "category":
        return np.asarray(series.cat.codes, dtype="int64"), list(series.cat.categories)
    codes, levels = pd.factorize(series, sort=True)
    return codes, list(levels)


def pivot_cells(
    dataset: pd.DataFrame,
    rows: list[str],
    values: str,
    function: str,
    headings: np.ndarray[Any, Any],
    levels: list[Any],
) -> pd.DataFrame:
    """One row per combination of `rows`, one column per level; `headings` holds the level code of each row."""
    if (headings < 0).any():
        dataset, headings = dataset[headings >= 0], headings[headings >= 0]
    groups = group_numbers(dataset, rows)
    firsts = first_rows(groups)
    width = max(len(levels), 1)
    places = groups * width + headings
    there = np.bincount(places, minlength=len(firsts) * width) > 0
    numbers = np.where(there, np.cumsum(there) - 1, -1)
    cells = aggregated(dataset[values], by_number(numbers[places], int(there.sum())), function)
    series_by_name = {name: dataset[name].iloc[firsts].reset_index(drop=True) for name in rows}
    for code, level in enumerate(levels):
        wide = taken(cells, numbers[code::width])
        series_by_name[str(level)] = wide.fillna(0) if function in ("count", "distinct", "missing") else wide
    columns = {name: plain_where_full(series) for name, series in series_by_name.items()}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(firsts)), copy=False)


class Pivot(
    Module,
    category="Data Transformation",
    icon="table-2",
    no_onnx="a row combines several rows",
    synonyms=("pivot table", "crosstab", "long to wide", "spread", "unstack", "rows to columns", "contingency table"),
):
    """Turn the values of a column into columns filled with aggregates.

    There is one row per combination of the *Row* columns and one column per value of the *Column* column, sorted and
    named by the value; its cells aggregate the *Values* column by the function (see Group By for functions). A cell
    without rows is missing, or 0 for count, distinct and missing. Rows without a value in the *Column* column are left
    out. The new columns are known before a run only if that column is categorical.

    Each result depends on several rows, so in an inference pipeline a request must contain all rows of a group.

    Errors: 0014 for a column with more than 5,000 values, 0017 if the function does not support the values, 0028 if a
    new column name is taken.

    Example: sales by `shop` with `month` as columns gives `shop`, `Jan`, `Feb`.
    """

    rows: Columns = param(Columns(), label="Rows", required=False)
    """The columns that identify rows; none makes one row."""

    column: ColumnName = param("", label="Column")
    """The column whose values become columns."""

    values: ColumnName = param("", label="Values")
    """The column whose cells fill the new columns."""

    function: Function = param("mean", label="Function")
    """The aggregate of a cell with several rows."""

    @property
    def reads_other_rows(self) -> bool:
        """An output row spans several input rows."""
        return True

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        rows, column, values = self._choices(Schema.of(dataset))
        headings, levels = headings_of(dataset[column])
        if len(levels) > LIMIT:
            raise TooManyCategories(
                f"column '{column}' has {counted(len(levels), 'value')}, at most {LIMIT:,} columns are made",
                "Group its values first.",
                parameter="Column",
                column=column,
            )
        require_free([str(level) for level in levels], rows)
        return pivot_cells(dataset, rows, values, self.function, headings, levels)

    def infer(self, dataset: Schema) -> Schema:
        rows = dataset.select(self.rows.of(dataset, allow_empty=True))
        headings, values = dataset.get(self.column), dataset.get(self.values)
        if headings is None or values is None or headings.categories is None or headings.kind is not Kind.CATEGORICAL:
            return rows.open()
        kind = kind_after(values.kind, self.function)
        categories = values.categories if self.function in ("first", "last", "mode") else None
        return rows.append(*(Column(name, kind, categories=categories) for name in headings.categories))

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        rows, column, values = self._choices(dataset.schema)
        return (script.call(pivot_rows, dataset, rows, column, values, self.function, result="pivoted"),)

    def summary(self) -> str:
        return f"{self.function} of {self.values} by {self.column}" if self.values and self.column else ""

    def _choices(self, schema: Schema) -> tuple[list[str], str, str]:
        rows = self.rows.of(schema, allow_empty=self.rows.is_empty)
        column = self.column.of(schema)
        if column in rows:
            raise DuplicateColumns(f"column '{column}' is among the rows too", "Choose it once.", parameter="Column")
        return rows, column, chosen_column(self.values, schema, SUITS[self.function], "Values")
