"""Join Data against pandas.merge and hand calculations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import InvalidParameter, MismatchedTables
from designer.contract.schema import Schema
from modules.join.join_data import JoinData

LEFT = pd.DataFrame({"id": [3, 1, 2, 1], "name": list("abcd"), "v": [1, 2, 3, 4]})
RIGHT = pd.DataFrame({"key": [1, 1, 9, 3], "v": [10, 20, 30, 40], "ok": [True, False, True, True]})


def join(left: pd.DataFrame = LEFT, right: pd.DataFrame = RIGHT, **parameters: Any) -> pd.DataFrame:
    return JoinData.read({"left_keys": ["id"], "right_keys": ["key"], **parameters}).run(left, right)


@pytest.mark.parametrize(
    ("how", "kind"), [("Inner Join", "inner"), ("Left Outer Join", "left"), ("Full Outer Join", "outer")]
)
def test_rows_are_those_of_pandas(how: str, kind: Any) -> None:
    joined = join(join_type=how)
    merged = LEFT.merge(RIGHT, left_on="id", right_on="key", how=kind, suffixes=("", "_2"))
    by = ["id", "name", "v_2"]
    ours, theirs = (frame.sort_values(by).reset_index(drop=True).astype("object") for frame in (joined, merged))
    assert list(joined.columns) == list(merged.columns)
    assert ours.where(ours.notna(), None).values.tolist() == theirs.where(theirs.notna(), None).values.tolist()


def test_whole_numbers_and_flags_stay_so_where_rows_do_not_match() -> None:
    joined = join(join_type="Full Outer Join")
    assert {n: d.name for n, d in joined.dtypes.items()} == {
        "id": "Int64",
        "name": "str",
        "v": "Int64",
        "key": "Int64",
        "v_2": "Int64",
        "ok": "boolean",
    }
    assert joined["name"].tolist()[:5] == ["a", "b", "b", "c", "d"]


def test_a_semi_join_keeps_each_matching_left_row_once() -> None:
    assert join(join_type="Left Semi-Join").to_dict("list") == LEFT.iloc[[0, 1, 3]].to_dict("list")


def test_right_keys_may_be_left_out() -> None:
    assert "key" not in join(keep_right_keys=False)
    full = join(join_type="Full Outer Join", keep_right_keys=False)
    assert full["id"].tolist()[-1] == 9


def test_missing_keys_match_nothing_and_case_may_be_ignored() -> None:
    left = pd.DataFrame({"id": pd.Series(["A", None, "b"], dtype="str")})
    right = pd.DataFrame({"key": pd.Series(["a", None, "b"], dtype="str").astype("category"), "n": [1, 2, 3]})
    assert join(left, right)["n"].tolist() == [3]
    assert join(left, right, match_case=False)["n"].tolist() == [1, 3]


def test_composite_keys_pair_up_in_the_order_chosen() -> None:
    left = pd.DataFrame({"a": [1, 1], "b": [2, 3]})
    right = pd.DataFrame({"x": [2, 3], "y": [1.0, 1.0], "n": [5, 6]})
    keys = {"ordered": True, "rules": [{"names": ["y", "x"]}]}
    assert join(left, right, left_keys=["a", "b"], right_keys=keys)["n"].tolist() == [5, 6]


def test_keys_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(MismatchedTables, match="'name' is String") as error:
        join(left_keys=["name"])
    assert error.value.code == "0154"
    with pytest.raises(InvalidParameter, match="2 left and 1 right"):
        join(left_keys=["id", "v"])


@pytest.mark.parametrize("how", ["Inner Join", "Left Outer Join", "Full Outer Join", "Left Semi-Join"])
@pytest.mark.parametrize("keep", [True, False])
def test_columns_are_known_before_the_run(how: str, keep: bool) -> None:
    module = JoinData.read({"left_keys": ["id"], "right_keys": ["key"], "join_type": how, "keep_right_keys": keep})
    inferred = module.infer(Schema.of(LEFT), Schema.of(RIGHT))
    assert [(c.name, c.kind) for c in inferred] == [(c.name, c.kind) for c in Schema.of(module.run(LEFT, RIGHT))]


def test_empty_tables_join() -> None:
    assert len(join(LEFT.head(0))) == 0
    left = join(right=RIGHT.head(0), join_type="Left Outer Join")
    assert left["ok"].isna().all()
    assert np.array_equal(left["id"], LEFT["id"])


def test_whole_and_decimal_keys_agree_only_where_they_are_equal() -> None:
    left = pd.DataFrame({"id": [2**53, 2**53 + 1, 3, 4]})
    right = pd.DataFrame({"key": [float(2**53), 3.5, 4.0, np.inf, np.nan]})
    assert join(left, right)["id"].tolist() == [2**53, 4]
    assert join(right.rename(columns={"key": "id"}), left.rename(columns={"id": "key"}))["key"].tolist() == [2**53, 4]
    nullable = pd.DataFrame({"id": pd.array([2**53 + 1, None], dtype="Int64")})
    assert join(nullable, pd.DataFrame({"key": [2**53, 2**53 + 1]}))["key"].tolist() == [2**53 + 1]


def test_a_key_with_a_time_zone_is_no_key_without_one() -> None:
    moments = pd.to_datetime(["2020-01-01 01:00"])
    left, right = pd.DataFrame({"id": moments.tz_localize("Europe/Berlin")}), pd.DataFrame({"key": moments})
    with pytest.raises(MismatchedTables, match="only one of the keys 'id' and 'key' has a time zone") as error:
        join(left, right)
    assert error.value.code == "0154"
    elsewhere = pd.DataFrame({"key": pd.to_datetime(["2020-01-01"]).tz_localize("UTC")})
    assert len(join(left, elsewhere)) == 1


@pytest.mark.parametrize(
    ("left", "right", "kind", "keys"),
    [
        (pd.Series([1, 2]), pd.Series([2, 5]), "int64", [1, 2, 5]),
        (pd.Series([1, 2]), pd.Series([2.0, 2.5]), "float64", [1.0, 2.0, 2.5]),
        (pd.Series([2.0, 2.5]), pd.Series([2, 5]), "float64", [2.0, 2.5, 5.0]),
        (pd.Series(["a", "b"]), pd.Series(pd.Categorical(["b", "c"])), "str", ["a", "b", "c"]),
        (pd.Series(pd.Categorical(["a", "b"])), pd.Series(["b", "c"]), "str", ["a", "b", "c"]),
        (pd.Series(pd.Categorical(["a", "b"])), pd.Series(pd.Categorical(["b", "c"])), "category", ["a", "b", "c"]),
        (pd.Series(pd.Categorical([1, 2])), pd.Series(pd.Categorical([2, 3])), "category", [1, 2, 3]),
        (pd.Series(pd.Categorical([1])), pd.Series(pd.Categorical(["1", "b"])), "category", ["1", "b"]),
        (pd.Series([1, None], dtype="Int64"), pd.Series([1, 5]), "Int64", [1, pd.NA, 5]),
        (pd.Series([True]), pd.Series([True, False]), "bool", [True, False]),
        (
            pd.Series(pd.to_datetime(["2020-01-01"])).dt.tz_localize("Asia/Tokyo"),
            pd.Series(pd.to_datetime(["2020-01-02"])).dt.tz_localize("UTC"),
            "datetime64[us, Asia/Tokyo]",
            [pd.Timestamp("2019-12-31 15:00", tz="UTC"), pd.Timestamp("2020-01-02", tz="UTC")],
        ),
    ],
)
def test_a_full_join_without_right_keys_shows_them_in_the_left_ones(
    left: pd.Series, right: pd.Series, kind: str, keys: list[Any]
) -> None:
    module = JoinData.read(
        {"left_keys": ["id"], "right_keys": ["key"], "join_type": "Full Outer Join", "keep_right_keys": False}
    )
    tables = pd.DataFrame({"id": left}), pd.DataFrame({"key": right, "n": range(len(right))})
    joined = module.run(*tables)
    assert (joined["id"].dtype.name, joined["id"].tolist()) == (kind, keys)
    assert [(c.name, c.kind) for c in module.infer(*map(Schema.of, tables))] == [
        (c.name, c.kind) for c in Schema.of(joined)
    ]
