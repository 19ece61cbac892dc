"""The profile of a column on the Datasets pages: histogram, statistics, frequent values, relation to the label."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd

from designer.contract.schema import Kind, kind_of
from designer.contract.wording.counting import counted
from designer.reading.examination import shares, task_of
from designer.ui.views import figures

Tone = Literal["", "ok", "warn"]
BINS, HEAD_BINS, FREQUENT = 20, 10, 6
EXACT = 2**53
"""Floats represent every integer up to here exactly."""

_FIRST_SECOND, _LAST_SECOND = -62_135_596_800.0, 253_402_214_400.0
"""The first and last day of the years 1 to 9999, in seconds since 1970."""
_FIFTHS = ("Lowest fifth", "Second", "Middle", "Fourth", "Highest fifth")


@dataclass(frozen=True)
class Stat:
    """One statistic: name and value."""

    label: str
    value: str
    tone: Tone = ""


@dataclass(frozen=True)
class Share:
    """A named bar with its percentage; `width` in percent of the available space."""

    label: str
    value: str
    width: float


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram: `height` from 0 to 1, `label` its range and count."""

    height: float
    label: str


@dataclass(frozen=True)
class Histogram:
    """Bars with axis labels."""

    bars: list[Bar] = field(default_factory=list)
    low: str = ""
    middle: str = ""
    high: str = ""
    width: str = ""
    marks: list[float] = field(default_factory=list)
    """Positions of the 5, 25, 50, 75 and 95 % quantiles in percent of the axis; empty for text."""


@dataclass(frozen=True)
class ColumnProfile:
    """Everything shown in the panel beside the table."""

    name: str = ""
    subtitle: str = ""
    kind: str = ""
    histogram: Histogram = field(default_factory=Histogram)
    stats: list[Stat] = field(default_factory=list)
    share_title: str = ""
    label_shares: list[Share] = field(default_factory=list)
    frequent: list[Stat] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The profile as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> ColumnProfile:
        """Read a profile written by `to_json`."""
        drawn = document["histogram"]
        histogram = Histogram(**{**drawn, "bars": [Bar(**bar) for bar in drawn["bars"]]})
        lists = {
            "stats": [Stat(**row) for row in document["stats"]],
            "frequent": [Stat(**row) for row in document["frequent"]],
            "label_shares": [Share(**row) for row in document["label_shares"]],
        }
        return cls(**{**document, "histogram": histogram, **lists})


def column_profile(series: pd.Series[Any], role: str, label: pd.Series[Any] | None = None) -> ColumnProfile:
    """The profile of a column; `label` is the column to predict, if one is chosen."""
    kind = kind_of(series)
    title, label_shares = _by_label(series, label) if label is not None else ("", [])
    return ColumnProfile(
        name=str(series.name),
        subtitle=f"{kind}, {role.lower()}",
        kind=str(kind),
        histogram=histogram(series, BINS),
        stats=_statistics(series, kind),
        share_title=title,
        label_shares=label_shares,
        frequent=_frequent(series, kind),
    )


def histogram(series: pd.Series[Any], bins: int) -> Histogram:
    """The histogram of a column: numbers and dates by bin, text by frequency."""
    kind, there = kind_of(series), series.dropna()
    if there.empty:
        return Histogram()
    if kind.is_numeric or kind is Kind.DATETIME:
        origin = _origin(there) if kind is Kind.INTEGER else 0
        return _numeric_histogram(_as_numbers(there - origin if origin else there, kind), kind, bins, origin)
    counts = there.value_counts().head(bins)
    top = int(counts.iloc[0])
    bars = [Bar(n / top, f"{_shown(value)}: {counted(int(n), 'row')}") for value, n in counts.items()]
    return Histogram(bars, low=_shown(counts.index[0]), high=_shown(counts.index[-1]) if len(counts) > 1 else "")


def head_note(series: pd.Series[Any]) -> str:
    """The line under the small histogram: missing cells, else a summary such as the range or the distinct values."""
    missing, kind = int(series.isna().sum()), kind_of(series)
    if missing:
        return f"{missing:,} missing"
    if series.empty:
        return "no rows"
    if kind is Kind.BOOLEAN:
        return f"{figures.percent(float(series.mean()), 0)} true"
    if kind.is_numeric:
        if kind is Kind.INTEGER and _origin(series):
            return f"{len(str(abs(int(series.max()))))} digits"
        return " to ".join(figures.span(float(series.min()), float(series.max())))
    if kind is Kind.DATETIME:
        return f"from {series.min():%Y-%m-%d}"
    return counted(int(series.nunique()), "value")


