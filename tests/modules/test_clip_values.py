"""Clip Values against the documented example and hand calculations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter, NotExportable, WrongColumnType
from designer.contract.onnx import OnnxGraph
from designer.contract.schema import Schema
from modules.transform.clip_values import ClipValues
from tests.parity import assert_same_in_onnx

TEN = pd.DataFrame({"x": range(1, 11)})


def clip(frame: pd.DataFrame = TEN, **parameters: Any) -> pd.DataFrame:
    return ClipValues.read(parameters).run(frame)


def test_the_documented_percentiles() -> None:
    clipped = clip(thresholds="ClipPeaksAndSubPeaks", both="Percentile", upper_percentile=60, lower_percentile=40)
    assert clipped["x"].tolist() == [4, 4, 4, 4, 5, 6, 7, 7, 7, 7]
    assert clipped["x"].dtype == "int64"


def test_a_value_equal_to_a_bound_is_inside() -> None:
    clipped = clip(upper_value=5, peak_substitute="Missing")
    assert clipped["x"].dropna().tolist() == [1, 2, 3, 4, 5]
    assert clipped["x"].dtype == "Int64"


@pytest.mark.parametrize(("substitute", "value"), [("Mean", 5.5), ("Median", 5.5), ("Threshold", 8)])
def test_substitutes_are_those_before_clipping(substitute: str, value: float) -> None:
    assert clip(upper_value=8, peak_substitute=substitute)["x"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8, value, value]


def test_clipped_columns_and_indicators_are_appended() -> None:
    clipped = clip(thresholds="ClipSubPeaks", lower_value=2.5, overwrite=False, indicate=True)
    assert list(clipped.columns) == ["x", "x_Clipped", "x_IsClipped"]
    assert clipped["x_Clipped"].tolist()[:3] == [2.5, 2.5, 3]
    assert clipped["x_IsClipped"].tolist() == [True] * 2 + [False] * 8


def test_what_cannot_be_clipped_is_refused() -> None:
    with pytest.raises(WrongColumnType, match="'s' is String"):
        clip(pd.DataFrame({"s": ["a"]}), columns=["s"])
    with pytest.raises(InvalidParameter, match="above the upper"):
        clip(thresholds="ClipPeaksAndSubPeaks", upper_value=1, lower_value=2)


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("substitute", ["Threshold", "Missing"])
def test_a_graph_clips_the_same(overwrite: bool, substitute: str) -> None:
    module = ClipValues.read(
        {
            "thresholds": "ClipPeaksAndSubPeaks",
            "upper_value": 7.5,
            "lower_value": 2,
            "peak_substitute": substitute,
            "overwrite": overwrite,
            "indicate": True,
        }
    )
    frame = pd.DataFrame({"x": [1.0, 2, 8, np.nan], "n": [1, 2, 8, 5]})
    assert_same_in_onnx(frame, module.run(frame), lambda graph, columns: module.to_onnx(graph, columns), 0)
    assert Schema.of(module.run(frame)) == module.infer(Schema.of(frame))


def test_percentiles_have_no_graph() -> None:
    with pytest.raises(NotExportable, match="depend on the other rows"):
        ClipValues.read({"upper": "Percentile"}).to_onnx(OnnxGraph(), OnnxGraph().input_table(Schema.of(TEN)))


def test_a_lower_percentile_above_the_upper_one_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="the lower bound 60 is above the upper 40"):
        clip(thresholds="ClipPeaksAndSubPeaks", both="Percentile", upper_percentile=40, lower_percentile=60)
    same = clip(thresholds="ClipPeaksAndSubPeaks", both="Percentile", upper_percentile=50, lower_percentile=50)
    assert same["x"].tolist() == [5] * 5 + [6] * 5


def test_percentiles_are_those_of_the_table_that_arrives() -> None:
    module = ClipValues.read({"upper": "Percentile", "upper_percentile": 50})
    for cells in ([1, 2, 3], [10, 20, 30]):
        assert module.run(pd.DataFrame({"x": cells}))["x"].tolist() == [cells[0], cells[1], cells[1]]
