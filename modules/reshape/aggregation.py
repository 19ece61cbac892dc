"""Aggregate the cells of groups, for Group By and Pivot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from designer.contract.errors import InvalidValues
from designer.contract.schema import Kind
from designer.contract.spread import above_base, raised, whole_base, without_rounding

from ..columns.cells import numbers
from ..columns.modes import most_frequent

Function = Literal[
    "sum", "mean", "median", "min", "max", "std", "var", "count", "distinct", "missing", "first", "last", "mode"
]  # fmt: skip
AVERAGES = ("mean", "median", "std", "var")
ANY = tuple(Kind)
NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN)
ORDERED = (*NUMERIC, Kind.DATETIME, Kind.STRING)
SUITS: dict[str, tuple[Kind, ...]] = {
    "sum": NUMERIC, "mean": NUMERIC, "median": NUMERIC, "std": NUMERIC, "var": NUMERIC, "min": ORDERED, "max": ORDERED,
    "count": ANY, "distinct": ANY, "missing": ANY, "first": ANY, "last": ANY, "mode": ANY,
}  # fmt: skip
CELLS_AT_ONCE = 1 << 21


def kind_after(kind: Kind, function: str) -> Kind:
    """The kind of an aggregated column."""
    if function in ("count", "distinct", "missing"):
        return Kind.INTEGER
    if function in ("mean", "median", "std", "var"):
        return Kind.DECIMAL
    if function == "sum":
        return Kind.DECIMAL if kind is Kind.DECIMAL else Kind.INTEGER
    return kind


def aggregated(series: pd.Series[Any], groups: pd.CategoricalIndex[Any], function: str) -> pd.Series[Any]:
    """One value per group, in group order; missing cells are ignored."""
    if function in AVERAGES:
        return averaged(series, groups, function)
    if function == "mode":
        return most_frequent(series, groups.codes)
    if function == "sum":
        whole = series.astype("Int64") if series.dtype.name in ("bool", "boolean") else series
        require_small_sums(whole, groups)
        return whole.groupby(groups, observed=False).sum(min_count=1)
    if function == "distinct":
        return distinct_counts(series, groups)
    grouped = series.groupby(groups, observed=False)
    if function == "missing":
        return series.isna().groupby(groups, observed=False).sum().astype("int64")
    if function == "count":
        return grouped.count().astype("int64")
    return pd.Series(getattr(grouped, function)())


def averaged(series: pd.Series[Any], groups: pd.CategoricalIndex[Any], function: str) -> pd.Series[Any]:
    """A mean, median or spread of each group: integers beyond 2^53 at full precision, and zero spread where numbers
    differ only by rounding error."""
    base = whole_base(series)
    grouped = pd.Series(above_base(series, base)).groupby(groups, observed=False)
    figures = pd.Series(getattr(grouped, function)())
    if function in ("mean", "median"):
        return figures.map(lambda value: raised(value, base)) if base else figures
    return without_group_rounding(figures, grouped)


def without_group_rounding(spreads: pd.Series[Any], grouped: Any) -> pd.Series[Any]:
    """Spreads of groups, 0 where the numbers of a group differ only by rounding error."""
    low, high = grouped.min(), grouped.max()
    near = (high - low <= 1e-9 * np.maximum(low.abs(), high.abs())) & (high > low)
    for group in near.index[near]:
        cells = grouped.get_group(group).to_numpy()
        varying = without_rounding(cells)
        if varying is not cells:
            spreads[group] = 0.0
    return spreads


def require_small_sums(series: pd.Series[Any], groups: pd.CategoricalIndex[Any]) -> None:
    """Raise InvalidValues if a sum of integers overflows 64 bits, where pandas would wrap around."""
    if series.dtype.kind != "i" or not len(series) or series.isna().all():
        return
    largest = max(abs(int(series.min())), abs(int(series.max())))
    if largest * len(series) < 2**63:
        return
    sums = numbers(series).groupby(groups, observed=False).sum()
    if (sums.abs() >= 2.0**63).any():
        raise InvalidValues(
            f"a sum of column '{series.name}' overflows a 64-bit integer",
            "Make the column Double with Edit Metadata.",
            column=str(series.name),
        )


def aggregated_columns(
    dataset: pd.DataFrame, names: list[str], groups: pd.CategoricalIndex[Any], function: str
) -> Mapping[str, pd.Series[Any]]:
    """One value per group and column; plain numbers of one type in batches that limit the size of the copy."""
    columns: dict[str, pd.Series[Any]] = {}
    at_once = function in ("mean", "median", "min", "max", "first", "last", "count")
    width = max(CELLS_AT_ONCE // max(len(dataset), 1), 1)
    for kind in ("int64", "float64") if at_once else ():
        plain = [
            n for n in names if dataset[n].dtype.name == kind and not (function in AVERAGES and whole_base(dataset[n]))
        ]
        for part in (plain[start : start + width] for start in range(0, len(plain), width)):
            figures = getattr(dataset[part].groupby(groups, observed=False), function)()
            columns |= {name: figures[name] for name in part}
    return columns | {name: aggregated(dataset[name], groups, function) for name in names if name not in columns}


def distinct_counts(series: pd.Series[Any], groups: pd.CategoricalIndex[Any]) -> pd.Series[Any]:
    """The number of distinct values per group, counted in a groups-by-values table if that is small."""
    count = len(groups.categories)
    codes, values = pd.factorize(series)
    if count * len(values) > max(len(series), 1 << 16):
        return series.groupby(groups, observed=False).nunique().astype("int64")
    cells = (np.asarray(groups.codes, dtype="int64") * (len(values) + 1) + codes)[groups.codes >= 0]
    table = np.bincount(cells[codes[groups.codes >= 0] >= 0], minlength=count * (len(values) + 1))
    return pd.Series((table.reshape(count, len(values) + 1) > 0).sum(axis=1, dtype="int64"))
