"""Profile a table: counts, statistics, a histogram and quality notes for each column, as JSON values."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from designer.charts.large import about_unique
from designer.charts.quality import quality_notes
from designer.contract.schema import Column, Kind, Schema
from designer.contract.spread import above_base, raised, whole_base, without_rounding

SAMPLE_ROWS = 1_000_000
BINS = 20
TOP_VALUES = 10
SECONDS_A_DAY = 86_400
LONGEST_VALUE = 60

Document = dict[str, Any]


def profile(table: pd.DataFrame, schema: Schema | None = None) -> Document:
    """The number of rows and columns, and a profile of each column.

    Above a million rows `sampled` is True: statistics still cover all rows, but `unique` is approximate, and
    histograms and notes use a random sample of `sample_rows` rows with a fixed seed. The standard deviation (`std`) of
    dates is in days.
    """
    schema = schema or Schema.of(table)
    sampled = len(table) > SAMPLE_ROWS
    sample = table.sample(SAMPLE_ROWS, random_state=0) if sampled else table
    columns = [_profiled(table.iloc[:, i], sample.iloc[:, i], column) for i, column in enumerate(schema.columns)]
    return {
        "rows": len(table),
        "columns": len(columns),
        "sampled": sampled,
        "sample_rows": len(sample),
        "profile": columns,
    }


def profile_column(series: pd.Series[Any], column: Column) -> Document:
    """The profile of one column, from all its rows."""
    return _profiled(series, series, column)


def _profiled(whole: pd.Series[Any], sample: pd.Series[Any], column: Column) -> Document:
    missing = int(whole.isna().sum())
    present = sample.dropna()
    unique = _unique(present)
    every = present
    if len(whole) > len(sample):
        every = whole.dropna()
        unique = max(unique, about_unique(every) or 0)
    return {
        "name": column.name,
        "kind": str(column.kind),
        "role": str(column.role),
        "count": len(whole) - missing,
        "missing": missing,
        "missing_share": missing / len(whole) if len(whole) else 0.0,
        "unique": unique,
        **_statistics(every, column.kind),
        "histogram": _histogram(present, column.kind),
        "notes": quality_notes(present, column, missing, len(whole), unique),
    }


def _unique(present: pd.Series[Any]) -> int:
    try:
        return int(present.nunique())
    except TypeError:  # unhashable cells, such as lists
        return int(present.map(repr).nunique())


_EMPTY: Document = dict.fromkeys(("mean", "median", "min", "max", "std", "quartiles"))


def _statistics(present: pd.Series[Any], kind: Kind) -> Document:
    if not len(present):
        return dict(_EMPTY)
    if kind is Kind.DATETIME:
        quartiles = [_moment(q) for q in present.quantile([0.25, 0.5, 0.75])]
        seconds = (present - present.min()).dt.total_seconds()
        std = float(seconds.std()) / SECONDS_A_DAY if len(present) > 1 else None
        ends = {"min": _moment(present.min()), "max": _moment(present.max())}
        return {"mean": _moment(present.mean()), "median": quartiles[1], **ends, "std": std, "quartiles": quartiles}
    if kind.is_numeric or kind is Kind.BOOLEAN:
        base = whole_base(present)
        statistics = _number_statistics(above_base(present, base))
        return _raised(statistics, base) if base else statistics
    if kind is Kind.STRING and (present.dtype != object or present.map(lambda cell: isinstance(cell, str)).all()):
        return {**_EMPTY, "min": _shortened(present.min()), "max": _shortened(present.max())}
    return dict(_EMPTY)


def _number_statistics(values: np.ndarray[Any, Any]) -> Document:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return dict(_EMPTY)
    quartiles = [float(q) for q in np.quantile(finite, [0.25, 0.5, 0.75])]
    with np.errstate(over="ignore"):
        mean, varying = float(finite.mean()), without_rounding(finite)
        spread = 0.0 if varying.min() == varying.max() else float(varying.std(ddof=1))
        std = spread if len(finite) > 1 else None
    return {
        "mean": _finite(mean),
        "median": quartiles[1],
        "min": float(finite.min()),
        "max": float(finite.max()),
        "std": _finite(std),
        "quartiles": quartiles,
    }


def _raised(statistics: Document, base: int) -> Document:
    """Add the base back to the statistics of integers above it; the standard deviation does not change."""
    places = {name: raised(statistics[name], base) for name in ("mean", "median", "min", "max")}
    return {**statistics, **places, "quartiles": [raised(quartile, base) for quartile in statistics["quartiles"]]}


def _histogram(present: pd.Series[Any], kind: Kind) -> Document:
    """`edges` and `counts` for numbers and dates; for other kinds the most frequent `values`, their `counts` and the
    count of all `others`."""
    if not len(present):
        return {"values": [], "counts": [], "others": 0}
    if kind.is_numeric:
        return _binned(present.to_numpy(dtype="float64"))
    if kind is Kind.DATETIME:
        seconds = (present - present.min()).dt.total_seconds().to_numpy()
        binned = _binned(seconds)
        start = present.min()
        return {**binned, "edges": [_moment(start + pd.Timedelta(seconds=edge)) for edge in binned["edges"]]}
    texts = present if kind is not Kind.STRING else present.astype(str)
    counts = texts.value_counts()
    counts = counts[counts > 0]
    top = counts.head(TOP_VALUES)
    values = [_shortened(value) for value in top.index]
    return {"values": values, "counts": [int(c) for c in top], "others": int(counts.iloc[TOP_VALUES:].sum())}


def _binned(values: np.ndarray[Any, Any]) -> Document:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {"edges": [], "counts": []}
    low, high = float(finite.min()), float(finite.max())
    if not math.isfinite(high - low):
        return {"edges": [low, high], "counts": [len(finite)]}
    whole = bool((finite == np.rint(finite)).all()) and high - low < BINS
    edges = np.arange(low - 0.5, high + 1) if whole else np.histogram_bin_edges(finite, BINS)
    counts, edges = np.histogram(finite, edges)
    return {"edges": [float(edge) for edge in edges], "counts": [int(count) for count in counts]}


def _moment(value: Any) -> str | None:
    return None if pd.isna(value) else str(pd.Timestamp(value).isoformat(sep=" ", timespec="seconds"))


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _shortened(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
