"""Strict parsing of the rows of a request."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Column, Kind, Schema
from designer.inference.rows import RefusedRequest, RowReader, rows_of
from designer.serving.batch.columns import read_cells

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


@pytest.mark.parametrize(
    "since",
    ["0001-01-01T00:00:00+03:00", "9999-12-31T23:59:59-00:01", "0000-01-01", "10000-01-01", "20260301", "2026-W01-1",
     "2026-02-30", "2026-03-01T25:00", "2026-03-01Tnoon", "-001-01-01"],
)  # fmt: skip
def test_a_date_that_is_none_or_leaves_the_calendar_is_refused_by_row_and_column(since: str) -> None:
    error = refused([ROW, {**ROW, "since": since}])
    assert (error.status, error.code, error.place.row, error.place.column) == (422, "score.date", 2, "since")


def test_dates_at_the_ends_of_the_calendar_are_read() -> None:
    reader = RowReader(SCHEMA)
    ends = ["0001-01-01", "0001-01-01T03:00:00+03:00", "9999-12-31T23:59:59.999999", "2026-03-01 12:30:00.123456789Z"]
    table = reader.frame(reader.read([{**ROW, "since": text} for text in ends]))
    assert [moment.isoformat() for moment in table["since"]] == [
        "0001-01-01T00:00:00", "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999", "2026-03-01T12:30:00.123456"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["2026-11-20", "2026-11-20T09:30", "2026-11-20 09:30:00.1234567", " 2026-11-20 ", "2026-11-20T09:30:00 +01:00",
     "2026-11-20T09:30:00Z", "2026-11-20 09:30:00 Z", "2026-11-20T09:30:00+0100", "2026-11-20T09:30:00+01", "", " ",
     "2026-11-20T09", "2026-11-20T093000", "2026-11-20 09:30:00,5", "2026-11-20T24:00:00", "2026-11-20T09:30:60",
     "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "9999-12-31T23:59:59.999999", "0001-01-01",
     "2026-02-30"],
)  # fmt: skip
def test_a_date_of_a_request_is_read_as_one_of_a_file(text: str) -> None:
    column = Column("since", Kind.DATETIME)
    values, reasons = read_cells(pa.array([text]), column)
    reader = RowReader(Schema((column,)))
    if reasons:
        assert refused([{"since": text}], reader).code == "score.date"
    else:
        assert reader.read([{"since": text}])[0] == values.to_pylist()


def test_a_text_that_stood_for_a_missing_value_in_training_is_one_in_a_request() -> None:
    schema = Schema((Column("work", Kind.STRING), Column("grade", Kind.STRING), Column("since", Kind.DATETIME)))
    reading = ReadOptions(missing=("", "?"), missing_in={"grade": ("none",)})
    cells = ["?", " ? ", "", " ", "none", "State"]
    for name in ("work", "grade"):
        column = schema[name]
        reader = RowReader(Schema((column,)), reading=reading)
        rows = [{name: cell} for cell in cells]
        expected = read_cells(pa.array(cells), column, reading)[0].to_pylist()
        assert reader.read(rows)[0] == expected
        assert [row[name] for row in reader.plain(rows)] == expected
    assert RowReader(schema, reading=reading).read([{"work": "a", "grade": "b", "since": " ? "}])[2] == [None]
    assert RowReader(schema).read([{"work": "?", "grade": "", "since": " "}]) == [["?"], [""], [None]]
