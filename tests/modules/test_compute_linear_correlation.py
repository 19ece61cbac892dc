"""Compute Linear Correlation against hand calculations and scipy."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from designer.contract.errors import InvalidParameter, InvalidValues, TooFewRows
from modules.statistics.compute_linear_correlation import ComputeLinearCorrelation
from tests.modules.readings import run, same_as_script

TABLE = pd.DataFrame({"a": [1.0, 2.0, 3.0, 9.0], "b": [2, 4, 7, 1], "c": [5.0, 5.0, 5.0, 5.0]})


def matrix(table: pd.DataFrame, method: str = "Pearson") -> pd.DataFrame:
    return run(ComputeLinearCorrelation.read({"method": method}), table).set_index("Feature")


def test_hand_calculated_pearson() -> None:
    correlations = matrix(TABLE.iloc[:3])
    assert correlations.loc["a", "b"] == pytest.approx(5 / np.sqrt(2 * 38 / 3), rel=1e-14)
    assert round(correlations.loc["a", "b"], 4) == 0.9934
    assert correlations.loc["a", "a"] == 1


@pytest.mark.parametrize(("method", "peer"), [("Pearson", stats.pearsonr), ("Spearman", stats.spearmanr), ("Kendall", stats.kendalltau)])  # noqa: E501  # fmt: skip
def test_equals_scipy(method: str, peer: object) -> None:
    random = np.random.default_rng(1)
    table = pd.DataFrame({"x": random.normal(size=80), "y": random.integers(0, 9, 80)})
    assert matrix(table, method).loc["x", "y"] == pytest.approx(peer(table["x"], table["y"])[0], rel=1e-12)  # type: ignore[operator]


def test_pairs_use_the_rows_where_both_are_there() -> None:
    table = TABLE.assign(a=[1.0, 2.0, 3.0, np.nan])
    assert matrix(table).loc["a", "b"] == pytest.approx(matrix(TABLE.iloc[:3]).loc["a", "b"])


def test_a_constant_column_and_a_single_row_have_no_correlation() -> None:
    assert matrix(TABLE)["c"].isna().all()
    assert matrix(TABLE.iloc[:1]).isna().all(axis=None)


def test_a_column_named_feature_keeps_its_name() -> None:
    correlations = run(ComputeLinearCorrelation(), TABLE.rename(columns={"a": "Feature"}))
    assert list(correlations.columns) == ["Feature_2", "Feature", "b", "c"]


def test_infinite_values_and_no_rows_are_errors() -> None:
    with pytest.raises(InvalidValues, match="'a' holds an infinite"):
        run(ComputeLinearCorrelation(), TABLE.assign(a=np.inf))
    with pytest.raises(TooFewRows):
        run(ComputeLinearCorrelation(), TABLE.iloc[:0])


def test_the_script_computes_the_same() -> None:
    same_as_script(ComputeLinearCorrelation(), TABLE)


@pytest.mark.parametrize("method", ["Pearson", "Spearman"])
@pytest.mark.parametrize("shift", [0.0, 1e9])
def test_full_columns_correlate_as_pandas_computes_it(method: Literal["Pearson", "Spearman"], shift: float) -> None:
    random = np.random.default_rng(2)
    cells = random.normal(size=(50, 6)) @ random.normal(size=(6, 6)) + shift
    table = pd.DataFrame(cells, columns=list("abcdef"))
    table["whole"], table["constant"] = random.integers(0, 5, 50), 0.1
    expected = table.corr(method="pearson" if method == "Pearson" else "spearman")
    pd.testing.assert_frame_equal(
        matrix(table, method), expected, check_names=False, rtol=0, atol=1e-12 * max(shift, 1) ** 0.5
    )


def test_kendall_of_very_many_columns_is_refused_before_it_takes_hours() -> None:
    table = pd.DataFrame(np.arange(1202.0).reshape(2, 601)).rename(columns=str)
    with pytest.raises(InvalidParameter, match="Columns: Kendall compares the pairs of 601 columns one by one"):
        matrix(table, "Kendall")


def test_very_many_columns_with_missing_cells_are_refused_before_it_takes_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("modules.statistics.compute_linear_correlation.STEP_LIMIT", 35)
    assert matrix(TABLE).loc["a", "a"] == 1
    with pytest.raises(InvalidParameter, match="3 columns with missing cells make"):
        matrix(TABLE.assign(a=[1.0, np.nan, 2.0, 3.0]))
