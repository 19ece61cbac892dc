"""Convert columns to numbers and codes, for tests that do not depend on column names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from designer.contract.schema import Kind, kind_of

Codes = np.ndarray[Any, np.dtype[np.int64]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]

DIGITS = 9
"""Digits to which numbers count as equal: a label scaled and scaled back differs in the last digits."""

DATE = r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"


def sampled(table: pd.DataFrame, limit: int) -> pd.DataFrame:
    """The table, or at most `limit` evenly spaced rows of it."""
    return table if len(table) <= limit else table.iloc[places(len(table), limit)]


def places(rows: int, limit: int) -> Codes:
    """The positions of all rows of a table, or of `limit` evenly spaced ones."""
    return np.arange(rows) if rows <= limit else np.linspace(0, rows - 1, limit).astype("int64")


def codes(series: pd.Series[Any]) -> Codes:
    """Integer codes from 0 for the distinct values; missing is one of them."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        series = series.astype(object)
    if series.dtype == "float64":
        series = pd.Series(_rounded(series.to_numpy()))
    return np.asarray(pd.factorize(series, use_na_sentinel=False)[0], dtype="int64")


def numbers(series: pd.Series[Any]) -> Numbers | None:
    """The values of a numeric column, or of texts of which nearly all are numbers; None for other columns."""
    kind = kind_of(series)
    if kind.is_numeric:
        return series.to_numpy(dtype="float64", na_value=np.nan)
    if kind in (Kind.STRING, Kind.CATEGORICAL):
        present = series.dropna().astype("str")
        if present.head(100).str.contains(r"\d").mean() > 0.9:
            read = pd.to_numeric(series.astype("str"), errors="coerce").to_numpy(dtype="float64")
            if np.isfinite(read).sum() >= 0.99 * max(len(present), 1):
                return read
    return None


def moments(series: pd.Series[Any]) -> Numbers | None:
    """Dates, or texts written like dates, as seconds since 1970; None for other columns."""
    kind = kind_of(series)
    if kind is Kind.STRING:
        present = series.dropna().astype("str")
        if not len(present) or not present.head(200).str.match(DATE).all():
            return None
        series = pd.to_datetime(series, errors="coerce", format="mixed", utc=True)
    elif kind is not Kind.DATETIME:
        return None
    moments = pd.to_datetime(series, utc=True)
    return np.asarray((moments - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(seconds=1), dtype="float64")


def agreement(groups: Codes, label: pd.Series[Any]) -> float:
    """The agreement of labels within groups, from 0 (chance) to 1 (equal): kappa of pairs, or the intraclass
    correlation for a numeric label."""
    values = numeric_label(label)
    counts = np.bincount(groups)
    counts = np.where(counts < 2, 0, counts)
    inside = counts[groups] > 0
    if inside.sum() < 2:
        return 0.0
    if values is not None:
        return _intraclass(groups[inside], values[inside], values)
    classes = codes(label)
    width = int(classes.max()) + 1
    table = np.bincount(groups[inside] * width + classes[inside], minlength=len(counts) * width)
    table = table[: len(counts) * width].reshape(len(counts), width)
    pairs = (table * (table - 1)).sum(axis=1)[counts > 0] / (counts - 1)[counts > 0]
    chance = float((np.bincount(classes) / len(classes)) @ (np.bincount(classes) / len(classes)))
    return (float(pairs.sum() / counts.sum()) - chance) / (1 - chance) if chance < 1 else 0.0


def numeric_label(label: pd.Series[Any]) -> Numbers | None:
    """The label as numbers if it has more than 20 distinct values; None if it holds classes."""
    values = numbers(label) if kind_of(label).is_numeric else None
    return values if values is not None and len(np.unique(values[:10_000])) > 20 else None


def neighbours(values: Numbers, label: pd.Series[Any]) -> float:
    """The autocorrelation of the label along an order, with labels averaged over equal values; at most 1."""
    order = np.argsort(values, kind="stable")
    place = np.unique(values[order], return_inverse=True)[1]
    measured = numeric_label(label)
    series = [measured] if measured is not None else list(_indicators(codes(label)))
    return max((_echo(place, values[order]) for values in series), default=0.0)


def is_ordered(values: Numbers, label: pd.Series[Any]) -> bool:
    """Whether the label varies significantly along an order (ANOVA over ten blocks, p < 0.001, Bonferroni)."""
    from scipy import stats

    order = np.argsort(values, kind="stable")
    measured = numeric_label(label)
    series = [stats.rankdata(measured)] if measured is not None else list(_indicators(codes(label)))
    for values in series:
        blocks = [block for block in np.array_split(values[order], 10) if len(block) > 1]
        if len(blocks) > 1 and np.ptp(values) > 0 and stats.f_oneway(*blocks).pvalue < 1e-3 / len(series):
            return True
    return False


def _indicators(classes: Codes) -> list[Numbers]:
    return [(classes == code).astype("float64") for code in range(min(int(classes.max()) + 1, 20))]


def _echo(place: Any, values: Numbers) -> float:
    """The lag-1 autocorrelation of the mean at each place; 0 for constant or fewer than three means."""
    means = np.bincount(place, values) / np.bincount(place)
    if len(means) < 3 or np.ptp(means[:-1]) == 0 or np.ptp(means[1:]) == 0:
        return 0.0
    return float(np.corrcoef(means[:-1], means[1:])[0, 1])


def _intraclass(groups: Codes, values: Numbers, all_values: Numbers) -> float:
    present = np.isfinite(values)
    groups, values = groups[present], values[present]
    total = np.nanvar(all_values)
    if not len(values) or not total > 0:
        return 0.0
    counts = np.bincount(groups)
    means = np.bincount(groups, values) / np.maximum(counts, 1)
    within = ((values - means[groups]) ** 2).sum() / max(len(values) - np.count_nonzero(counts), 1)
    return float(1 - within / total)


def _rounded(values: Numbers) -> Numbers:
    finite = np.abs(values[np.isfinite(values)])
    top = float(finite.max()) if len(finite) else 0.0
    if not 1e-200 < top < 1e200:
        return values
    return np.round(values / top, DIGITS) + 0.0
