"""Unpivot against hand-made tables."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import DuplicateColumns, InvalidParameter
from modules.reshape.unpivot import Unpivot
from tests.modules.readings import run, same_as_script

WIDE = pd.DataFrame(
    {"id": [7, 8], "Jan": [1, 3], "Feb": [2.5, float("nan")], "note": pd.Series(["x", None], dtype="str")}
)


def test_whole_numbers_become_rows_column_after_column() -> None:
    table = pd.DataFrame({"id": [7, 8], "Jan": [1, 3], "Feb": [2, 4]})
    unpivoted = run(Unpivot.read({"keep": ["id"], "columns": ["Jan", "Feb"]}), table)
    assert unpivoted.to_dict("list") == {
        "id": [7, 8, 7, 8], "Variable": ["Jan", "Jan", "Feb", "Feb"], "Value": [1, 3, 2, 4],
    }  # fmt: skip


def test_whole_and_decimal_numbers_become_decimal_and_missing_ones_can_go() -> None:
    module = Unpivot.read({"keep": ["id"], "columns": ["Jan", "Feb"], "drop_missing": True})
    assert run(module, WIDE)["Value"].tolist() == [1.0, 3.0, 2.5]


def test_numbers_and_text_become_text() -> None:
    unpivoted = run(Unpivot.read({"columns": ["Jan", "note"], "name": "what", "value": "cell"}), WIDE)
    assert unpivoted["cell"].fillna("-").tolist() == ["1", "3", "x", "-"]
    assert unpivoted["cell"].dtype == "str"


def test_equals_pandas_melt() -> None:
    unpivoted = run(Unpivot.read({"keep": ["id"], "columns": ["Feb"]}), WIDE)
    plain = WIDE.melt(["id"], ["Feb"], "Variable", "Value")
    pd.testing.assert_frame_equal(unpivoted, plain, check_dtype=False)


def test_the_script_makes_the_same_rows() -> None:
    same_as_script(Unpivot.read({"keep": ["id"], "columns": ["Jan", "Feb", "note"]}), WIDE)


def test_a_column_chosen_twice_and_a_taken_name_are_errors() -> None:
    with pytest.raises(InvalidParameter, match="'id' is both kept"):
        run(Unpivot.read({"keep": ["id"], "columns": ["id"]}), WIDE)
    with pytest.raises(DuplicateColumns, match="'id'"):
        run(Unpivot.read({"keep": ["id"], "columns": ["Jan"], "name": "id"}), WIDE)


def test_unpivoted_columns_may_have_the_new_names() -> None:
    table = pd.DataFrame({"id": [7], "Value": [1], "Variable": [2]})
    long = run(Unpivot.read({"keep": ["id"], "columns": ["Value", "Variable"]}), table)
    assert long.to_dict("list") == {"id": [7, 7], "Variable": ["Value", "Variable"], "Value": [1, 2]}


def test_dates_alone_stay_dates() -> None:
    days = pd.DataFrame(
        {"id": [1, 2], "begin": pd.to_datetime(["2024-01-01", None]), "end": pd.to_datetime(["2024-02-03"] * 2)}
    )
    module = Unpivot.read({"keep": ["id"], "columns": ["begin", "end"]})
    unpivoted = run(module, days)
    assert unpivoted["Value"].dtype.kind == "M"
    assert unpivoted["Value"].iloc[[0, 2]].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-02-03")]
    assert pd.isna(unpivoted["Value"].iloc[1])
    zoned = days.assign(end=days["end"].dt.tz_localize("Europe/Paris"))
    assert run(module, zoned)["Value"].iloc[2] == pd.Timestamp("2024-02-02 23:00", tz="UTC")
    same_as_script(module, days)
