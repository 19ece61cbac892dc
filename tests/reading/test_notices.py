"""Every file format reports lost values and ambiguous readings."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from designer.contract.errors import UnreadableFile
from designer.contract.schema import Kind, Schema, kind_of
from designer.reading.file import ReadOptions, beginning_of, read_table, read_tables
from designer.reading.notices import Notice


def read(path: Path, **options: object) -> tuple[pd.DataFrame, dict[str, Notice]]:
    """Read a file's table and its notices, by subject."""
    notices: list[Notice] = []
    table = read_table(path, options=ReadOptions(**options), notices=notices)  # type: ignore[arg-type]
    return table, {notice.about: notice for notice in notices}


def written(folder: Path, name: str, texts: Iterable[str | None]) -> Path:
    """Write the texts as one column `at`, in the format of the file name."""
    frame, path = pd.DataFrame({"at": list(texts)}), folder / name
    match path.suffix:
        case ".csv":
            frame.to_csv(path, index=False)
        case ".jsonl":
            frame.to_json(path, orient="records", lines=True)
        case ".xlsx":
            frame.to_excel(path, index=False)
    return path


FILES = ("a.csv", "a.jsonl", "a.xlsx")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("texts", "order", "first"),
    [
        (["03.04.2023", "15.08.2023"], "day first", "2023-04-03"),
        (["3/4/2023 9:05", "12/31/2023 23:59:58"], "month first", "2023-03-04 09:05"),
        (["05-05-2023", "07-07-2023"], "day first", "2023-05-05"),
    ],
)
def test_a_value_that_is_a_date_in_one_order_only_decides_for_its_column(
    name: str, texts: list[str], order: str, first: str, tmp_path: Path
) -> None:
    table, notices = read(written(tmp_path, name, [*texts, None]))
    assert table["at"].iloc[0] == pd.Timestamp(first)
    assert kind_of(table["at"]) is Kind.DATETIME
    assert notices["dates"].title == f"“at” read as dates, {order}"
    assert Schema.of(table)["at"].date_order == order


@pytest.mark.parametrize("name", FILES)
def test_dates_in_either_order_stay_text_and_both_readings_are_named(name: str, tmp_path: Path) -> None:
    table, notices = read(written(tmp_path, name, ["01.01.2023", "03.04.2023"]))
    assert table["at"].tolist() == ["01.01.2023", "03.04.2023"]
    assert notices["date order"].settings == ("day first", "month first")
    assert "03.04.2023 may be 3 April 2023 or 4 March 2023" in notices["date order"].text


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("order", "day"), [("day first", "2023-04-03"), ("month first", "2023-03-04")])
def test_the_order_that_is_set_is_the_one_that_is_read(name: str, order: str, day: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, ["01.01.2023", "03.04.2023"])
    for options in ({"date_order": order}, {"date_orders": {"at": order}}):
        table, notices = read(path, **options)
        assert table["at"].iloc[1] == pd.Timestamp(day)
        assert not notices


@pytest.mark.parametrize(
    "texts",
    [
        ["15.08.2023", "08.15.2023"],  # no date order fits both
        ["31.02.2023", "01.01.2023"],  # not a calendar date
        ["15.08.2023", "about 2023"],
        ["1.2.3", "1.2.4"],
        ["15.08.2023", "15/08/2023"],
        ["1234.5.2023"],
    ],
)
def test_what_is_no_date_in_any_order_stays_text_without_a_word(texts: list[str], tmp_path: Path) -> None:
    table, notices = read(written(tmp_path, "a.csv", texts))
    assert table["at"].tolist() == texts
    assert not notices


def test_an_order_that_does_not_fit_a_column_leaves_it_text(tmp_path: Path) -> None:
    table, _ = read(written(tmp_path, "a.csv", ["15.08.2023"]), date_order="month first")
    assert table["at"].tolist() == ["15.08.2023"]


def test_several_files_decide_together(tmp_path: Path) -> None:
    paths = [written(tmp_path, "1.csv", ["03.04.2023"]), written(tmp_path, "2.csv", ["15.08.2023"])]
    notices: list[Notice] = []
    table = read_tables(paths, notices=notices)
    assert table["at"].tolist() == [pd.Timestamp("2023-04-03"), pd.Timestamp("2023-08-15")]
    assert [notice.about for notice in notices] == ["dates"]


@pytest.mark.parametrize("name", FILES)
def test_digits_of_a_second_that_are_cut_are_counted(name: str, tmp_path: Path) -> None:
    texts = ["2023-01-01T00:00:00.1234567", "2023-01-01T00:00:00.123456000", "2023-01-01T00:00:00.0000001"]
    table, notices = read(written(tmp_path, name, texts))
    assert table["at"].dt.microsecond.tolist() == [123456, 123456, 0]
    assert "2 values" in notices["seconds"].text
    assert "00.1234567" in notices["seconds"].text
    assert not read(written(tmp_path, name, texts[1:2]))[1]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Write three sheets; the first has error cells, an out-of-range date and two merged ranges."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "2023"
    for row in (["day", "rate", "shop"], [datetime.datetime(2023, 5, 1), 1.5, "north"],
                [3_000_000, "#DIV/0!", None], [datetime.datetime(2023, 5, 3), "#N/A", None]):  # fmt: skip
        sheet.append(row)
    sheet["A3"].number_format = "yyyy-mm-dd"
    sheet.merge_cells("C2:C4")
    made.create_sheet("2024")
    made.create_sheet("Notes")
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_what_a_workbook_loses_is_said_with_its_cells(book: Path) -> None:
    notices: list[Notice] = []
    table = read_table(book, notices=notices)
    assert table["rate"].tolist()[0] == 1.5
    assert table.isna().sum().tolist() == [1, 2, 2]
    assert [str(notice) for notice in notices] == [
        "Sheet “2023” read, 1 of 3. Not read: “2024”, “Notes”. Set Sheet to read another.",
        f"Merged cells in C2:C4. {MERGED}",
        "“rate” holds errors. 2 errors of a formula read as missing, the first is #DIV/0! in cell B3.",
        "“day” holds dates out of range. 1 date outside the years 1900 to 9999 read as missing, the first in cell A3.",
    ]


