"""`designer dataset add`: notes about a file, and the settings for reading it."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from designer.contract.catalogue.library import Library
from tests.cli.terminal import designer

GERMAN = "tag;wert\n15.08.2023;1,5\n03.04.2023;2,25\n"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


def kinds(stdout: str) -> dict[str, str]:
    return {column["name"]: column["kind"] for column in json.loads(stdout)["schema"]["columns"]}


@pytest.mark.parametrize(
    "settings",
    [
        ("separator=semicolon", "decimal_mark=comma"),
        ("Separator=Semicolon", "Decimal mark=COMMA"),
        ("separator=SEMICOLON", "decimal-mark=Comma", "encoding=utf-8", "date_order=day first"),
    ],
)
def test_settings_are_taken_in_any_letter_case_by_name_or_label(
    settings: tuple[str, ...], workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "werte.csv").write_text(GERMAN)
    chosen = [word for setting in settings for word in ("--set", setting)]
    answer = designer("dataset", "add", str(tmp_path / "werte.csv"), "--json", *chosen, workspace=workspace)
    assert kinds(answer.stdout) == {"tag": "DateTime", "wert": "Decimal"}


def test_what_the_reader_says_is_printed_and_in_the_document(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("day,n\n01.02.2023,1\n03.04.2023,2\n")
    output = designer("dataset", "add", str(tmp_path / "days.csv"), workspace=workspace).stdout
    assert "note: “day” holds dates of which the order is open." in output
    assert "Add --set date_order='Day first' or --set date_order='Month first'." in output
    again = designer("dataset", "add", str(tmp_path / "days.csv"), "--json", workspace=workspace).stdout
    assert len(json.loads(again)["notices"]) == 1
    shown = designer("dataset", "show", "days", workspace=workspace).stdout
    assert shown.splitlines()[0] == "days, version 1: 2 rows × 2 columns"
    assert "note: “day” holds dates of which the order is open." in shown
    done = designer(
        "dataset", "add", str(tmp_path / "days.csv"), "--json", "--set", "Date order=month first", workspace=workspace
    )
    assert (kinds(done.stdout)["day"], json.loads(done.stdout)["notices"]) == ("DateTime", [])


def notes_on(file: Path, workspace: Path, *settings: str) -> list[str]:
    chosen = [word for setting in settings for word in ("--set", setting)]
    output = designer("dataset", "add", str(file), *chosen, workspace=workspace).stdout
    return [line.removeprefix("note: ") for line in output.splitlines() if line.startswith("note: ")]


def test_the_separator_is_detected_and_said(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "werte.csv").write_text("wert;n\n1,5;3\n2,25;4\n")
    seen = "It was read with the separator Semicolon, which divides its rows alike."
    question = "“wert” has decimal commas. Read as numbers? If so, add --set decimal_mark=Comma."
    assert notes_on(tmp_path / "werte.csv", workspace) == [seen, question]
    assert notes_on(tmp_path / "werte.csv", workspace, "decimal_mark=comma") == [seen]
    assert notes_on(tmp_path / "werte.csv", workspace, "separator=semicolon", "decimal_mark=comma") == []


def test_plain_text_that_holds_semicolons_stays_one_column(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text("text\nso it is; says one\nwell; well\n" + "hello\n" * 5)
    assert notes_on(tmp_path / "texts.csv", workspace) == [
        "4 rows repeat another. The table keeps them. The module Remove Duplicate Rows drops them."
    ]


def test_the_command_prints_the_findings_of_the_page_with_their_options(workspace: Path, tmp_path: Path) -> None:
    rows = [f"0{row:03d},{row + 7},{'?' if row % 9 == 0 else 'x'},{-1 if row % 3 else row},EU" for row in range(30)]
    header = "zip,customer ID,job,visits,region\n"
    (tmp_path / "people.csv").write_text(header + "\n".join(rows))
    notes = notes_on(tmp_path / "people.csv", workspace)
    identifier = "looks like an identifier. 30 of 30 values differ: a model would learn rows by heart."
    assert {
        f"“customer ID” {identifier} To leave it out, add --set columns='all but customer ID'.",
        "“job” holds “?”. 4 rows. Read as missing instead? If so, add --set missing_values='?'.",
        "“visits” may use −1 for missing. 20 rows. Read as missing instead? If so, add --set missing_values=-1.",
        "“region” never changes. Every row holds EU. To leave it out, add --set columns='all but region'.",
        "“zip” read as text. Leading zeros in 30 values would be lost.",
    } <= set(notes)
    again = notes_on(tmp_path / "people.csv", workspace, "columns=all but customer ID,region", "missing_values=?,-1")
    assert not [note for note in again if "customer ID" in note or "region" in note or "as missing" in note]


def test_thousands_are_noted_with_both_readings(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "total.csv").write_text("total;n\n1,250;1\n612;2\n")
    (note,) = [each for each in notes_on(tmp_path / "total.csv", workspace) if "“total”" in each]
    assert "1,250 may be 1250, or 1.250 if the comma is the decimal mark." in note
    assert note.endswith("Add --set thousands_mark=Comma or add --set decimal_mark=Comma.")


def test_a_setting_that_the_format_lacks_is_not_advised(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "jobs.jsonl").write_text('{"job": "?"}\n{"job": "x"}\n')
    assert notes_on(tmp_path / "jobs.jsonl", workspace) == ["“job” holds “?”. 1 row. Read as missing instead?"]


def test_a_file_below_a_title_is_shown_with_the_rows_to_skip(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("Sales\n\nday,shop,sales\n2023-05-01,north,12\n2023-05-02,south,7\n")
    refused = designer("dataset", "add", str(tmp_path / "report.csv"), workspace=workspace, code=2)
    assert "     1  Sales\n     2  \n     3  day,shop,sales\n" in refused.stderr
    assert "Add --set skip_rows=2;" in refused.stderr
    read = designer("dataset", "add", str(tmp_path / "report.csv"), "--skip-rows", "2", workspace=workspace)
    assert "2 rows × 3 columns" in read.stdout


def sheets(file: Path, **rows: list[list[object]]) -> Path:
    """Write a workbook with these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, cells in rows.items():
        sheet = book.create_sheet(name)
        for row in cells:
            sheet.append(row)
    book.save(file)
    return file


