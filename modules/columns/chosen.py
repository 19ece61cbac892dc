"""Resolve column selections to columns of the kinds a module supports."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from designer.contract.errors import (
    ColumnNotFound,
    DuplicateColumns,
    InfiniteValues,
    InvalidParameter,
    WrongColumnType,
)
from designer.contract.schema import Kind, Schema
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Table

from .cells import numbers

NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
TEXT = (Kind.STRING, Kind.CATEGORICAL)


def chosen(
    columns: Columns,
    dataset: Table | Schema,
    kinds: Sequence[Kind],
    parameter: str,
    remedy: str = "Choose other columns, or convert it with Edit Metadata.",
    *,
    lenient: bool = False,
) -> list[str]:
    """The selected names; `lenient` drops columns of other kinds and allows an empty selection.

    Raises WrongColumnType naming the first column whose kind is not among `kinds`.
    """
    schema = dataset if isinstance(dataset, Schema) else Schema.of(dataset)
    names = columns.of(schema, allow_empty=lenient)
    fitting = [name for name in names if schema[name].kind in kinds]
    if len(fitting) < len(names) and not lenient:
        wrong = next(name for name in names if schema[name].kind not in kinds)
        raise wrong_kind(schema, wrong, kinds, parameter, remedy)
    return fitting


def chosen_column(column: ColumnName, dataset: Table | Schema, kinds: Sequence[Kind], parameter: str) -> str:
    """The name of one column; raises WrongColumnType if its kind is not among `kinds`."""
    schema = dataset if isinstance(dataset, Schema) else Schema.of(dataset)
    require_distinct_columns(schema.names)
    name = column.of(schema)
    known = schema.get(name)
    if known is not None and known.kind not in kinds:
        raise wrong_kind(schema, name, kinds, parameter, "Choose another column, or convert it with Edit Metadata.")
    return name


def wrong_kind(schema: Schema, name: str, kinds: Sequence[Kind], parameter: str, remedy: str) -> WrongColumnType:
    """The error for a column of an unsupported kind."""
    wanted = " or ".join(str(kind) for kind in kinds)
    return WrongColumnType(
        f"column '{name}' is {schema[name].kind}, not {wanted}", remedy, parameter=parameter, column=name
    )


def require_finite(dataset: Table, columns: Sequence[str], parameter: str) -> None:
    """Raise InfiniteValues naming the first column of numbers with an infinite value."""
    for name in columns:
        series = dataset[name]
        if series.dtype.kind == "f" and np.isinf(numbers(series).to_numpy()).any():
            raise InfiniteValues(
                f"column '{name}' holds an infinite value", "Clip it first.", parameter=parameter, column=name
            )


def require_present(schema: Schema, names: Sequence[str]) -> None:
    """Raise ColumnNotFound if a required column is missing."""
    missing = next((name for name in names if name not in schema), None)
    if missing is not None and schema.complete:
        raise ColumnNotFound.named(missing, schema.names)


def require_distinct_columns(names: Sequence[str]) -> None:
    """Raise DuplicateColumns where two columns have the same name."""
    twice = _repeated(names)
    if twice is not None:
        raise DuplicateColumns(f"two columns are named '{twice}'", "Rename one of them first.", column=twice)


def require_free(names: Sequence[str], taken: Sequence[str]) -> None:
    """Raise DuplicateColumns if a column to add exists already or is added twice."""
    there = set(taken)
    clash = next((name for name in names if name in there), _repeated(names))
    if clash is not None:
        raise DuplicateColumns(
            f"the result would have two columns '{clash}'", "Rename the other one first.", column=clash
        )


def _repeated(names: Sequence[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def whole_numbers(text: str, parameter: str, minimum: int = 1) -> list[int]:
    """Whole numbers written as `1, 7` or `1; 7`; raises InvalidParameter for anything else."""
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    for part in parts:
        if not (part.isascii() and part.isdigit() and len(part) < 10) or int(part) < minimum:
            raise InvalidParameter(
                f"'{part}' does not fit", f"Write integers of at least {minimum}, like 1, 7.", parameter=parameter
            )
    return list(dict.fromkeys(int(part) for part in parts))
