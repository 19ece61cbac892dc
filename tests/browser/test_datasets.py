"""A user's file, from the drop to a pipeline, in a real browser."""

import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from designer.pipeline.document import from_document
from designer.store.workspace import Workspace
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser

HEAD = "age,zip,job,region,contacted,subscribed\n"
JOBS = ("teacher", "cook", "?", "driver", "nurse")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A small file that raises one question for each kind of correction."""
    rows = (
        f"{20 + n % 50},0{n % 30:04d},{JOBS[n % 5]},EU,2026-05-{1 + n % 28:02d},{'yes' if n % 4 == 0 else 'no'}\n"
        for n in range(300)
    )
    path = tmp_path / "bank-marketing.csv"
    path.write_text(HEAD + "".join(rows))
    return path


def drop(page: Page, server: Server, file: Path) -> None:
    page.goto(f"{server.origin}/datasets/new")
    page.get_by_label("Choose a file").set_input_files(file)
    page.wait_for_url(re.compile("/datasets/new\\?upload=[0-9a-f]{12}$"))


def note(page: Page, title: str) -> object:
    return page.locator(".qn").filter(has_text=title)


def test_types_are_guessed_and_shown_with_what_deserves_a_look(page: Page, server: Server, file: Path) -> None:
    drop(page, server, file)
    expect(page.get_by_label("Type of age")).to_have_value("Integer")
    expect(page.get_by_label("Type of zip")).to_have_value("String")
    expect(page.get_by_label("Type of contacted")).to_have_value("DateTime")
    for title in ("“job” holds “?”", "“region” never changes", "“zip” read as text", "“contacted” read as date"):
        expect(note(page, title)).to_be_visible()
    expect(page.locator(".grid tbody tr")).to_have_count(25)
    expect(page.get_by_text("First 100 of 300 rows")).to_be_visible()


def test_corrections_are_made_kept_over_a_reload_and_saved_with_a_pipeline(
    page: Page, server: Server, file: Path, observed: Observed
) -> None:
    drop(page, server, file)
    note(page, "“job” holds").get_by_role("button", name="Read as missing").click()
    expect(page.get_by_text("60 missing")).to_be_visible()
    note(page, "“region” never changes").get_by_role("button", name="Leave out").click()
    expect(page.get_by_title("Take it in again")).to_have_text("region")
    page.get_by_label("What do you want to predict?").select_option("subscribed")
    expect(page.get_by_text("Two values: this will be a two-class pipeline.")).to_be_visible()
    page.get_by_label("Type of age").select_option("Decimal")
    expect(page.get_by_text("was Integer")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Type of age")).to_have_value("Decimal")
    expect(page.get_by_label("What do you want to predict?")).to_have_value("subscribed")
    page.get_by_role("button", name="Save and build pipeline").click()
    page.wait_for_url(re.compile("/pipelines/[0-9a-f]{32}$"))
    with Workspace(server.workspace) as workspace:
        table = workspace.value(workspace.datasets.stored("bank-marketing"))
        pipeline = from_document(workspace.drafts.get(page.url.rsplit("/", 1)[1]).document)
    assert list(table.columns) == ["age", "zip", "job", "contacted", "subscribed"]
    assert table["age"].dtype == "float64"
    assert table["job"].isna().sum() == 60
    assert {"two-class-boosted-decision-tree", "evaluate-model"} <= {node.module for node in pipeline.nodes.values()}
    assert not [trouble for trouble in observed.troubles if "404" not in trouble]


def test_a_correction_that_does_not_fit_says_so_and_changes_nothing(page: Page, server: Server, file: Path) -> None:
    drop(page, server, file)
    expect(page.get_by_label("Type of job")).to_have_value("String")
    page.get_by_label("Type of job").select_option("Integer")
    expect(page.get_by_role("alert")).to_contain_text("is not a whole number")
    expect(page.get_by_label("Type of job")).to_have_value("String")


def test_a_file_of_another_shape_is_read_after_its_options_are_corrected(
    page: Page, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "preise.csv"
    path.write_bytes("größe;preis\n".encode("cp1252") + b"".join(b"%d;%d,50\n" % (n, n) for n in range(30)))
    drop(page, server, path)
    expect(page.get_by_role("button", name="größe", exact=True)).to_be_visible()
    expect(note(page, "“preis” has decimal commas")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Decimal mark").select_option("comma")
    expect(page.get_by_label("Type of preis")).to_have_value("Decimal")


def test_a_report_with_title_lines_is_read_as_the_user_says_and_keeps_its_own_text(
    page: Page, server: Server, tmp_path: Path, observed: Observed
) -> None:
    path = tmp_path / "price list.csv"
    rows = [f"{n}_13;1,{n}50.25;{n}.50;{'?' if n % 3 else 'open'}\n" for n in range(1, 10)]
    path.write_text("Price list of the year;;;\nAs of June\ncode;price;weight;state\n" + "".join(rows))
    drop(page, server, path)
    expect(page.get_by_role("alert")).to_contain_text("set Rows to skip to 2")
    lines = page.get_by_role("region", name="The first lines of the file").get_by_role("listitem")
    expect(lines.nth(2)).to_have_text("code;price;weight;state")
    page.get_by_label("Rows to skip above the header").fill("2")
    page.get_by_label("Rows to skip above the header").blur()
    expect(page.get_by_label("Type of price")).to_have_value("String")
    page.get_by_label("Thousands mark").select_option("comma")
    expect(page.get_by_label("Type of price")).to_have_value("Decimal")
    note(page, "“state” holds").get_by_role("button", name="Read as missing").click()
    expect(page.get_by_text("6 missing")).to_be_visible()
    page.get_by_label("Type of weight").select_option("String")
    expect(page.get_by_role("cell", name="1.50", exact=True)).to_be_visible()
    page.get_by_label("Type of code").select_option("Integer")
    expect(page.get_by_role("alert")).to_contain_text("column 'code', row 1: '1_13' is not a whole number")
    expect(page.get_by_label("Type of code")).to_have_value("String")
    answer = next(server.workspace.glob(f"uploads/{page.url.rpartition('=')[2]}/.found/answer.json"))
    before = answer.stat().st_mtime_ns
    page.get_by_label("Rows to skip above the header").focus()
    page.get_by_label("Rows to skip above the header").blur()
    page.get_by_role("button", name="All columns").click()
    expect(page.get_by_role("table")).to_contain_text("1.50, 2.50")
    assert answer.stat().st_mtime_ns == before
    page.get_by_role("button", name="Save dataset").click()
    page.wait_for_url(re.compile("/datasets$"))
    with Workspace(server.workspace) as workspace:
        table = workspace.value(workspace.datasets.stored("price list"))
    assert list(table.columns) == ["code", "price", "weight", "state"]
    assert table["price"].tolist() == [1050.25 + 100 * n for n in range(1, 10)]
    assert table["weight"].tolist() == [f"{n}.50" for n in range(1, 10)]
    assert table["state"].notna().tolist() == [n % 3 == 0 for n in range(1, 10)]
    assert not [trouble for trouble in observed.troubles if "404" not in trouble]


def test_names_that_come_twice_are_numbered_on_request(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text("a,a\n1,x\n2,y\n")
    drop(page, server, path)
    expect(page.get_by_role("alert")).to_contain_text("Give each its own name, or set Number duplicate names.")
    page.get_by_label("Number duplicate names").select_option("yes")
    expect(page.get_by_label("Type of a_2")).to_have_value("String")
    expect(note(page, "1 column renamed, whose name comes twice")).to_contain_text("“a” is now “a_2”")


def test_a_file_of_a_header_alone_says_so(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text("a,b\n")
    drop(page, server, path)
    expect(note(page, "There are no rows")).to_be_visible()


def test_a_broken_file_is_named_with_its_row_and_the_ways_out_are_there(
    page: Page, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "ragged.csv"
    path.write_text("a,b\n1,2\n3\n")
    drop(page, server, path)
    expect(page.get_by_role("alert")).to_contain_text("row 3 has 1 cell where 2 are expected")
    expect(page.get_by_role("button", name="Save dataset")).to_be_disabled()
    expect(page.get_by_role("link", name="Change")).to_be_visible()
    page.get_by_label("Pad short rows").select_option("yes")
    expect(page.get_by_label("Type of b")).to_have_value("Integer")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Rows 1 to 2 of 2")).to_be_visible()


def test_nothing_of_the_file_before_is_shown_beside_one_that_cannot_be_read(
    page: Page, server: Server, file: Path, tmp_path: Path
) -> None:
    drop(page, server, file)
    expect(page.get_by_label("Type of age")).to_have_value("Integer")
    broken = tmp_path / "unclosed.csv"
    broken.write_text('a,b\n1,"2\n')
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Choose a file").set_input_files(broken)
    expect(page.get_by_role("alert")).to_contain_text("never closed")
    expect(page.get_by_label("Type of age")).to_have_count(0)
    expect(page.get_by_role("button", name="Save dataset")).to_be_disabled()


def test_the_sheet_of_a_workbook_can_be_chosen(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "two sheets.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"first": [1, 2]}).to_excel(book, sheet_name="One", index=False)
        pd.DataFrame({"second": ["x", "y"]}).to_excel(book, sheet_name="Two & more", index=False)
    drop(page, server, path)
    expect(page.get_by_label("Type of first")).to_have_value("Integer")
    page.get_by_label("Sheet").select_option("Two & more")
    expect(page.get_by_label("Type of second")).to_have_value("String")
    expect(page.get_by_label("Type of first")).to_have_count(0)


def test_rows_are_turned_no_further_than_there_are_any(page: Page, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "thirty.csv"
    path.write_text("n\n" + "".join(f"{n}\n" for n in range(30)))
    drop(page, server, path)
    expect(page.get_by_role("button", name="Rows before")).to_be_disabled()
    page.get_by_role("button", name="Rows after").click()
    expect(page.get_by_text("Rows 26 to 30")).to_be_visible()
    expect(page.get_by_role("button", name="Rows after")).to_be_disabled()


def test_names_and_cells_from_a_file_are_text_and_not_markup(
    page: Page, server: Server, tmp_path: Path, observed: Observed
) -> None:
    path = tmp_path / "hostile.csv"
    bad = "<img src=x onerror=document.title='gone'>"
    path.write_text(f'"{bad}",n\n' + f"<script>alert(1)</script>,1\n{bad},2\n")
    drop(page, server, path)
    expect(page.get_by_role("button", name=bad)).to_be_visible()
    expect(page.get_by_role("cell", name="<script>alert(1)</script>")).to_be_visible()
    assert "gone" not in page.title()
    assert not [trouble for trouble in observed.troubles if "404" not in trouble]


def test_what_reading_lost_stands_on_the_page_of_the_dataset(page: Page, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "fine-times.csv"
    file.write_text("at,n\n2024-01-01 10:00:00.1234567,1\n2024-01-02 10:00:00.1234567,2\n")
    drop(page, server, file)
    expect(note(page, "“at” is cut to microseconds")).to_be_visible()
    page.get_by_role("button", name="Save dataset").click()
    page.wait_for_url(re.compile("/datasets$"))
    page.get_by_role("link", name="fine-times").click()
    notices = page.get_by_label("What reading the file changed or left open")
    expect(notices).to_contain_text("“at” is cut to microseconds. 2 values with finer seconds")
    page.goto(f"{server.origin}/datasets/view?name=Iris")
    expect(page.get_by_text("Rows 1 to 50 of 150")).to_be_visible()
    expect(notices).to_have_count(0)


def test_a_sample_is_shown_with_the_profile_of_its_columns(page: Page, server: Server) -> None:
    page.goto(f"{server.origin}/datasets")
    page.get_by_role("link", name="Iris").click()
    expect(page.get_by_role("complementary", name="Column")).to_contain_text("Standard deviation")
    expect(page.get_by_text("Rows 1 to 50 of 150")).to_be_visible()
    page.get_by_role("button", name="Rows after").click()
    expect(page.get_by_text("Rows 51 to 100 of 150")).to_be_visible()


def test_a_dataset_goes_to_the_trash_comes_back_and_goes_for_ever(page: Page, server: Server, file: Path) -> None:
    drop(page, server, file)
    page.get_by_label("Name of the dataset").fill("To be deleted")
    page.get_by_role("button", name="Save dataset").click()
    page.wait_for_url(re.compile("/datasets$"))
    row = page.get_by_role("table", name="Datasets").get_by_role("row").filter(has_text="To be deleted")
    trashed = page.get_by_role("table", name="Trash").get_by_role("row").filter(has_text="To be deleted")
    answer = page.get_by_role("dialog")
    row.get_by_role("button", name="Delete").click()
    answer.get_by_role("button", name="Keep").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    answer.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)
    trashed.get_by_role("button", name="Bring back").click()
    expect(row).to_be_visible()
    row.get_by_role("button", name="Delete").click()
    answer.get_by_role("button", name="Delete").click()
    trashed.get_by_role("button", name="Delete for ever").click()
    answer.get_by_role("button", name="Delete for ever").click()
    expect(answer).to_have_count(0)  # elements behind a dialog have no role
    expect(page.get_by_role("table", name="Trash")).to_have_count(0)
    with Workspace(server.workspace) as workspace:
        assert workspace.datasets.versions("To be deleted") == []


def test_dates_of_either_order_are_read_as_the_user_says(
    page: Page, server: Server, tmp_path: Path, observed: Observed
) -> None:
    path = tmp_path / "either order.csv"
    path.write_text("day,n\n" + "".join(f"{n % 12 + 1:02d}.{n % 11 + 1:02d}.2023,{n % 5}\n" for n in range(60)))
    drop(page, server, path)
    expect(page.get_by_label("Type of day")).to_have_value("String")
    question = note(page, "“day” holds dates of which the order is open")
    expect(question.get_by_role("button", name="Read month first")).to_be_visible()
    question.get_by_role("button", name="Read day first").click()
    expect(page.get_by_label("Type of day")).to_have_value("DateTime")
    expect(question).to_have_count(0)
    page.get_by_role("button", name="Save dataset").click()
    page.wait_for_url(re.compile("/datasets$"))
    with Workspace(server.workspace) as workspace:
        stored = workspace.datasets.stored("either order")
        assert workspace.value(stored)["day"].iloc[1] == pd.Timestamp("2023-02-02")
        assert workspace.value(stored)["day"].iloc[12] == pd.Timestamp("2023-02-01")
        assert stored.schema is not None
        assert stored.schema["day"].date_order == "day first"
    assert not [trouble for trouble in observed.troubles if "404" not in trouble]


def test_versions_are_chosen_and_compared(page: Page, server: Server, observed: Observed) -> None:
    ages = range(200)
    with Workspace(server.workspace) as workspace:
        workspace.datasets.register("People", pd.DataFrame({"age": ages, "old": 1, "job": ["a", "b"] * 100}))
        workspace.datasets.register("People", pd.DataFrame({"age": [n + 150 for n in ages], "job": ["a"] * 200}))
    page.goto(f"{server.origin}/datasets/view?name=People")
    expect(page.get_by_label("Version", exact=True)).to_have_value("2")
    page.get_by_label("Version", exact=True).select_option("1")
    expect(page.get_by_text("200 rows × 3 columns, version 1")).to_be_visible()
    page.get_by_label("Version", exact=True).select_option("2")
    expect(page.get_by_text("200 rows × 2 columns, version 2")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_label("Before", exact=True)).to_have_value("1")
    expect(page.locator(".tiles")).to_have_text(re.compile("200rows before200rows after175rows added175rows removed"))
    row = page.get_by_role("table", name="Columns of both versions").get_by_role("row").filter(has_text="age")
    expect(row).to_contain_text("strong")
    expect(row).to_contain_text("99.50 → 249.5")
    expect(row.locator(".pairs > span")).to_have_count(11)  # ten, and those above the earlier range
    expect(page.get_by_text("old", exact=True)).to_be_visible()
    page.get_by_label("After", exact=True).select_option("1")
    expect(page.get_by_text("Both versions hold the same rows.")).to_be_visible()
    page.goto(f"{server.origin}/datasets/compare?name=Iris")
    expect(page.get_by_text("This dataset has one version.")).to_be_visible()
    expect(page.get_by_label("Before", exact=True)).to_have_count(0)
    page.goto(f"{server.origin}/datasets/view?name=nobody")
    expect(page.get_by_text("There is no dataset “nobody”.")).to_be_visible()
    expect(page.get_by_label("Version", exact=True)).to_have_count(0)
    page.goto(f"{server.origin}/datasets/compare?name=nobody")
    expect(page.get_by_text("There is no dataset “nobody”.")).to_be_visible()
    assert not [trouble for trouble in observed.troubles if "404" not in trouble]
