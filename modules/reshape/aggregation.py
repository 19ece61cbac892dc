"""What Group By and Pivot compute of the cells of a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from designer.contract.schema import Kind

Function = Literal[
    "sum", "mean", "median", "min", "max", "std", "var", "count", "distinct", "missing", "first", "last", "mode"
]  # fmt: skip
ANY = tuple(Kind)
NUMERIC = (Kind.INTEGER, Kind.DECIMAL, Kind.BOOLEAN)
ORDERED = (*NUMERIC, Kind.DATETIME, Kind.STRING)
SUITS: dict[str, tuple[Kind, ...]] = {
    "sum": NUMERIC, "mean": NUMERIC, "median": NUMERIC, "std": NUMERIC, "var": NUMERIC, "min": ORDERED, "max": ORDERED,
    "count": ANY, "distinct": ANY, "missing": ANY, "first": ANY, "last": ANY, "mode": ANY,
}  # fmt: skip


def kind_after(kind: Kind, function: str) -> Kind:
    """The kind of a column after a function."""
    if function in ("count", "distinct", "missing"):
        return Kind.INTEGER
    if function in ("mean", "median", "std", "var"):
        return Kind.DECIMAL
    if function == "sum":
        return Kind.DECIMAL if kind is Kind.DECIMAL else Kind.INTEGER
    return kind


def first_rows(groups: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The place of the first row of each group; groups are numbered without a gap."""
    places = np.zeros(int(groups.max()) + 1 if len(groups) else 0, dtype="int64")
    places[groups[::-1]] = np.arange(len(groups))[::-1]
    return places


def aggregated(series: pd.Series[Any], groups: np.ndarray[Any, Any], function: str) -> pd.Series[Any]:
    """One value for each group, by the number of the group; missing cells do not count."""
    if function in ("mean", "median", "std", "var"):
        cells = pd.Series(series.to_numpy(dtype="float64", na_value=np.nan), index=series.index)
        return pd.Series(getattr(cells.groupby(groups), function)())
    if function == "mode":
        return most_frequent(series, groups)
    if function == "sum":
        whole = series.astype("Int64") if series.dtype.name in ("bool", "boolean") else series
        return whole.groupby(groups).sum(min_count=1)
    grouped = series.groupby(groups)
    if function == "missing":
        return series.isna().groupby(groups).sum().astype("int64")
    if function == "distinct":
        return grouped.nunique().astype("int64")
    if function == "count":
        return grouped.count().astype("int64")
    return pd.Series(getattr(grouped, function)())


def aggregated_columns(
    dataset: pd.DataFrame, names: list[str], groups: np.ndarray[Any, Any], function: str
) -> Mapping[str, pd.Series[Any]]:
    """One value for each group and column; plain numbers of one type at once."""
    found: dict[str, pd.Series[Any]] = {}
    at_once = function in ("mean", "median", "std", "var", "min", "max", "first", "last", "count")
    for kind in ("int64", "float64") if at_once else ():
        plain = [name for name in names if dataset[name].dtype.name == kind]
        if plain:
            figures = getattr(dataset[plain].groupby(groups), function)()
            found |= {name: figures[name] for name in plain}
    return found | {name: aggregated(dataset[name], groups, function) for name in names if name not in found}


def most_frequent(series: pd.Series[Any], groups: np.ndarray[Any, Any]) -> pd.Series[Any]:
    """The most frequent value of each group, the smallest of several; missing where the group has none."""
    codes, values = pd.factorize(series, sort=True)
    cells = pd.DataFrame({"group": groups, "code": codes})
    counts = cells.groupby(["group", "code"]).size().reset_index(name="size")
    counts["none"] = counts["code"] < 0
    best = counts.sort_values(["group", "none", "size", "code"], ascending=[True, True, False, True])
    best = best.drop_duplicates("group")
    found = pd.Series(values).astype(series.dtype) if len(values) else series.iloc[:0]
    picked = found.reindex(best["code"].where(~best["none"], len(found)).to_numpy())
    return picked.set_axis(best["group"].to_numpy())
