"""Detect identifier columns: nearly all values are distinct, and their order is unrelated to the label."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.audit.columns import Numbers, is_ordered, moments, numbers
from designer.contract.schema import Kind, kind_of

FEWEST_ROWS = 30
FREE_TEXT_WORDS = 6
WIDE = 500_000
"""Minimum range of evenly spread integers to count as assigned rather than measured."""


def names_rows(series: pd.Series[Any], label: pd.Series[Any]) -> bool:
    """Whether a column is an identifier, judged by its values and the label."""
    if not numbers_rows(series):
        return False
    values = numbers(series)
    present = series.notna().to_numpy()
    return values is None or not is_ordered(values[present], label[present])


def numbers_rows(series: pd.Series[Any]) -> bool:
    """Whether nearly all values are distinct, and are not measurements, dates or free text."""
    if len(series) < FEWEST_ROWS or kind_of(series) in (Kind.BOOLEAN, Kind.DATETIME) or series.isna().mean() > 0.01:
        return False
    series = series.dropna()
    if series.nunique() < 0.98 * len(series):
        return False
    values = numbers(series)
    if values is not None:
        return are_assigned(values) and not _are_years(values)
    return moments(series) is None and _words(series) < FREE_TEXT_WORDS


def are_assigned(values: Numbers) -> bool:
    """Whether nearly distinct integers are assigned, like row numbers or random ids, rather than measured."""
    values = values[np.isfinite(values)]
    if len(values) < 3 or (values != np.floor(values)).any():
        return False
    ordered = np.unique(values)
    low, high = np.quantile(values, [0.1, 0.9])
    step = float(np.gcd.reduce(np.diff(ordered[:2000]).astype("int64"))) or 1.0
    places = max((high - low) / 0.8 / step, 1.0)
    expected = len(values) * (len(values) - 1) / (2 * places)
    repeated = len(values) - len(ordered)
    if expected >= 10 and repeated <= expected / 10:
        return True
    return bool(ordered[-1] - ordered[0] >= WIDE) and are_even(ordered) and not _are_round(ordered)


def are_even(ordered: Numbers) -> bool:
    """Whether sorted values are uniform between the lowest and the highest (Kolmogorov-Smirnov distance)."""
    place = (ordered - ordered[0]) / (ordered[-1] - ordered[0])
    return bool(np.abs(place - np.linspace(0, 1, len(ordered))).max() <= 1.5 / np.sqrt(len(ordered)))


def _are_years(values: Numbers) -> bool:
    return bool(np.nanmin(values) >= 1700 and np.nanmax(values) <= 2200)


def _are_round(ordered: Numbers) -> bool:
    """Whether all numbers are multiples of 100, like amounts."""
    return bool((ordered % 100 == 0).all())


def _words(series: pd.Series[Any]) -> float:
    text = series.head(500).astype("str")
    return float(np.mean([len(cell.split()) for cell in text]))
