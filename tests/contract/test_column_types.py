"""Conversion of any frame to the documented column types."""

from __future__ import annotations

import datetime
import decimal

import pandas as pd
import pytest

from designer.contract.column_types import documented
from designer.contract.errors import DuplicateColumns, WrongColumnType


def test_narrow_and_object_columns_get_the_documented_types() -> None:
    frame = pd.DataFrame(
        {
            "i8": pd.Series([1, 2], dtype="int8"),
            "f32": pd.Series([1.5, None], dtype="float32"),
            "oi": pd.Series([1, None], dtype=object),
            "os": pd.Series(["a", None], dtype=object),
            "ob": pd.Series([True, None], dtype=object),
            "od": pd.Series([datetime.date(2020, 1, 1), None], dtype=object),
            "de": pd.Series([decimal.Decimal("1.5"), None], dtype=object),
            "td": pd.to_timedelta(["1s", None]),
            "none": pd.Series([None, None], dtype=object),
        }
    ).set_axis([5, 9])
    types = {name: dtype.name for name, dtype in documented(frame).dtypes.items()}
    expected = {
        "i8": "int64",
        "f32": "float64",
        "oi": "Int64",
        "os": "str",
        "ob": "boolean",
        "de": "float64",
        "td": "float64",
        "none": "float64",
    }
    assert types.pop("od").startswith("datetime64")
    assert types == expected
    assert isinstance(documented(frame).index, pd.RangeIndex)


@pytest.mark.parametrize("cells", [[1, "a"], [{"a": 1}], [object()], [1 + 2j]])
def test_mixtures_are_refused_by_name(cells: list[object]) -> None:
    with pytest.raises(WrongColumnType, match="column 'bad'"):
        documented(pd.DataFrame({"ok": [1] * len(cells), "bad": pd.Series(cells, dtype=object)}))


def test_duplicate_and_foreign_names() -> None:
    assert list(documented(pd.DataFrame({1: [1], 2: [2]})).columns) == ["1", "2"]
    with pytest.raises(DuplicateColumns, match="'a'"):
        documented(pd.DataFrame([[1, 2]], columns=["a", "a"]))
