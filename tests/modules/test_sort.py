"""Sort against hand-made orders."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import EmptySelection
from modules.reshape.sort import Sort
from tests.modules.readings import run, same_as_script

TABLE = pd.DataFrame(
    {
        "x": pd.array([3, None, 1, 3], dtype="Int64"),
        "name": pd.Series(["b", "Z", "a", "a"], dtype="str"),
        "level": pd.Categorical(["low", "high", "low", "high"], categories=["low", "high"]),
        "id": [0, 1, 2, 3],
    }
)


def test_numbers_ascend_and_missing_ones_stand_last_by_default() -> None:
    assert run(Sort.read({"columns": ["x"]}), TABLE)["id"].tolist() == [2, 0, 3, 1]


def test_descending_keeps_the_order_of_equal_rows() -> None:
    assert run(Sort.read({"columns": ["x"], "order": "Descending"}), TABLE)["id"].tolist() == [0, 3, 2, 1]


def test_missing_values_can_stand_first() -> None:
    assert run(Sort.read({"columns": ["x"], "missing": "First"}), TABLE)["id"].tolist() == [1, 2, 0, 3]


def test_columns_decide_in_the_order_they_are_chosen() -> None:
    assert run(Sort.read({"columns": ["name", "x"]}), TABLE)["id"].tolist() == [1, 2, 3, 0]


def test_categories_follow_the_order_of_their_levels() -> None:
    assert run(Sort.read({"columns": ["level"]}), TABLE)["id"].tolist() == [0, 2, 1, 3]


def test_the_script_orders_the_same() -> None:
    same_as_script(Sort.read({"columns": ["name", "x"], "order": "Descending"}), TABLE)


def test_a_selection_that_matches_nothing_is_an_error() -> None:
    with pytest.raises(EmptySelection, match="Sort by"):
        run(Sort.read({}), TABLE)
