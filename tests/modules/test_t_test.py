"""t-Test against hand calculations, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from designer.contract.errors import InvalidValues, TooFewRows, WrongColumnType
from modules.statistics.t_test import TTest
from tests.modules.readings import run, same_as_script

RANDOM = np.random.default_rng(4)
TABLE = pd.DataFrame(
    {
        "x": RANDOM.normal(1, 2, 30),
        "y": [*RANDOM.normal(0, 1, 28), np.nan, 3.0],
        "group": pd.Series(["b", "a", "a"] * 10, dtype="str"),
    }
)


def test_hand_calculated_one_sample() -> None:
    result = run(TTest.read({"first": "n", "mean": 2}), pd.DataFrame({"n": [1, 2, 3, 4, 5]})).iloc[0]
    assert result["t"] == pytest.approx(1 / np.sqrt(2.5 / 5))
    assert result["Degrees of freedom"] == 4
    assert result["p-value"] == pytest.approx(0.23019964, abs=1e-8)
    assert result["Lower bound"] == pytest.approx(3 - 2.776445105 * np.sqrt(0.5), rel=1e-8)
    assert not result["Significant"]


def test_paired_samples_leave_out_incomplete_pairs() -> None:
    result = run(TTest.read({"test": "Paired samples", "first": "x", "second": "y"}), TABLE).iloc[0]
    both = TABLE.dropna()
    expected = stats.ttest_1samp(both["x"] - both["y"], 0)
    assert (result["t"], result["p-value"]) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)
    assert result["Count 1"] == result["Count 2"] == 29


@pytest.mark.parametrize(("equal", "usevar"), [(True, "pooled"), (False, "unequal")])
def test_independent_columns_equal_statsmodels(equal: bool, usevar: str) -> None:
    module = TTest.read({"test": "Two columns", "first": "x", "second": "y", "mean": 0.5, "equal_variances": equal})
    result = run(module, TABLE).iloc[0]
    compared = CompareMeans(DescrStatsW(TABLE["x"]), DescrStatsW(TABLE["y"].dropna()))
    t, p, freedom = compared.ttest_ind(usevar=usevar, value=0.5)
    assert (result["t"], result["p-value"], result["Degrees of freedom"]) == pytest.approx((t, p, freedom), rel=1e-10)
    bounds = compared.tconfint_diff(0.05, usevar=usevar)
    assert (result["Lower bound"], result["Upper bound"]) == pytest.approx(bounds, rel=1e-10)


def test_groups_of_a_column_in_order() -> None:
    settings = {"test": "Two groups of a column", "first": "x", "group": "group", "alternative": "Greater"}
    result = run(TTest.read(settings), TABLE).iloc[0]
    a, b = TABLE["x"][TABLE["group"] == "a"], TABLE["x"][TABLE["group"] == "b"]
    expected = stats.ttest_ind(a, b, equal_var=False, alternative="greater")
    assert (result["t"], result["p-value"]) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-12)
    assert result["Count 1"] == 20
    assert result["Upper bound"] == np.inf


def test_samples_that_cannot_be_tested_are_errors() -> None:
    with pytest.raises(TooFewRows):
        run(TTest.read({"first": "x"}), TABLE.iloc[:1])
    with pytest.raises(InvalidValues, match="do not vary"):
        run(TTest.read({"first": "x"}), TABLE.assign(x=7))
    table = TABLE.assign(group=["a", "b", "c"] * 10)
    with pytest.raises(InvalidValues, match="3 values"):
        run(TTest.read({"test": "Two groups of a column", "first": "x", "group": "group"}), table)
    with pytest.raises(WrongColumnType, match="'group'"):
        run(TTest.read({"first": "group"}), TABLE)


def test_the_script_computes_the_same() -> None:
    same_as_script(TTest.read({"test": "Two groups of a column", "first": "x", "group": "group"}), TABLE)
