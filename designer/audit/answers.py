"""Detect columns that leak the label: copies, recodings, functions of it, or columns it is computed from."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from designer.audit.columns import Codes, Numbers, codes, numbers, numeric_label
from designer.audit.finding import share
from designer.contract.schema import Kind, kind_of
from designer.contract.wording.counting import counted

FEWEST_ROWS = 30
FEWEST_FOR_CURVES = 100
FEWEST_FOR_RANKS = 300
"""Minimum number of rows to trust equal ranks: two trends over time may agree in shorter tables."""
ERRORS = 0.02
"""Maximum error of a recoded label, as a share of the errors of predicting the most frequent class."""
OUTLIERS = 0.005


def answer_in(feature: pd.Series[Any], label: pd.Series[Any]) -> str:
    """How a column leaks the label, in words; empty if it does not."""
    if len(label) < FEWEST_ROWS or kind_of(feature) is Kind.DATETIME:
        return ""
    measured = numeric_label(label)
    if measured is None:
        return _of_classes(feature, codes(label))
    return _of_numbers(feature, measured)


def _of_classes(feature: pd.Series[Any], classes: Codes) -> str:
    values, missing = codes(feature), feature.isna().to_numpy()
    count = int(classes.max()) + 1
    if values.max() < max(3 * count, 12):
        right = _determined_rows(values, classes)
        if right:
            return f"its {int(values.max()) + 1} values tell the label in {_of(right, len(classes))}"
    elif missing.any() and (right := _determined_rows(missing.astype("int64"), classes)):
        return f"whether it is missing tells the label in {_of(right, len(classes))}"
    read = numbers(feature) if not missing.any() else None
    if read is not None and count <= 10 and _is_cut(read, classes):
        return "the label changes at fixed values of it, without an exception"
    return ""


def _determined_rows(values: Codes, classes: Codes) -> int:
    """The number of rows whose class follows from the value; 0 if the column is not a recoded label."""
    rows, width = len(classes), int(classes.max()) + 1
    table = np.bincount(values * width + classes, minlength=(int(values.max()) + 1) * width).reshape(-1, width)
    right, usual = int(table.max(axis=1).sum()), int(np.bincount(classes).max())
    is_label = rows - usual >= 10 and rows - right <= ERRORS * (rows - usual) and (int(values.max()) + 1) * 5 <= rows
    return right if is_label else 0


def _is_cut(values: Numbers, classes: Codes) -> bool:
    """Whether classes are intervals of a number without gaps at their borders, unlike separated clusters."""
    if len(values) < FEWEST_FOR_CURVES or len(np.unique(values)) <= 20:
        return False
    order = np.lexsort((classes, values))
    values, classes = values[order], classes[order]
    ends = np.flatnonzero(np.diff(classes)) + 1
    if len(ends) != classes.max():
        return False
    parts = np.split(values, ends)
    return all(
        low[-1] < high[0] and _leans(-low[::-1]) and _leans(high) and high[0] - low[-1] <= _gap(values)
        for low, high in pairwise(parts)
    )


def _leans(side: Numbers) -> bool:
    """Whether the tenth of a class nearest to its border is dense rather than a thin tail."""
    if len(side) < 10:
        return False
    inner = side[int(0.95 * (len(side) - 1))] - side[int(0.05 * (len(side) - 1))]
    return bool(side[len(side) // 10] - side[0] <= 0.25 * inner)


def _gap(values: Numbers) -> float:
    """The largest gap between neighbouring values that is not a separation: five times the usual one."""
    steps = np.diff(np.unique(values))
    return 5 * float(np.mean(steps[steps <= np.quantile(steps, 0.95)]))


def _of_numbers(feature: pd.Series[Any], label: Numbers) -> str:
    text = kind_of(feature) in (Kind.STRING, Kind.CATEGORICAL)
    values = numbers(feature)
    if values is not None:
        both = np.isfinite(values) & np.isfinite(label)
        if both.sum() >= max(FEWEST_ROWS, 0.9 * len(label)) and np.ptp(values[both]) > 0:
            x, y = values[both], label[both]
            right = _on_line(x, y)
            if right:
                return f"it is a multiple of the label plus a constant in {_of(right, len(x))}"
            if _on_curve(x, y):
                return "the label rises or falls with it from row to row along one curve"
    coded = codes(feature)
    if 3 <= coded.max() + 1 <= 50 and (coded.max() + 1) * 10 <= len(coded) and _is_binned(coded, label):
        return f"its {coded.max() + 1} values are ranges of the label that do not overlap"
    few = len(np.unique(label)) * 5 <= len(label)
    if text and few and coded.max() + 1 <= 3 * len(np.unique(label)):
        right = _determined_rows(coded, codes(pd.Series(label)))
        return f"its values tell the label in {_of(right, len(label))}" if right else ""
    return ""


def _on_line(x: Numbers, y: Numbers) -> int:
    """The number of rows on one line, up to rounding; 0 unless nearly all are. Trimmed least squares."""
    inside = np.ones(len(x), dtype=bool)
    slope = intercept = 0.0
    for _ in range(4):
        centre, middle = x[inside].mean(), y[inside].mean()
        spread = ((x[inside] - centre) ** 2).sum()
        if not spread > 0:
            return 0
        slope = float(((x[inside] - centre) * (y[inside] - middle)).sum() / spread)
        intercept = float(middle - slope * centre)
        residuals = np.abs(y - intercept - slope * x)
        inside = residuals <= np.quantile(residuals, 0.98)
    tolerance = 1e-6 * float(np.std(y)) + _step(y) + abs(slope) * _step(x)
    right = int((np.abs(y - intercept - slope * x) <= tolerance).sum())
    return right if slope and tolerance <= 0.05 * np.std(y) and right >= (1 - OUTLIERS) * len(x) else 0


def _on_curve(x: Numbers, y: Numbers) -> bool:
    """Whether the label is a monotone function of a number: ranks agree, and points lie between their neighbours."""
    if len(x) < FEWEST_FOR_CURVES or len(np.unique(x)) < 50:
        return False
    y = y if np.corrcoef(x, y)[0, 1] >= 0 else -y
    tolerance = max(2.0, 0.002 * len(x))
    gaps = np.maximum(_rank(x, "min") - _rank(y, "max"), _rank(y, "min") - _rank(x, "max"))
    if (gaps <= tolerance).mean() < 1 - OUTLIERS:
        return False
    if len(x) >= FEWEST_FOR_RANKS and not gaps.max() > 0:
        return True
    place = np.unique(x, return_inverse=True)[1]
    means, points = np.bincount(place, y) / np.bincount(place), np.unique(x)
    between = means[:-2] + (means[2:] - means[:-2]) * (points[1:-1] - points[:-2]) / (points[2:] - points[:-2])
    return bool(np.median(np.abs(means[1:-1] - between)) <= 0.05 * np.median(np.abs(means[2:] - means[:-2])) + _step(y))


def _is_binned(coded: Codes, label: Numbers) -> bool:
    present = np.isfinite(label)
    coded, label = coded[present], label[present]
    runs = 1 + int(np.count_nonzero(np.diff(coded[np.lexsort((coded, label))])))
    return runs <= coded.max() + 1 + 0.002 * len(coded) and int(np.sort(np.bincount(coded))[-3:].min()) >= 5


def _step(values: Numbers) -> float:
    """The rounding step of values: the largest power of ten, from 1e-6 to 1e6, that divides them all; else 0."""
    top = float(np.abs(values).max())
    for power in range(6, -7, -1):
        parts = values / 10.0**power
        if 10.0**power <= top and (np.abs(parts - np.round(parts)) <= 1e-9 * np.maximum(np.abs(parts), 1)).all():
            return 10.0**power
    return 0.0


def _rank(values: Numbers, method: str) -> Numbers:
    return np.asarray(pd.Series(values).rank(method=method), dtype="float64")  # type: ignore[arg-type]


def _of(right: int, rows: int) -> str:
    return "every row" if right == rows else f"{right:,} of {counted(rows, 'row')} ({share(right, rows)})"
