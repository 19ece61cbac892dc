"""Add Rows: append one table to another."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import pandas as pd

from designer.contract.column_types import require_distinct
from designer.contract.errors import MismatchedTables
from designer.contract.module import Module
from designer.contract.schema import Column, Kind, Schema, kind_of
from designer.contract.script import Script, Variable
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from ..columns.cells import with_common_levels


class AddRows(
    Module,
    category="Data Transformation",
    icon="rows-3",
    no_onnx="the rows of another table join those of the request",
    synonyms=("append", "union", "concatenate", "stack"),
):
    """Append the rows of a second table to those of a first.

    Both tables must have the same columns by name and type; their order may differ. Integers and decimals combine to
    decimals; categories of both sides are kept.

    Errors: 0008 if the numbers of columns differ, 0010 if the names differ, 0016 if a type differs, 0045 if the types
    of levels differ.

    Example: January's sales and February's sales.
    """

    def run(self, dataset1: Table, dataset2: Table) -> Annotated[Table, "Results dataset"]:
        require_distinct(list(dataset1.columns))
        _refuse_other_columns(Schema.of(dataset1), Schema.of(dataset2))
        for name in dataset1.columns:
            zones = [getattr(frame[name].dtype, "tz", None) for frame in (dataset1, dataset2)]
            if (zones[0] is None) != (zones[1] is None):
                raise _mismatch(f"column '{name}' has a time zone on one side only", "0016", name)
            _refuse_other_levels(name, dataset1[name], dataset2[name])
        return stacked(dataset1, dataset2)

    def infer(self, dataset1: Schema, dataset2: Schema) -> Schema:
        if dataset1.complete and dataset2.complete:
            _refuse_other_columns(dataset1, dataset2)
        return dataset1.map(lambda column: _joint(column, dataset2.get(column.name)))

    def to_python(self, script: Script, dataset1: Variable, dataset2: Variable) -> tuple[str, ...]:
        return (script.call(stacked, dataset1, dataset2, result="rows"),)


def stacked(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The rows of both tables, in the first table's column order; categories of both are kept."""
    if all(first[n].dtype == second[n].dtype for n in first.columns):
        return pd.concat([first, second[list(first.columns)]], ignore_index=True)
    columns = {}
    for name in first.columns:
        parts = [first[name], second[name]]
        if all(part.dtype.name == "category" for part in parts):
            columns[name] = pd.concat(with_common_levels(*parts), ignore_index=True)
            continue
        zone = getattr(parts[0].dtype, "tz", None)
        if zone is not None:
            parts[1] = parts[1].dt.tz_convert(zone)
        kinds = {part.dtype.kind for part in parts}
        if kinds == {"i", "f"}:
            parts = [pd.Series(part.to_numpy("float64", na_value=float("nan"))) for part in parts]
        columns[name] = pd.concat(parts, ignore_index=True)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(first) + len(second)), copy=False)


def _refuse_other_levels(name: str, first: pd.Series[Any], second: pd.Series[Any]) -> None:
    """Raise if two columns have levels of different types; a column without levels matches any."""
    if first.dtype.name != "category" or not (len(first.cat.categories) and len(second.cat.categories)):
        return
    kinds = [kind_of(pd.Series(column.cat.categories)) for column in (first, second)]
    if kinds[0] is not kinds[1] and not all(kind.is_numeric for kind in kinds):
        problem = f"the levels of column '{name}' are {kinds[0]} in the first table and {kinds[1]} in the second"
        raise _mismatch(problem, "0045", name)


def _refuse_other_columns(first: Schema, second: Schema) -> None:
    if len(first) != len(second):
        raise _mismatch(f"the first table has {counted(len(first), 'column')}, the second {len(second)}", "0008")
    for column in first:
        other = second.get(column.name)
        if other is None:
            raise _mismatch(f"column '{column.name}' is missing in the second table", "0010", column.name)
        if column.kind is not other.kind and not (column.kind.is_numeric and other.kind.is_numeric):
            kinds = f"{column.kind} in the first table and {other.kind} in the second"
            raise _mismatch(f"column '{column.name}' is {kinds}", "0016", column.name)


def _mismatch(problem: str, code: str, column: str | None = None) -> MismatchedTables:
    error = MismatchedTables(
        problem, "Give both the same columns with Select Columns and Edit Metadata.", column=column
    )
    error.code = code
    return error


def _joint(column: Column, other: Column | None) -> Column:
    if other is None or column.kind is other.kind:
        return replace(column, categories=None)
    return replace(column, kind=Kind.DECIMAL)
