"""Metrics and counts of predictions among several classes: pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .binary import SMALLEST, area_under_curve, ordered_classes, ratio

PROBABILITY = "Scored Probabilities_"


def multiclass_metrics(table: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, float]:
    """Metrics of a scored table, by the names of its columns `label` and `labels`."""
    rows, classes = multiclass_rows(table, columns)
    counts = confusion_matrix(rows, columns, classes)
    total, right = counts.sum(), np.diag(counts)
    actual, predicted = counts.sum(axis=1), counts.sum(axis=0)
    precision, recall = right / np.where(predicted, predicted, 1), right / np.where(actual, actual, 1)
    f1 = 2 * right / np.where(actual + predicted, actual + predicted, 1)
    seen = actual > 0
    accuracy = ratio(right.sum(), total)
    wrong = 2 * (total - right.sum())
    return {
        "Overall Accuracy": accuracy,
        "Average Accuracy": 1 - ratio(wrong, total * len(classes)),
        "Micro-Averaged Precision": accuracy,
        "Macro-Averaged Precision": float(precision.mean()) if len(classes) else float("nan"),
        "Weighted Precision": ratio(precision @ actual, total),
        "Micro-Averaged Recall": accuracy,
        "Macro-Averaged Recall": float(recall[seen].mean()) if seen.any() else float("nan"),
        "Weighted Recall": ratio(recall @ actual, total),
        "Macro-Averaged F1": float(f1.mean()) if len(classes) else float("nan"),
        "Weighted F1": ratio(f1 @ actual, total),
        **multiclass_log_loss(rows, columns, classes),
    }


def multiclass_rows(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[pd.DataFrame, list[Any]]:
    """The rows that have a label and a score, and the classes in them."""
    rows = table[table[[columns["label"], columns["labels"]]].notna().all(axis=1)]
    both = [rows[columns[name]].astype(object) for name in ("label", "labels")]
    return rows, ordered_classes(pd.concat(both))


def confusion_matrix(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> np.ndarray[Any, Any]:
    """Rows actual, columns predicted."""
    codes = {value: code for code, value in enumerate(classes)}
    actual, predicted = (rows[columns[name]].astype(object).map(codes).to_numpy(int) for name in ("label", "labels"))
    flat = np.bincount(actual * len(classes) + predicted, minlength=len(classes) ** 2)
    return flat.reshape(len(classes), len(classes))


def multiclass_log_loss(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> dict[str, float]:
    """The log loss, where the table has a probability for each class that occurs."""
    label = rows[columns["label"]].astype(object)
    names = {value: f"{PROBABILITY}{value}" for value in classes}
    if not len(rows) or any(name not in rows for name in names.values()):
        return {}
    likely = np.zeros(len(rows))
    for value, name in names.items():
        likely = np.where(label == value, rows[name], likely)
    return {"Log Loss": float(-np.log(np.clip(likely, SMALLEST, 1)).mean())}


def multiclass_baseline(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> dict[str, float]:
    """The metrics of always answering with the most frequent class, at the shares of the classes."""
    shares = rows[columns["label"]].astype(object).value_counts(normalize=True)
    answer = rows.assign(**{columns["labels"]: shares.index[0] if len(shares) else None})
    answer = answer.drop(columns=[name for name in rows if str(name).startswith(PROBABILITY)])
    found = multiclass_metrics(answer, columns)
    return {**found, "Log Loss": float(-(shares * np.log(shares)).sum())}


def class_table(rows: pd.DataFrame, columns: Mapping[str, str], classes: list[Any]) -> pd.DataFrame:
    """Each class against all others."""
    counts = confusion_matrix(rows, columns, classes)
    label = rows[columns["label"]].astype(object)
    found = []
    for i, value in enumerate(classes):
        name = f"{PROBABILITY}{value}"
        right, actual, predicted = counts[i, i], counts[i].sum(), counts[:, i].sum()
        auc = area_under_curve((label == value).to_numpy(), rows[name].to_numpy(float)) if name in rows else np.nan
        share = {"precision": ratio(right, predicted), "recall": ratio(right, actual)}
        f1 = ratio(2 * right, actual + predicted)
        found.append({"class": str(value), "rows": int(actual), **share, "f1": f1, "auc": auc})
    return pd.DataFrame(found)
