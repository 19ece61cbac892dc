"""Conversion of typed values of workbooks, JSON and requests to columns."""

from __future__ import annotations

import pandas as pd
import pytest

from designer.contract.errors import ConversionFailed
from designer.contract.schema import Column, Kind, Schema
from designer.reading.cells.typed_values import table_of

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
