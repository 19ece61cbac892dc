"""Metrics of a two-class model at a threshold: pure functions of the table from Evaluate Model."""

from __future__ import annotations

from typing import Any

import numpy as np

from designer.contract.values import ModelEvaluation

Document = dict[str, Any]


def at_threshold(model: ModelEvaluation, threshold: float) -> Document:
    """Confusion counts and metrics with rows above the threshold predicted positive; at 0, all rows are."""
    table = model.tables["thresholds"]
    place = int(np.searchsorted(table["threshold"].to_numpy(), threshold + 1e-12, side="right")) - 1
    line = table.iloc[max(place, 0)]
    tp, fp, tn, fn = (int(line[name]) for name in ("tp", "fp", "tn", "fn"))
    metrics = {
        "Accuracy": _ratio(tp + tn, tp + fp + tn + fn),
        "Precision": _ratio(tp, tp + fp),
        "Recall": _ratio(tp, tp + fn),
        "F1 Score": _ratio(2 * tp, 2 * tp + fp + fn),
    }
    return {
        "threshold": float(threshold),
        "confusion": {"tp": tp, "fp": fp, "tn": tn, "fn": fn},
        "flagged": tp + fp,
        "metrics": metrics,
    }


def best_thresholds(model: ModelEvaluation) -> dict[str, float]:
    """The thresholds of the best F1 score and the best accuracy; NaN where the metric is undefined."""
    table = model.tables["thresholds"]
    tp, fp, tn, fn = (table[name].to_numpy(dtype=float) for name in ("tp", "fp", "tn", "fn"))
    f1 = np.where(tp + fn > 0, 2 * tp / np.maximum(2 * tp + fp + fn, 1), np.nan)
    right = np.where(tp + fp + tn + fn > 0, tp + tn, np.nan)
    thresholds = table["threshold"].to_numpy()
    return {"F1 Score": _middle(thresholds, f1), "Accuracy": _middle(thresholds, right)}


def _middle(thresholds: np.ndarray[Any, Any], measure: np.ndarray[Any, Any]) -> float:
    """The middle of the first run of best thresholds; NaN if the metric is undefined at all of them."""
    if np.isnan(measure).all():
        return float("nan")
    first = int(np.argmax(measure))
    last = first
    while last + 1 < len(measure) and measure[last + 1] == measure[first]:
        last += 1
    return float(thresholds[(first + last) // 2])


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None
