"""Normalize Data against scikit-learn and scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.preprocessing import MinMaxScaler, QuantileTransformer, StandardScaler

from designer.contract.errors import InvalidValues, TooFewRows, WrongColumnType
from modules.transform.normalize_data import NormalizeData
from tests.parity import assert_same_in_onnx

FRAME = pd.DataFrame({"a": [1.0, 2.5, 4.0, 10.0], "b": [3, 1, 2, 9], "s": list("wxyz")})


def scale(method: str, frame: pd.DataFrame = FRAME, **parameters: Any) -> pd.DataFrame:
    return NormalizeData.read({"method": method, **parameters}).run(frame).transformed_dataset


@pytest.mark.parametrize(("method", "scaler"), [("ZScore", StandardScaler()), ("MinMax", MinMaxScaler())])
def test_scales_are_those_of_scikit_learn(method: str, scaler: Any) -> None:
    expected = scaler.fit_transform(FRAME[["a", "b"]])
    np.testing.assert_allclose(scale(method)[["a", "b"]], expected, rtol=1e-14, atol=1e-15)


def test_other_methods_follow_their_formulas() -> None:
    np.testing.assert_allclose(scale("Logistic")["a"], 1 / (1 + np.exp(-FRAME["a"])), rtol=1e-15)
    np.testing.assert_allclose(scale("TanH")["a"], np.tanh(FRAME["a"]), rtol=1e-15)
    shape, _, width = stats.lognorm.fit(FRAME["a"], floc=0)
    np.testing.assert_allclose(scale("LogNormal")["a"], stats.lognorm.cdf(FRAME["a"], shape, 0, width), rtol=1e-9)


def test_later_values_are_not_clamped() -> None:
    function = NormalizeData.read({"method": "MinMax"}).run(pd.DataFrame({"x": [1, 2, 3]})).transformation_function
    assert function.apply(pd.DataFrame({"x": [36.52, -0.976, 5.0]}))["x"].tolist() == pytest.approx(
        [17.76, -0.988, 2.0]
    )


def test_a_constant_column_becomes_zero_or_missing() -> None:
    constant = pd.DataFrame({"x": [0.1, 0.1, 0.1, np.nan]})
    assert scale("ZScore", constant)["x"].tolist()[:3] == [0, 0, 0]
    assert scale("MinMax", constant, zero_for_constant=False)["x"].isna().all()


def test_missing_values_stay_missing_and_text_passes() -> None:
    scaled = scale("ZScore", pd.DataFrame({"x": pd.array([1, None, 3], dtype="Int64"), "s": list("abc")}))
    assert scaled["x"].tolist()[0] == -1
    assert np.isnan(scaled["x"][1])
    assert scaled["s"].tolist() == list("abc")


def test_what_has_no_scale_is_refused() -> None:
    with pytest.raises(WrongColumnType, match="'s' is String"):
        scale("ZScore", columns=["s"])
    with pytest.raises(TooFewRows):
        scale("ZScore", FRAME.head(0))
    with pytest.raises(InvalidValues, match="infinite"):
        scale("ZScore", pd.DataFrame({"x": [1, np.inf]}))
    with pytest.raises(InvalidValues, match="not positive"):
        scale("LogNormal", pd.DataFrame({"x": [1.0, 0.0]}))


@pytest.mark.parametrize("method", ["ZScore", "MinMax", "Logistic", "TanH"])
def test_a_graph_scales_the_same(method: str) -> None:
    module = NormalizeData.read({"method": method})
    state = module.fit(FRAME)
    rows = pd.DataFrame({"a": [-7.3, np.nan, 1e6], "b": pd.array([5, None, -3], dtype="Int64"), "s": list("abc")})
    assert_same_in_onnx(
        rows, module.apply(state, rows), lambda graph, columns: module.apply_onnx(state, graph, columns), 1e-15
    )


@pytest.mark.parametrize("method", ["ZScore", "MinMax"])
def test_numbers_whose_spread_is_no_number_are_refused(method: str) -> None:
    with pytest.raises(InvalidValues, match="column 'x' are too large"):
        scale(method, pd.DataFrame({"x": [1e308, -1e308]}))
    for bounded in ("TanH", "Logistic"):
        assert scale(bounded, pd.DataFrame({"x": [1e308, -1e308]}))["x"].tolist()[0] == 1


def test_tanh_reaches_from_minus_one_to_one() -> None:
    assert scale("TanH", pd.DataFrame({"x": [-1e9, 0.0, 1e9]}))["x"].tolist() == [-1, 0, 1]


@pytest.mark.parametrize("rows", [2, 7, 80, 3000])
def test_quantiles_are_those_of_scikit_learn_ties_included(rows: int) -> None:
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame({"x": rng.lognormal(size=rows), "tied": rng.integers(0, 4, rows).astype("float64")})
    frame.loc[0, "tied"], frame.loc[1, "tied"] = 0.0, 3.0
    theirs = QuantileTransformer(n_quantiles=min(1000, rows), subsample=None).fit(frame)
    module = NormalizeData.read({"method": "Quantile"})
    state = module.fit(frame)
    later = pd.DataFrame({"x": [-1.0, 0.5, 1.0, 1e9, np.nan], "tied": [0.0, 1.5, 2.0, 3.0, -7.0]})
    for table in (frame, later):
        np.testing.assert_allclose(module.apply(state, table), theirs.transform(table), rtol=1e-12, atol=1e-12)
        assert_same_in_onnx(
            table, module.apply(state, table), lambda graph, columns: module.apply_onnx(state, graph, columns)
        )


def test_whole_numbers_of_many_digits_have_their_ranks() -> None:
    first = 2**60
    scaled = scale("Quantile", pd.DataFrame({"x": [first, first + 1, first + 2]}))
    assert scaled["x"].tolist() == [0, 0.5, 1]
