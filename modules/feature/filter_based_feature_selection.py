"""Filter Based Feature Selection: score columns against a target and keep the best."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, NamedTuple

import pandas as pd

from designer.contract.errors import InvalidLabel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Role, Schema
from designer.contract.script import Script, Variable
from designer.contract.selection import ColumnName
from designer.contract.values import Table

from .relevance import best_features


class Selected(NamedTuple):
    """The outputs of Filter Based Feature Selection."""

    filtered_dataset: Table
    features: Table


class FilterBasedFeatureSelection(
    Module,
    category="Feature Selection",
    icon="funnel",
    at_inference="select",
    label="target",
    no_onnx="the scores depend on all rows; use Select Columns Transform",
    synonyms=("correlation", "pearson", "chi squared", "relevance", "best features"),
):
    """Score every feature against a target column and keep the best.

    *PearsonCorrelation* is the absolute correlation of two numeric columns over the rows that have both (booleans count
    as 0 and 1); for a categorical target, each class is replaced by the mean of the feature in it. Non-numeric features
    score 0, as do features without values or whose values differ only by rounding error. *ChiSquared* is the
    chi-squared statistic of the contingency table of feature and target (missing values left out); numbers with more
    than ten distinct values are first binned into ten quantiles. The result has the target and the best features, best
    first; ties keep the order of the table. *Features* lists all scores.

    Use Select Columns Transform and Apply Transformation to select the same columns in other data. The selected columns
    are known only after a run. An inference pipeline selects them by name.

    Errors: 0001 for a target that does not exist, 0018 for a target without values.

    Example: target `highway-mpg` of cars, Pearson, one feature: `city-mpg`.
    """

    feature_columns_only: bool = param(True, label="Operate on feature columns only")
    """Ignore columns that are not features, such as identifiers."""

    target: ColumnName = param(ColumnName(""), label="Target column")
    """The target column to score features against."""

    count: int = param(1, ge=1, label="Number of desired features")
    """Number of features to keep; a number beyond their count keeps all."""

    method: Literal["PearsonCorrelation", "ChiSquared"] = param("PearsonCorrelation", label="Feature scoring method")
    """The score of a feature."""

    @property
    def learns(self) -> bool:
        """The selection depends on the target in all rows."""
        return True

    def run(self, dataset: Table) -> Selected:
        target = self.target.of(dataset)
        if dataset[target].isna().all():
            wrong = InvalidLabel(f"column '{target}' has no values", "Choose another.", parameter="Target column")
            wrong.code = "0018"
            raise wrong
        names = self._candidates(Schema.of(dataset), target)
        return Selected(*best_features(dataset, names, target, self.count, self.method))

    def infer(self, dataset: Schema) -> tuple[Schema, Schema]:
        target = [name for name in [str(self.target)] if name in dataset]
        scores = pd.DataFrame({"Feature": pd.Series(dtype="str"), "Score": pd.Series(dtype="float64")})
        roles = dataset.map(lambda column: replace(column, role=Role.LABEL), target).select(target)
        return roles.open(), Schema.of(scores)

    def to_python(self, script: Script, dataset: Variable) -> tuple[str, ...]:
        target = self.target.of(dataset.schema)
        names = self._candidates(dataset.schema, target)
        both = script.call(best_features, dataset, names, target, self.count, self.method, result="selected")
        first, second = script.variable("filtered"), script.variable("scores")
        script.line(f"{first}, {second} = {both}")
        return first, second

    def summary(self) -> str:
        return f"{self.count} by {self.method}"

    def explain(self, inputs: Any, outputs: Any) -> str:
        best = outputs["features"].head(3)
        shown = ", ".join(f"{name} {score:.3g}" for name, score in zip(best["Feature"], best["Score"], strict=True))
        return f"Best: {shown}."

    def _candidates(self, schema: Schema, target: str) -> list[str]:
        return [
            c.name for c in schema if c.name != target and (c.role is Role.FEATURE or not self.feature_columns_only)
        ]
