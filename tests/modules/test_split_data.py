"""Split Data: exactly the rows of the rule."""

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
