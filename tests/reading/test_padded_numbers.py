"""Whole numbers that a workbook shows with leading zeros."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from designer.contract.schema import Kind, kind_of
from designer.reading.examination import Choices, findings, read_as_chosen
from designer.reading.file import ReadOptions, read_table
from designer.reading.notices import Notice


def workbook(folder: Path, cells: list[Any], number_format: str = "00000", plain: int = 0) -> Path:
    """A column `zip` of these cells in a number format, the last `plain` of them without one."""
    book = openpyxl.Workbook()
    book.active.append(["zip", "n"])
    for count, cell in enumerate(cells):
        book.active.append([cell, count])
        if count < len(cells) - plain:
            book.active.cell(count + 2, 1).number_format = number_format
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def read(path: Path, **options: Any) -> list[Any]:
    column = read_table(path, options=ReadOptions(**options))["zip"]
    return [None if missing else cell for cell, missing in zip(column.tolist(), column.isna(), strict=True)]


def test_a_column_shown_with_leading_zeros_is_read_as_the_sheet_shows_it(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, [31, None, 12345, 123456, -7])) == ["00031", None, "12345", "123456", "-00007"]


def test_cells_without_the_format_are_text_beside_it(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, [31, 12345, "A7"], plain=2)) == ["00031", "12345", "A7"]


@pytest.mark.parametrize(
    ("cells", "number_format"), [([12345, 54321], "00000"), ([31, 7], "0"), ([31, 7], "0.00"), ([31, 7], "#,##0")]
)
def test_numbers_shown_without_leading_zeros_are_integers(cells: list[int], number_format: str, tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, cells, number_format))
    assert (kind_of(table["zip"]), table["zip"].tolist()) == (Kind.INTEGER, cells)


def test_numbers_with_a_fraction_are_decimals(tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path, [31, 2.5]))
    assert (kind_of(table["zip"]), table["zip"].tolist()) == (Kind.DECIMAL, [31.0, 2.5])


def test_a_marker_of_missing_values_fits_the_number_with_and_without_zeros(tmp_path: Path) -> None:
    path = workbook(tmp_path, [31, 0, 12345])
    assert read(path, missing=("", "0")) == read(path, missing=("", "00000")) == ["00031", None, "12345"]


def test_a_finding_tells_that_the_column_is_text(tmp_path: Path) -> None:
    notices: list[Notice] = []
    original, table = read_as_chosen(workbook(tmp_path, [31, 32, 12345, 31]), Choices(), notices)
    review = {finding.id: finding for finding in findings(original, table, Choices(), notices=notices)}
    assert review["zeros zip"].text == "Leading zeros in 3 values would be lost."
    assert notices == []


def test_a_file_to_score_has_the_numbers_of_the_format_as_text(tmp_path: Path) -> None:
    assert read(workbook(tmp_path, [12345, 54321]), as_text=True) == ["12345", "54321"]


def test_padded_numbers_can_be_chosen_as_integers(tmp_path: Path) -> None:
    _, table = read_as_chosen(workbook(tmp_path, [31, 12345]), Choices(kinds={"zip": "Integer"}))
    assert table["zip"].tolist() == [31, 12345]
