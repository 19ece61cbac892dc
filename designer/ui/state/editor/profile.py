"""The statistics of a table for the dock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from designer.ui.state.editor.grid import number_text

Profile = Mapping[str, Any]


@dataclass(frozen=True)
class Statistic:
    """One column's line in the table of statistics."""

    name: str
    kind: str
    count: str
    missing: str
    unique: str
    mean: str
    median: str
    minimum: str
    maximum: str
    deviation: str


@dataclass(frozen=True)
class Tick:
    """One bar of a column's chart: its label, its range in words, its count, its share of the highest in percent."""

    label: str
    words: str
    count: str
    share: float


def statistics(profile: Profile) -> list[Statistic]:
    """One line per column, in table order."""
    return [_line(column) for column in profile.get("profile", [])]


def histograms(profile: Profile) -> dict[str, list[float]]:
    """The counts of each column's histogram, by column name."""
    return {column["name"]: column["histogram"]["counts"] for column in profile.get("profile", [])}


def ticks(profile: Profile, name: str) -> list[Tick]:
    """The bars of one column's chart; empty where the profile lacks the column."""
    column = next((column for column in profile.get("profile", []) if column["name"] == name), None)
    if column is None:
        return []
    histogram = column["histogram"]
    counts = [*histogram["counts"], *([histogram["others"]] if histogram.get("others") else [])]
    top = max(counts, default=0) or 1
    return [
        Tick(label, words, f"{count:,}", round(100 * count / top, 1))
        for (label, words), count in zip(_labels(histogram), counts, strict=False)
    ]


def is_sampled(profile: Profile) -> str:
    """A note where the statistics are not exact; empty where they are."""
    sample = f"bars are of a sample of {profile.get('sample_rows', 0):,} of {profile.get('rows', 0):,} rows"
    return f"Distinct values are counted approximately; {sample}." if profile.get("sampled") else ""


def _labels(histogram: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The label of each bar and its full text; a range is labelled with its lower end."""
    edges = histogram.get("edges")
    if edges is None:
        return [(text, text) for text in (*map(str, histogram.get("values", [])), "others")]
    if all(isinstance(edge, float) and abs(edge * 2) % 2 == 1 for edge in edges):
        return [(f"{edge + 0.5:,.0f}", f"{edge + 0.5:,.0f}") for edge in edges[:-1]]
    return [(_said(low), f"{_said(low)} to {_said(high)}") for low, high in pairwise(edges)]


def _line(column: Mapping[str, Any]) -> Statistic:
    return Statistic(
        name=column["name"],
        kind=column["kind"] if column["role"] == "Feature" else f"{column['kind']}, {column['role'].lower()}",
        count=f"{column['count'] + column['missing']:,}",
        missing=f"{column['missing']:,}",
        unique=f"{column['unique']:,}",
        mean=_said(column["mean"]),
        median=_said(column["median"]),
        minimum=_said(column["min"]),
        maximum=_said(column["max"]),
        deviation=_said(column["std"]),
    )


def _said(value: Any) -> str:
    match value:
        case None:
            return ""
        case int() | float():
            return number_text(float(value))
        case _:
            return str(value)
