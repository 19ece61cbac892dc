"""Metrics and counts of multiclass predictions, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .binary import area_under_curve, clipped, ratio
from .classes import several_classes

PROBABILITY = "Scored Probabilities_"
SHOWN_CLASSES = 100


def multiclass_metrics(table: pd.DataFrame, columns: Mapping[str, str], known: Sequence[Any] = ()) -> dict[str, float]:
    """Metrics of a scored table, by the names of its columns `label` and `labels`, and the model's classes where they
    are known. Undefined metrics are NaN.

    Macro averages cover the classes that are actual or predicted, recall only the actual ones.
    """
    rows, classes = multiclass_rows(table, columns, known)
    right, actual, predicted = class_counts(rows, columns, classes)
    total = len(rows)
    precision, recall = right / np.where(predicted, predicted, 1), right / np.where(actual, actual, 1)
    f1 = 2 * right / np.where(actual + predicted, actual + predicted, 1)
    occurs = actual + predicted > 0
    accuracy = ratio(right.sum(), total)
    wrong = 2 * (total - right.sum())
    return {
        "Overall Accuracy": accuracy,
        "Average Accuracy": 1 - ratio(wrong, total * len(classes)),
        "Micro-Averaged Precision": accuracy,
        "Macro-Averaged Precision": mean_of(precision[occurs]),
        "Weighted Precision": ratio(precision @ actual, total),
        "Micro-Averaged Recall": accuracy,
        "Macro-Averaged Recall": mean_of(recall[actual > 0]),
        "Weighted Recall": ratio(recall @ actual, total),
        "Macro-Averaged F1": mean_of(f1[occurs]),
        "Weighted F1": ratio(f1 @ actual, total),
        **multiclass_log_loss(rows, columns, classes),
    }


def mean_of(values: np.ndarray[Any, Any]) -> float:
    """The mean; NaN if empty."""
    return float(values.mean()) if len(values) else float("nan")


def multiclass_rows(
    table: pd.DataFrame, columns: Mapping[str, str], known: Sequence[Any] = ()
) -> tuple[pd.DataFrame, list[Any]]:
    """The rows that have a label and a score, and the classes: the model's, then others in the rows."""
    rows = table[table[[columns["label"], columns["labels"]]].notna().all(axis=1)]
    both = [rows[columns[name]].astype(object) for name in ("label", "labels")]
    named = [str(name).removeprefix(PROBABILITY) for name in table if str(name).startswith(PROBABILITY)]
    return rows, several_classes(pd.concat(both).tolist(), named, known)


def codes_of_both(
    rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The positions of the actual and of the predicted class of each row."""
    codes = {value: code for code, value in enumerate(classes)}
    actual, predicted = (rows[columns[name]].astype(object).map(codes).to_numpy(int) for name in ("label", "labels"))
    return actual, predicted


def class_counts(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> tuple[Any, Any, Any]:
    """For each class the correct, the actual and the predicted rows."""
    actual, predicted = codes_of_both(rows, columns, classes)
    count = len(classes)
    right = np.bincount(actual[actual == predicted], minlength=count)
    return right, np.bincount(actual, minlength=count), np.bincount(predicted, minlength=count)


def confusion_table(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> pd.DataFrame:
    """Actual, predicted, rows. Beyond a hundred classes the less frequent are pooled."""
    actual, predicted = codes_of_both(rows, columns, classes)
    names = [str(value) for value in classes]
    if len(names) > SHOWN_CLASSES:
        frequent = np.argsort(-np.bincount(actual, minlength=len(names)), kind="stable")[:SHOWN_CLASSES]
        places = np.full(len(names), SHOWN_CLASSES)
        places[np.sort(frequent)] = np.arange(SHOWN_CLASSES)
        actual, predicted = places[actual], places[predicted]
        names = [*(names[i] for i in np.sort(frequent)), "(other classes)"]
    count = len(names)
    counts = np.bincount(actual * count + predicted, minlength=count**2)
    pairs = [(one, other) for one in names for other in names]
    return pd.DataFrame(pairs, columns=["actual", "predicted"]).assign(rows=counts)


def multiclass_log_loss(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> dict[str, float]:
    """The log loss of a table with probabilities; undefined if a row's class has no probability."""
    label = rows[columns["label"]].astype(object)
    names = {value: f"{PROBABILITY}{value}" for value in classes if f"{PROBABILITY}{value}" in rows}
    if not names:
        return {}
    if not len(rows) or not label.isin(list(names)).all():
        return {"Log Loss": float("nan")}
    likely = np.zeros(len(rows))
    for value, name in names.items():
        likely = np.where(label == value, rows[name], likely)
    return {"Log Loss": float(-np.log(clipped(likely)).mean())}


def multiclass_baseline(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> dict[str, float]:
    """The metrics of always predicting the most frequent class, with the class shares as probabilities."""
    shares = rows[columns["label"]].astype(object).value_counts(normalize=True)
    answer = rows.assign(**{columns["labels"]: shares.index[0] if len(shares) else None})
    answer = answer.drop(columns=[name for name in rows if str(name).startswith(PROBABILITY)])
    metrics = multiclass_metrics(answer, columns)
    return {**metrics, "Log Loss": float(-(shares * np.log(shares)).sum())}


def class_table(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> pd.DataFrame:
    """One-vs-rest metrics of each class."""
    counts = class_counts(rows, columns, classes)
    label = rows[columns["label"]].astype(object)
    lines = []
    for i, value in enumerate(classes):
        name = f"{PROBABILITY}{value}"
        right, actual, predicted = (int(each[i]) for each in counts)
        auc = area_under_curve((label == value).to_numpy(), rows[name].to_numpy(float)) if name in rows else np.nan
        share = {"precision": ratio(right, predicted), "recall": ratio(right, actual)}
        f1 = ratio(2 * right, actual + predicted)
        lines.append({"class": str(value), "rows": int(actual), **share, "f1": f1, "auc": auc})
    return pd.DataFrame(lines)
