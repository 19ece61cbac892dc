"""Permutation Feature Importance: the loss in a metric when a feature is shuffled."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pandas as pd

from designer.contract.errors import DesignerError, InvalidParameter, TooFewRows, WrongModel
from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.schema import Column, Kind, Schema
from designer.contract.script import Script, Variable
from designer.contract.values import ModelOutline, Table, Task, TrainedModel

from ..evaluate.scored_table import LabelMissing
from ..score.features import feature_frame
from ..score.score_model import as_mapping
from .permutation import importance_table

MOST_FEATURES = 3000
"""Time grows quadratically with the features; this many take about a minute."""
Metric = Literal[
    "Classification - Accuracy",
    "Classification - Precision",
    "Classification - Recall",
    "Regression - Mean Absolute Error",
    "Regression - Root Mean Squared Error",
    "Regression - Relative Absolute Error",
    "Regression - Relative Squared Error",
    "Regression - Coefficient of Determination",
]


class TooManyFeatures(DesignerError):
    """The model has too many features to shuffle in reasonable time."""


class PermutationFeatureImportance(
    Module,
    category="Feature Selection",
    icon="shuffle",
    at_inference="drop",
    no_onnx="it shuffles rows",
    synonyms=("feature importance", "explain", "interpret", "pfi"),
):
    """Measure how much worse a trained model predicts when one feature is shuffled.

    Each feature in turn is shuffled across the rows of the test data and the rows are scored again: importance is the
    loss in the metric against the unshuffled rows, so important features come first for every metric, including errors.
    Precision and recall are those of the positive class; for more than two classes they are averaged over the classes
    that occur, as in Evaluate Model; a class that is never predicted has precision 0. The same seed gives the same
    numbers, including seed 0.

    Errors: 0105 if the metric does not fit the model's task, 0013 for a model without a label, 0024 if the test data
    has no label, 0021 for a table without rows. A model with more than 3,000 features is rejected.

    Example: a feature the model does not use has importance 0.
    """

    seed: int = param(0, ge=0, le=2**32 - 1, label="Random seed")
    """The same seed gives the same shuffles."""

    metric: Metric = param("Classification - Accuracy", label="Metric for measuring performance")
    """The metric to compare."""

    def run(self, trained_model: TrainedModel, test_data: Table) -> Annotated[Table, "Feature importance"]:
        self._refuse_other_task(trained_model)
        label = trained_model.label
        if label is None or label.name not in test_data.columns:
            named = f"no column '{label.name}', the label of the model" if label else "the model has no label"
            raise LabelMissing(named, "Use rows with the true label.", port="Test data")
        if len(test_data) == 0:
            raise TooFewRows("the test data has no rows", "Importance needs rows with a label.", port="Test data")
        if len(trained_model.features) > MOST_FEATURES:
            problem = f"'{trained_model.name}' has {len(trained_model.features):,} features, too many to shuffle each"
            remedy = (
                f"At most {MOST_FEATURES:,} are shuffled; choose among them with Filter Based Feature Selection first."
            )
            raise TooManyFeatures(problem, remedy, port="Trained model")
        frame = trained_model.frame(test_data)
        return importance_table(frame, test_data[label.name], as_mapping(trained_model), self.metric, self.seed)

    def infer(self, trained_model: ModelOutline | None, test_data: Schema) -> Schema:
        return Schema((Column("Feature", Kind.STRING), Column("Importance", Kind.DECIMAL)))

    def to_python(self, script: Script, trained_model: Variable, test_data: Variable) -> tuple[str, ...]:
        outline: Any = trained_model.known
        frame = script.call(
            feature_frame, test_data, {c.name: str(c.kind) for c in outline.features}, result="features"
        )
        labels = script.variable("labels")
        script.line(f"{labels} = {test_data}[{outline.label.name!r}]")
        arguments = (Variable(frame), Variable(labels), trained_model, self.metric, self.seed)
        return (script.call(importance_table, *arguments, result="importance"),)

    def summary(self) -> str:
        return self.metric

    def explain(self, inputs: Any, outputs: Any) -> str:
        best = next(iter(outputs.values())).head(3)
        return f"Most important: {', '.join(best['Feature'])}." if isinstance(best, pd.DataFrame) else ""

    def _refuse_other_task(self, model: TrainedModel) -> None:
        if model.task not in (Task.TWO_CLASS, Task.MULTICLASS, Task.REGRESSION):
            raise WrongModel(f"'{model.name}' has no label", "Use a classification or regression model.")
        task = "Classification" if model.task.is_classification else "Regression"
        if not self.metric.startswith(task):
            raise InvalidParameter(
                f"'{self.metric}' does not fit a {str(model.task).lower()} model",
                f"Choose a metric of {task}.",
                parameter="Metric for measuring performance",
                code="0105",
            )
