"""Unpivot: turn several columns into rows of name and value."""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd

from designer.contract.column_types import plain_where_full
from designer.contract.errors import InvalidParameter
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table

from ..columns.cells import numbers
from ..columns.chosen import NUMBERS, require_free


def unpivot(
    dataset: pd.DataFrame, keep: list[str], columns: list[str], kind: str, name: str, value: str, drop: bool
) -> pd.DataFrame:
    """Stack the chosen columns, repeating the kept ones."""
    zoned = kind == "DateTime" and any(getattr(dataset[column].dtype, "tz", None) is not None for column in columns)
    cells = {column: in_utc(dataset[column]) if zoned else plain_cells(dataset[column], kind) for column in columns}
    kept = {column: dataset[column] for column in keep}
    wide = pd.DataFrame({**kept, **cells}, index=dataset.index, copy=False)
    unused = [f"{max([*keep, *columns], key=len)} {end}" for end in "nv"]  # pandas rejects names of melted columns
    long = wide.melt(keep, columns, var_name=unused[0], value_name=unused[1]).set_axis([*keep, name, value], axis=1)
    long = long[long[value].notna()].reset_index(drop=True) if drop else long
    if long[name].dtype.name != "str":
        long[name] = long[name].astype("str")
    if long[value].dtype.name in ("Int64", "boolean", "object"):
        long[value] = plain_where_full(long[value].astype("str") if kind == "String" else long[value])
    return long


def plain_cells(series: pd.Series[Any], kind: str) -> pd.Series[Any]:
    """Convert a column to text or decimal if the columns are of several kinds."""
    if kind == "String" and series.dtype.name != "str":
        return series.astype(object).where(series.notna(), None).map(str, na_action="ignore").astype("str")
    return numbers(series) if kind == "Decimal" else series


def in_utc(series: pd.Series[Any]) -> pd.Series[Any]:
    """Dates in UTC; dates without a zone are assumed to be UTC."""
    moments: pd.Series[Any] = series.dt.tz_localize("UTC") if series.dt.tz is None else series.dt.tz_convert("UTC")
    return moments


class Unpivot(
    Module,
    category="Data Transformation",
    icon="table-2",
    no_onnx="it turns one row into several",
    synonyms=("melt", "wide to long", "stack", "gather", "columns to rows"),
):
    """Turn columns into rows: each cell of the chosen columns becomes a row with the column's name and the value.

    The kept columns are repeated, the others left out. Rows are ordered column by column, each in the order of the
    table. Values keep their type if all chosen columns have the same; dates are in UTC if some have a zone; integers
    and decimals combine to decimals; anything else, including categories, becomes text.

    Errors: 0011 for a selection that matches nothing, 0008 for a column that is both kept and unpivoted, 0028 if a new
    column name is taken.

    Example: `id, Jan, Feb` with one row `7, 1, 2` becomes `7, Jan, 1` and `7, Feb, 2`.
    """

    keep: Columns = param(Columns(), label="Columns to keep", required=False)
    """The columns to repeat for each value."""

    columns: Columns = param(Columns(), label="Columns to unpivot")
    """The columns to turn into rows."""

    name: str = param("Variable", label="Name of the column of names")
    """The new column for the names of the unpivoted columns."""

    value: str = param("Value", label="Name of the column of values")
    """The new column for their values."""

    drop_missing: bool = param(False, label="Leave out missing values")
    """Skip missing cells."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        schema = Schema.of(dataset)
        keep, columns = self._choices(schema)
        kind = str(_kind(schema, columns))
        return unpivot(dataset, keep, columns, kind, self.name, self.value, self.drop_missing)

    def infer(self, dataset: Schema) -> Schema:
        keep = self.keep.of(dataset, allow_empty=True)
        columns = self.columns.of(dataset, allow_empty=True)
        names = Column(self.name, Kind.STRING)
        if not columns or not dataset.complete:
            return dataset.select(keep).append(names).open()
        return dataset.select(keep).append(names, Column(self.value, _kind(dataset, columns)))

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        keep, columns = self._choices(dataset.schema)
        settings = (str(_kind(dataset.schema, columns)), self.name, self.value, self.drop_missing)
        return (script.call(unpivot, dataset, keep, columns, *settings, result="unpivoted"),)

    def _choices(self, schema: Schema) -> tuple[list[str], list[str]]:
        keep = self.keep.of(schema, allow_empty=self.keep.is_empty)
        columns = self.columns.of(schema)
        both = next((name for name in columns if name in keep), None)
        if both is not None:
            raise InvalidParameter(
                f"column '{both}' is both kept and unpivoted", "Choose it once.", parameter="Columns to unpivot"
            )
        require_free([self.name, self.value], keep)
        return keep, columns


def _kind(schema: Schema, columns: list[str]) -> Kind:
    kinds = {schema[name].kind for name in columns}
    if len(kinds) == 1 and Kind.CATEGORICAL not in kinds:
        return kinds.pop()
    return Kind.DECIMAL if kinds and kinds <= set(NUMBERS) else Kind.STRING
