"""Parsing of text as numbers, dates, booleans or missing values."""

from __future__ import annotations

import datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from designer.contract.errors import UnreadableFile
from designer.contract.files.read_options import ReadOptions
from designer.contract.schema import Kind
from designer.reading.cells.literals import fit_cells, infer_cells

COMMA = ReadOptions(decimal=",")
GROUPED = ReadOptions(decimal=",", thousands=".")


def inferred(*cells: str | None, options: ReadOptions | None = None) -> list[object]:
    return infer_cells(pa.chunked_array([pa.array(cells, pa.string())]), "c", 1, options).to_pylist()


def test_powers_of_two_are_numbers_as_python_writes_them() -> None:
    # 2^-24 is halfway between two numbers of 16 digits; Python writes the upper one.
    powers = [2.0**exponent for exponent in range(-300, 300)]
    assert repr(2.0**-24) == "5.960464477539063e-08"
    assert inferred(*map(repr, powers)) == powers


@pytest.mark.parametrize(
    "cells",
    [
        ("31E2", "310E1", "8E5", "6E1"),
        ("12e3", "13e3"),
        ("12E3", "2.5"),
        ("5_13", "4_000"),
        ("01234", "2"),
        ("+49301234", "+4930"),
        ("12345678901234567890", "1"),
        ("9223372036854775808", "1"),
        ("1.5", "9007199254740993"),
        ("1234567890123456.78", "0.5"),
        ("3.14159265358979323846", "1"),
        ("1e-400", "2.5"),
        ("3e-324", "2.5"),
        ("inf", "1"),
        ("0x1F", "1"),
        ("1,250", "612"),
        ("1 250", "612"),
        ("٣", "1"),
        ("0000-01-01", "2020-01-01"),
        ("2020-13-01",),
        ("12:30",),
    ],
)
def test_what_a_number_or_date_would_not_give_back_stays_text(cells: tuple[str, ...]) -> None:
    assert inferred(*cells) == list(cells)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (("1", "-2", None), [1, -2, None]),
        (("9223372036854775807", "-9223372036854775808"), [2**63 - 1, -(2**63)]),
        ((" 30", "12 ", "  "), [30, 12, None]),
        (("1.50", "+0.5", ".5", "5."), [1.5, 0.5, 0.5, 5.0]),
        (("1e-05", "1.2E4", "1e+16"), [1e-5, 12000.0, 1e16]),
        (("8E5", "0.5"), [8e5, 0.5]),
        (("0.10000000000000001", "0.30000000000000004"), [0.1, 0.1 + 0.2]),
        (("0.1000000000000000055511151231257827", "1"), [0.1, 1.0]),
        (("0.10000000000000000000", "-0"), [0.1, -0.0]),
        (("5e-324", "1.7976931348623157e+308"), [5e-324, 1.7976931348623157e308]),
        (("true", "FALSE"), [True, False]),
        (("",), [None]),
    ],
)
def test_what_comes_back_unchanged_is_a_value(cells: tuple[str | None, ...], values: list[object]) -> None:
    assert inferred(*cells) == values


@pytest.mark.parametrize("text", ["2023-07-04T10:11:12.1234567Z", "2023-07-04 12:11:12.123456789 +02:00"])
def test_a_second_may_have_any_number_of_digits_and_keeps_six(text: str) -> None:
    (moment,) = inferred(text)
    assert moment == datetime.datetime(2023, 7, 4, 10, 11, 12, 123456, datetime.UTC)


def test_a_number_too_large_to_be_finite_is_named_with_its_row() -> None:
    with pytest.raises(UnreadableFile, match="row 2: 1e999 is too large"):
        inferred("2.5", "1e999")


def test_where_commas_are_decimal_a_point_is_none() -> None:
    assert inferred("2.500", "410", "1.125", options=COMMA) == ["2.500", "410", "1.125"]
    assert inferred("-4,75", "8,5", "6", options=COMMA) == [-4.75, 8.5, 6.0]
    assert inferred("2.500", "410", options=GROUPED) == [2500, 410]
    assert inferred("1.234,5", "-1.000.000", options=GROUPED) == [1234.5, -1e6]
    assert inferred("2.50", "410", options=GROUPED) == ["2.50", "410"]
    assert inferred("1,250", "612", options=ReadOptions(thousands=",")) == [1250, 612]
    assert inferred("1\u00a0250", "1 250 000", options=ReadOptions(thousands=" ")) == [1250, 1250000]