def _origin(there: pd.Series[Any]) -> int:
    """An offset to subtract from integers too large for a float to tell apart; 0 for all others."""
    low, high = int(there.min()), int(there.max())
    return low if max(abs(low), abs(high)) > EXACT and high - low < EXACT else 0


def _numeric_histogram(
    numbers: np.ndarray[Any, np.dtype[np.float64]], kind: Kind, bins: int, origin: int = 0
) -> Histogram:
    numbers = numbers[np.isfinite(numbers)]
    if len(numbers) == 0:
        return Histogram()
    low, high = float(numbers.min()), float(numbers.max())
    if not math.isfinite(high - low) or high - low < bins * np.spacing(max(abs(low), abs(high))):
        return Histogram([Bar(1.0, counted(len(numbers), "row"))])  # bin edges would coincide
    cut = _upper_fence(numbers, high)
    whole = kind is Kind.INTEGER and cut - low < bins
    edges = np.arange(low - 0.5, cut + 1.5) if whole else np.linspace(low, cut if cut > low else low + 1, bins + 1)
    counts, edges = np.histogram(np.minimum(numbers, cut), bins=edges)
    top = max(int(counts.max()), 1)
    say = _date_text if kind is Kind.DATETIME else partial(_shifted, origin) if origin else figures.short
    first, last = (say(low), say(cut)) if kind is Kind.DATETIME or origin else figures.span(low, cut)
    has_room = not origin and first == say(low)
    bars = [
        Bar(int(n) / top, f"{say(float(a))} to {say(float(b))}: {counted(int(n), 'row')}")
        for n, a, b in zip(counts, edges[:-1], edges[1:], strict=True)
    ]
    step = float(edges[1] - edges[0])
    span = float(edges[-1] - edges[0])
    marks = [100 * (float(np.quantile(numbers, q)) - float(edges[0])) / span for q in (0.05, 0.25, 0.5, 0.75, 0.95)]
    return Histogram(
        bars, first, say((low + cut) / 2) if has_room else "", last + ("+" if cut < high else ""),
        "" if kind is Kind.DATETIME else f"bin {figures.short(step)}", [min(max(m, 0.0), 100.0) for m in marks],
    )  # fmt: skip


def _upper_fence(numbers: np.ndarray[Any, np.dtype[np.float64]], high: float) -> float:
    """The end of the drawn range; extreme values above it are collected in the last bar."""
    quartiles = np.quantile(numbers, [0.25, 0.75, 0.99])
    fence = float(quartiles[2] + 3 * (quartiles[1] - quartiles[0]))
    return fence if quartiles[1] > quartiles[0] and high > fence else high


def _statistics(series: pd.Series[Any], kind: Kind) -> list[Stat]:
    there = series.dropna()
    missing = len(series) - len(there)
    stats: list[Stat] = []
    if kind.is_numeric and len(there):
        stats = _moments(there, kind)
    elif kind is Kind.DATETIME and len(there):
        stats = [Stat("First", f"{there.min():%Y-%m-%d}"), Stat("Last", f"{there.max():%Y-%m-%d}")]
    elif kind is Kind.BOOLEAN and len(there):
        stats = [Stat("True", figures.percent(float(there.mean())))]
    stats.append(Stat("Unique values", figures.count(there.nunique())))
    share = f" ({figures.percent(missing / len(series))})" if missing else ""
    stats.append(Stat("Missing", f"{figures.count(missing)}{share}", "warn" if missing else "ok"))
    if kind.is_numeric and len(there):
        stats.append(_outside(_finite(there)))
    return stats


def _finite(there: pd.Series[Any]) -> pd.Series[float]:
    """The numbers whose squares can be summed; larger ones have no mean to show."""
    numbers = there.astype("float64")
    return numbers[numbers.abs() < 1e150]


