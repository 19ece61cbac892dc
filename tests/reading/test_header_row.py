"""A file without a header does not silently lose its first row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from designer.contract.errors import DuplicateColumns
from designer.reading.file import ReadOptions, read_table, read_tables
from designer.reading.notices import Notice


def header_notices(path: Path, options: ReadOptions | None = None) -> list[Notice]:
    notices: list[Notice] = []
    read_table(path, options=options, notices=notices)
    return [notice for notice in notices if notice.about == "header"]


def written(folder: Path, text: str) -> Path:
    (folder / "a.csv").write_text(text)
    return folder / "a.csv"


@pytest.mark.parametrize(
    "text",
    [
        "5.1,3.5,a\n4.9,3.0,b\n",
        "7,x\n8,y\n",
        "3,7\n8,9\n",
        "1,34,50000,yes\n2,27,41000,no\n",
        "2024-01-02,x\n2024-01-03,y\n",
        "x,true\ny,false\n",
        "-3,,a\n4,5,b\n",
        "5.1,3.5,a\n",
    ],
)
def test_a_first_row_of_values_is_asked_about(text: str, tmp_path: Path) -> None:
    (notice,) = header_notices(written(tmp_path, text))
    assert notice.remedy == "If it is data, set Has header to off."
    assert header_notices(tmp_path / "a.csv", ReadOptions(header=False)) == []


def test_the_question_shows_the_row(tmp_path: Path) -> None:
    (notice,) = header_notices(written(tmp_path, "5.1,3.5,a,b,c\n4.9,3.0,b,c,d\n"))
    assert notice.title == "The first row looks like data (5.1, 3.5, a, b, …)"


def test_decimal_commas_above_decimal_commas_are_data(tmp_path: Path) -> None:
    assert header_notices(written(tmp_path, "5,1;3,5;a\n4,9;3,0;b\n"), ReadOptions(separator=";"))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a,2\n1,2\n",
        "name,note\nx,y\n",
        "country,1990,2000,2005\nDE,1,2,3\n",
        "0,1,2,3,label\n5,6,7,8,x\n",
        "a,b\n",
    ],
)
def test_names_are_not(text: str, tmp_path: Path) -> None:
    assert header_notices(written(tmp_path, text)) == []


def test_the_first_row_of_a_sheet_and_of_several_files_is_asked_about(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in ([5.1, 3.5, "a"], [4.9, 3.0, "b"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert header_notices(tmp_path / "a.xlsx")
    file, notices = written(tmp_path, "5.1,3.5,a\n4.9,3.0,b\n"), list[Notice]()
    read_tables([file, file], notices=notices)
    assert [notice.about for notice in notices] == ["header"]


def test_numbered_duplicates_are_still_seen_as_data(tmp_path: Path) -> None:
    assert header_notices(written(tmp_path, "0.5,0,0\n1.5,1,1\n"), ReadOptions(number_duplicates=True))


def test_names_that_are_numbers_and_come_twice_may_be_data(tmp_path: Path) -> None:
    with pytest.raises(DuplicateColumns) as refused:
        read_table(written(tmp_path, "0.5,0,0\n1.5,1,1\n"))
    assert refused.value.remedy.startswith("If the first row is data, set Has header to off;")
