"""Reading the rows of a request strictly."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from designer.contract.schema import Column, Kind, Schema
from designer.inference.rows import RefusedRequest, RowReader, rows_of

SCHEMA = Schema(
    (
        Column("age", Kind.INTEGER),
        Column("hours", Kind.DECIMAL),
        Column("work", Kind.STRING),
        Column("member", Kind.BOOLEAN),
        Column("grade", Kind.CATEGORICAL, categories=("a", "b")),
        Column("since", Kind.DATETIME),
    )
)
ROW = {"age": 40, "hours": 38.5, "work": "State", "member": True, "grade": "a", "since": "2026-11-20T09:30:00"}


def refused(rows: Any, reader: RowReader | None = None) -> RefusedRequest:
    with pytest.raises(RefusedRequest) as caught:
        (reader or RowReader(SCHEMA)).read(rows)
    return caught.value


def test_rows_become_a_table_of_the_schema() -> None:
    reader = RowReader(SCHEMA)
    table = reader.frame(reader.read([ROW, {**ROW, "hours": 40}]))
    assert Schema.of(table).names == SCHEMA.names
    assert [column.kind for column in Schema.of(table)] == [column.kind for column in SCHEMA]
    assert table["hours"].tolist() == [38.5, 40.0]


def test_null_is_a_missing_cell_of_every_kind() -> None:
    reader = RowReader(SCHEMA)
    table = reader.frame(reader.read([ROW, dict.fromkeys(SCHEMA.names)]))
    assert table.isna().iloc[1].all()
    assert [column.kind for column in Schema.of(table)] == [column.kind for column in SCHEMA]


def test_order_of_fields_does_not_matter() -> None:
    reader = RowReader(SCHEMA)
    assert reader.read([dict(reversed(ROW.items()))]) == reader.read([ROW])


def test_an_unknown_category_is_kept_as_a_category_of_its_own() -> None:
    reader = RowReader(SCHEMA)
    table = reader.frame(reader.read([{**ROW, "grade": "z"}]))
    assert table["grade"].tolist() == ["z"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"age": "40"}, "score.type"),
        ({"age": True}, "score.type"),
        ({"age": 40.5}, "score.type"),
        ({"age": 2**63}, "score.value"),
        ({"age": [40]}, "score.type"),
        ({"hours": "12,5"}, "score.type"),
        ({"hours": False}, "score.type"),
        ({"hours": math.nan}, "score.not_finite"),
        ({"hours": math.inf}, "score.not_finite"),
        ({"work": 7}, "score.type"),
        ({"work": "a\0b"}, "score.value"),
        ({"member": 1}, "score.type"),
        ({"member": "true"}, "score.type"),
        ({"since": "9999-99-99"}, "score.date"),
        ({"since": 1_700_000_000}, "score.type"),
        ({"extra": 1}, "score.field_unknown"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(change: dict[str, Any], code: str) -> None:
    error = refused([ROW, {**ROW, **change}])
    assert (error.code, error.status) == (code, 422)
    assert error.place.row == 2
    assert error.place.column == next(iter(change))
    assert error.remedy


def test_a_missing_column_is_named_with_the_likely_misspelling() -> None:
    row = {("Hours" if name == "hours" else name): value for name, value in ROW.items()}
    error = refused([row])
    assert error.code == "score.field_missing"
    assert str(error) == "row 1: no value for 'hours'. 'Hours' is not a column; did you mean 'hours'?"


@pytest.mark.parametrize("rows", [{}, "rows", None, 3, [[1, 2]], ["x"], [None]])
def test_what_is_not_a_list_of_objects_is_refused(rows: Any) -> None:
    assert refused(rows).code == "score.shape"


def test_an_empty_list_is_refused() -> None:
    assert refused([]).code == "score.no_rows"


def test_too_many_rows_are_refused_with_413() -> None:
    error = refused([ROW] * 1001)
    assert (error.code, error.status) == ("score.too_many_rows", 413)


def test_known_columns_that_scoring_does_not_need_may_come_along() -> None:
    reader = RowReader(SCHEMA, ignored=frozenset({"income"}))
    assert reader.read([{**ROW, "income": ">50K"}]) == reader.read([ROW])


def test_answers_are_plain_json_with_null_for_missing() -> None:
    table = pd.DataFrame(
        {
            "a": [1.5, math.nan],
            "b": pd.array([1, None], dtype="Int64"),
            "c": pd.array(["x", None], dtype="str"),
            "d": pd.to_datetime(["2026-11-20", None]),
            "e": pd.array([True, None], dtype="boolean"),
        }
    )
    assert rows_of(table) == [
        {"a": 1.5, "b": 1, "c": "x", "d": "2026-11-20T00:00:00", "e": True},
        {"a": None, "b": None, "c": None, "d": None, "e": None},
    ]


@pytest.mark.parametrize("others", [0, 5])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"age": 2**63}, "score.value"),
        ({"age": -(2**63) - 1}, "score.value"),
        ({"age": float("inf")}, "score.not_finite"),
        ({"hours": float("nan")}, "score.not_finite"),
        ({"hours": float("-inf")}, "score.not_finite"),
        ({"work": "a\0b"}, "score.value"),
    ],
)
def test_a_bad_cell_is_found_among_good_ones(change: dict[str, Any], code: str, others: int) -> None:
    error = refused([*[ROW] * others, {**ROW, **change}])
    assert (error.code, error.place.row, error.place.column) == (code, others + 1, next(iter(change)))


def test_numbers_whose_sum_is_infinite_are_read() -> None:
    rows = [{**ROW, "hours": 1.7e308}, {**ROW, "hours": 1.7e308}]
    assert RowReader(SCHEMA).read(rows)[1] == [1.7e308, 1.7e308]


def test_a_schema_of_one_column_is_read() -> None:
    assert RowReader(Schema((Column("age", Kind.INTEGER),))).read([{"age": 1}, {"age": None}]) == [[1, None]]
