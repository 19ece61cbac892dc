"""Convert to Indicator Values against pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import DuplicateColumns, NotCategorical
from modules.transform.convert_to_indicator_values import ConvertToIndicatorValues
from tests.parity import assert_same_in_onnx

FRAME = pd.DataFrame(
    {
        "Failure score": pd.Categorical(["Low", "High", None, "Low"]),
        "n": pd.Categorical([1, 2, 1, 2]),
        "x": [1, 2, 3, 4],
    }
)


def test_names_and_values_are_those_documented() -> None:
    made = ConvertToIndicatorValues.read({"columns": ["Failure score", "n"]}).run(FRAME)
    names = ["Failure score- High", "Failure score- Low", "Failure score- Missing", "n- 1", "n- 2"]
    assert list(made.results_dataset.columns) == ["Failure score", "n", "x", *names]
    expected = pd.get_dummies(FRAME[["Failure score", "n"]], dtype=int).to_numpy()
    np.testing.assert_array_equal(made.results_dataset[[n for n in names if "Missing" not in n]], expected)
    assert made.results_dataset["Failure score- Missing"].tolist() == [0, 0, 1, 0]


def test_overwrite_keeps_only_the_indicators() -> None:
    made = ConvertToIndicatorValues.read({"columns": ["n"], "overwrite": True}).run(FRAME)
    assert list(made.results_dataset.columns) == ["Failure score", "x", "n- 1", "n- 2"]


def test_an_unseen_category_sets_no_indicator_anywhere() -> None:
    module = ConvertToIndicatorValues.read({"columns": ["Failure score", "n"], "overwrite": True})
    state = module.fit(FRAME)
    rows = pd.DataFrame(
        {"Failure score": pd.Categorical(["Odd", "Low", None]), "n": pd.Categorical([9, 1, 2]), "x": [1, 2, 3]}
    )
    made = module.apply(state, rows)
    assert made.iloc[0, 1:].tolist() == [0, 0, 0, 0, 0]
    assert_same_in_onnx(rows, made, lambda graph, columns: module.apply_onnx(state, graph, columns), 0)
    text = module.apply(state, pd.DataFrame({"Failure score": pd.Series(["Low", "Odd"], dtype="str")}))
    assert text["Failure score- Low"].tolist() == [1, 0]


def test_text_is_not_categorical_until_edit_metadata_says_so() -> None:
    with pytest.raises(NotCategorical, match="'x' is Integer") as error:
        ConvertToIndicatorValues.read({"columns": ["x"]}).run(FRAME)
    assert error.value.code == "0056"
    with pytest.raises(DuplicateColumns):
        ConvertToIndicatorValues.read({"columns": ["n"]}).run(FRAME.assign(**{"n- 1": 0}))


def test_a_level_named_missing_beside_missing_cells_is_refused() -> None:
    frame = pd.DataFrame({"c": pd.Categorical(["Missing", None])})
    with pytest.raises(DuplicateColumns, match="'c- Missing'"):
        ConvertToIndicatorValues.read({"columns": ["c"]}).run(frame)


def test_a_table_without_missing_cells_gets_no_indicator_of_them() -> None:
    made = ConvertToIndicatorValues.read({"columns": ["n"]}).run(FRAME)
    assert not [name for name in made.results_dataset if name.endswith("Missing")]
    later = made.indicator_values_transformation.apply(pd.DataFrame({"n": pd.Categorical([None, 1])}))
    assert later.iloc[:, 1:].to_numpy().tolist() == [[0, 0], [1, 0]]
