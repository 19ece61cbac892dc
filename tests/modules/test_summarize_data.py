"""Summarize Data against the catalogue's columns, hand calculations and scipy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from designer.contract.errors import DuplicateColumns, TooFewColumns
from modules.statistics.summarize_data import SummarizeData
from tests.modules.readings import hard_tables, run, same_as_script

TABLE = pd.DataFrame(
    {
        "x": [1.0, 2.0, 2.0, 7.0, np.nan],
        "flag": pd.array([True, False, True, True, None], dtype="boolean"),
        "text": pd.Series(["a", "b", "a", None, None], dtype="str"),
        "none": [np.nan] * 5,
    }
)


def summary(table: pd.DataFrame) -> pd.DataFrame:
    return run(SummarizeData(), table).set_index("Feature")


def test_the_columns_are_those_of_the_catalogue() -> None:
    assert list(run(SummarizeData(), TABLE).columns) == [
        "Feature", "Count", "Unique Value Count", "Missing Value Count", "Min", "Max", "Mean", "Mean Deviation",
        "1st Quartile", "Median", "3rd Quartile", "Mode", "Range", "Sample Variance", "Sample Standard Deviation",
        "Sample Skewness", "Sample Kurtosis", "P0.5", "P1", "P5", "P95", "P99.5",
    ]  # fmt: skip


def test_hand_calculated_figures() -> None:
    x = summary(TABLE).loc["x"]
    expected = {"Count": 5, "Unique Value Count": 3, "Missing Value Count": 1, "Min": 1, "Max": 7, "Mean": 3,
              "Mean Deviation": 2, "1st Quartile": 1.75, "Median": 2, "3rd Quartile": 3.25, "Mode": 2, "Range": 6,
              "Sample Variance": 22 / 3}  # fmt: skip
    assert {name: x[name] for name in expected} == pytest.approx(expected)


def test_flags_are_all_any_and_both() -> None:
    flag = summary(TABLE).loc["flag"]
    assert (flag["Min"], flag["Max"], flag["Range"], flag["Mean"]) == (0, 1, 1, 0.75)
    one = summary(pd.DataFrame({"flag": [True, True]})).loc["flag"]
    assert (one["Min"], one["Max"], one["Range"]) == (1, 1, 0)


def test_text_and_empty_columns_have_counts_only() -> None:
    figures = summary(TABLE)
    assert figures.loc["text", "Unique Value Count"] == 2
    assert figures.loc[["text", "none"]].iloc[:, 3:].isna().all(axis=None)


def test_shape_and_percentiles_equal_scipy_and_numpy() -> None:
    x = np.random.default_rng(0).gamma(2, size=500)
    figures = summary(pd.DataFrame({"x": x})).loc["x"]
    assert figures["Sample Skewness"] == pytest.approx(stats.skew(x, bias=False), rel=1e-12)
    assert figures["Sample Kurtosis"] == pytest.approx(stats.kurtosis(x, bias=False), rel=1e-12)
    percents = [0.5, 1, 5, 95, 99.5]
    assert [figures[f"P{p:g}"] for p in percents] == pytest.approx(np.percentile(x, percents).tolist(), rel=1e-12)


@pytest.mark.parametrize("name", ["full", "rows", "row", "column"])
def test_hard_tables_are_summarized(name: str) -> None:
    table = hard_tables()[name]
    assert run(SummarizeData(), table)["Feature"].tolist() == list(table.columns)


def test_no_columns_and_equal_names_are_errors() -> None:
    with pytest.raises(TooFewColumns):
        SummarizeData().run(hard_tables()["columns"])
    with pytest.raises(DuplicateColumns, match="'number'"):
        SummarizeData().run(hard_tables()["twice"])


def test_the_script_computes_the_same() -> None:
    same_as_script(SummarizeData(), TABLE)
