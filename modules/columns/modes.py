"""The most frequent value of a column, with deterministic ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def most_frequent(series: pd.Series[Any], groups: np.ndarray[Any, Any]) -> pd.Series[Any]:
    """The most frequent value of each group; ties go to the smallest value (text and categories: alphabetically first);
    missing for a group without values."""
    sorted_levels = series
    if series.dtype.name == "category":
        levels = series.cat.categories
        sorted_levels = series.cat.set_categories(levels.sort_values(), ordered=False)
    codes, values = pd.factorize(sorted_levels, sort=True)
    cells = pd.DataFrame({"group": groups, "code": codes})[groups >= 0]
    counts = cells.groupby(["group", "code"]).size().reset_index(name="size")
    counts["none"] = counts["code"] < 0
    best = counts.sort_values(["group", "none", "size", "code"], ascending=[True, True, False, True])
    best = best.drop_duplicates("group")
    candidates = pd.Series(values).astype(series.dtype) if len(values) else series.iloc[:0]
    picked = candidates.reindex(best["code"].where(~best["none"], len(candidates)).to_numpy())
    return picked.set_axis(best["group"].to_numpy())


def mode_of(series: pd.Series[Any]) -> Any:
    """The most frequent value of a column; None if it has no values."""
    known = series.dropna()
    return most_frequent(known, np.zeros(len(known), dtype="int64")).tolist()[0] if len(known) else None
