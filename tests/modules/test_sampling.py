"""Partition and Sample, SMOTE."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import (
    DesignerError,
    InvalidParameter,
)
from designer.contract.schema import Role, Schema
from modules.sample.smote import SMOTE
from modules.split.partition_and_sample import FOLDS, PartitionAndSample

FRAME = pd.DataFrame({"row": range(100), "key": ["a"] * 70 + ["b"] * 30})


def part(frame: pd.DataFrame = FRAME, **parameters: Any) -> pd.DataFrame:
    return PartitionAndSample.read(parameters).run(frame)


def test_the_head_is_the_first_rows_or_all() -> None:
    assert part(mode="Head", rows=3)["row"].tolist() == [0, 1, 2]
    assert len(part(mode="Head", rows=1000)) == 100


def test_a_sample_is_seeded_and_may_be_stratified() -> None:
    sample = part(rate=0.2, sample_seed=4)
    assert sample["row"].tolist() == sorted(np.random.RandomState(4).permutation(100)[:20])
    stratified = part(rate=0.2, sample_stratified=True, sample_key="key")
    assert stratified["key"].value_counts().to_dict() == {"a": 14, "b": 6}


def test_folds_are_dealt_out_in_turn() -> None:
    dealt = part(mode="Assign to Folds", folds=3, randomized=False)
    assert dealt[FOLDS].tolist()[:4] == [1, 2, 3, 1]
    shuffled = part(mode="Assign to Folds", folds=3)
    assert sorted(shuffled[FOLDS].value_counts()) == [33, 33, 34]
    assert shuffled[FOLDS].tolist() != dealt[FOLDS].tolist()
    module = PartitionAndSample.read({"mode": "Assign to Folds"})
    assert module.infer(Schema.of(FRAME))[FOLDS].role is Role.NONE


def test_strata_and_proportions_are_kept() -> None:
    even = part(mode="Assign to Folds", folds=5, stratified=True, key="key")
    assert set(pd.crosstab(even["key"], even[FOLDS]).loc["b"]) == {6}
    sizes = part(mode="Assign to Folds", method="Partition with customized proportions", proportions="0.5, 0.3")
    assert sizes[FOLDS].value_counts().to_dict() == {1: 50, 2: 30, 3: 20}


def test_a_fold_is_picked_or_left_out() -> None:
    dealt = part(mode="Assign to Folds", folds=4, randomized=False)
    assert part(dealt, mode="Pick Fold", fold=2)["row"].tolist() == list(range(1, 100, 4))
    assert len(part(dealt, mode="Pick Fold", fold=2, complement=True)) == 75
    assert list(part(dealt, mode="Pick Fold").columns) == ["row", "key"]
    for frame in (dealt, FRAME):
        with pytest.raises(InvalidParameter) as error:
            part(frame, mode="Pick Fold", fold=9)
        assert error.value.code == "0018"


def test_rows_may_be_drawn_with_replacement() -> None:
    drawn = part(mode="Assign to Folds", replacement=True)
    assert len(drawn) == 100
    assert drawn["row"].duplicated().any()


@pytest.mark.parametrize("text", ["", "a", "0.5, -0.1", "0.7, 0.7"])
def test_proportions_must_be_shares(text: str) -> None:
    with pytest.raises(InvalidParameter):
        part(mode="Assign to Folds", method="Partition with customized proportions", proportions=text)


RANDOM = np.random.default_rng(0)
DONORS = pd.DataFrame(
    {
        "x": RANDOM.normal(size=748),
        "n": RANDOM.integers(0, 50, 748),
        "s": RANDOM.choice(["a", "b"], 748),
        "d": pd.Timestamp("2020-01-01") + pd.to_timedelta(RANDOM.integers(0, 999, 748), unit="h"),
        "y": [0] * 570 + [1] * 178,
    }
)


@pytest.mark.parametrize(("percentage", "rows"), [(0, 748), (100, 926), (200, 1104), (300, 1282)])
def test_totals_are_those_documented(percentage: int, rows: int) -> None:
    made = SMOTE.read({"label": "y", "percentage": percentage}).run(DONORS)
    assert len(made) == rows
    assert (made["y"] == 0).sum() == 570
    assert made.dtypes.tolist() == DONORS.dtypes.tolist()
    pd.testing.assert_frame_equal(made.head(748), DONORS)
    again = SMOTE.read({"label": "y", "percentage": percentage}).run(DONORS)
    pd.testing.assert_frame_equal(made, again)


def test_new_rows_lie_between_rows_of_the_minority() -> None:
    made = SMOTE.read({"label": "y", "neighbors": 5}).run(DONORS[["x", "n", "y"]]).iloc[748:]
    minority = DONORS[DONORS["y"] == 1]
    assert made["x"].between(minority["x"].min(), minority["x"].max()).all()
    assert set(made["y"]) == {1}


@pytest.mark.parametrize(
    ("frame", "parameters", "code"),
    [
        (DONORS.assign(y=range(748)), {}, "0018"),
        (DONORS.assign(x=np.nan), {}, "0018"),
        (DONORS.assign(x=np.inf), {}, "0033"),
        (DONORS[["s", "y"]], {}, "0020"),
        (DONORS, {"neighbors": 178}, "0021"),
        (DONORS, {"percentage": 50}, "0008"),
    ],
)
def test_what_smote_cannot_work_on_is_refused(frame: pd.DataFrame, parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(DesignerError) as refused:
        SMOTE.read({"label": "y", **parameters}).run(frame)
    assert refused.value.code == code
