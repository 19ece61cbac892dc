"""Group Data into Bins against pandas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter, NotSorted, WrongColumnType
from modules.transform.group_data_into_bins import GroupDataIntoBins
from tests.parity import assert_same_in_onnx

FRAME = pd.DataFrame({"x": np.random.default_rng(3).normal(size=200).round(4), "n": np.arange(200) % 13})


def module(**parameters: Any) -> GroupDataIntoBins:
    return GroupDataIntoBins.read(
        {"categorical": False, "output_mode": "Inplace", "normalization": "QuantileIndex", **parameters}
    )


def test_quantiles_and_equal_widths_are_those_of_pandas() -> None:
    quantiles = module(columns=["x"], bins=7).run(FRAME).quantized_dataset
    assert quantiles["x"].tolist() == (pd.qcut(FRAME["x"], 7, labels=False) + 1).tolist()
    widths = module(columns=["x"], bins=7, mode="Equal Width").run(FRAME).quantized_dataset
    assert widths["x"].tolist() == (pd.cut(FRAME["x"], 7, labels=False) + 1).tolist()


def test_the_documented_index_of_ten() -> None:
    frame = pd.DataFrame({"x": range(100)})
    forms = {
        form: module(normalization=form).run(frame).quantized_dataset["x"][35]
        for form in ("QuantileIndex", "PQuantile", "Percent")
    }
    assert forms["QuantileIndex"] == 4
    assert forms["PQuantile"] == pytest.approx(0.363636, abs=1e-6)
    assert forms["Percent"] == pytest.approx(36.36, abs=0.005)


def test_an_edge_belongs_to_the_bin_below_it() -> None:
    frame = pd.DataFrame({"x": [-5.0, 0.0, 0.1, 10.0, 10.1, np.nan]})
    made = module(mode="Custom Edges", edges="0, 10").run(frame).quantized_dataset
    assert made["x"].tolist() == [1, 1, 2, 2, 3, pd.NA]


@pytest.mark.parametrize("text", ["", "a,b", "1,nan,3", "1,inf"])
def test_edges_must_be_ascending_numbers(text: str) -> None:
    with pytest.raises(InvalidParameter, match="not a list of numbers") as refused:
        module(mode="Custom Edges", edges=text).run(FRAME)
    assert refused.value.code == "0002"
    with pytest.raises(NotSorted) as error:
        module(mode="Custom Edges", edges="1, 1").run(FRAME)
    assert error.value.code == "0019"


def test_results_are_categorical_with_a_level_for_each_bin() -> None:
    made = GroupDataIntoBins.read({"columns": ["n"], "bins": 3, "mode": "Equal Width"}).run(FRAME).quantized_dataset
    assert list(made.columns) == ["x", "n", "n_quantized"]
    assert made["n_quantized"].cat.categories.tolist() == [1, 2, 3]


@pytest.mark.parametrize("form", ["QuantileIndex", "PQuantile", "Percent"])
@pytest.mark.parametrize("categorical", [True, False])
def test_other_tables_get_the_same_edges_in_a_graph_too(form: str, categorical: bool) -> None:
    binning = GroupDataIntoBins.read({"bins": 4, "normalization": form, "categorical": categorical})
    state = binning.fit(FRAME)
    rows = pd.DataFrame({"x": [-99.0, np.nan, 99, state["edges"]["x"][1]], "n": [0, 5, 6, 99]})
    made = binning.apply(state, rows)
    assert_same_in_onnx(rows, made, lambda graph, columns: binning.apply_onnx(state, graph, columns), 0)


@pytest.mark.parametrize(("form", "low", "high"), [("Percent", 0, 100), ("PQuantile", 0, 1), ("QuantileIndex", 1, 10)])
def test_bins_are_written_within_the_documented_ranges(form: str, low: float, high: float) -> None:
    made = module(columns=["x"], normalization=form).run(FRAME).quantized_dataset["x"]
    assert made.between(low, high).all()
    assert made.nunique() == 10


def test_the_first_column_that_is_no_number_is_named() -> None:
    frame = FRAME.assign(s="a", t="b")
    with pytest.raises(WrongColumnType, match="'s' is String"):
        module(columns=["x", "s", "t"]).run(frame)
