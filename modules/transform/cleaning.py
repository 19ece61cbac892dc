"""The computations of Clean Missing Data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..columns.cells import missing_cells, numbers, rows_without_gaps, with_columns
from ..columns.dates import read_moment
from ..columns.modes import mode_of


def learn_cleaning(
    dataset: pd.DataFrame,
    columns: list[str],
    mode: str,
    lowest: float,
    highest: float,
    value: str,
    keep_empty: bool,
    indicate: bool,
    missing: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """What to fill, remove and indicate; `missing` are precomputed counts of missing cells."""
    if mode == "Remove entire row" and lowest <= 0 and highest >= 1:
        return {"fill": {}, "decimal": [], "remove": [], "rows": columns, "indicate": []}
    missing = missing_counts(dataset, columns) if missing is None else missing
    chosen = within_ratio(missing, len(dataset), lowest, highest)
    learned: dict[str, Any] = {"fill": {}, "decimal": [], "remove": [], "rows": [], "indicate": []}
    if mode == "Remove entire row":
        return {**learned, "rows": chosen}
    if mode == "Remove entire column":
        return {**learned, "remove": [name for name in chosen if missing[name]]}
    for name in chosen:
        series = dataset[name]
        whole = series.dtype.kind in "iu"
        if mode != "Custom substitution value" and missing[name] == len(series) > 0:
            learned["remove"] += [] if keep_empty else [name]
            continue
        if (mode == "Replace with mean" and (whole or series.dtype.kind == "b")) or (
            mode == "Replace with median" and whole
        ):
            learned["decimal"].append(name)
        filling = fill_value(series, mode, value)
        if filling is not None:
            learned["fill"][name] = filling
        if indicate:
            learned["indicate"].append(name)
    return learned


def missing_counts(dataset: pd.DataFrame, columns: list[str]) -> dict[str, int]:
    """The number of missing cells per column."""
    return {name: int(np.count_nonzero(missing_cells(dataset[name]))) for name in columns}


def within_ratio(missing: Mapping[str, int], rows: int, lowest: float, highest: float) -> list[str]:
    """The columns whose share of missing values is within these bounds."""
    return [name for name, count in missing.items() if lowest <= count / max(rows, 1) <= highest]


def fill_value(series: pd.Series[Any], mode: str, value: str) -> Any:
    """The fill value; None if the mode does not support the column or it has no values."""
    kind = series.dtype.kind if series.dtype.name != "category" else "O"
    if mode == "Custom substitution value":
        try:
            return substitute(value, series)
        except (ValueError, KeyError):
            return None
    if mode == "Replace with mode":
        return None if kind == "M" else mode_of(series)
    if kind not in ("iufb" if mode == "Replace with mean" else "iuf"):
        return None
    cells = numbers(series)
    if not cells.notna().any():
        return None
    with np.errstate(invalid="ignore"):  # the mean of infinities of both signs is undefined
        return float(cells.mean()) if mode == "Replace with mean" else float(cells.median())


def substitute(text: str, series: pd.Series[Any]) -> Any:
    """Parse a text as a value of a column's type; raises ValueError or KeyError if invalid."""
    dtype = series.cat.categories.dtype if series.dtype.name == "category" else series.dtype
    if dtype.kind == "b":
        return {"true": True, "1": True, "false": False, "0": False}[text.strip().lower()]
    if dtype.kind == "i":
        return whole_number(text)
    if dtype.kind == "f":
        return decimal_number(text)
    return read_moment(text, getattr(dtype, "tz", None)) if dtype.kind == "M" else text


def whole_number(text: str) -> int:
    """Parse a text as a 64-bit integer; raises ValueError if invalid."""
    number = int(text) if text.strip().lstrip("+-").isdigit() else float(text)
    if number != number // 1 or not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return int(number)


def decimal_number(text: str) -> float:
    """Parse a text as a number, possibly infinite; raises ValueError if invalid or NaN."""
    number = float(text)
    if np.isnan(number):
        raise ValueError(text)
    return number


def apply_cleaning(dataset: pd.DataFrame, learned: dict[str, Any]) -> pd.DataFrame:
    """Fill, remove and indicate as learned; columns missing from the table are skipped."""
    present = set(dataset.columns)
    rows = [name for name in learned["rows"] if name in present]
    kept = dataset.drop(columns=[name for name in learned["remove"] if name in present])
    if rows:
        return kept[rows_without_gaps(kept, rows)].reset_index(drop=True)
    changed = {name: numbers(kept[name]) for name in learned["decimal"] if name in present}
    for name, value in learned["fill"].items():
        if name in present:
            changed[name] = filled(changed.get(name, kept[name]), value)
    for name in learned["indicate"]:
        if name in present:
            changed[f"{name}_IsMissing"] = dataset[name].isna()
    return with_columns(kept, changed)


def filled(series: pd.Series[Any], value: Any) -> pd.Series[Any]:
    """The column with its missing cells filled."""
    missing = missing_cells(series)
    if not np.any(missing):
        return series
    if series.dtype == "float64":
        return pd.Series(np.where(missing, float(value), series.to_numpy()), index=series.index, copy=False)
    if series.dtype.name == "category" and value not in series.cat.categories:
        series = series.cat.add_categories([value])
    whole: pd.Series[Any] = series.fillna(value)
    plain = {"Int64": "int64", "boolean": "bool"}.get(whole.dtype.name)
    return whole.astype(pd.api.types.pandas_dtype(plain)) if plain else whole
