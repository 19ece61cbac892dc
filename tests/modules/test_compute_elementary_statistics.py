"""Compute Elementary Statistics against hand calculations and scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from designer.contract.errors import EmptySelection, WrongColumnType
from modules.statistics.compute_elementary_statistics import ComputeElementaryStatistics
from tests.modules.readings import run, same_as_script

X = [4.0, 1.0, 2.0, 2.0, 9.0]
TABLE = pd.DataFrame({"x": [*X, np.nan], "text": ["a"] * 6})
WANTED = {
    "Count": 5, "Missing values": 1, "Distinct values": 4, "Sum": 18, "Product": 144, "Minimum": 1, "Maximum": 9,
    "Range": 8, "Mean": 3.6, "Median": 2, "1st quartile": 2, "3rd quartile": 4, "Interquartile range": 2, "Mode": 2,
    "Population variance": 8.24, "Sample variance": 10.3, "Mean deviation": 2.32, "Median deviation": 1,
    "Sum of squares": 106, "Squared deviations": 41.2,
}  # fmt: skip
PEERS: dict[str, Any] = {
    "Geometric mean": stats.gmean, "Harmonic mean": stats.hmean, "Standard error of the mean": stats.sem,
    "Sample standard deviation": lambda x: np.std(x, ddof=1), "Population standard deviation": np.std,
    "Sample skewness": lambda x: stats.skew(x, bias=False), "Sample kurtosis": lambda x: stats.kurtosis(x, bias=False),
}  # fmt: skip


def figure(method: str, cells: Any) -> float:
    table = pd.DataFrame({"x": np.array(cells, dtype="float64")})
    result = run(ComputeElementaryStatistics.read({"method": method, "columns": ["x"]}), table)
    return float(result[f"{method}(x)"].iloc[0])


@pytest.mark.parametrize("method", WANTED)
def test_hand_calculated_figures(method: str) -> None:
    assert figure(method, [*X, np.nan]) == pytest.approx(WANTED[method], rel=1e-14)


@pytest.mark.parametrize("method", PEERS)
def test_figures_equal_those_of_scipy(method: str) -> None:
    assert figure(method, X) == pytest.approx(PEERS[method](X), rel=1e-12)


def test_every_method_is_pinned_here() -> None:
    choices = ComputeElementaryStatistics.spec().parameter("method").choices  # type: ignore[union-attr]
    assert set(choices) == set(WANTED) | set(PEERS)


def test_nothing_is_missing_except_counts_and_the_sum() -> None:
    assert (figure("Sum", []), figure("Count", [np.nan])) == (0, 0)
    assert np.isnan(figure("Mean", [np.nan]))
    assert np.isnan(figure("Sample variance", [1]))
    assert np.isnan(figure("Geometric mean", [1, 0]))


def test_text_and_an_empty_selection_are_errors() -> None:
    with pytest.raises(WrongColumnType, match="'text' is String"):
        run(ComputeElementaryStatistics.read({"columns": ["text"]}), TABLE)
    with pytest.raises(EmptySelection, match="Column set"):
        run(ComputeElementaryStatistics(), TABLE[["text"]])


def test_the_script_computes_the_same() -> None:
    same_as_script(ComputeElementaryStatistics.read({"method": "Sample kurtosis"}), TABLE)
