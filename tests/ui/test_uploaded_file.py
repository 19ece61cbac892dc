"""How the grid describes the cells of a table."""

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from designer.contract.errors import UnreadableFile
from designer.contract.schema import Schema
from designer.reading.examination import Choices, Finding, read_as_chosen
from designer.ui.file_child import examine
from designer.ui.views.dataset.upload import (
    Upload,
    accepted,
    kept,
    lines,
    other_accepted,
    with_kind,
    with_option,
    without,
)


def texts(column: object) -> list[str]:
    return [line.cells[0].text for line in lines(pd.DataFrame({"x": column}), 0)]


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ([18.0, 0.0, 12.5], ["18.00", "0.00", "12.50"]),
        ([0.538, 0.469, 0.4], ["0.538", "0.469", "0.400"]),
        ([4.09, 4.9671, 4.9671], ["4.090", "4.967", "4.967"]),
        ([0.00632, 0.17], ["0.00632", "0.17000"]),
        ([1234567.891, -5.0], ["1,234,567.89", "−5.00"]),
        ([1e-7, 0.5], ["1e−07", "0.50"]),
        ([np.nan, np.inf, 2.0], ["missing", "inf", "2.00"]),
        (pd.array([12345, None, -7], dtype="Int64"), ["12,345", "missing", "−7"]),
        (pd.array([True, None], dtype="boolean"), ["true", "missing"]),
        (pd.to_datetime(["2026-05-14", None]), ["2026-05-14", "missing"]),
        (["x" * 100], ["x" * 79 + "…"]),
    ],
    ids=str,
)
def test_the_numbers_of_a_column_have_the_same_decimals(column: object, shown: list[str]) -> None:
    assert texts(column) == shown


def test_lines_are_numbered_from_where_the_page_begins() -> None:
    assert [line.number for line in lines(pd.DataFrame({"x": [1, 2]}), 50)] == [51, 52]


