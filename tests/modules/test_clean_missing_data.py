"""Clean Missing Data against scikit-learn and hand calculations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer

from designer.contract.errors import ConversionFailed, InvalidParameter, NotExportable, WrongColumnType
from designer.contract.onnx import OnnxGraph
from modules.transform.clean_missing_data import CleanMissingData
from tests.parity import assert_same_in_onnx

FRAME = pd.DataFrame(
    {
        "age": [20.0, 40.0, np.nan, np.nan],
        "rooms": pd.array([1, None, 4, 4], dtype="Int64"),
        "own": pd.array([True, None, False, True], dtype="boolean"),
        "city": pd.Series(["b", "a", None, "c"], dtype="str"),
        "grade": pd.Categorical(["x", None, "y", "x"]),
        "full": [1, 2, 3, 4],
        "empty": [np.nan] * 4,
    }
)


def clean(frame: pd.DataFrame = FRAME, **parameters: Any) -> pd.DataFrame:
    return CleanMissingData.read(parameters).run(frame).cleaned_dataset


def test_the_default_puts_a_zero_that_fits_each_type() -> None:
    cleaned = clean(columns=["age", "rooms", "own", "city"])
    assert cleaned["age"].tolist() == [20, 40, 0, 0]
    assert cleaned["rooms"].tolist() == [1, 0, 4, 4]
    assert cleaned["rooms"].dtype == "int64"
    assert cleaned["own"].tolist() == [True, False, False, True]
    assert cleaned["city"].tolist() == ["b", "a", "0", "c"]


@pytest.mark.parametrize(
    ("mode", "strategy"),
    [("Replace with mean", "mean"), ("Replace with median", "median"), ("Replace with mode", "most_frequent")],
)
def test_numbers_are_filled_as_scikit_learn_fills_them(mode: str, strategy: str) -> None:
    names = ["age", "rooms", "full"]
    expected = SimpleImputer(strategy=strategy).fit_transform(FRAME[names].astype("float64"))
    np.testing.assert_array_equal(clean(columns=names, mode=mode)[names].astype("float64"), expected)


def test_the_mode_of_categories_is_the_smallest_of_the_most_frequent() -> None:
    cleaned = clean(columns=["grade", "city", "own"], mode="Replace with mode")
    assert cleaned["grade"].tolist() == ["x", "x", "y", "x"]
    assert cleaned["city"].tolist() == ["b", "a", "a", "c"]
    assert cleaned["own"].tolist() == [True, True, False, True]


def test_a_column_is_cleaned_only_within_the_ratios() -> None:
    cleaned = clean(columns=["age", "rooms"], minimum_ratio=0.5, value="7")
    assert cleaned["age"].tolist() == [20, 40, 7, 7]
    assert cleaned["rooms"].isna().tolist() == [False, True, False, False]
    both_ends = clean(columns=["rooms"], minimum_ratio=0.25, maximum_ratio=0.25, value="7")
    assert both_ends["rooms"].tolist() == [1, 7, 4, 4]


def test_columns_without_any_value_are_removed_or_propagated() -> None:
    assert "empty" not in clean(columns=["age", "empty"], mode="Replace with mean")
    kept = clean(columns=["age", "empty"], mode="Replace with mean", empty_columns="Propagate")
    assert kept["empty"].isna().all()


def test_indicators_say_where_values_were_missing() -> None:
    cleaned = clean(columns=["age", "city"], indicate=True)
    assert list(cleaned.columns)[-2:] == ["age_IsMissing", "city_IsMissing"]
    assert cleaned["age_IsMissing"].tolist() == [False, False, True, True]


def test_rows_and_columns_are_removed() -> None:
    assert clean(columns=["age", "city"], mode="Remove entire row")["full"].tolist() == [1, 2]
    assert "age" not in clean(columns=["age", "full"], mode="Remove entire column")
    assert "full" in clean(columns=["age", "full"], mode="Remove entire column")


def test_a_method_that_does_not_fit_fails_the_module() -> None:
    with pytest.raises(WrongColumnType, match="'city'"):
        clean(columns=["age", "city"], mode="Replace with mean")
    with pytest.raises(ConversionFailed, match="'x' does not fit column 'rooms'"):
        clean(columns=["rooms"], value="x")
    with pytest.raises(ConversionFailed, match=r"'0\.5'"):
        clean(columns=["rooms"], value="0.5")
    with pytest.raises(InvalidParameter, match="above the maximum"):
        clean(minimum_ratio=0.9, maximum_ratio=0.1)


def test_the_transformation_uses_what_it_learned_and_passes_by_absent_columns() -> None:
    made = CleanMissingData.read({"columns": ["age", "rooms"], "mode": "Replace with mean"}).run(FRAME)
    other = pd.DataFrame({"age": [np.nan, 1.0], "else": [1, 2]})
    assert made.cleaning_transformation.apply(other)["age"].tolist() == [30.0, 1.0]


@pytest.mark.parametrize("mode", ["Custom substitution value", "Replace with mean", "Replace with mode"])
def test_a_graph_fills_the_same(mode: str) -> None:
    names = ["age", "rooms", "own"] + ([] if mode == "Replace with mean" else ["city", "grade"])
    module = CleanMissingData.read({"columns": names, "mode": mode, "indicate": True})
    made = module.run(FRAME)
    state = made.cleaning_transformation.state
    assert_same_in_onnx(FRAME, made.cleaned_dataset, lambda graph, columns: module.apply_onnx(state, graph, columns), 0)


def test_a_graph_cannot_remove_rows() -> None:
    module = CleanMissingData.read({"columns": ["age"], "mode": "Remove entire row"})
    with pytest.raises(NotExportable, match="removes rows"):
        module.apply_onnx(module.fit(FRAME), OnnxGraph(), {})


def test_a_method_need_not_fit_columns_that_miss_nothing() -> None:
    frame = pd.DataFrame({"x": [1.0, None, 3.0], "s": ["a", "b", "c"]})
    assert clean(frame, mode="Replace with mean").to_dict("list") == {"x": [1.0, 2.0, 3.0], "s": ["a", "b", "c"]}


def test_the_mean_of_flags_is_their_share() -> None:
    assert clean(columns=["own"], mode="Replace with mean")["own"].tolist() == [1, pytest.approx(2 / 3), 0, 1]
    with pytest.raises(WrongColumnType, match="'own'"):
        clean(columns=["own"], mode="Replace with median")


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (pd.Series([1, None], dtype="Int64"), "0.5"),
        (pd.Series([1.0, None]), "nan"),
        (pd.Series([1.0, None]), ""),
        (pd.Series([True, None], dtype="boolean"), "2"),
        (pd.Series(pd.Categorical([1, None])), "0.5"),
        (pd.Series(pd.Categorical([True, None])), "7"),
        (pd.Series(pd.to_datetime(["2020-01-01", None])), "now"),
        (pd.Series(pd.to_datetime(["2020-01-01", None])), "12:30"),
        (pd.Series(pd.to_datetime(["2020-01-01", None])), ""),
    ],
)
def test_a_custom_value_must_be_one_of_the_columns_type(cells: pd.Series, value: str) -> None:
    with pytest.raises(ConversionFailed, match="does not fit column 'x'") as error:
        clean(pd.DataFrame({"x": cells}), value=value)
    assert error.value.code == "0002"


def test_levels_keep_their_type() -> None:
    flags = clean(pd.DataFrame({"x": pd.Categorical([True, None])}), value="0")["x"]
    assert (flags.tolist(), flags.cat.categories.dtype) == ([True, False], "bool")
    moments = pd.to_datetime(["2020-01-01", None]).tz_localize("Europe/Berlin")
    filled = clean(pd.DataFrame({"x": moments}), value="2021-06-01 12:00")["x"]
    assert filled[1] == pd.Timestamp("2021-06-01 10:00", tz="UTC")


def test_a_saved_removal_of_rows_removes_rows_of_other_tables() -> None:
    made = CleanMissingData.read({"columns": ["age", "city"], "mode": "Remove entire row"}).run(FRAME)
    request = pd.DataFrame({"age": [1.0, np.nan], "rooms": [np.nan, 2.0]})
    assert made.cleaning_transformation.apply(request)["age"].tolist() == [1.0]