def test_markers_of_a_missing_value_count_with_blanks_around_them() -> None:
    assert inferred(" ? ", "1", options=ReadOptions(missing=("", "?"))) == [None, 1]
    assert inferred("?", "a", "  ", options=ReadOptions(missing=("", "?"))) == [None, "a", "  "]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.INTEGER, "9007199254740995", 9007199254740995),
        (Kind.INTEGER, "+1234567890123456789", 1234567890123456789),
        (Kind.INTEGER, " 12.0 ", 12),
        (Kind.INTEGER, "007", 7),
        (Kind.DECIMAL, "12E3", 12000.0),
        (Kind.DECIMAL, " -0.5", -0.5),
        (Kind.BOOLEAN, "Yes", True),
        (Kind.STRING, " a ", " a "),
        (Kind.DATETIME, "2020-01-01T10:00:00+02:00", datetime.datetime(2020, 1, 1, 8)),
        (Kind.DATETIME, "2020-01-01", datetime.datetime(2020, 1, 1)),
    ],
)
def test_a_cell_of_a_known_kind_is_read_by_the_same_rules(kind: Kind, text: str, value: object) -> None:
    fitted = fit_cells(pa.array([None, text, ""]), kind)
    assert fitted.cells.to_pylist() == [None, value, None]
    assert not fitted.reasons


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (Kind.INTEGER, "5_13", "is not a whole number"),
        (Kind.INTEGER, "12E3", "is not a whole number"),
        (Kind.INTEGER, "2.5", "is not a whole number"),
        (Kind.INTEGER, "9223372036854775808", "64 bits"),
        (Kind.DECIMAL, "5_1", "is not a number"),
        (Kind.DECIMAL, "nan", "is not a number"),
        (Kind.DECIMAL, "inf", "is not a number"),
        (Kind.DECIMAL, "1e999", "too large"),
        (Kind.DECIMAL, "1234567890123456.78", "more digits"),
        (Kind.BOOLEAN, "maybe", "true or false"),
        (Kind.DATETIME, "2020-02-30", "is not a date"),
        (Kind.DATETIME, "soon", "is not a date"),
    ],
)
def test_a_cell_that_does_not_fit_its_kind_is_named_and_the_others_are_kept(kind: Kind, text: str, why: str) -> None:
    good = {Kind.BOOLEAN: "true", Kind.DATETIME: "2020-01-01"}.get(kind, "1")
    fitted = fit_cells(pa.array([good, text, None, good]), kind)
    assert list(fitted.reasons) == [1]
    assert why in fitted.reasons[1]
    assert text in fitted.reasons[1]
    assert [cell is None for cell in fitted.cells.to_pylist()] == [False, True, True, False]


@given(st.lists(st.text("0123456789+-.eE,_ ", max_size=20), min_size=1, max_size=4))
def test_a_text_that_becomes_a_number_is_that_number_to_its_last_digit(cells: list[str]) -> None:
    from decimal import Decimal

    values = infer_cells(pa.chunked_array([pa.array(cells)]), "c").to_pylist()
    for cell, value in zip(cells, values, strict=True):
        if isinstance(value, int | float):
            digits = len(Decimal(cell.strip()).normalize().as_tuple().digits)
            assert Decimal(f"{value:.{max(digits, 1) - 1}e}" if isinstance(value, float) else value) == Decimal(cell)


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=8), st.sampled_from([17, 19, 25])
)
def test_seventeen_digits_and_more_give_each_double_back(numbers: list[float], digits: int) -> None:
    texts = [f"{number:.{digits - 1}e}" for number in numbers]
    assert np.array_equal(inferred(*texts), numbers)


def test_options_survive_json() -> None:
    options = ReadOptions(
        separator=";", missing=("", "?"), decimal=",", kinds={"a": "String"}, missing_in={"b": ("-",)}
    )
    assert ReadOptions.from_json(options.to_json()) == options
    assert ReadOptions.from_json({"separator": ";", "missing": ["", "NA"]}) == ReadOptions(";", missing=("", "NA"))
    assert options.of("b").missing == ("", "?", "-")


def test_a_long_number_that_is_too_large_is_refused_and_loses_no_digits() -> None:
    fitted = fit_cells(pa.array(["1" + "0" * 400, "1.5"], pa.string()), Kind.DECIMAL)
    assert list(fitted.reasons) == [0]
    assert "is too large for a number" in fitted.reasons[0]
    assert fitted.cells.to_pylist() == [None, 1.5]
