"""Metrics, curves and counts of two-class predictions: pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

Truth = np.ndarray[Any, np.dtype[np.bool_]]
Shares = np.ndarray[Any, np.dtype[np.float64]]

TIE = 1e-12
SMALLEST = 1e-15
THRESHOLDS = 1000
GRID = 101
CALIBRATION_BINS = 10
HISTOGRAM_BINS = 40


def binary_metrics(table: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, float]:
    """Metrics of a scored table, by the names of its columns `label`, `labels` and `probability`."""
    actual, predicted, share, _ = binary_outcomes(table, columns)
    tp, fp, tn, fn = confusion_counts(actual, predicted)
    return {
        "Accuracy": ratio(tp + tn, len(actual)),
        "Precision": ratio(tp, tp + fp),
        "Recall": ratio(tp, tp + fn),
        "F1 Score": ratio(2 * tp, 2 * tp + fp + fn),
        "AUC": area_under_curve(actual, share),
        "Log Loss": log_loss(actual, share),
        "Brier Score": float(np.mean((share - actual) ** 2)) if len(actual) else float("nan"),
    }


def binary_outcomes(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[Truth, Truth, Shares, list[Any]]:
    """Whether each row is positive, whether it is said to be, its probability, and the two classes (the positive last).

    Rows without a label or a score are left out. A probability within rounding of one half counts as one half.
    """
    rows = table[table[list(columns.values())].notna().all(axis=1)]
    actual, predicted = rows[columns["label"]].astype(object), rows[columns["labels"]].astype(object)
    share = rows[columns["probability"]].to_numpy(dtype="float64")
    share = np.where(np.abs(share - 0.5) < TIE, 0.5, share)
    classes = two_classes(actual, predicted, share)
    positive = classes[-1] if classes else None
    return (actual == positive).to_numpy(), (predicted == positive).to_numpy(), share, classes


def two_classes(actual: pd.Series[Any], predicted: pd.Series[Any], share: Shares) -> list[Any]:
    """The negative and the positive class: positive is what is predicted above one half, else the last in order."""
    classes = ordered_classes(pd.concat([actual, predicted]))
    above, below = predicted[share > 0.5], predicted[share <= 0.5]
    if len(classes) == 2 and len(above) and above.iloc[0] == classes[0] and (above == classes[0]).all():
        return classes[::-1]
    if len(classes) == 2 and not len(above) and (below == classes[1]).all() and len(below):
        return classes[::-1]
    return classes


def ordered_classes(values: pd.Series[Any]) -> list[Any]:
    """The different values in sorted order."""
    found = values.unique().tolist()
    try:
        return sorted(found)
    except TypeError:
        return sorted(found, key=str)


def confusion_counts(actual: Truth, predicted: Truth) -> tuple[int, int, int, int]:
    """True positives, false positives, true negatives, false negatives."""
    return (
        int((actual & predicted).sum()),
        int((~actual & predicted).sum()),
        int((~actual & ~predicted).sum()),
        int((actual & ~predicted).sum()),
    )


def ratio(part: float, whole: float) -> float:
    """A share; NaN of nothing."""
    return float(part) / float(whole) if whole else float("nan")


def area_under_curve(actual: Truth, share: Shares) -> float:
    """The chance that a positive row ranks above a negative one, ties counting half: exact, from all rows."""
    from scipy.stats import rankdata

    positives, negatives = int(actual.sum()), int((~actual).sum())
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(share)[actual].sum() - positives * (positives + 1) / 2
    return float(ranks / (positives * negatives))


def log_loss(actual: Truth, share: Shares) -> float:
    """The mean negative logarithm of the probability given to what happened."""
    if not len(actual):
        return float("nan")
    likely = np.clip(np.where(actual, share, 1 - share), SMALLEST, 1)
    return float(-np.log(likely).mean())


def binary_baseline(actual: Truth) -> dict[str, float]:
    """The metrics of always answering with the most frequent class, at its share."""
    share = ratio(int(actual.sum()), len(actual))
    says_positive = share > 0.5
    return {
        "Accuracy": max(share, 1 - share),
        "Precision": share if says_positive else float("nan"),
        "Recall": 1.0 if says_positive else 0.0,
        "F1 Score": 2 * share / (1 + share) if says_positive else 0.0,
        "AUC": 0.5,
        "Log Loss": log_loss(actual, np.full(len(actual), share)),
        "Brier Score": share * (1 - share),
    }


def threshold_table(actual: Truth, share: Shares) -> pd.DataFrame:
    """The four counts when rows above each threshold are called positive (at 0 every row is).

    Holds 0, 0.01, ... 1, the thresholds of best F1 and best accuracy, and others evenly among the scores: at most
    1,000.
    """
    order = np.argsort(share, kind="stable")
    scores, positives_below = share[order], np.concatenate([[0], np.cumsum(actual[order])])
    distinct = np.unique(share)
    candidates = np.unique(np.concatenate([distinct, np.linspace(0, 1, GRID)]))
    counts = counts_at(candidates, scores, positives_below)
    if len(candidates) > THRESHOLDS:
        kept = np.unique(np.linspace(0, len(distinct) - 1, THRESHOLDS - GRID - 2).astype(int))
        best = [candidates[np.argmax(_f1(counts))], candidates[np.argmax(counts["tp"] + counts["tn"])]]
        chosen = np.unique(np.concatenate([distinct[kept], np.linspace(0, 1, GRID), best]))
        counts = counts_at(chosen, scores, positives_below)
    return counts


def counts_at(thresholds: Shares, scores: Shares, positives_below: np.ndarray[Any, Any]) -> pd.DataFrame:
    """The four counts at each threshold, by scores in ascending order and the positives among the first n of them."""
    below = np.where(thresholds <= 0, 0, np.searchsorted(scores, thresholds, side="right"))
    fn = positives_below[below]
    tp, tn = positives_below[-1] - fn, below - fn
    fp = len(scores) - below - tp
    return pd.DataFrame({"threshold": thresholds, "tp": tp, "fp": fp, "tn": tn, "fn": fn})


def calibration_table(actual: Truth, share: Shares) -> pd.DataFrame:
    """Ten bins of the probability: rows, mean probability and the share that is positive."""
    edges = np.linspace(0, 1, CALIBRATION_BINS + 1)
    bins = np.clip(np.digitize(share, edges) - 1, 0, CALIBRATION_BINS - 1)
    rows = np.bincount(bins, minlength=CALIBRATION_BINS)
    whole = np.where(rows, rows, 1)
    predicted = np.bincount(bins, weights=share, minlength=CALIBRATION_BINS) / whole
    observed = np.bincount(bins, weights=actual.astype(float), minlength=CALIBRATION_BINS) / whole
    found = {"from": edges[:-1], "to": edges[1:], "rows": rows}
    shown = rows > 0
    return pd.DataFrame(
        {**found, "predicted": np.where(shown, predicted, np.nan), "observed": np.where(shown, observed, np.nan)}
    )


def score_histogram(actual: Truth, share: Shares) -> pd.DataFrame:
    """How many rows of each class have which probability, in 40 bins."""
    edges = np.linspace(0, 1, HISTOGRAM_BINS + 1)
    negatives, positives = (np.histogram(share[of], edges)[0] for of in (~actual, actual))
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "negatives": negatives, "positives": positives})


def _f1(counts: pd.DataFrame) -> pd.Series[float]:
    return (2 * counts["tp"] / (2 * counts["tp"] + counts["fp"] + counts["fn"]).clip(lower=1)).astype(float)
