"""Permutation importance of features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..score.scoring import score_columns


def importance_table(
    frame: pd.DataFrame, labels: pd.Series[Any], model: Mapping[str, Any], metric: str, seed: int
) -> pd.DataFrame:
    """Features by importance: the loss in the metric when one of them is shuffled."""
    random = np.random.RandomState(seed)
    kept = labels.notna().to_numpy()
    frame, labels = frame[kept].reset_index(drop=True), labels[kept].reset_index(drop=True)
    base = measured(frame, labels, model, metric)
    losses = []
    for name in frame.columns:
        order = random.permutation(len(frame))
        shuffled = frame.assign(**{name: frame[name].iloc[order].set_axis(frame.index)})
        losses.append(measured(shuffled, labels, model, metric) - base)
    sign = 1 if "Error" in metric else -1
    table = pd.DataFrame(
        {"Feature": pd.Series(list(frame.columns), dtype="str"), "Importance": np.array(losses) * sign}
    )
    return table.sort_values("Importance", ascending=False, kind="stable", ignore_index=True)


def measured(frame: pd.DataFrame, labels: pd.Series[Any], model: Mapping[str, Any], metric: str) -> float:
    """The metric over the scored rows."""
    from sklearn.metrics import accuracy_score, precision_score, recall_score

    predicted = score_columns(frame, model)["Scored Labels"]
    scored = predicted.notna().to_numpy()
    if not scored.any():
        return float("nan")
    if metric.startswith("Regression"):
        truth = labels[scored].to_numpy(dtype="float64")
        return regression_measure(truth, predicted[scored].to_numpy(dtype="float64"), metric)
    classes = [str(value) for value in model["classes"]]
    actual, answer = (cells[scored].astype(object).map(str) for cells in (labels, predicted))
    if metric.endswith("Accuracy"):
        return float(accuracy_score(actual, answer))
    measure = precision_score if metric.endswith("Precision") else recall_score
    occurring = set(actual) if measure is recall_score else {*actual, *answer}
    averaged = classes[1:] if len(classes) == 2 else [name for name in classes if name in occurring]
    return float(measure(actual, answer, labels=averaged, average="macro", zero_division=0.0))


def regression_measure(actual: np.ndarray[Any, Any], predicted: np.ndarray[Any, Any], metric: str) -> float:
    """One of the five regression metrics."""
    errors, spread = predicted - actual, actual - actual.mean()
    with np.errstate(all="ignore"):
        measures = {
            "Regression - Mean Absolute Error": np.abs(errors).mean(),
            "Regression - Root Mean Squared Error": np.sqrt((errors**2).mean()),
            "Regression - Relative Absolute Error": np.abs(errors).sum() / np.abs(spread).sum(),
            "Regression - Relative Squared Error": (errors**2).sum() / (spread**2).sum(),
            "Regression - Coefficient of Determination": 1 - (errors**2).sum() / (spread**2).sum(),
        }
    return float(measures[metric])
