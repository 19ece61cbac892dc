"""Pivot against hand-made tables and pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import DuplicateColumns, WrongColumnType
from modules.reshape.pivot import Pivot
from tests.modules.readings import run, same_as_script

LONG = pd.DataFrame(
    {
        "shop": pd.Series(["a", "a", "b", "b", "b"], dtype="str"),
        "month": pd.Series(["Jan", "Feb", "Jan", "Jan", None], dtype="str"),
        "sales": [1, 2, 3, 5, 9],
    }
)
READ = {"rows": ["shop"], "column": "month", "values": "sales"}


def test_each_month_becomes_a_column() -> None:
    pivoted = run(Pivot.read({**READ, "function": "sum"}), LONG)
    assert list(pivoted.columns) == ["shop", "Feb", "Jan"]
    assert pivoted["Jan"].tolist() == [1, 8]
    assert pivoted["Feb"].isna().tolist() == [False, True]
    assert pivoted["Jan"].dtype == "int64"


def test_counts_of_nothing_are_zero() -> None:
    assert run(Pivot.read({**READ, "function": "count"}), LONG)["Feb"].tolist() == [1, 0]


def test_known_categories_give_known_columns_even_where_no_row_has_them() -> None:
    table = LONG.assign(month=pd.Categorical(LONG["month"], categories=["Jan", "Feb", "Mar"]))
    pivoted = run(Pivot.read(READ), table)
    assert list(pivoted.columns) == ["shop", "Jan", "Feb", "Mar"]
    assert pivoted["Mar"].isna().all()


def test_equals_pandas_pivot_table() -> None:
    table = pd.DataFrame({"r": [i % 7 for i in range(500)], "c": [i * 3 % 11 for i in range(500)], "v": [i * i % 97 / 3 for i in range(500)]})  # noqa: E501  # fmt: skip
    pivoted = run(Pivot.read({"rows": ["r"], "column": "c", "values": "v", "function": "std"}), table)
    plain = table.pivot_table(index="r", columns="c", values="v", aggfunc="std").reset_index()
    pd.testing.assert_frame_equal(pivoted, plain.set_axis(pivoted.columns, axis=1))


def test_the_script_computes_the_same() -> None:
    same_as_script(Pivot.read({**READ, "function": "max"}), LONG)


def test_text_has_no_mean_and_names_may_not_clash() -> None:
    with pytest.raises(WrongColumnType, match="'shop' is String"):
        run(Pivot.read({**READ, "rows": [], "values": "shop"}), LONG)
    with pytest.raises(DuplicateColumns, match="'shop'"):
        run(Pivot.read(READ), LONG.assign(month=pd.Series(["shop"] * 5, dtype="str")))
