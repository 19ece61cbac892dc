"""What changed between two tables, against hand calculations."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from designer.charts.difference import TableDifference, difference
from designer.charts.difference_text import column_parts
from designer.charts.shift import shift, stability
from designer.contract.schema import Kind


def test_rows_are_counted_as_often_as_they_occur() -> None:
    before = pd.DataFrame({"a": [1, 1, 2, 3], "b": ["x", "x", "y", "z"]})
    after = pd.DataFrame({"a": [3, 1, 2, 2], "b": ["z", "x", "y", "y"]})
    rows = difference(before, after).rows
    assert (rows.before, rows.after, rows.same, rows.added, rows.removed) == (4, 4, 3, 1, 1)


def test_the_same_rows_in_another_order_are_no_difference() -> None:
    table = pd.DataFrame({"a": [1.5, None, 3.0], "b": pd.Categorical(["x", None, "x"]), "c": [True, False, True]})
    assert difference(table, table.iloc[::-1]).is_none
    assert all(change.is_same for change in difference(table, table).columns)


def test_columns_that_came_and_went_are_named_and_rows_compared_in_the_others() -> None:
    before = pd.DataFrame({"a": [1, 2], "gone": [0, 0], "b": [5, 6]})
    after = pd.DataFrame({"b": [5, 6], "a": [1, 2], "new": ["x", "y"]})
    change = difference(before, after)
    assert (change.added, change.removed, change.is_reordered) == (("new",), ("gone",), True)
    assert change.rows.same == 2
    assert not change.is_none


def test_a_value_keeps_its_identity_when_its_kind_changes() -> None:
    before = pd.DataFrame({"n": [1, 2, 3], "code": [7, 8, 9]})
    after = pd.DataFrame({"n": [1.0, 2.0, 3.5], "code": ["7", "8", "9"]})
    n, code = difference(before, after).columns
    assert (n.before.kind, n.after.kind, n.is_same) == ("Integer", "Decimal", False)
    assert (code.before.kind, code.after.kind, code.is_same) == ("Integer", "String", True)
    assert difference(before, after).rows.same == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([2**53, 1], [2**53 + 1, 1]),
        ([None, 1.0], [0.0, 1.0]),
        (["nan", "a"], [None, "a"]),
        (["", "a"], [None, "a"]),
        ([pd.Timestamp("2026-01-01"), pd.Timestamp("2026-01-02")], [pd.Timestamp("2026-01-01 00:00:01"), None]),
        ([True, False], [True, None]),
    ],
)
def test_values_that_differ_are_told_apart(first: list[object], second: list[object]) -> None:
    before, after = pd.DataFrame({"x": pd.Series(first)}), pd.DataFrame({"x": pd.Series(second)})
    if before["x"].dtype == "int64":
        after = after.astype("int64")
    assert not difference(before, after).columns[0].is_same
    assert difference(before, before).columns[0].is_same


def test_zero_has_no_sign() -> None:
    assert difference(pd.DataFrame({"x": [0.0]}), pd.DataFrame({"x": [-0.0]})).is_none


def test_the_index_is_that_of_the_definition_less_what_chance_gives() -> None:
    before, after = np.array([50, 50]), np.array([80, 20])
    p, q = np.array([50.5, 50.5]) / 101, np.array([80.5, 20.5]) / 101
    expected = sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True)) - 1 * (1 / 100 + 1 / 100)
    assert stability(before, after) == pytest.approx(expected, rel=1e-12)
    assert stability(before, before) == 0


def test_the_index_of_two_samples_of_one_distribution_is_near_none() -> None:
    rng = np.random.default_rng(0)
    indices = [
        shift(pd.Series(rng.normal(size=2000)), pd.Series(rng.normal(size=2000)), Kind.DECIMAL) for _ in range(50)
    ]
    assert sum(change is not None and change.size != "none" for change in indices) == 0


@pytest.mark.parametrize(("by", "size"), [(0.0, "none"), (0.3, "noticeable"), (0.45, "clear"), (1.0, "strong")])
def test_a_moved_mean_is_as_large_as_it_is(by: float, size: str) -> None:
    rng = np.random.default_rng(1)
    change = shift(pd.Series(rng.normal(size=20_000)), pd.Series(rng.normal(by, size=20_000)), Kind.DECIMAL)
    assert change is not None
    assert change.size == size  # for unit normals PSI is by²: 0.09, 0.2, 1


def test_numbers_are_counted_in_the_tenths_of_the_earlier_table() -> None:
    change = shift(pd.Series(np.arange(100.0)), pd.Series([*np.arange(100.0), 1e9, -1e9, None]), Kind.DECIMAL)
    assert change is not None
    assert change.before == (0, *(10,) * 10, 0, 0)
    assert change.after == (1, *(10,) * 10, 1, 1)
    assert (change.cells[0], change.cells[1], change.cells[10]) == ("below 0", "0 to 9.9", "89.1 to 99")
    assert change.cells[11:] == ("above 99", "missing")


def test_too_few_rows_to_tell_are_no_distribution_as_before() -> None:
    many, few = pd.Series(np.random.default_rng(0).normal(size=344)), pd.Series([0.1, -0.2, 0.3, 0.0, 0.5])
    change = difference(pd.DataFrame({"x": many}), pd.DataFrame({"x": few})).columns[0]
    assert change.shift is not None
    assert change.shift.size == "uncertain"
    assert column_parts(change)[-1] == "too few rows to compare the distribution"


def test_values_that_are_all_beyond_the_earlier_range_are_a_strong_move_of_few_rows_too() -> None:
    change = shift(pd.Series(np.arange(300.0)), pd.Series([99_999.0] * 10), Kind.DECIMAL)
    assert change is not None
    assert change.size == "strong"
    assert (change.cells[-1], change.after[-1]) == ("above 299", 10)


def test_numbers_that_become_decimals_are_compared() -> None:
    before, after = pd.DataFrame({"x": range(100)}), pd.DataFrame({"x": [n * 10 + 0.5 for n in range(100)]})
    change = difference(before, after).columns[0]
    assert change.has_other_kind
    assert "strong move" in column_parts(change)[-1]


def test_values_are_cells_where_they_are_few_and_new_ones_stand_apart() -> None:
    before, after = pd.Series(["a"] * 6 + ["b"] * 4), pd.Series(["a"] * 5 + ["c"] * 3 + [None] * 2)
    change = shift(before, after, Kind.STRING)
    assert change is not None
    assert dict(zip(change.cells, zip(change.before, change.after, strict=True), strict=True)) == {
        "a": (6, 5), "b": (4, 0), "not seen before": (0, 3), "missing": (0, 2),
    }  # fmt: skip
    assert change.size == "strong"


def test_what_identifies_rows_or_has_none_has_no_distribution() -> None:
    names = pd.Series([f"name {n}" for n in range(100)])
    assert shift(names, names, Kind.STRING) is None
    assert shift(names.head(0), names, Kind.STRING) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (pd.DataFrame(), pd.DataFrame({"a": [1]})),
        (pd.DataFrame({"a": pd.Series([], dtype="float64")}), pd.DataFrame({"a": [1.0]})),
        (pd.DataFrame({"a": [None, None]}), pd.DataFrame({"a": [1.0, np.inf]})),
        (pd.DataFrame({"a": [np.inf, -np.inf, np.nan]}), pd.DataFrame({"a": [1e308, 1e308, -1e308]})),
        (pd.DataFrame({"a": pd.array([1, None], "Int64")}), pd.DataFrame({"a": pd.array([None, None], "Int64")})),
        (pd.DataFrame({"a": pd.to_datetime(["1700-01-01", None])}), pd.DataFrame({"a": ["x", "y"]})),
        (pd.DataFrame({"a": pd.timedelta_range("1s", periods=3)}), pd.DataFrame({"a": [1, 2, 3]})),
    ],
)
def test_odd_tables_are_compared_and_survive_json(before: pd.DataFrame, after: pd.DataFrame) -> None:
    for pair in ((before, after), (after, before)):
        change = difference(*pair)
        assert TableDifference.from_json(json.loads(json.dumps(change.to_json(), allow_nan=False))) == change


def test_columns_that_changed_most_come_first() -> None:
    rng = np.random.default_rng(2)
    before = pd.DataFrame({"still": rng.normal(size=500), "moved": rng.normal(size=500), "kind": range(500)})
    after = pd.DataFrame({"still": before["still"], "moved": before["moved"] + 3, "kind": [str(n) for n in range(500)]})
    assert [change.name for change in difference(before, after).by_change()] == ["kind", "moved", "still"]
