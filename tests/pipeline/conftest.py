"""A small library of real modules, so that graph tests do not depend on the shipped ones."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import pandas as pd
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Role, Schema
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import LearnerOutline, ModelOutline, Table, Task, TrainedModel, UntrainedModel


class Rows(Module, category="Data"):
    """Three rows of two columns."""

    count: int = param(3, ge=1, le=10, label="Number of rows")
    """How many rows."""

    def run(self) -> Table:
        return pd.DataFrame({"a": range(self.count), "b": [f"x{i}" for i in range(self.count)]})

    def infer(self) -> Schema:
        return Schema((Column("a", Kind.INTEGER), Column("b", Kind.STRING)))


class Keep(Module, category="Data"):
    """Keep some columns."""

    columns: Columns = param(Columns(), label="Columns to keep")
    """Which."""

    def run(self, dataset: Table) -> Annotated[Table, "Kept columns"]:
        return dataset[self.columns.of(dataset)]

    def infer(self, dataset: Schema) -> Schema:
        return dataset.select(self.columns.of(dataset))


class Halves(NamedTuple):
    first: Table
    second: Table


class Halve(Module, category="Data", at_inference="pass through"):
    """Two halves."""

    how: Literal["front", "key"] = param("front", label="How")
    """Which rule."""
    key: ColumnName = param("", label="Key column", when={"how": "key"})
    """The column to halve by."""

    def run(self, dataset: Table) -> Halves:
        middle = len(dataset) // 2
        return Halves(dataset.iloc[:middle], dataset.iloc[middle:])

    def infer(self, dataset: Schema) -> tuple[Schema, Schema]:
        return dataset, dataset


class Learn(Module, category="Models"):
    """A learner."""

    def run(self) -> Annotated[UntrainedModel, "Untrained model"]:
        raise NotImplementedError

    def infer(self) -> LearnerOutline:
        return LearnerOutline("Learn", Task.REGRESSION)


class Train(Module, category="Models"):
    """Train it."""

    label: ColumnName = param("", label="Label column", input="dataset")
    """What to predict."""

    def run(self, untrained_model: UntrainedModel, dataset: Table) -> TrainedModel:
        raise NotImplementedError

    def infer(self, untrained_model: LearnerOutline | None, dataset: Schema) -> ModelOutline:
        name = self.label.of(dataset)
        label = dataset.get(name)
        return ModelOutline("Learn", Task.REGRESSION, label, dataset.drop([name]))


class Label(Module, category="Data"):
    """Mark a label."""

    column: ColumnName = param("a", label="Column")
    """Which."""

    def run(self, dataset: Table) -> Table:
        return dataset

    def infer(self, dataset: Schema) -> Schema:
        name = self.column.of(dataset)
        return dataset.map(lambda c: Column(c.name, c.kind, Role.LABEL), [name])


class Raises(Module, category="Data"):
    """Cannot work out its columns."""

    def run(self, dataset: Table) -> Table:
        return dataset

    def infer(self, dataset: Schema) -> Schema:
        raise ZeroDivisionError("a bug of a user's module")


@pytest.fixture(scope="session")
def library() -> Library:
    modules = (Rows, Keep, Halve, Learn, Train, Label, Raises)
    return Library({module.spec().id: module for module in modules})
