"""Multiple Imputation against scikit-learn and a known relation."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer

from designer.contract.errors import ColumnNotFound, InvalidParameter, InvalidValues
from modules.encode.multiple_imputation import MultipleImputation
from tests.modules.readings import run, same_as_onnx, same_as_script

RANDOM = np.random.default_rng(5)
FULL = RANDOM.normal(size=(80, 2)) @ RANDOM.normal(size=(2, 4)) + RANDOM.normal(size=(80, 4)) / 5
TABLE = pd.DataFrame(np.where(RANDOM.random(FULL.shape) < 0.2, np.nan, FULL), columns=list("abcd"))
TABLE["whole"] = pd.array([i % 5 if i % 7 else None for i in range(80)], dtype="Int64")
TABLE["text"] = "t"
NUMBERS = ["a", "b", "c", "d", "whole"]


@pytest.mark.parametrize(("rounds", "initial", "clip"), [(10, "Mean", False), (2, "Median", True)])
def test_equals_scikit_learn(rounds: int, initial: str, clip: bool) -> None:
    imputed = run(MultipleImputation.read({"rounds": rounds, "initial": initial, "clip": clip}), TABLE)[0]
    cells = TABLE[NUMBERS].to_numpy("float64", na_value=np.nan)
    bounds = {"min_value": np.nanmin(cells, 0), "max_value": np.nanmax(cells, 0)} if clip else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = IterativeImputer(max_iter=rounds, initial_strategy=initial.lower(), **bounds).fit_transform(cells)
    np.testing.assert_allclose(imputed[NUMBERS], expected, rtol=1e-9, atol=1e-12)
    assert imputed["text"].equals(TABLE["text"])


def test_a_known_relation_is_recovered() -> None:
    x = np.arange(30.0)
    table = pd.DataFrame({"x": x, "y": np.where(x == 3, np.nan, 2 * x)})
    assert run(MultipleImputation(), table)[0]["y"].iloc[3] == pytest.approx(6, abs=1e-3)


def test_a_single_column_gets_its_mean() -> None:
    table = pd.DataFrame({"x": [1.0, np.nan, 3.0]})
    assert run(MultipleImputation(), table)[0]["x"].tolist() == [1, 2, 3]


def test_each_row_is_filled_by_itself_also_in_onnx_and_script() -> None:
    module = MultipleImputation()
    state = module.fit(TABLE)
    new = TABLE.iloc[:10].assign(a=[np.nan] * 10)
    alone = pd.concat([module.apply(state, new.iloc[[i]].reset_index(drop=True)) for i in range(10)], ignore_index=True)
    pd.testing.assert_frame_equal(alone, module.apply(state, new), rtol=1e-12)
    same_as_onnx(lambda graph, columns: module.apply_onnx(state, graph, columns), new, module.apply(state, new))
    same_as_script(module, TABLE)


def test_errors_name_the_column() -> None:
    with pytest.raises(InvalidValues, match="'a' has no value") as caught:
        run(MultipleImputation(), TABLE.assign(a=np.nan))
    assert caught.value.code == "0080"
    with pytest.raises(InvalidValues, match="'a' holds an infinite"):
        run(MultipleImputation(), TABLE.assign(a=np.inf))
    module = MultipleImputation()
    with pytest.raises(ColumnNotFound, match="'d'"):
        module.apply(module.fit(TABLE), TABLE[["a", "b", "c", "whole"]])


def test_so_many_columns_that_regressions_would_take_hours_are_refused() -> None:
    table = pd.DataFrame(np.ones((3, 4000))).rename(columns=str)
    with pytest.raises(InvalidParameter, match="Columns to be cleaned: 4,000 columns that predict each other"):
        MultipleImputation.read({}).run(table)