def test_whole_numbers_with_missing_cells_of_a_file_are_shown(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("age,member\n41,true\n,false\n17,\n")
    examine(str(tmp_path), None)
    rows = Upload(tmp_path).rows(["age", "member"], 0, 10)
    assert [[cell.text for cell in line.cells] for line in rows] == [
        ["41", "true"],
        ["missing", "false"],
        ["17", "missing"],
    ]


def test_a_file_that_cannot_be_read_keeps_what_was_guessed_of_it(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("Prices\na;b;c\n" + "1;2,5;x\n" * 9)
    with pytest.raises(UnreadableFile, match="row 2"):
        examine(str(tmp_path), None)
    choices = Upload(tmp_path).choices()
    assert choices is not None
    assert choices.options.separator == ";"
    answer = examine(str(tmp_path), with_option(choices, "skip rows", "1").to_json())
    assert (answer["rows"], [column["name"] for column in answer["columns"]]) == (9, ["a", "b", "c"])


def notes_of(folder: Path, choices: Choices | None = None) -> dict[str, Finding]:
    answer = examine(str(folder), choices.to_json() if choices else None)
    return {finding["id"]: Finding(**finding) for finding in answer["findings"]}


def test_dates_of_either_order_are_asked_once_with_both_readings(tmp_path: Path) -> None:
    days = pd.date_range("2023-01-01", periods=12) + pd.to_timedelta(range(0, 360, 30), "D")
    texts = [f"{day.day % 12 + 1:02d}.{day.month:02d}.2023" for day in days]
    (tmp_path / "days.csv").write_text("at,n\n" + "".join(f"{text},{i}\n" for i, text in enumerate(texts)))
    question = notes_of(tmp_path)["date order at"]
    assert (question.tone, question.action, question.other) == ("decide", "read day first", "read month first")
    for accept, form in ((accepted, "%d.%m.%Y"), (other_accepted, "%m.%d.%Y")):
        chosen = accept(Choices(), question)
        assert Choices.from_json(chosen.to_json()) == chosen
        notes = notes_of(tmp_path, chosen)
        assert "date order at" not in notes
        _, table = read_as_chosen(tmp_path / "days.csv", chosen)
        assert table["at"].tolist() == pd.to_datetime(pd.Series(texts), format=form).tolist()
        assert Schema.of(table)["at"].date_order == chosen.options.date_orders["at"]
    assert "date order at" not in notes_of(tmp_path, kept(Choices(), question))


def test_a_column_whose_values_decide_is_read_as_dates_unless_it_shall_be_text(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("at,n\n15.08.2023,1\n03.04.2023,2\n")
    note = notes_of(tmp_path)["date at"]
    assert (note.tone, note.title) == ("done", "“at” read as dates, day first")
    as_text = with_kind(Choices(), "at", "String")
    assert "date at" not in notes_of(tmp_path, as_text)
    assert read_as_chosen(tmp_path / "days.csv", as_text)[1]["at"].tolist() == ["15.08.2023", "03.04.2023"]


def test_a_title_is_skipped_by_its_note_and_the_first_lines_are_shown(tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("Sales,,\n,,\nday,shop,sales\n2023-05-01,north,12\n2023-05-02,south,9\n")
    question = notes_of(tmp_path)["title"]
    assert (question.tone, question.action, question.value) == ("decide", "skip rows", "2")
    assert Upload(tmp_path).lines()[:3] == ["Sales,,", ",,", "day,shop,sales"]
    answer = examine(str(tmp_path), accepted(Choices(decimal="comma"), question).to_json())
    assert [column["name"] for column in answer["columns"]] == ["day", "shop", "sales"]
    assert answer["choices"]["decimal"] == "comma"


def test_what_a_workbook_loses_is_among_the_notes(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["a", "b"], [1, "#REF!"], [2, 3], [4, None], [5, 6]):
        book.active.append(row)
    book.active.merge_cells("B3:B4")
    book.create_sheet("more")
    book.save(tmp_path / "book.xlsx")
    notes = [(note.tone, note.title) for note in notes_of(tmp_path).values()]
    assert notes == [
        ("info", "Sheet “Sheet” read, 1 of 2"), ("info", "Merged cells in B3:B4"), ("info", "“b” holds errors"),
    ]  # fmt: skip


def test_words_among_numbers_are_read_as_missing_by_their_note(tmp_path: Path) -> None:
    cells = "".join(f"{row}.5,a\n" for row in range(28))
    (tmp_path / "weights.csv").write_text(f"weight,note\n{cells}twelve,a\nnone,b\n")
    question = notes_of(tmp_path)["numbers weight"]
    chosen = accepted(Choices(), question)
    assert chosen.missing_in == {"weight": ("twelve", "none")}
    assert "numbers weight" not in notes_of(tmp_path, chosen)
    assert read_as_chosen(tmp_path / "weights.csv", chosen)[1]["weight"].isna().sum() == 2


def test_a_first_row_of_values_becomes_data_by_its_note(tmp_path: Path) -> None:
    (tmp_path / "iris.csv").write_text("5.1,3.5,a\n4.9,3.0,b\n")
    question = notes_of(tmp_path)["header"]
    assert (question.title, question.action) == ("The first row looks like data (5.1, 3.5, a)", "read as data")
    answer = examine(str(tmp_path), accepted(Choices(), question).to_json())
    assert (answer["rows"], [column["name"] for column in answer["columns"]]) == (2, ["Col1", "Col2", "Col3"])
    assert "header" not in notes_of(tmp_path, kept(Choices(), question))


def test_a_column_that_cannot_be_read_is_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"n": 1, "items": [1], "at": {}}\n{"n": 2, "items": [2], "at": {}}\n')
    with pytest.raises(UnreadableFile, match="Leave them out"):
        examine(str(tmp_path), None)
    assert Upload(tmp_path).unreadable() == ["items", "at"]
    chosen = without(without(Choices(label="items"), "items"), "at")
    answer = examine(str(tmp_path), chosen.to_json())
    left_out = {column["name"]: column["left_out"] for column in answer["columns"]}
    assert left_out == {"n": False, "items": True, "at": True}
    assert Upload(tmp_path).unreadable() == []
