"""The metrics of a model on a table, as listed by sweeps and cross-validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from designer.contract.values import Task, TrainedModel

from .binary import binary_metrics
from .multiclass import multiclass_metrics
from .regression import error_metrics, regression_outcomes

_BINARY = {
    "Accuracy": "Accuracy",
    "Precision": "Precision",
    "Recall": "Recall",
    "F-score": "F1 Score",
    "AUC": "AUC",
    "Average Log Loss": "Log Loss",
}
_MULTICLASS = {
    "Accuracy": "Overall Accuracy",
    "Precision": "Macro-Averaged Precision",
    "Recall": "Macro-Averaged Recall",
    "F-score": "Macro-Averaged F1",
    "Average Log Loss": "Log Loss",
}
_REGRESSION = {
    "Mean absolute error": "Mean_Absolute_Error",
    "Root of mean squared error": "Root_Mean_Squared_Error",
    "Relative absolute error": "Relative_Absolute_Error",
    "Relative squared error": "Relative_Squared_Error",
    "Coefficient of determination": "Coefficient_of_Determination",
}
LOWER_IS_BETTER = ("Average Log Loss", *list(_REGRESSION)[:4])


def listed_metrics(model: TrainedModel, scored: pd.DataFrame, classes: Sequence[Any] = ()) -> dict[str, float]:
    """The metrics of a scored table with its label, under the names used by the original.

    `classes` are all classes of the label, also absent ones; by default the model's.
    """
    assert model.label is not None
    columns: dict[str, str] = {"label": model.label.name, "labels": "Scored Labels"}
    if model.task is Task.REGRESSION:
        return _named(_REGRESSION, error_metrics(*regression_outcomes(scored, columns)))
    known = classes or model.classes
    if model.task is Task.TWO_CLASS:
        return _named(_BINARY, binary_metrics(scored, {**columns, "probability": "Scored Probabilities"}, known))
    return _named(_MULTICLASS, multiclass_metrics(scored, columns, known))


def _named(names: Mapping[str, str], metrics: Mapping[str, Any]) -> dict[str, float]:
    return {title: float(metrics[name]) for title, name in names.items() if name in metrics}
