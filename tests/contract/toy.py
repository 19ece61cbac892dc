"""Small modules for the tests of the contract."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import pandas as pd
from sklearn.linear_model import Ridge

from designer.contract.estimator import Learner, Transform
from designer.contract.module import Module
from designer.contract.onnx import OnnxGraph, TensorColumn, TensorColumns
from designer.contract.parameters import param
from designer.contract.schema import Kind, Schema
from designer.contract.selection import ColumnName, Columns
from designer.contract.values import Table, Task, Transformation


class Shifted(NamedTuple):
    """The outputs of Subtract Mean."""

    shifted: Annotated[Table, "Shifted dataset"]
    transformation: Transformation


def mean_of(dataset: pd.DataFrame, columns: list[str]) -> dict[str, float]:
    """The mean of each column."""
    return {name: float(dataset[name].mean()) for name in columns}


def without_mean(dataset: pd.DataFrame, learned: dict[str, float]) -> pd.DataFrame:
    """The columns less their learned means."""
    return dataset.assign(**{name: dataset[name] - mean for name, mean in learned.items()})


class SubtractMean(Transform, category="Toys"):
    """Subtract the mean. It is a toy.

    More words.
    """

    fits = mean_of
    applies = without_mean

    columns: Columns = param(Columns.of_kind("Numeric"))
    """The columns."""

    def arguments(self, dataset: Table | Schema) -> dict[str, Any]:
        return {"columns": self.columns.of(dataset)}

    def run(self, dataset: Table) -> Shifted:
        return Shifted(*self.fitted(dataset))

    def infer_applied(self, state: Any, dataset: Schema) -> Schema:
        return dataset

    def apply_onnx(self, state: Any, graph: OnnxGraph, dataset: TensorColumns) -> TensorColumns:
        shifted = {n: graph.node("Sub", dataset[n].tensor, graph.constant([[mean]])) for n, mean in state.items()}
        return {**dataset, **{name: TensorColumn(tensor, Kind.DECIMAL) for name, tensor in shifted.items()}}


class TwoWayToy(
    Module,
    category="Toys",
    title="Two-Way Toy",
    version=2,
    at_inference="drop",
    synonyms=("play",),
    replaces=("old-toy",),
    no_onnx="it is a toy",
):
    """A toy with every kind of parameter."""

    mode: Literal["Fast", "Slow"] = param("Fast", label="Mode of play")
    """How to play."""

    speed: float = param(0.5, gt=0, le=1, when={"mode": "Fast"})
    """How fast."""

    boost: int = param(1, ge=1, when={"speed": (0.5, 1.0)})
    """How much more."""

    key: ColumnName = param(ColumnName(""), label="Key column")
    """The key."""

    seed: int | None = param(None, ge=0)
    """Empty for none."""

    secret: str = param("", hidden=True, required=False)
    """Not shown."""

    def run(
        self, left: Annotated[Table, "Left dataset"], right: Table | None = None
    ) -> Annotated[Table, "Results dataset"]:
        return left

    @classmethod
    def migrate(cls, version: int, parameters: Any) -> dict[str, Any]:
        return {"mode": {"quick": "Fast"}.get(parameters["how"], "Slow")}


class ToyRidge(Learner, category="Toys"):
    """A ridge regression."""

    task: ClassVar[Task] = Task.REGRESSION

    alpha: float = param(1.0, ge=0, label="Weight of the penalty", sweep=(0.1, 1.0))
    """How strong."""

    def estimator(self) -> Any:
        return Ridge(alpha=self.alpha)
