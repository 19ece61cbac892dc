"""Edit Metadata: change type, categorical flag, role and name of columns."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Literal

import pandas as pd

from designer.contract.errors import ConversionFailed, DuplicateColumns, InvalidParameter, NotExportable, TooManyLabels
from designer.contract.module import Module
from designer.contract.onnx import MISSING, OnnxGraph, TensorColumn, TensorColumns, tensor_schema
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import Columns
from designer.contract.values import Table
from designer.contract.wording.counting import counted

from .conversion import Unconvertible, edit_columns

KINDS = {
    "String": Kind.STRING,
    "Integer": Kind.INTEGER,
    "Double": Kind.DECIMAL,
    "Boolean": Kind.BOOLEAN,
    "DateTime": Kind.DATETIME,
}
ROLES = {
    "Features": (tuple(Role), Role.FEATURE),
    "Labels": (tuple(Role), Role.LABEL),
    "Clear features": ((Role.FEATURE,), Role.NONE),
    "Clear labels": ((Role.LABEL,), Role.NONE),
    "Clear scores": ((Role.SCORE,), Role.NONE),
}


class EditMetadata(
    Module,
    category="Data Transformation",
    icon="tag",
    renames=True,
    parallel="new_names",
    by_column=True,
    synonyms=("cast", "convert type", "rename", "label", "categorical", "astype"),
):
    """Change the type, the categorical flag, the role and the names of columns.

    The same change applies to every chosen column. Text converts to numbers, dates or true/false only if every cell
    can; decimals convert to integers only if they are whole. Dates are parsed by the format (including 20240131 by
    %Y%m%d), or as ISO dates; numbers without a format are seconds since 1970. A category converted to a date is no
    longer categorical. Making a column categorical uses its distinct values as levels; undoing it restores the values.
    *Clear features* keeps a column (such as an identifier) in the table but out of training. New names are separated by
    commas, one per chosen column.

    Errors: 0042 for a cell that cannot be converted (with the row), 0002 for an invalid format, 0027 if the number of
    names differs, 0028 for a duplicate name, 0037 for more than one label.

    Example: `columns = ["grade"], Data type = String, Categorical = Categorical`.
    """

    columns: Columns = param(Columns(), label="Column")
    """The columns to change."""

    data_type: Literal["Unchanged", "String", "Integer", "Double", "Boolean", "DateTime"] = param("Unchanged")
    """The type to convert the cells to."""

    date_format: str = param("", label="DateTime format", when={"data_type": "DateTime"}, required=False)
    """The date format in Python's strptime codes; empty for ISO dates and seconds since 1970."""

    categorical: Literal["Unchanged", "Categorical", "NonCategorical"] = param("Unchanged")
    """Whether the columns are categorical."""

    fields: Literal["Unchanged", "Features", "Labels", "Clear features", "Clear labels", "Clear scores"] = param(
        "Unchanged"
    )
    """The role of the columns."""

    new_names: str = param("", label="New column names", required=False)
    """New names in the order of the columns, separated by commas; empty keeps the names."""

    def run(self, dataset: Table) -> Annotated[Table, "Results dataset"]:
        schema = Schema.of(dataset)
        names = self.columns.of(schema)
        self._one_label(schema, names)
        new = self._renamed(schema, names)
        self._read_format()
        try:
            return edit_columns(dataset, names, self.data_type, self.date_format, self.categorical, new)
        except Unconvertible as error:
            name, row, cell, kind = error.args
            raise ConversionFailed(
                f"column '{name}', row {row}: '{cell}' cannot become {kind}",
                "Clean the cell first, or choose another type.",
                parameter="Data type",
                column=name,
                row=row,
            ) from error

    def infer(self, dataset: Schema) -> Schema:
        names = self.columns.of(dataset, allow_empty=True)
        unknown = [name for name in names if self._kind(dataset[name]) is None]
        changed = dataset.map(self._changed, [name for name in names if name not in unknown])
        kept = changed.drop(unknown).open() if unknown else changed
        return kept.rename(self._renamed(dataset, names)) if dataset.complete or names else kept

    def to_onnx(self, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        schema = tensor_schema(dataset)
        names = self.columns.of(schema)
        new = self._renamed(schema, names)
        edited = {
            name: self._tensor(graph, dataset[name], name) if name in names else dataset[name] for name in dataset
        }
        return {new.get(name, name): column for name, column in edited.items()}

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        names = self.columns.of(dataset.schema)
        new = self._renamed(dataset.schema, names)
        settings = (self.data_type, self.date_format, self.categorical, new)
        return (script.call(edit_columns, dataset, names, *settings, result="edited"),)

    def summary(self) -> str:
        changes = (self.data_type, self.categorical, self.fields)
        return ", ".join(change for change in changes if change != "Unchanged") or str(self.columns)

    def _changed(self, column: Column) -> Column:
        kind = self._kind(column) or column.kind
        categories = column.categories if kind is column.kind is Kind.CATEGORICAL and self._keeps_values else None
        return replace(column, kind=kind, role=self._role(column.role), categories=categories)

    @property
    def _keeps_values(self) -> bool:
        return self.data_type == "Unchanged"

    def _kind(self, column: Column) -> Kind | None:
        """The kind after the change; None if it depends on the cells."""
        if self.categorical == "Categorical":
            return Kind.CATEGORICAL
        if self.data_type != "Unchanged":
            keeps = column.kind is Kind.CATEGORICAL and self.categorical == "Unchanged" and self.data_type != "DateTime"
            return Kind.CATEGORICAL if keeps else KINDS[self.data_type]
        if column.kind is Kind.CATEGORICAL and self.categorical == "NonCategorical":
            return None
        return column.kind

    def _role(self, role: Role) -> Role:
        affected, new = ROLES.get(self.fields, ((), role))
        return new if role in affected else role

    def _read_format(self) -> None:
        if self.data_type != "DateTime" or not self.date_format:
            return
        try:
            pd.to_datetime(pd.Series(["any"]), format=self.date_format, errors="coerce")
        except (ValueError, re.error) as error:
            raise InvalidParameter(
                f"'{self.date_format}' is not a date format ({error})",
                "Write it like %d.%m.%Y.",
                parameter="DateTime format",
                code="0002",
            ) from error

    def _one_label(self, schema: Schema, names: list[str]) -> None:
        others = [name for name in schema.with_role(Role.LABEL) if name not in names]
        if self.fields == "Labels" and (len(names) > 1 or others):
            labels = ", ".join(f"'{name}'" for name in [*others, *names])
            raise TooManyLabels(
                f"{labels} would all be labels", "Choose one; clear the other first.", parameter="Fields"
            )

    def _renamed(self, schema: Schema, names: list[str]) -> dict[str, str]:
        if not self.new_names.strip():
            return {}
        new = [name.strip() for name in self.new_names.split(",")]
        if "" in new or len(new) != len(names):
            wrong = InvalidParameter(
                f"{counted(len(names), 'column')} chosen and {counted(len([n for n in new if n]), 'name')} given",
                "Write one name for each column, separated by commas.",
                parameter="New column names",
            )
            wrong.code = "0027"
            raise wrong
        kept = [name for name in schema.names if name not in names]
        twice = [name for i, name in enumerate(new) if name in kept or name in new[:i]]
        if twice:
            raise DuplicateColumns(
                f"the result would have two columns '{twice[0]}'", "Choose another name.", parameter="New column names"
            )
        return dict(zip(names, new, strict=True))

    def _tensor(self, graph: OnnxGraph, column: TensorColumn, name: str) -> TensorColumn:
        known = Column(name, column.kind, column.role)
        kind = self._kind(known)
        role = self._role(column.role)
        target = kind if self.data_type == "Unchanged" else KINDS[self.data_type]
        if kind is not None and (target is column.kind or (column.is_text and target in TEXT)):
            return TensorColumn(column.tensor, kind, role)
        if kind in (Kind.DECIMAL, Kind.INTEGER) and column.kind in (Kind.INTEGER, Kind.BOOLEAN):
            return TensorColumn(column.tensor, kind, role)
        if kind in TEXT and column.kind is Kind.INTEGER and target in (*TEXT, Kind.INTEGER):
            return TensorColumn(whole_as_text(graph, column), kind, role)
        raise NotExportable(
            f"turns '{name}' from {column.kind} into {kind or 'its own type'}, which ONNX cannot do exactly"
        )


TEXT = (Kind.STRING, Kind.CATEGORICAL)


def whole_as_text(graph: OnnxGraph, column: TensorColumn) -> str:
    """Integers formatted as text, missing ones missing."""
    missing = graph.is_missing(column)
    whole = graph.where(missing, graph.constant([[0.0]]), column.tensor)
    text = graph.node("Cast", graph.node("Cast", whole, to=7), to=8)
    return graph.where(missing, graph.constant([[MISSING]], object), text)