def test_a_sheet_that_was_chosen_is_not_asked_for_and_a_plain_one_says_nothing(book: Path, tmp_path: Path) -> None:
    assert "sheets" not in read(book, sheet="2023")[1]
    assert not read(written(tmp_path, "plain.xlsx", ["a", "b"]))[1]


def test_merged_cells_above_the_rows_that_are_read_do_not_count(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["Report", None], ["a", "b"], [1, 2]):
        made.active.append(row)
    made.active.merge_cells("A1:B1")
    made.save(tmp_path / "a.xlsx")
    assert set(read(tmp_path / "a.xlsx")[1]) == {"names", "title", "merged"}
    assert not read(tmp_path / "a.xlsx", skip_rows=1)[1]


MERGED = (
    "A merged cell holds its value once; the rest of its range is missing. "
    "Unmerge and fill them in the workbook where every row should have the value."
)
TITLE = "Sales by shop\nmade 2024-01-02\n\nday,shop,sales\n2023-05-01,north,12\n2023-05-02,south,7\n"


def test_a_title_that_keeps_a_file_from_being_read_is_answered_by_the_rows_to_skip(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TITLE)
    with pytest.raises(
        UnreadableFile, match=r"Row 4 looks like the header \(day, shop, sales\): set Rows to skip to 3"
    ):
        read(file)
    table, notices = read(file, skip_rows=3)
    assert (list(table.columns), len(table), notices) == (["day", "shop", "sales"], 2, {})
    assert beginning_of(file, ReadOptions())[:4] == ["Sales by shop", "made 2024-01-02", "", "day,shop,sales"]


def test_a_title_in_the_cells_of_a_ragged_file_is_found_and_a_header_with_a_gap_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Prices;;;\nAs of June\ncode;price;weight;state\n1;2;3;4\n5;6;7;8\n")
    with pytest.raises(UnreadableFile, match=r"Row 3 looks like the header .* Rows to skip to 2"):
        read(file, separator=";")
    file.write_text(",a,b\n1,2,3\n4,5,6\n7,8\n")
    with pytest.raises(UnreadableFile, match=r"row 4 has 2 cells where 3 are expected\. Quote cells"):
        read(file)


def test_a_title_over_another_separator_names_both_settings(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(TITLE.replace(",", ";"))
    with pytest.raises(UnreadableFile, match="set Separator to Semicolon and Rows to skip to 3"):
        read(file)
    assert len(read(file, separator=";", skip_rows=3)[0]) == 2


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_title_in_cells_of_its_own_is_asked_about(name: str, tmp_path: Path) -> None:
    rows = [["Sales by shop", None, None], [None] * 3, ["day", "shop", "sales"], ["2023-05-01", "north", 12]]
    path = tmp_path / name
    frame = pd.DataFrame(rows)
    frame.to_csv(path, index=False, header=False) if name == "a.csv" else frame.to_excel(
        path, index=False, header=False
    )
    table, notices = read(path)
    assert list(table.columns) == ["Sales by shop", "Col2", "Col3"]
    assert notices["title"].settings == ("2",)
    assert "Row 3 looks like the header: day, shop, sales." in notices["title"].text
    table, notices = read(path, skip_rows=2)
    assert list(table.columns) == ["day", "shop", "sales"]
    assert not notices


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n", ",value\n0,1.5\n1,2.5\n", "name,,\nx,1,2\ny,3,4\n", "word\none\ntwo\n", "a,b,c\n1,,\n,,3\n",
        "id,note,\n1,x,\n2,y,\n", "sep=,\nitem,count\nnut,4\n",
    ],
)  # fmt: skip
def test_a_header_is_not_taken_for_a_title(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert set(read(tmp_path / "a.csv")[1]) <= {"names"}


def test_durations_are_said_to_be_seconds(tmp_path: Path) -> None:
    frame = pd.DataFrame({"d": pd.to_timedelta([90, 30], unit="s")})
    frame.to_parquet(tmp_path / "a.parquet")
    book = openpyxl.Workbook()
    for cell in ("d", datetime.timedelta(seconds=90), datetime.timedelta(seconds=30)):
        book.active.append([cell])
    book.save(tmp_path / "a.xlsx")
    for name in ("a.parquet", "a.xlsx"):
        table, said = read(tmp_path / name)
        assert table["d"].tolist() == [90.0, 30.0]
        assert said["durations"].title == "“d” read as seconds"


@pytest.mark.parametrize("numbered", [False, True])
def test_columns_without_a_name_are_said_to_be_named_by_position(numbered: bool, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,,b\n1,2,3\n4,5,6\n")
    table, said = read(tmp_path / "a.csv", number_duplicates=numbered)
    assert list(table.columns) == ["a", "Col2", "b"]
    assert str(said["names"]) == "1 column without a name. Named by position: “Col2”."
