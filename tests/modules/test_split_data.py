"""Split Data: exact rows of each splitting mode."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from designer.contract.errors import ColumnNotFound, InvalidParameter
from modules.split.split_data import SplitData


def split(frame: pd.DataFrame, **parameters: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    return SplitData.read(parameters).run(frame)


@pytest.mark.parametrize(
    ("rows", "fraction", "first", "second"),
    [(193, 0.7, 135, 58), (32561, 0.5, 16280, 16281), (10, 0, 0, 10), (10, 1, 10, 0)],
)
def test_the_first_table_gets_the_whole_part(rows: int, fraction: float, first: int, second: int) -> None:
    halves = split(pd.DataFrame({"row": range(rows)}), fraction=fraction)
    assert (len(halves[0]), len(halves[1])) == (first, second)


@pytest.mark.parametrize("seed", [0, 7, 123])
def test_rows_are_those_of_the_permutation(seed: int) -> None:
    order = np.random.RandomState(seed).permutation(193)
    first, second = split(pd.DataFrame({"row": range(193)}), fraction=0.7, seed=seed)
    assert first["row"].tolist() == order[:135].tolist()
    assert second["row"].tolist() == order[135:].tolist()


def test_without_randomizing_rows_stay_in_order() -> None:
    first, second = split(pd.DataFrame({"row": range(5)}), randomized=False)
    assert first["row"].tolist() == [0, 1]
    assert second["row"].tolist() == [2, 3, 4]


def test_strata_keep_their_shares_and_the_total() -> None:
    keys = ["a"] * 60 + ["b"] * 27 + [None] * 14
    frame = pd.DataFrame({"row": range(101), "key": pd.Series(keys, dtype="str")})
    first, second = split(frame, fraction=0.7, stratified=True, key="key")
    assert first["key"].value_counts(dropna=False).to_dict() == {"a": 42, "b": 19, np.nan: 9}
    assert len(first) == int(101 * 0.7)
    assert sorted([*first["row"], *second["row"]]) == list(range(101))


FRAME = pd.DataFrame(
    {
        "Text": pd.Series(["Gryphon", "a gryphon", None, "Alice"], dtype="str"),
        "Year": pd.array([2009, 2011, None, 30], dtype="Int64"),
        "on": pd.to_datetime(["2020-01-01", "2021-06-01", None, "2022-01-01"]),
        "flag": [True, False, True, False],
        "code": ["a|b", "R&D", "O'Neil", "D'Arcy"],
    }
)


@pytest.mark.parametrize(
    ("mode", "expression", "rows"),
    [
        ("Regular Expression", '\\"Text" Gryphon', [0]),
        ("Regular Expression", "(\\0) ^[a-f]", [1]),
        ("Regular Expression", '\\"Text" (?i)gryphon', [0, 1]),
        ("Relative Expression", '\\"Year" > 2010', [1]),
        ("Relative Expression", "(\\1)<=2009 & !=30", [0]),
        ("Relative Expression", '\\"Year" == 30 | > 2010', [1, 3]),
        ("Relative Expression", '\\"Text" == Alice', [3]),
        ("Relative Expression", '\\"Text" != "Alice"', [0, 1]),
        ("Relative Expression", '\\"on" >= 2021-01-01', [1, 3]),
        ("Relative Expression", '\\"flag" == true', [0, 2]),
        ("Relative Expression", '\\"code" == "R&D"', [1]),
        ("Relative Expression", '\\"code" == \'a|b\' | == "R&D"', [0, 1]),
        ("Relative Expression", "\\\"code\" == O'Neil | == D'Arcy", [2, 3]),
        ("Relative Expression", '\\"Year" > -1.5e3 & < 2010', [0, 3]),
    ],
)
def test_conditions_choose_rows_and_missing_cells_never_match(mode: str, expression: str, rows: list[int]) -> None:
    parameter = "pattern" if mode == "Regular Expression" else "relation"
    frame = FRAME.assign(row=range(4))
    first, second = split(frame, mode=mode, **{parameter: expression})
    assert first["row"].tolist() == rows
    assert second["row"].tolist() == [row for row in range(4) if row not in rows]


@pytest.mark.parametrize(
    "expression",
    [
        "Year > 3",
        '\\"Year"',
        '\\"Year" ~ 3',
        '\\"Year" > soon',
        '\\"Text" > a',
        "(\\9) > 3",
        "(\\1) (> 3 | < 2)",
        "(\\1) > 3 &",
        "(\\1) >",
        '(\\1) > 3 & \\"flag" == true',
        '\\"on" < now',
        '\\"on" < 12:30',
    ],
)
def test_an_expression_that_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(InvalidParameter, match="Relational expression"):
        split(FRAME, mode="Relative Expression", relation=expression)


def test_a_column_that_does_not_exist_is_named() -> None:
    with pytest.raises(ColumnNotFound, match="Did you mean 'Year'"):
        split(FRAME, mode="Relative Expression", relation='\\"year" > 3')
    with pytest.raises(InvalidParameter, match="regular expression"):
        split(FRAME, mode="Regular Expression", pattern='\\"Text" (')


def test_the_card_tells_both_shares_and_the_seed() -> None:
    assert SplitData(fraction=0.7, seed=42).summary() == "70 % / 30 %, seed 42"
    assert SplitData(fraction=0.85, randomized=False).summary() == "85 % / 15 %, in order"


VISITS = ["a", "b", "a", "c", "b", "a", "d", "c"]


def test_rows_of_one_value_stay_together_in_order_where_they_fit() -> None:
    frame = pd.DataFrame({"row": range(8), "who": VISITS})
    # 5 of 8 rows: the three of a fit, then the two of b; no room is left for c and d
    first, second = split(frame, fraction=0.7, randomized=False, together="who")
    assert (first["row"].tolist(), second["row"].tolist()) == ([0, 1, 2, 4, 5], [3, 6, 7])
    # 4 of 8 rows: a fits; b and c (two rows each) do not fit into the one row left, d does
    first, second = split(frame, fraction=0.5, randomized=False, together="who")
    assert (first["row"].tolist(), second["row"].tolist()) == ([0, 2, 5, 6], [1, 3, 4, 7])
    assert len(split(frame, fraction=1, together="who")[1]) == 0
    assert len(split(frame, fraction=0, together="who")[0]) == 0


@pytest.mark.parametrize("seed", [0, 1, 42])
def test_values_that_stay_together_come_in_the_order_of_the_permutation(seed: int) -> None:
    frame = pd.DataFrame({"row": range(40), "who": np.repeat([30, 10, 40, 20], 10)})
    first, second = split(frame, fraction=0.5, seed=seed, together="who")
    chosen = np.array([30, 10, 40, 20])[np.random.RandomState(seed).permutation(4)[:2]]
    assert set(first["who"]) == set(chosen)
    order = np.random.RandomState(seed).permutation(40)
    assert first["row"].tolist() == [row for row in order if frame["who"][row] in chosen]
    assert sorted([*first["row"], *second["row"]]) == list(range(40))


def test_each_row_without_a_value_goes_alone() -> None:
    for who in (pd.Series(["a", None, "a", None, "a"], dtype="str"), pd.Series([1.0, np.nan, 1.0, np.nan, 1.0])):
        first, second = split(pd.DataFrame({"who": who}), fraction=0.4, randomized=False, together="who")
        assert (len(first), first["who"].isna().all(), second["who"].notna().all()) == (2, True, True)


def test_a_column_to_keep_together_must_exist_and_counts_without_strata_only() -> None:
    frame = pd.DataFrame({"row": range(8), "who": VISITS})
    with pytest.raises(ColumnNotFound, match=r"Keep together.*Did you mean 'who'"):
        split(frame, together="Who")
    first, _ = split(frame, fraction=0.5, stratified=True, key="who", together="row")
    assert len(first) == 4
    assert SplitData(together="who").summary() == "50 % / 50 %, seed 0, by who"
