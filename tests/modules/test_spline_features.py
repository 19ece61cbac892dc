"""Spline Features against scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import SplineTransformer

from designer.contract.errors import DuplicateColumns, InfiniteValues, InvalidValues, TooFewRows, WrongColumnType
from modules.transform.spline_features import SplineFeatures
from tests.parity import assert_same_in_onnx

RNG = np.random.default_rng(0)
FRAME = pd.DataFrame({"a": RNG.normal(size=80), "n": RNG.integers(0, 50, 80), "s": list("wxyz") * 20})
BEYOND = pd.DataFrame(
    {"a": [-9.0, -2.0, 0.0, 0.1, 9.0, FRAME["a"].max(), FRAME["a"].min()], "n": [0, 9, 49, 50, 99, -3, 7]}
)


def splines(frame: pd.DataFrame = FRAME, **parameters: Any) -> Any:
    return SplineFeatures.read(parameters).run(frame)


@pytest.mark.parametrize("degree", [1, 2, 3, 5])
@pytest.mark.parametrize(("placement", "knots"), [("Quantiles", "quantile"), ("Equal distances", "uniform")])
@pytest.mark.parametrize(("outside", "extrapolation"), [("Constant", "constant"), ("Straight line", "linear")])
def test_the_columns_are_those_of_scikit_learn(
    degree: int, placement: str, knots: str, outside: str, extrapolation: str
) -> None:
    made = splines(degree=degree, placement=placement, outside=outside, knots=6, columns=["a", "n"])
    names = {name: [f"{name}_spline_{n}" for n in range(1, 6 + degree - 1)] for name in ("a", "n")}
    assert list(made.transformed_dataset) == ["s", *names["a"], *names["n"]]
    for name in names:  # one by one: scikit-learn 1.9 counts the degree up from column to column for lines
        theirs = SplineTransformer(6, degree, knots=knots, extrapolation=extrapolation, include_bias=False)
        theirs.fit(FRAME[[name]])
        for rows in (FRAME, BEYOND):
            applied = made.transformation_function.apply(rows)[names[name]]
            np.testing.assert_allclose(applied, theirs.transform(rows[[name]]), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("parameters", [{}, {"degree": 1, "knots": 2}, {"outside": "Straight line", "keep": True}])
def test_onnx_gives_the_same(parameters: dict[str, Any]) -> None:
    module = SplineFeatures.read({"columns": ["a", "n"], **parameters})
    state = module.fit(FRAME)
    frame = pd.concat([BEYOND, pd.DataFrame({"a": [None], "n": [None]})], ignore_index=True).astype("float64")
    assert_same_in_onnx(
        frame, module.apply(state, frame), lambda graph, columns: module.apply_onnx(state, graph, columns)
    )


def test_a_line_over_splines_follows_a_curve() -> None:
    x = np.linspace(0, 10, 400)
    table = splines(pd.DataFrame({"x": x}), knots=8).transformed_dataset
    fitted = LinearRegression().fit(table, np.sin(x))
    assert fitted.score(table, np.sin(x)) > 0.999


def test_missing_values_stay_missing_and_a_constant_column_has_splines() -> None:
    table = splines(pd.DataFrame({"x": [1.0, None, 2.0, 5.0], "c": 7.0}), knots=3, degree=2).transformed_dataset
    assert table.filter(like="x_").isna().any(axis=1).tolist() == [False, True, False, False]
    assert np.isfinite(table.filter(like="c_")).all(axis=None)
    assert (table.filter(like="c_").nunique() == 1).all()


def test_quantiles_that_coincide_become_equal_distances() -> None:
    tied = pd.DataFrame({"x": [0.0] * 50 + [1.0, 2.0, 3.0, 10.0]})
    pd.testing.assert_frame_equal(
        splines(tied).transformed_dataset, splines(tied, placement="Equal distances").transformed_dataset
    )


def test_what_has_no_splines_is_refused() -> None:
    with pytest.raises(WrongColumnType, match="'s' is String"):
        splines(columns=["s"])
    with pytest.raises(TooFewRows):
        splines(FRAME.head(0))
    with pytest.raises(InfiniteValues):
        splines(pd.DataFrame({"x": [1.0, np.inf]}))
    with pytest.raises(InvalidValues, match="no knots fit between the numbers of column 'x'"):
        splines(pd.DataFrame({"x": [-1.7e308, 1.7e308]}))
    with pytest.raises(DuplicateColumns):
        splines(FRAME.assign(a_spline_1=1), columns=["a"])