TITLED: list[list[object]] = [["Sales of the year"], [], ["day", "shop", "sales"], [1, "north", 12], [2, "south", 7]]


def test_a_workbook_of_several_sheets_is_kept_once_one_is_named(tmp_path: Path) -> None:
    folder, book = tmp_path / "workspace", sheets(tmp_path / "book.xlsx", Info=[["x"]], **{"North 2": TITLED})
    refused = designer("dataset", "add", str(book), workspace=folder, code=2)
    assert "the workbook has 2 sheets with cells. Add --set sheet=Info or --set sheet='North 2'." in refused.stderr
    titled = designer("dataset", "add", str(book), "--set", "sheet=North 2", workspace=folder, code=2)
    assert "Rows 1 to 2 look like a title above the table" in titled.stderr
    assert "Add --set skip_rows=2; with 0, row 1 is the header." in titled.stderr
    assert "     3  day | shop | sales\n" in titled.stderr
    assert not folder.exists()  # nothing was stored
    chosen = ("--set", "sheet=North 2", "--set", "skip_rows=2")
    assert "2 rows × 3 columns" in designer("dataset", "add", str(book), *chosen, workspace=folder).stdout
    kept = designer("dataset", "add", str(book), "--set", "sheet=North 2", "--skip-rows", "0", workspace=folder).stdout
    assert "Sales of the year" in kept


