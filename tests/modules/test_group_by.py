"""Group By against hand calculations and plain pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import DuplicateColumns, InvalidParameter, InvalidValues, WrongColumnType
from modules.reshape.group_by import GroupBy
from modules.reshape.groups import group_numbers
from tests.modules.readings import run, same_as_script

SALES = pd.DataFrame(
    {
        "shop": pd.Series(["b", "a", "b", None, "a"], dtype="str"),
        "price": [4.0, 1.0, 8.0, 5.0, float("nan")],
        "pieces": [1, 2, 3, 4, 6],
        "color": pd.Categorical(["red", "blue", "red", "blue", "red"]),
        "open": [True, False, True, True, True],
    }
)
EVERY = "sum, mean, median, min, max, std, var, count, distinct, missing, first, last, mode"


def test_hand_calculated_totals_of_each_group() -> None:
    groups = run(GroupBy.read({"by": ["shop"], "values": ["price", "pieces"], "functions": EVERY, "rows": True}), SALES)
    assert groups["shop"].fillna("-").tolist() == ["a", "b", "-"]
    assert groups["Count"].tolist() == [2, 2, 1]
    assert groups["price_sum"].tolist() == [1.0, 12.0, 5.0]
    assert groups["price_mean"].tolist() == [1.0, 6.0, 5.0]
    assert groups["price_missing"].tolist() == [1, 0, 0]
    assert groups["price_count"].tolist() == [1, 2, 1]
    assert groups["pieces_median"].tolist() == [4.0, 2.0, 4.0]
    assert groups["pieces_var"].fillna(-1).tolist() == [8.0, 2.0, -1]
    assert groups["pieces_min"].tolist() == [2, 1, 4]
    assert groups["pieces_last"].tolist() == [6, 3, 4]
    assert groups["pieces_mode"].tolist() == [2, 1, 4]
    assert groups["pieces_sum"].dtype == "int64"


def test_equals_pandas_on_thousands_of_rows() -> None:
    table = pd.DataFrame({"k": [i * 7 % 13 for i in range(3000)], "x": [(i * 37 % 101) / 7 for i in range(3000)]})
    groups = run(GroupBy.read({"by": ["k"], "values": ["x"], "functions": "sum,mean,median,std,distinct"}), table)
    plain = table.groupby("k")["x"].agg(["sum", "mean", "median", "std", "nunique"]).reset_index()
    pd.testing.assert_frame_equal(groups, plain.set_axis(groups.columns, axis=1))


def test_text_categories_and_flags_have_counts_and_modes() -> None:
    module = GroupBy.read({"by": ["shop"], "values": ["color", "open"], "functions": "count,distinct,first,mode"})
    groups = run(module, SALES)
    assert groups["color_mode"].tolist() == ["blue", "red", "blue"]
    assert groups["color_first"].tolist() == ["blue", "red", "blue"]
    assert groups["open_mode"].tolist() == [False, True, True]


def test_a_mode_counts_more_frequent_before_smaller() -> None:
    table = pd.DataFrame({"x": [3, 3, 1, 2, 2]})
    assert run(GroupBy.read({"values": ["x"], "functions": "mode"}), table)["x_mode"].tolist() == [2]


def test_missing_keys_can_be_left_out() -> None:
    assert len(run(GroupBy.read({"by": ["shop"], "rows": True, "missing": False}), SALES)) == 2


def test_without_keys_the_table_is_one_group_and_an_empty_one_has_none() -> None:
    module = GroupBy.read({"values": ["pieces"], "functions": "sum"})
    assert run(module, SALES)["pieces_sum"].tolist() == [16]
    assert run(module, SALES.iloc[:0]).shape == (0, 1)


def test_a_group_without_cells_is_missing_for_every_function() -> None:
    table = pd.DataFrame({"k": [1, 2], "x": [None, 3.0], "s": pd.Series([None, "t"], dtype="str")})
    groups = run(GroupBy.read({"by": ["k"], "values": ["x", "s"], "functions": "min,max,first,last,mode"}), table)
    assert groups.iloc[0, 1:].isna().all()
    assert groups.iloc[1, 1:].tolist() == [3.0] * 5 + ["t"] * 5
    assert run(GroupBy.read({"by": ["k"], "values": ["x"], "functions": "sum"}), table)["x_sum"].isna().tolist() == [True, False]  # noqa: E501  # fmt: skip


def test_the_script_computes_the_same() -> None:
    same_as_script(GroupBy.read({"by": ["shop", "color"], "values": ["price"], "functions": "mean,mode"}), SALES)


def test_errors_name_function_column_and_clash() -> None:
    with pytest.raises(InvalidParameter, match="no function 'average'"):
        run(GroupBy.read({"values": ["price"], "functions": "average"}), SALES)
    with pytest.raises(WrongColumnType, match="'color' is Categorical"):
        run(GroupBy.read({"by": ["shop"], "values": ["color"], "functions": "mean"}), SALES)
    with pytest.raises(InvalidParameter, match="nothing to compute"):
        run(GroupBy.read({"by": ["shop"]}), SALES)
    table = SALES.assign(price_mean=1.0)
    with pytest.raises(DuplicateColumns, match="'price_mean'"):
        run(GroupBy.read({"by": ["price_mean"], "values": ["price"]}), table)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("missing", [True, False])
def test_groups_are_numbered_as_pandas_numbers_them(seed: int, missing: bool) -> None:
    random = np.random.default_rng(seed)
    rows = int(random.integers(0, 60))
    columns = {
        "text": pd.Series(random.choice(["b", "a", None], rows), dtype="str"),
        "level": pd.Categorical(random.choice(["x", "y", None], rows), categories=["y", "x", "none"]),
        "whole": pd.Series(random.choice([1, 2, None], rows)).astype("Int64"),
        "decimal": pd.Series(random.choice([0.5, np.nan, -1.0], rows), dtype="float64"),
        "flag": random.random(rows) < 0.5,
        "large": random.integers(-(2**60), 2**60, rows),
    }
    table = pd.DataFrame(columns)
    by = [str(name) for name in random.permutation(list(columns))[: int(random.integers(1, 5))]]
    expected = table.groupby(by, observed=True, dropna=not missing).ngroup().fillna(-1)
    assert group_numbers(table, by, missing).tolist() == expected.astype("int64").tolist()


def test_many_different_values_are_counted_as_few_are() -> None:
    random = np.random.default_rng(0)
    table = pd.DataFrame({"key": random.integers(0, 300, 2000), "value": random.integers(0, 1500, 2000)})
    table["few"] = pd.Series(random.choice(["a", "b", None], 2000), dtype="str")
    groups = run(GroupBy.read({"by": ["key"], "values": ["value", "few"], "functions": "distinct"}), table)
    expected = table.groupby("key")[["value", "few"]].nunique()
    assert groups["value_distinct"].tolist() == expected["value"].tolist()
    assert groups["few_distinct"].tolist() == expected["few"].tolist()


def test_a_sum_beyond_whole_numbers_is_refused() -> None:
    table = pd.DataFrame({"g": [1, 1, 2], "x": [2**62, 2**62, 5]})
    with pytest.raises(InvalidValues, match="a sum of column 'x' overflows"):
        GroupBy.read({"by": ["g"], "values": ["x"], "functions": "sum"}).run(table)
    below = table.assign(g=[1, 2, 2])
    assert run(GroupBy.read({"by": ["g"], "values": ["x"], "functions": "sum"}), below)["x_sum"].tolist() == [
        2**62,
        2**62 + 5,
    ]
    nullable = pd.DataFrame({"x": pd.array([-(2**63), None, -1], dtype="Int64")})
    with pytest.raises(InvalidValues):
        GroupBy.read({"values": ["x"], "functions": "sum"}).run(nullable)
