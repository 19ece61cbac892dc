"""Regression metrics and residuals, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from designer.contract.spread import without_rounding

Numbers = np.ndarray[Any, np.dtype[np.float64]]

QUANTILE = "Scored Quantiles_"
POINTS = 2000
RESIDUAL_BINS = 40


def regression_metrics(table: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, float]:
    """Metrics of a scored table, by the names of its columns `label` and `labels`."""
    actual, predicted = regression_outcomes(table, columns)
    return {**quantile_losses(table, columns), **error_metrics(actual, predicted)}


def quantile_losses(table: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, float]:
    """The quantile loss of each quantile column, and their mean; empty if the table has none."""
    names = [str(name) for name in table if str(name).startswith(QUANTILE)]
    rows = table[table[[columns["label"], *names]].notna().all(axis=1)]
    actual = rows[columns["label"]].to_numpy(dtype="float64")
    losses = {
        f"Quantile Loss: {name.removeprefix(QUANTILE)}": quantile_loss(
            actual, rows[name].to_numpy(dtype="float64"), float(name.removeprefix(QUANTILE))
        )
        for name in names
    }
    return {**losses, "Average Quantile Loss": float(np.mean(list(losses.values())))} if losses else {}


def quantile_loss(actual: Numbers, predicted: Numbers, share: float) -> float:
    """The pinball loss: underestimates weighted by the quantile, overestimates by its complement."""
    errors = actual - predicted
    return float(np.maximum(share * errors, (share - 1) * errors).mean()) if len(actual) else float("nan")


def quantile_baseline(table: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, float]:
    """The quantile losses of always predicting the quantiles of the label."""
    names = [str(name) for name in table if str(name).startswith(QUANTILE)]
    label = table[columns["label"]]
    constant = {name: label.quantile(float(name.removeprefix(QUANTILE))) for name in names}
    return quantile_losses(table.assign(**constant), columns)


def regression_outcomes(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[Numbers, Numbers]:
    """The actual and predicted numbers of complete rows."""
    rows = table[table[[columns["label"], columns["labels"]]].notna().all(axis=1)]
    return rows[columns["label"]].to_numpy(dtype="float64"), rows[columns["labels"]].to_numpy(dtype="float64")


def error_metrics(actual: Numbers, predicted: Numbers) -> dict[str, float]:
    """The metrics of the original. Those relative to the label mean are NaN if the label is constant."""
    if not len(actual):
        return dict.fromkeys(METRICS, float("nan"))
    errors, spread = predicted - actual, deviations(actual)
    squares, absolute = float(spread @ spread), float(np.abs(spread).sum())
    relative = float(errors @ errors) / squares if squares else float("nan")
    values = (
        float(np.abs(errors).mean()),
        float(np.sqrt(np.mean(errors**2))),
        relative,
        float(np.abs(errors).sum()) / absolute if absolute else float("nan"),
        1 - relative,
    )
    return dict(zip(METRICS, values, strict=True))


def deviations(actual: Numbers) -> Numbers:
    """The deviations from the mean; 0 if the numbers differ only by rounding error."""
    varying = without_rounding(actual)
    return np.zeros(len(actual)) if varying.min() == varying.max() else actual - actual.mean()


METRICS = (
    "Mean_Absolute_Error",
    "Root_Mean_Squared_Error",
    "Relative_Squared_Error",
    "Relative_Absolute_Error",
    "Coefficient_of_Determination",
)


def regression_intervals(actual: Numbers, predicted: Numbers) -> list[tuple[str, float, float]]:
    """95 % intervals from the variance of the row errors: metric, low, high."""
    rows = len(actual)
    if rows < 2:
        return []
    errors, spread = predicted - actual, deviations(actual) ** 2
    mean, half = np.abs(errors).mean(), 1.96 * np.abs(errors).std(ddof=1) / np.sqrt(rows)
    square, square_half = np.mean(errors**2), 1.96 * (errors**2).std(ddof=1) / np.sqrt(rows)
    intervals = [
        ("Mean_Absolute_Error", max(0.0, float(mean - half)), float(mean + half)),
        ("Root_Mean_Squared_Error", float(np.sqrt(max(0, square - square_half))), float(np.sqrt(square + square_half))),
    ]
    if spread.sum():
        share = square / spread.mean()
        uncertain = 1.96 * np.std(errors**2 - share * spread, ddof=1) / np.sqrt(rows) / spread.mean()
        intervals.append(("Coefficient_of_Determination", float(1 - share - uncertain), float(1 - share + uncertain)))
    return intervals


def point_table(actual: Numbers, predicted: Numbers) -> pd.DataFrame:
    """Actual and predicted of at most 2,000 rows, sampled at random with a fixed seed."""
    points = pd.DataFrame({"actual": actual, "predicted": predicted})
    return points if len(points) <= POINTS else points.sample(POINTS, random_state=0).sort_index(ignore_index=True)


def residual_histogram(actual: Numbers, predicted: Numbers) -> pd.DataFrame:
    """Histogram of the residuals (predicted minus actual)."""
    if not len(actual):
        return pd.DataFrame({"from": [], "to": [], "rows": []})
    errors = predicted - actual
    edges = np.unique(np.linspace(errors.min(), errors.max(), RESIDUAL_BINS + 1))  # fewer if errors nearly agree
    rows, edges = np.histogram(errors, edges if len(edges) > 1 else [edges[0], np.nextafter(edges[0], np.inf)])
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "rows": rows})
