"""Columns that are known before any row is read."""

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
    """What the cells of a column are."""

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
    """What a column is for."""

    FEATURE = "Feature"
    LABEL = "Label"
    SCORE = "Score"
    NONE = "None"


@dataclass(frozen=True)
class Column:
    """One column: name, kind and role; `categories` where they are known.

    `classes` of a column of scored labels are the values that the model knows, in the order of its probabilities: the
    last of two is the positive one. They stay true where the rows hold some of them only. Columns that differ in them
    alone are equal: before training they are not known.
    """

    name: str
    kind: Kind
    role: Role = Role.FEATURE
    categories: tuple[str, ...] | None = None
    classes: tuple[Any, ...] | None = field(default=None, compare=False)
    date_order: str = field(default="", compare=False)
    """Whether the day or the month is first in the dates of the file that the column was read from."""

    def to_json(self) -> dict[str, Any]:
        """The column as a document."""
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
    """The frame without what is attached to it, which pandas would copy with every column that is taken."""
    found = table.copy(deep=False)
    found.attrs = {}
    return found


@dataclass(frozen=True)
class Schema:
    """The columns of a table in order. `complete` is False where more columns may come that only a run can tell."""

    columns: tuple[Column, ...] = ()
    complete: bool = True

    @classmethod
    def unknown(cls) -> Schema:
        """Nothing is known before the run."""
        return cls((), complete=False)

    @classmethod
    def of(cls, table: pd.DataFrame) -> Schema:
        """The schema of a frame: kinds from the dtypes, roles and classes from the schema attached to it, if any.

        Raises WrongColumnType naming a column whose cells are of several types.
        """
        attached = table.attrs.get("schema")
        found = cls(tuple(_column(str(name), series) for name, series in bare(table).items()))
        return found.roles_from(attached) if attached else found

    def attach(self, table: pd.DataFrame) -> pd.DataFrame:
        """Make the roles known to `Schema.of(table)`; kinds always come from the frame itself. Returns the frame."""
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
        # Without the index, so that equal schemas are stored as equal bytes.
        return {"columns": self.columns, "complete": self.complete}

    def __deepcopy__(self, memo: dict[int, Any]) -> Schema:
        # pandas deep-copies attrs with every operation; a frozen value needs no copy.
        return self

    def get(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return self._by_name.get(name)

    def select(self, names: Iterable[str]) -> Schema:
        """Only these columns, in the order given."""
        return Schema(tuple(self._by_name[name] for name in names if name in self), self.complete)

    def drop(self, names: Iterable[str]) -> Schema:
        """All but these columns."""
        gone = set(names)
        return replace(self, columns=tuple(c for c in self.columns if c.name not in gone))

    def append(self, *columns: Column) -> Schema:
        """These columns at the end; one of the same name is replaced where it stands."""
        new = {column.name: column for column in columns}
        kept = tuple(new.pop(c.name, c) for c in self.columns)
        return replace(self, columns=kept + tuple(new.values()))

    def map(self, change: Callable[[Column], Column], names: Iterable[str] | None = None) -> Schema:
        """Change each column, or each of those named."""
        chosen = None if names is None else set(names)
        columns = tuple(change(c) if chosen is None or c.name in chosen else c for c in self.columns)
        return replace(self, columns=columns)

    def rename(self, names: Mapping[str, str]) -> Schema:
        """Give columns new names."""
        return self.map(lambda c: replace(c, name=names.get(c.name, c.name)))

    def open(self) -> Schema:
        """The same columns, and perhaps more."""
        return replace(self, complete=False)

    def with_role(self, role: Role) -> list[str]:
        """The names of the columns that have this role."""
        return [column.name for column in self.columns if column.role is role]

    def roles_from(self, other: Schema) -> Schema:
        """These columns with the roles that `other` gives to columns of the same name, and other facts."""
        roles = {column.name: column.role for column in other.columns}
        return self.map(lambda c: replace(c, role=roles.get(c.name, c.role))).facts_from(other)

    def facts_from(self, other: Schema) -> Schema:
        """These columns with the classes and the order of dates that `other` knows of columns of the same name."""
        return self.map(lambda c: _with_facts(c, other._by_name[c.name]) if c.name in other else c)

    def to_json(self) -> dict[str, Any]:
        """The schema as a document."""
        return {"columns": [column.to_json() for column in self.columns], "complete": self.complete}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Schema:
        """Read back what `to_json` wrote."""
        columns = tuple(Column.from_json(column) for column in document["columns"])
        return cls(columns, document.get("complete", True))


def kind_of(series: pd.Series[Any]) -> Kind:
    """The kind of a series by its dtype; objects and text are strings."""
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
    """A class as JSON holds it: numbers of numpy become those of Python, what JSON does not know becomes text."""
    plain = value.item() if isinstance(value, np.generic) else value
    return plain if isinstance(plain, bool | int | float | str) else str(plain)


def _column(name: str, series: pd.Series[Any]) -> Column:
    if series.dtype == object and types.infer_dtype(series, skipna=True) in _MIXTURES:
        found = " and ".join(sorted({type(cell).__name__ for cell in series[series.notna()].head(1000)}))
        remedy = "A column holds numbers, text, true/false or dates, not a mixture."
        raise WrongColumnType(f"column '{name}' holds {found}", remedy, column=name)
    kind = kind_of(series)
    categories = tuple(str(c) for c in series.cat.categories) if kind is Kind.CATEGORICAL else None
    return Column(name, kind, categories=categories)
