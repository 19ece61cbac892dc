"""Metrics, curves and counts of two-class predictions, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .classes import two_classes

Truth = np.ndarray[Any, np.dtype[np.bool_]]
Shares = np.ndarray[Any, np.dtype[np.float64]]

TIE = 1e-12
LEAST_SHARE = float(np.finfo("float64").eps)
THRESHOLDS = 1000
GRID = 101
CALIBRATION_BINS = 10
HISTOGRAM_BINS = 40


def binary_metrics(table: pd.DataFrame, columns: Mapping[str, str], known: Sequence[Any] = ()) -> dict[str, float]:
    """Metrics of a scored table, by the names of its columns `label`, `labels` and `probability`, and the model's
    classes where they are known. Undefined metrics are NaN."""
    actual, predicted, share, _ = binary_outcomes(table, columns, known)
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


def binary_outcomes(
    table: pd.DataFrame, columns: Mapping[str, str], known: Sequence[Any] = ()
) -> tuple[Truth, Truth, Shares, list[Any]]:
    """For each row the actual and predicted positive flag and the probability; and the two classes, the positive last.

    Rows without a label or a score are left out.
    """
    rows = table[table[list(columns.values())].notna().all(axis=1)]
    actual, predicted = rows[columns["label"]].astype(object), rows[columns["labels"]].astype(object)
    share = rows[columns["probability"]].to_numpy(dtype="float64")
    classes = two_classes(actual, predicted, share, known)
    positive = classes[-1] if classes else None
    return (actual == positive).to_numpy(), (predicted == positive).to_numpy(), share, classes


def confusion_counts(actual: Truth, predicted: Truth) -> tuple[int, int, int, int]:
    """True positives, false positives, true negatives, false negatives."""
    return (
        int((actual & predicted).sum()),
        int((~actual & predicted).sum()),
        int((~actual & ~predicted).sum()),
        int((actual & ~predicted).sum()),
    )


def ratio(part: float, whole: float) -> float:
    """A ratio; NaN if the denominator is 0."""
    return float(part) / float(whole) if whole else float("nan")


def area_under_curve(actual: Truth, share: Shares) -> float:
    """The probability that a positive row ranks above a negative one, ties counting half; exact, from all rows."""
    from scipy.stats import rankdata

    positives, negatives = int(actual.sum()), int((~actual).sum())
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(share)[actual].sum() - positives * (positives + 1) / 2
    return float(ranks / (positives * negatives))


def log_loss(actual: Truth, share: Shares) -> float:
    """The mean negative log-probability of the observed class."""
    if not len(actual):
        return float("nan")
    return float(-np.log(clipped(np.where(actual, share, 1 - share))).mean())


def clipped(share: Shares) -> Shares:
    """Clip probabilities to [eps, 1 - eps] with machine epsilon, as scikit-learn's log loss does."""
    return np.clip(share, LEAST_SHARE, 1 - LEAST_SHARE)


def binary_baseline(actual: Truth) -> dict[str, float]:
    """The metrics of always predicting the most frequent class, with its share as the probability."""
    positives, rows = int(actual.sum()), len(actual)
    share = ratio(positives, rows)
    flagged = rows if share > 0.5 else 0
    right = positives if flagged else 0
    return {
        "Accuracy": max(share, 1 - share),
        "Precision": ratio(right, flagged),
        "Recall": ratio(right, positives),
        "F1 Score": ratio(2 * right, flagged + positives),
        "AUC": 0.5 if 0 < positives < rows else float("nan"),
        "Log Loss": log_loss(actual, np.full(rows, share)),
        "Brier Score": share * (1 - share),
    }


def threshold_table(actual: Truth, share: Shares) -> pd.DataFrame:
    """The confusion counts with rows above each threshold predicted positive (at 0 every row is).

    A probability within rounding error of 0.5 counts as 0.5, as in Score Model. The thresholds are 0, 0.01, ... 1,
    those of best F1 and best accuracy, and evenly spaced scores: at most 1,000.
    """
    share = np.where(np.abs(share - 0.5) < TIE, 0.5, share)
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
    """The confusion counts at each threshold, from ascending scores and their cumulative positives."""
    below = np.where(thresholds <= 0, 0, np.searchsorted(scores, thresholds, side="right"))
    fn = positives_below[below]
    tp, tn = positives_below[-1] - fn, below - fn
    fp = len(scores) - below - tp
    return pd.DataFrame({"threshold": thresholds, "tp": tp, "fp": fp, "tn": tn, "fn": fn})


def calibration_table(actual: Truth, share: Shares) -> pd.DataFrame:
    """Ten bins of the probability: rows, mean probability and observed share of positives."""
    edges = np.linspace(0, 1, CALIBRATION_BINS + 1)
    bins = np.clip(np.digitize(share, edges) - 1, 0, CALIBRATION_BINS - 1)
    rows = np.bincount(bins, minlength=CALIBRATION_BINS)
    whole = np.where(rows, rows, 1)
    predicted = np.bincount(bins, weights=share, minlength=CALIBRATION_BINS) / whole
    observed = np.bincount(bins, weights=actual.astype(float), minlength=CALIBRATION_BINS) / whole
    counted = {"from": edges[:-1], "to": edges[1:], "rows": rows}
    shown = rows > 0
    return pd.DataFrame(
        {**counted, "predicted": np.where(shown, predicted, np.nan), "observed": np.where(shown, observed, np.nan)}
    )


def score_histogram(actual: Truth, share: Shares) -> pd.DataFrame:
    """Histogram of the probability per class, in 40 bins."""
    edges = np.linspace(0, 1, HISTOGRAM_BINS + 1)
    negatives, positives = (np.histogram(share[of], edges)[0] for of in (~actual, actual))
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "negatives": negatives, "positives": positives})


def _f1(counts: pd.DataFrame) -> pd.Series[float]:
    return (2 * counts["tp"] / (2 * counts["tp"] + counts["fp"] + counts["fn"]).clip(lower=1)).astype(float)