def test_names_that_come_twice_are_numbered_by_an_option(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n")
    refused = designer("dataset", "add", str(tmp_path / "twice.csv"), workspace=workspace, code=2)
    assert (
        "several columns are named 'a'. Give each its own name, or add --set number_duplicates=true." in refused.stderr
    )
    option = ("--set", "number_duplicates=true")
    output = designer("dataset", "add", str(tmp_path / "twice.csv"), *option, workspace=workspace).stdout
    assert "note: 1 column renamed, whose name comes twice. “a” is now “a_2”." in output


def test_a_first_row_of_values_is_noted_with_the_option_that_keeps_it(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "iris.csv").write_text("5.1,3.5,a\n4.9,3.0,b\n")
    question = "The first row looks like data (5.1, 3.5, a). It was read as the names of the columns. If it is data, "
    assert question + "add --set header=false." in notes_on(tmp_path / "iris.csv", workspace)
    (tmp_path / "twice.csv").write_text("0.5,0,0\n1.5,1,1\n")
    refused = designer("dataset", "add", str(tmp_path / "twice.csv"), workspace=workspace, code=2)
    assert "If the first row is data, add --set header=false; else give each its own name, or add" in refused.stderr
    assert "2 rows" in designer(
        "dataset", "add", str(tmp_path / "twice.csv"), "--set", "header=false", workspace=workspace
    ).stdout  # fmt: skip


def test_columns_that_cannot_be_read_are_left_out_by_an_option(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"n": 1, "items": [1], "at": {}}\n{"n": 2, "items": [2], "at": {}}\n')
    refused = designer("dataset", "add", str(tmp_path / "rows.jsonl"), workspace=workspace, code=2)
    assert "leave them out: add --set columns='all but items,at'." in refused.stderr
    option = ("--json", "--set", "columns=all but items,at")
    read = designer("dataset", "add", str(tmp_path / "rows.jsonl"), *option, workspace=workspace)
    assert kinds(read.stdout) == {"n": "Integer"}


def test_empty_sheets_leave_nothing_to_choose(workspace: Path, tmp_path: Path) -> None:
    book = sheets(tmp_path / "one.xlsx", Sheet1=[["a"], [1]], Sheet2=[], Sheet3=[])
    output = designer("dataset", "add", str(book), workspace=workspace).stdout
    assert "1 row × 1 column" in output
    assert "Add --set sheet=… to read another." in output


def test_a_title_above_a_text_file_is_asked_about_before_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text("Sales,,\nday,shop,n\n1,north,2\n2,south,3\n")
    refused = designer("dataset", "add", str(tmp_path / "sales.csv"), workspace=tmp_path / "workspace", code=2)
    assert "Row 1 looks like a title above the table. Row 2 looks like the header: day, shop, n." in refused.stderr
    assert "Add --set skip_rows=1;" in refused.stderr
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize(
    ("name", "setting", "message"),
    [
        ("a.csv", "sheet=Data", "Sheet: 'a.csv' is read as CSV. Leave the setting 'sheet' out: it is for Excel."),
        ("a.tsv", "separator=comma", "Separator: 'a.tsv' is read as TSV. Leave the setting 'separator' out: it is for"),
        ("a.jsonl", "skip_rows=1", "is read as JSON Lines. Leave the setting 'skip_rows' out: it is for CSV, TSV and"),
        ("a.parquet", "encoding=UTF-16", "'a.parquet' is read as Parquet. Leave the setting 'encoding' out"),
        ("a.xlsx", "decimal_mark=comma", "'a.xlsx' is read as Excel. Leave the setting 'decimal_mark' out"),
    ],
)
def test_a_setting_that_the_format_does_not_have_is_refused_by_name(
    name: str, setting: str, message: str, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_text("a\n1\n")
    refused = designer("dataset", "add", str(tmp_path / name), "--set", setting, workspace=workspace, code=2)
    assert message in refused.stderr


def test_a_setting_that_does_not_exist_is_answered_by_those_that_do(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    answer = designer("dataset", "add", str(tmp_path / "a.csv"), "--set", "decimal=comma", workspace=workspace, code=2)
    assert "there is no setting 'decimal'" in answer.stderr
    assert "decimal_mark" in answer.stderr


def test_help_names_every_setting_and_every_choice(workspace: Path) -> None:
    output = designer("dataset", "add", "--help", workspace=workspace).stdout
    words = "".join(character for character in output if character not in "│\n")
    packed = "".join(words.split())
    for parameter in Library.scan()["import-data"].spec().parameters:
        if parameter.editor not in ("file", "datastore"):
            assert parameter.name in packed
            assert all(str(choice).replace(" ", "") in packed for choice in parameter.choices), parameter.name


def test_a_name_in_other_letters_is_recognized(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "bigids.csv").write_text("id\n123456789012345678\n")
    designer("dataset", "add", str(tmp_path / "bigids.csv"), workspace=workspace)
    for name in ("Bigids", "BIGIDS", "bigid"):
        for command in (("pipeline", name, "-o", str(tmp_path / "p.json")), ("remove", name)):
            answer = designer("dataset", *command, workspace=workspace, code=2)
            assert "Did you mean 'bigids'?" in answer.stderr
    designer("dataset", "remove", "bigids", workspace=workspace)
    assert "Did you mean 'bigids'?" in designer("dataset", "restore", "BIGIDS", workspace=workspace, code=2).stderr


def test_a_broken_module_is_named_where_it_matters(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    (folder / "modules").mkdir(parents=True)
    (folder / "modules" / "broken.py").write_text("raise ValueError('half written')\n")
    (tmp_path / "a.csv").write_text("a\n1\n")
    plain, own = tmp_path / "plain.json", tmp_path / "own.json"
    node = {"module": "import-data", "version": 2, "parameters": {"path": str(tmp_path / "a.csv")}}
    plain.write_text(json.dumps({"format": 1, "name": "p", "nodes": {"a": node}}))
    own.write_text(json.dumps({"format": 1, "name": "p", "nodes": {"a": {"module": "mine", "version": 1}}}))
    for command in (("dataset", "add", str(tmp_path / "a.csv")), ("dataset", "list"), ("check", str(plain))):
        assert designer(*command, workspace=folder).stderr == ""
    concerned = (designer("check", str(own), workspace=folder, code=1), designer("modules", workspace=folder))
    for answer in concerned:
        assert "broken.py" in answer.stderr
        assert "half written" in answer.stderr


def importing(file: Path, label: str) -> dict[str, object]:
    """A pipeline that imports the file and trains a model on one of its columns."""
    nodes = {
        "data": {"module": "import-data", "version": 2, "parameters": {"path": str(file)}},
        "learner": {"module": "two-class-decision-forest", "version": 1, "parameters": {}},
        "train": {"module": "train-model", "version": 1, "parameters": {"label_column": label}},
    }
    edges = [
        {"source": "data", "output": "output_data", "target": "train", "input": "dataset"},
        {"source": "learner", "output": "untrained_model", "target": "train", "input": "untrained_model"},
    ]
    return {"format": 1, "name": "p", "nodes": nodes, "edges": edges}


def test_check_knows_the_columns_of_a_file_before_a_run(tmp_path: Path) -> None:
    file, document, folder = tmp_path / "people.csv", tmp_path / "p.json", tmp_path / "workspace"
    rows = "".join(f"{age},P-{age:05d},{'yes' if age % 3 else 'no'}\n" for age in range(20, 60))
    file.write_text(f"age,customer ID,pays\n{rows}")
    document.write_text(json.dumps(importing(file, "pay")))
    wrong = designer("check", str(document), workspace=folder, code=1)
    assert "no column 'pay' (3 columns). Did you mean 'pays'?" in wrong.stdout
    document.write_text(json.dumps(importing(file, "pays")))
    right = designer("check", str(document), workspace=folder)
    assert "customer ID" in right.stdout, "an identifier among the features is a warning"


def test_check_does_not_read_a_large_file(tmp_path: Path) -> None:
    file, document = tmp_path / "people.csv", tmp_path / "p.json"
    file.write_text("age,pays\n" + "40,yes\n41,no\n" * 100_000)
    document.write_text(json.dumps(importing(file, "pay")))
    assert "no column" not in designer("check", str(document), workspace=tmp_path / "workspace").stdout


def test_versions_are_listed_and_compared(tmp_path: Path) -> None:
    first, second = tmp_path / "1.csv", tmp_path / "2.csv"
    first.write_text("age,job,old\n1,a,0\n2,b,0\n3,b,0\n")
    second.write_text("age,job\n1,a\n2,b\n3.5,b\n4,\n")
    for file in (first, second):
        designer("dataset", "add", str(file), "--name", "people", workspace=tmp_path / "w")
    listed = designer("dataset", "versions", "people", workspace=tmp_path / "w").stdout.splitlines()
    assert [line.split("  ")[0].strip() for line in listed] == ["version 2", "version 1"]
    lines = designer("dataset", "compare", "people", workspace=tmp_path / "w").stdout.splitlines()
    assert lines[:4] == [
        "people, version 1 → people, version 2",
        "  3 → 4 rows: 2 added, 1 removed, 2 unchanged",
        "  Columns removed: old",
        "  age: Integer → Decimal; different values 3 → 4; mean 2 → 2.625; too few rows to compare the distribution",
    ]
    back = designer("dataset", "compare", "people:1", "--with", "people:2", "--json", workspace=tmp_path / "w").stdout
    assert json.loads(back)["difference"]["added"] == ["old"]
    same = designer("dataset", "compare", "people", "--with", "people:2", workspace=tmp_path / "w").stdout
    assert same.splitlines()[1] == "  No difference."
    refused = designer("dataset", "compare", "people:1", workspace=tmp_path / "w", code=2)
    assert "version 1 of 'people' is the first" in refused.stderr
