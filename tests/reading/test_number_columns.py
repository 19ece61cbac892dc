"""A column of almost only numbers is not silently read as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from designer.contract.schema import Kind, kind_of
from designer.reading.examination import Choices, Finding, findings, read_as_chosen
from designer.reading.file import ReadOptions, read_table, read_tables
from designer.reading.notices import Notice


def written(folder: Path, name: str, cells: Sequence[Any]) -> Path:
    """Write a column `weight` of these cells beside a text column, in the format of the file name."""
    path = folder / name
    rows = [(cell, f"text {row % 7}") for row, cell in enumerate(cells)]
    match path.suffix:
        case ".csv":
            path.write_text("weight;note\n" + "".join(f"{cell};{note}\n" for cell, note in rows))
        case ".jsonl":
            path.write_text("".join(json.dumps({"weight": cell, "note": note}) + "\n" for cell, note in rows))
        case ".xlsx":
            book = openpyxl.Workbook()
            for row in (("weight", "note"), *rows):
                book.active.append(row)
            book.save(path)
    return path


def number_notices(path: Path, **options: Any) -> list[str]:
    notices: list[Notice] = []
    read_table(path, options=ReadOptions(separator=";", **options), notices=notices)
    return [str(notice) for notice in notices if notice.about == "numbers"]


def with_cells(cells: dict[int, Any], count: int = 300) -> list[Any]:
    """Numbers, with the cells of the given rows replaced."""
    return [cells.get(row, row * 0.5) for row in range(1, count + 1)]


REMEDY = " To read numbers, set Missing values to 'twelve'."


@pytest.mark.parametrize(("name", "remedy"), [("a.csv", REMEDY), ("a.xlsx", REMEDY), ("a.jsonl", "")])
def test_one_word_among_numbers_is_named_with_its_row(name: str, remedy: str, tmp_path: Path) -> None:
    (text,) = number_notices(written(tmp_path, name, with_cells({151: "twelve"})))
    assert text == f"“weight” read as text. 299 of 300 cells are numbers; row 151 holds 'twelve'.{remedy}"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_the_setting_keeps_the_markers_that_are_set_and_reads_numbers(name: str, tmp_path: Path) -> None:
    file = written(tmp_path, name, with_cells({3: "NA", 5: "twelve", 9: "twelve", 12: "?", 20: "twelve"}))
    (text,) = number_notices(file, missing=("", "NA"))
    assert text == (
        "“weight” read as text. 295 of 299 cells are numbers; row 5 holds 'twelve', row 9 'twelve', row 12 '?', "
        "and 1 other. To read numbers, set Missing values to 'NA,twelve,?'."
    )
    options = ReadOptions(separator=";", missing=("", "NA", "twelve", "?"))
    assert kind_of(read_table(file, options=options)["weight"]) is Kind.DECIMAL


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({7: "0.12345678901234567890123"}, "row 7 holds '0.12345678901234567890123'"),
        ({7: "12 kg", 8: "a,b"}, "row 7 holds '12 kg', row 8 'a,b'"),
        ({7: "0012", 8: "x"}, "row 7 holds '0012', row 8 'x'"),
        (dict.fromkeys(range(1, 6), "a") | {6: "b", 7: "c", 8: "d"}, "and 5 others"),
    ],
    ids=["digits", "comma", "zeros", "many"],
)
def test_what_is_no_word_for_missing_is_named_without_that_advice(
    cells: dict[int, str], shown: str, tmp_path: Path
) -> None:
    (text,) = number_notices(written(tmp_path, "a.csv", with_cells(cells)))
    assert shown in text
    assert "Missing values" not in text


@pytest.mark.parametrize(
    "cells",
    [
        with_cells(dict.fromkeys(range(1, 40), "x")),
        with_cells({3: "x"}, count=9),
        [f"{row}" if row > 20 else f"0{row:02d}" for row in range(1, 301)],
        [f"{row}E3" for row in range(299)] + ["x"],
        [f"{row}" for row in range(299)] + ["1,5"],
    ],
    ids=["below 90 %", "fewer than 10", "leading zeros", "codes", "decimal commas"],
)
def test_texts_and_columns_that_another_finding_asks_about_are_left_alone(cells: list[Any], tmp_path: Path) -> None:
    assert number_notices(written(tmp_path, "a.csv", cells)) == []


def test_numbers_are_those_of_the_marks_that_are_set(tmp_path: Path) -> None:
    cells = [f"1.{row:03d},5" for row in range(299)] + ["none"]
    (text,) = number_notices(written(tmp_path, "a.csv", cells), decimal=",", thousands=".")
    assert "299 of 300 cells are numbers; row 300 holds 'none'." in text


def test_dates_and_booleans_among_the_numbers_of_a_sheet_are_named(tmp_path: Path) -> None:
    (text,) = number_notices(written(tmp_path, "a.xlsx", with_cells({4: pd.Timestamp("2024-05-01"), 6: True})))
    assert "298 of 300 cells are numbers; row 4 holds 2024-05-01T00:00:00, row 6 true." in text


def test_rows_of_several_files_are_counted_together(tmp_path: Path) -> None:
    first = written(tmp_path, "a.csv", with_cells({}, 20))
    second = written(tmp_path, "b.csv", with_cells({2: "twelve"}, 20))
    notices: list[Notice] = []
    read_tables([first, second], options=ReadOptions(separator=";"), notices=notices)
    assert [notice.text for notice in notices] == ["39 of 40 cells are numbers; row 22 holds 'twelve'."]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.jsonl"])
def test_the_page_asks_once_and_its_answer_reads_numbers(name: str, tmp_path: Path) -> None:
    file = written(tmp_path, name, [*with_cells({151: "twelve", 160: "?"})])

    def questions(choices: Choices) -> list[Finding]:
        notices: list[Notice] = []
        original, table = read_as_chosen(file, choices, notices)
        return [each for each in findings(original, table, choices, 0, notices) if each.column == "weight"]

    chosen = Choices(options=ReadOptions(separator=";"))
    (question,) = questions(chosen)
    assert (question.tone, question.action, question.value) == ("decide", "read as missing", "twelve,?")
    assert question.text.endswith("Read 'twelve' and '?' as missing instead?")
    settled = Choices(options=chosen.options, missing_in={"weight": ("twelve", "?")})
    assert questions(settled) == []
    assert kind_of(read_as_chosen(file, settled)[1]["weight"]) is Kind.DECIMAL
    as_text = Choices(options=chosen.options, kinds={"weight": "String"})
    assert not [each for each in questions(as_text) if each.id.startswith("numbers")]
