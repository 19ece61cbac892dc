"""Profiles of tables."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from designer.charts import profile as profiles
from designer.charts.profile import profile
from designer.contract.schema import Schema


def column(**cells: object) -> dict:
    (figures,) = profile(pd.DataFrame(cells))["profile"]
    return figures


def notes(**cells: object) -> str:
    return " ".join(note["text"] for note in column(**cells)["notes"])


def test_numbers_are_counted_and_summed_up() -> None:
    figures = column(x=[4.0, 1.0, 3.0, 2.0, np.nan])
    assert (figures["count"], figures["missing"], figures["unique"], figures["missing_share"]) == (4, 1, 4, 0.2)
    assert (figures["mean"], figures["median"], figures["min"], figures["max"]) == (2.5, 2.5, 1, 4)
    assert figures["std"] == pytest.approx(np.std([1, 2, 3, 4], ddof=1))
    assert figures["quartiles"] == [1.75, 2.5, 3.25]
    assert figures["histogram"] == {"edges": [0.5, 1.5, 2.5, 3.5, 4.5], "counts": [1, 1, 1, 1]}


def test_a_histogram_holds_every_known_number() -> None:
    histogram = column(x=np.random.default_rng(0).normal(size=500))["histogram"]
    assert sum(histogram["counts"]) == 500
    assert len(histogram["edges"]) == len(histogram["counts"]) + 1 == 21


def test_text_shows_its_most_frequent_values() -> None:
    figures = column(x=[*("a" * 5), *("b" * 3), *"cdefghijklm", None])
    assert figures["histogram"]["values"][:2] == ["a", "b"]
    assert figures["histogram"]["counts"][:2] == [5, 3]
    assert figures["histogram"]["others"] == 3
    assert figures["mean"] is None


def test_dates_have_a_mean_and_a_histogram() -> None:
    figures = column(x=pd.to_datetime(["2024-01-01", "2024-01-03", None]))
    assert figures["mean"] == "2024-01-02 00:00:00"
    assert (figures["min"], figures["max"]) == ("2024-01-01 00:00:00", "2024-01-03 00:00:00")
    assert sum(figures["histogram"]["counts"]) == 2


def test_every_profile_is_json_whatever_the_table_holds() -> None:
    hard = pd.DataFrame({
        "infinite": [np.inf, -np.inf, 1.0, np.nan], "huge": [1e308, -1e308, 0.0, 1.0],
        "zone": pd.to_datetime(["2024-01-01", "2024-06-01", None, "2025-01-01"], utc=True),
        "flag": pd.array([True, False, None, True], dtype="boolean"), "level": pd.Categorical(["a", None, "b", "a"]),
        "long": ["x" * 10_000, "é", "日本", ""], "nothing": pd.Series([None] * 4, dtype="float64"),
    })  # fmt: skip
    for table in (hard, hard.head(1), hard.head(0), pd.DataFrame()):
        json.dumps(profile(table), allow_nan=False)


def test_quality_notes_say_what_matters() -> None:
    assert "60 % of the cells are missing" in notes(x=[1.0, 2.0] + [np.nan] * 3)
    assert "Every cell is missing" in notes(x=[np.nan, np.nan])
    assert "the same" in notes(x=["a", "a", "a"])
    assert "Nearly every value is different" in notes(x=[f"row {i}" for i in range(200)])
    assert "Nearly every value is different" in notes(x=range(200))
    assert "One cell is infinite" in notes(x=[1.0, np.inf])
    assert "stored as text but '?'" in notes(x=["1", "2", "3"] * 10 + ["?"])
    assert "spaces" in notes(x=["a", " a", "b"])
    assert "upper and lower case" in notes(x=["Rome", "rome", "Oslo"])
    assert notes(x=np.random.default_rng(0).normal(size=300)) == ""


def test_statistics_of_a_large_table_are_of_all_rows_and_distinct_values_nearly_exact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random, rows = np.random.default_rng(3), 40_000
    table = pd.DataFrame(
        {
            "number": np.where(np.arange(rows) == 7, 1e6, random.normal(10, 2, rows)),  # a value that a sample may miss
            "holes": np.where(random.random(rows) < 0.25, np.nan, random.integers(0, 900, rows)),
            "whole": pd.array(random.integers(-5, 5, rows), dtype="Int64"),
            "text": pd.Series([f"name {n}" for n in range(rows)], dtype="str"),
            "kind": pd.Categorical(random.choice(["a", "b", "c"], rows)),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(rows), unit="h"),
            "yes": random.random(rows) < 0.5,
            "none": np.full(rows, np.nan),
        }
    )
    exact = {column["name"]: column for column in profile(table)["profile"]}
    monkeypatch.setattr(profiles, "SAMPLE_ROWS", 4000)
    figures = {column["name"]: column for column in profile(table)["profile"]}
    for name in table:
        for figure in ("count", "missing", "mean", "std", "min", "max", "quartiles"):
            assert figures[name][figure] == exact[name][figure], (name, figure)
        assert figures[name]["unique"] == pytest.approx(exact[name]["unique"], rel=0.05), name
        assert figures[name]["unique"] <= figures[name]["count"]
    assert figures["text"]["unique"] > 10 * profiles.SAMPLE_ROWS * 0.9


def test_a_large_table_is_sampled_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profiles, "SAMPLE_ROWS", 1000)
    table = pd.DataFrame({"x": [1.0] * 4000 + [np.nan] * 1000})
    summary = profile(table, Schema.of(table))
    assert (summary["rows"], summary["sampled"], summary["sample_rows"]) == (5000, True, 1000)
    assert (summary["profile"][0]["count"], summary["profile"][0]["missing"]) == (4000, 1000)
    assert sum(summary["profile"][0]["histogram"]["counts"]) < 1000
    assert summary == profile(table)
