"""Parquet: every value is read exactly, or as text with all its digits."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from designer.contract.errors import UnreadableFile
from designer.reading.file import read_table


def through(folder: Path, cells: list[Any], kind: pa.DataType) -> list[Any]:
    parquet.write_table(pa.table({"c": pa.array(cells, kind)}), folder / "a.parquet")
    return [None if pd.isna(cell) else cell for cell in read_table(folder / "a.parquet")["c"].tolist()]


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        ([3, 2**64 - 1, None], pa.uint64(), ["3", "18446744073709551615", None]),
        ([3, None], pa.uint64(), [3, None]),
        ([Decimal("1234567890123456.78"), None], pa.decimal128(18, 2), ["1234567890123456.78", None]),
        ([Decimal("2.50"), None], pa.decimal128(18, 2), [2.5, None]),
        ([Decimal("9007199254740993")], pa.decimal128(20, 0), [9007199254740993]),
        ([datetime.time(10, 30, 0, 5)], pa.time64("us"), ["10:30:00.000005"]),
        ([datetime.timedelta(seconds=90)], pa.duration("us"), [90.0]),
        ([1_700_000_000_123_456_789], pa.timestamp("ns"), [pd.Timestamp(1_700_000_000_123_456_789)]),
        ([datetime.date(1, 1, 1)], pa.date32(), [pd.Timestamp("0001-01-01")]),
    ],
)
def test_no_digit_changes(tmp_path: Path, cells: list[Any], kind: pa.DataType, values: list[Any]) -> None:
    assert through(tmp_path, cells, kind) == values


@pytest.mark.parametrize(("cells", "kind"), [([[1]], pa.list_(pa.int64())), ([b"x"], pa.binary())])
def test_what_is_no_single_value_is_refused_by_name(tmp_path: Path, cells: list[Any], kind: pa.DataType) -> None:
    with pytest.raises(UnreadableFile, match="column 'c' holds"):
        through(tmp_path, cells, kind)
