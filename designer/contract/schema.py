"""Schemas: columns that are known before rows are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from designer.contract.errors import ColumnNotFound, WrongColumnType


class Kind(StrEnum):
    """The kind of a column: the type of its cells."""

    INTEGER = "Integer"
    DECIMAL = "Decimal"
    STRING = "String"
    BOOLEAN = "Boolean"
    CATEGORICAL = "Categorical"
    DATETIME = "DateTime"

    @property
    def is_numeric(self) -> bool:
        """Integer or Decimal."""
        return self in (Kind.INTEGER, Kind.DECIMAL)


class Role(StrEnum):
    """The role of a column."""

    FEATURE = "Feature"
    LABEL = "Label"
    SCORE = "Score"
    NONE = "None"


@dataclass(frozen=True)
class Column:
    """One column: name, kind and role; `categories` if they are known.

    `classes` of scored labels are the classes of the model in the order of its probabilities; the last of two is the
    positive one. The rows need not hold all of them. Equality ignores `classes`, which are unknown before training.
    """

    name: str
    kind: Kind
    role: Role = Role.FEATURE
    categories: tuple[str, ...] | None = None
    classes: tuple[Any, ...] | None = field(default=None, compare=False)
    date_order: str = field(default="", compare=False)
    """The order of day and month in the file that the column was read from."""

    def to_json(self) -> dict[str, Any]:
        """The column as a JSON document."""
        document: dict[str, Any] = {"name": self.name, "kind": str(self.kind), "role": str(self.role)}
        if self.categories is not None:
            document["categories"] = list(self.categories)
        if self.classes is not None:
            document["classes"] = [_plain(value) for value in self.classes]
        if self.date_order:
            document["date_order"] = self.date_order
        return document

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Column:
        """Read back what `to_json` wrote."""
        categories, classes = document.get("categories"), document.get("classes")
        return cls(
            document["name"],
            Kind(document["kind"]),
            Role(document.get("role", Role.FEATURE)),
            tuple(categories) if categories is not None else None,
            tuple(classes) if classes is not None else None,
            document.get("date_order", ""),
        )


def bare(table: pd.DataFrame) -> pd.DataFrame:
    """A shallow copy of the frame without attrs, which pandas copies with every selected column."""
    copy = table.copy(deep=False)
    copy.attrs = {}
    return copy


@dataclass(frozen=True)
class Schema:
    """The columns of a table in order. `complete` is False if a run may add further columns."""

    columns: tuple[Column, ...] = ()
    complete: bool = True

    @classmethod
    def unknown(cls) -> Schema:
        """A schema of which nothing is known before the run."""
        return cls((), complete=False)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Schema:
        """The schema of a frame: kinds from the dtypes, roles and classes from the attached schema, if any.

        Raises WrongColumnType naming a column with cells of mixed types.
        """
        attached = table.attrs.get("schema")
        schema = cls(tuple(_column(str(name), series) for name, series in bare(table).items()))
        return schema.roles_from(attached) if attached else schema

    def attach(self, table: pd.DataFrame) -> pd.DataFrame:
        """Attach roles and classes for `Schema.of(table)`; kinds always come from the dtypes. Returns the frame."""
        table.attrs["schema"] = self
        return table

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Column:
        column = self._by_name.get(name)
        if column is None:
            raise ColumnNotFound.named(name, self.names)
        return column

    @cached_property
    def _by_name(self) -> dict[object, Column]:
        return {column.name: column for column in reversed(self.columns)}

    def __getstate__(self) -> dict[str, Any]:
        # Leave out the cached index, so that equal schemas pickle to equal bytes.
        return {"columns": self.columns, "complete": self.complete}

    def __deepcopy__(self, memo: dict[int, Any]) -> Schema:
        # pandas deep-copies attrs on every operation; an immutable value needs no copy.
        return self

    def get(self, name: str) -> Column | None:
        """The column of that name; None if there is none."""
        return self._by_name.get(name)

    def select(self, names: Iterable[str]) -> Schema:
        """Only these columns, in the order given."""
        return Schema(tuple(self._by_name[name] for name in names if name in self), self.complete)

    def drop(self, names: Iterable[str]) -> Schema:
        """All but these columns."""
        dropped = set(names)
        return replace(self, columns=tuple(c for c in self.columns if c.name not in dropped))

    def append(self, *columns: Column) -> Schema:
        """Append columns; a column of the same name is replaced in place."""
        new = {column.name: column for column in columns}
        merged = tuple(new.pop(c.name, c) for c in self.columns)
        return replace(self, columns=merged + tuple(new.values()))

    def map(self, change: Callable[[Column], Column], names: Iterable[str] | None = None) -> Schema:
        """Apply a function to each column, or to the named ones."""
        chosen = None if names is None else set(names)
        columns = tuple(change(c) if chosen is None or c.name in chosen else c for c in self.columns)
        return replace(self, columns=columns)

    def rename(self, names: Mapping[str, str]) -> Schema:
        """Rename columns."""
        return self.map(lambda c: replace(c, name=names.get(c.name, c.name)))

    def open(self) -> Schema:
        """The same columns, marked as incomplete."""
        return replace(self, complete=False)

    def with_role(self, role: Role) -> list[str]:
        """The names of the columns that have this role."""
        return [column.name for column in self.columns if column.role is role]

    def roles_from(self, other: Schema) -> Schema:
        """These columns with roles, classes and date orders taken from columns of the same name in `other`."""
        roles = {column.name: column.role for column in other.columns}
        return self.map(lambda c: replace(c, role=roles.get(c.name, c.role))).facts_from(other)

    def facts_from(self, other: Schema) -> Schema:
        """These columns with classes and date orders, where unset, taken from columns of the same name in `other`."""
        return self.map(lambda c: _with_facts(c, other._by_name[c.name]) if c.name in other else c)

    def to_json(self) -> dict[str, Any]:
        """The schema as a JSON document."""
        return {"columns": [column.to_json() for column in self.columns], "complete": self.complete}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Schema:
        """Read back what `to_json` wrote."""
        columns = tuple(Column.from_json(column) for column in document["columns"])
        return cls(columns, document.get("complete", True))


def kind_of(series: pd.Series[Any]) -> Kind:
    """The kind of a series by its dtype; object and string dtypes are String."""
    dtype = series.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return Kind.CATEGORICAL
    if types.is_bool_dtype(dtype):
        return Kind.BOOLEAN
    if types.is_integer_dtype(dtype):
        return Kind.INTEGER
    if types.is_float_dtype(dtype):
        return Kind.DECIMAL
    if types.is_datetime64_any_dtype(dtype):
        return Kind.DATETIME
    return Kind.STRING


def _with_facts(column: Column, other: Column) -> Column:
    classes = other.classes if column.classes is None else column.classes
    order = (column.date_order or other.date_order) if column.kind is Kind.DATETIME else ""
    return replace(column, classes=classes, date_order=order)


_MIXTURES = ("mixed", "mixed-integer")


def _plain(value: Any) -> Any:
    """Convert a class to a JSON value: numpy scalars to Python's, other types that JSON does not support to text."""
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, bool | int | float | str) else str(plain)


def _column(name: str, series: pd.Series[Any]) -> Column:
    if series.dtype == object and types.infer_dtype(series, skipna=True) in _MIXTURES:
        cell_types = " and ".join(sorted({type(cell).__name__ for cell in series[series.notna()].head(1000)}))
        remedy = "A column holds numbers, text, true/false or dates, not a mixture."
        raise WrongColumnType(f"column '{name}' holds {cell_types}", remedy, column=name)
    kind = kind_of(series)
    categories = tuple(str(c) for c in series.cat.categories) if kind is Kind.CATEGORICAL else None
    return Column(name, kind, categories=categories)
