"""Conversion of any frame to the documented column types."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from designer.contract.column_types import documented, to_pandas
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


BEYOND = [2**63, 2**64 - 1]


@pytest.mark.parametrize(
    "cells",
    [
        pd.Series(np.array(BEYOND, dtype="uint64")),
        pd.Series(pd.array(BEYOND, dtype="UInt64")),
        pd.Series(pd.arrays.SparseArray(np.array(BEYOND, dtype="uint64"))),
        pd.Series(pd.array(BEYOND, dtype=pd.ArrowDtype(pa.uint64()))),
    ],
)
def test_unsigned_numbers_beyond_64_signed_bits_become_text(cells: pd.Series) -> None:
    column = documented(pd.DataFrame({"id": cells}))["id"]
    assert (column.dtype.name, column.tolist()) == ("str", ["9223372036854775808", "18446744073709551615"])


def test_missing_cells_beside_large_unsigned_numbers_stay_missing() -> None:
    for frame in (
        pd.DataFrame({"id": pd.array([2**63, None], dtype="UInt64")}),
        to_pandas(pa.table({"id": pa.array([2**63, None], pa.uint64())})),
    ):
        column = documented(frame)["id"]
        assert column.isna().tolist() == [False, True]
        assert column[0] == "9223372036854775808"


def test_unsigned_categories_keep_their_values() -> None:
    column = documented(pd.DataFrame({"id": pd.Categorical(np.array(BEYOND, dtype="uint64"))}))["id"]
    assert column.tolist() == ["9223372036854775808", "18446744073709551615"]


def test_unsigned_numbers_within_64_signed_bits_stay_numbers() -> None:
    column = documented(pd.DataFrame({"id": np.array([2**63 - 1, 0], dtype="uint64")}))["id"]
    assert (column.dtype.name, column.tolist()) == ("int64", [2**63 - 1, 0])


@pytest.mark.parametrize(
    ("cells", "texts"),
    [
        ([decimal.Decimal("0.1234567890123456789"), None], ["0.1234567890123456789", None]),
        ([decimal.Decimal("1" + "0" * 29 + "1"), decimal.Decimal(2)], ["1" + "0" * 29 + "1", "2"]),
        ([2**60 + 1, 0.5], ["1152921504606846977", "0.5"]),
    ],
)
def test_numbers_that_no_double_holds_exactly_become_text(cells: list[object], texts: list[object]) -> None:
    column = documented(pd.DataFrame({"n": pd.Series(cells, dtype=object)}))["n"]
    assert column.dtype.name == "str"
    assert [None if pd.isna(cell) else cell for cell in column] == texts


def test_integers_of_an_arrow_table_stay_exact_where_cells_are_missing() -> None:
    frame = documented(
        to_pandas(pa.table({"n": pa.array([2**53 + 1, None]), "small": pa.array([3, None], pa.int16())}))
    )
    assert [dtype.name for dtype in frame.dtypes] == ["Int64", "Int64"]
    assert frame["n"][0] == 2**53 + 1


@pytest.mark.parametrize("name", ["key", None])
def test_rows_of_an_arrow_table_stay_in_place_under_any_index(name: str | None) -> None:
    indexed = pd.DataFrame({"n": [1, 2, 3]}, index=pd.Index(["c", "b", "a"], name=name))
    frame = to_pandas(pa.Table.from_pandas(indexed))
    assert frame["n"].tolist() == [1, 2, 3]
    assert [column for column in frame if column != "n"] == ([name] if name else [])
