"""Number groups of rows with equal keys."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def group_numbers(dataset: pd.DataFrame, by: list[str], missing: bool = True) -> np.ndarray[Any, Any]:
    """The group number of each row, in key order, missing keys last; without `missing` they get -1."""
    groups, lacking = np.zeros(len(dataset), dtype="int64"), np.zeros(len(dataset), dtype=bool)
    for name in by:
        codes, count = ordered_codes(dataset[name])
        if codes.min(initial=0) < 0:
            lacking |= codes < 0
            codes = np.where(codes < 0, count, codes)
        groups = without_gaps(groups * (count + 1) + codes)
    return without_gaps(np.where(lacking, -1, groups)) if lacking.any() and not missing else groups


def ordered_codes(series: pd.Series[Any]) -> tuple[np.ndarray[Any, Any], int]:
    """The rank of each cell among the sorted distinct values, -1 if missing, and their count."""
    if series.dtype.name == "category":
        return np.asarray(series.cat.codes, dtype="int64"), len(series.cat.categories)
    codes, values = pd.factorize(series, sort=True)
    return codes, len(values)


def without_gaps(numbers: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Renumber without gaps from 0, keeping the order; -1 stays."""
    size = int(numbers.max(initial=-1)) + 2
    if size > max(4 * len(numbers), 1 << 16):
        codes, values = pd.factorize(numbers, sort=True)
        return codes - int(len(values) > 0 and values[0] < 0)
    there = np.zeros(size, dtype=bool)
    there[numbers] = True  # -1 indexes the last place
    there[-1] = False
    places = np.cumsum(there) - 1
    places[-1] = -1
    return np.asarray(places[numbers])


def first_rows(groups: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The position of the first row of each group; groups are numbered without gaps, -1 is none."""
    count = int(groups.max(initial=-1)) + 1
    places = np.zeros(count + 1, dtype="int64")
    places[groups[::-1]] = np.arange(len(groups))[::-1]
    return places[:count]


def by_number(groups: np.ndarray[Any, Any], count: int) -> pd.CategoricalIndex[Any]:
    """Group numbers (-1 for none) as categorical codes, which pandas groups without hashing rows again."""
    return pd.CategoricalIndex(pd.Categorical.from_codes(groups, pd.RangeIndex(count)))