def _moments(there: pd.Series[Any], kind: Kind) -> list[Stat]:
    origin = _origin(there) if kind is Kind.INTEGER else 0
    numbers = _finite(there - origin if origin else there)
    if numbers.empty:
        return []
    say = partial(_shifted, origin) if origin else figures.number
    end = say if origin else figures.count if kind is Kind.INTEGER else figures.number
    spread = float(numbers.std()) if len(numbers) > 1 else 0.0
    return [
        Stat("Mean", say(float(numbers.mean()))),
        Stat("Median", say(float(numbers.median()))),
        Stat("Min", end(float(numbers.min()))),
        Stat("Max", end(float(numbers.max()))),
        Stat("Standard deviation", figures.number(spread)),
    ]


def _shifted(origin: int, distance: float) -> str:
    return figures.count(origin + round(distance))


def _outside(numbers: pd.Series[float]) -> Stat:
    if numbers.empty:
        return Stat("Outside 1.5 × IQR", "0")
    low, high = (float(q) for q in np.quantile(numbers.to_numpy(), [0.25, 0.75]))
    fence = 1.5 * (high - low)
    outside = int(((numbers < low - fence) | (numbers > high + fence)).sum())
    share = outside / len(numbers)
    text = f"{figures.count(outside)} ({figures.percent(share)})" if outside else "0"
    return Stat("Outside 1.5 × IQR", text, "warn" if share > 0.05 else "")


def _by_label(series: pd.Series[Any], label: pd.Series[Any]) -> tuple[str, list[Share]]:
    """The share of the rarer class, or the mean of a numeric label, by fifth or by frequent value of the column."""
    if series.name == label.name or label.dropna().empty:
        return "", []
    task = task_of(label)
    if task == "multiclass":
        return "", []
    if task == "two-class":
        rarer = shares(label)[-1][0]
        answer = pd.Series((label.astype(str) == rarer).to_numpy("float64"), index=label.index).where(label.notna())
        title = f"Share of “{rarer}”"
    else:
        answer, title = (
            pd.Series(label.to_numpy("float64", na_value=np.nan), index=label.index),
            f"Mean of {label.name}",
        )
    groups, by = _groups(series)
    means = answer.groupby(groups, observed=True).mean().dropna()
    top = float(means.abs().max()) if len(means) else 0.0
    if top == 0 or len(means) < 2:
        return "", []
    say = figures.percent if task == "two-class" else figures.number
    rows = [Share(_shown(name), say(float(value)), 94 * abs(float(value)) / top) for name, value in means.items()]
    return f"{title} {by}", rows


def _groups(series: pd.Series[Any]) -> tuple[pd.Series[Any], str]:
    if kind_of(series).is_numeric and series.nunique() > 5:
        fifths = pd.qcut(series.astype("float64").rank(method="first"), 5, labels=list(_FIFTHS))
        return fifths, "by fifth"
    frequent = series.value_counts().head(5).index
    return series.where(series.isin(frequent)).astype(object), "by value"


def _frequent(series: pd.Series[Any], kind: Kind) -> list[Stat]:
    counts = series.value_counts().head(FREQUENT)
    if kind.is_numeric and series.nunique() > FREQUENT:
        counts = counts[counts > 1]  # values that occur once are not frequent
    say = (lambda value: _decimal(float(value))) if kind is Kind.DECIMAL else _shown
    return [Stat(say(value), counted(int(n), "row")) for value, n in counts.items()]


def _as_numbers(there: pd.Series[Any], kind: Kind) -> np.ndarray[Any, np.dtype[np.float64]]:
    if kind is Kind.DATETIME:
        moments = pd.to_datetime(there, utc=True)
        seconds = (moments - pd.Timestamp("1970-01-01", tz="UTC")) / pd.Timedelta(seconds=1)
        return np.asarray(seconds, dtype="float64")
    return np.asarray(there, dtype="float64")


def _date_text(seconds: float) -> str:
    within = min(max(seconds, _FIRST_SECOND), _LAST_SECOND)
    return f"{pd.Timestamp(within, unit='s'):%Y-%m-%d}"


def _decimal(value: float) -> str:
    """A number with enough digits to tell it from the others, even where all are small."""
    return figures.number(value) if abs(value) >= 1 else figures.short(value)


def _shown(value: object) -> str:
    text = str(value).removesuffix(" 00:00:00") if isinstance(value, pd.Timestamp) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
