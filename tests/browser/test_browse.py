"""The path of an import is chosen in its datastore, on the canvas."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import Workspace
from tests.browser.canvas_page import CanvasPage, Opener

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def lake(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A datastore with a file at the top and one in a folder."""
    folder = tmp_path_factory.mktemp("lake")
    (folder / "2024").mkdir()
    (folder / "2024" / "prices.csv").write_text("city;price\nOslo;2,5\n")
    (folder / "top.csv").write_text("a\n1\n")
    workspace.datastores.register("lake", str(folder))
    return folder


def importing(module: str, **parameters: Any) -> Pipeline:
    return Pipeline(name="Import", nodes={"import": Node("import", module, parameters=parameters)},
                    layout={"import": (300, 120)})  # fmt: skip


def path(canvas: CanvasPage) -> Any:
    parameters: Any = canvas.nodes()["import"]["parameters"]
    return parameters.get("path", "")


def test_a_file_is_chosen_in_its_folder_and_undone(opened: Opener, page: Page, lake: Path) -> None:
    canvas = opened(importing("import-file"))
    canvas.node("import").click()
    expect(canvas.field("datastore").locator("option").first).to_have_text("This computer")
    expect(page.get_by_test_id("field-datastore").locator(".help")).to_contain_text("This computer")
    expect(page.get_by_test_id("browse-path")).to_have_count(0)
    canvas.field("datastore").select_option("lake")
    page.get_by_test_id("browse-path").click()
    dialog = page.get_by_role("dialog", name="lake")
    expect(dialog.get_by_role("button", name="top.csv")).to_be_visible()
    dialog.get_by_role("button", name="2024").click()
    expect(dialog.get_by_role("button", name="top.csv")).to_have_count(0)
    dialog.get_by_role("button", name="All").click()
    dialog.get_by_role("button", name="2024").click()
    dialog.get_by_role("button", name="prices.csv").click()
    expect(dialog).to_have_count(0)
    expect(canvas.field("path")).to_have_value("2024/prices.csv")
    canvas.until(lambda: path(canvas) == "2024/prices.csv", "the path is saved")
    page.get_by_test_id("browse-path").click()
    expect(dialog.get_by_role("button", name="prices.csv")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo").click()
    expect(canvas.field("path")).to_have_value("")
    canvas.until(lambda: path(canvas) == "", "the path is undone")


def test_a_folder_is_chosen_whole(opened: Opener, page: Page, lake: Path) -> None:
    canvas = opened(importing("import-folder", datastore="lake", path="gone/elsewhere"))
    canvas.node("import").click()
    page.get_by_test_id("browse-path").click()
    dialog = page.get_by_role("dialog", name="lake")
    expect(dialog.get_by_text("top.csv")).to_be_visible()
    expect(dialog.get_by_role("button", name="top.csv")).to_have_count(0)
    dialog.get_by_role("button", name="This folder").click()
    expect(canvas.field("path")).to_have_value(".")
    page.get_by_test_id("browse-path").click()
    dialog.get_by_role("button", name="2024").click()
    expect(dialog.get_by_text("prices.csv")).to_be_visible()
    dialog.get_by_role("button", name="This folder").click()
    expect(canvas.field("path")).to_have_value("2024")
    canvas.until(lambda: path(canvas) == "2024", "the path is saved")


def test_a_table_is_read_of_a_file_or_of_all_files_below_a_folder(opened: Opener, page: Page, lake: Path) -> None:
    canvas = opened(importing("import-data", datastore="lake"))
    canvas.node("import").click()
    page.get_by_test_id("browse-path").click()
    dialog = page.get_by_role("dialog", name="lake")
    dialog.get_by_role("button", name="2024").click()
    expect(dialog.get_by_role("button", name="prices.csv")).to_be_visible()
    dialog.get_by_role("button", name="All files in it").click()
    canvas.until(lambda: path(canvas) == "2024/**", "the pattern is saved")
    expect(canvas.field("path")).to_have_value("2024/**")


def test_a_datastore_that_does_not_answer_is_named(
    opened: Opener, page: Page, lake: Path, workspace: Workspace
) -> None:
    workspace.datastores.register("away", str(lake / "2024" / "nothing"))
    canvas = opened(importing("import-file", datastore="away", path="x.csv"))
    canvas.node("import").click()
    page.get_by_test_id("browse-path").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("away")
    expect(page.get_by_text("This folder is empty.")).to_have_count(0)
