"""Any frame into the documented column types."""

from __future__ import annotations

import datetime
import decimal

import pandas as pd
import pytest

from designer.contract.cells import documented, table_of
from designer.contract.errors import ConversionFailed, DuplicateColumns, WrongColumnType
from designer.contract.schema import Column, Kind, Schema


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


SCHEMA = Schema(tuple(Column(str(kind), kind) for kind in Kind))


def test_json_rows_become_a_table_in_the_types_of_a_schema() -> None:
    rows = [
        {"Integer": 3, "Decimal": "2.5", "Boolean": "yes", "String": 7, "Categorical": "a", "DateTime": "2020-01-01"},
        {"Integer": None, "DateTime": 0},
    ]
    table = table_of(rows, SCHEMA)
    assert [Schema.of(table)[name].kind for name in SCHEMA.names] == [column.kind for column in SCHEMA]
    assert table.iloc[0].tolist() == [3, 2.5, "7", True, "a", pd.Timestamp("2020-01-01")]
    assert table["DateTime"][1] == pd.Timestamp(0)
    assert table.iloc[1, :5].isna().all()


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Integer", 2.5),
        ("Integer", "x"),
        ("Decimal", "x"),
        ("Decimal", 1e999),
        ("Boolean", 2),
        ("String", {}),
        ("DateTime", "soon"),
        ("Integer", 2**63),
    ],
)
def test_a_cell_that_does_not_fit_is_named_with_its_row(name: str, cell: object) -> None:
    with pytest.raises(ConversionFailed, match=f"column '{name}', row 2"):
        table_of([{}, {name: cell}], SCHEMA)
