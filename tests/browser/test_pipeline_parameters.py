"""Pipeline parameters on the design page: made from a field, edited in a dialog, asked for by a run."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from designer.pipeline.graph import Node, Pipeline
from designer.store.history.submission import Submission
from tests.browser.canvas_page import SMALL, CanvasPage, Opener

pytestmark = pytest.mark.browser
IN_STORE = {"path": "a.txt", "datastore": "workspace"}


def promoted(canvas: CanvasPage, node: str, field: str) -> None:
    """Make a field a parameter by its menu."""
    canvas.node(node).click()
    form = canvas.page.get_by_test_id(f"field-{field}")
    form.hover()
    canvas.page.get_by_test_id(f"menu-{field}").click()
    canvas.page.get_by_role("menuitem", name="Make pipeline parameter").click()
    expect(canvas.page.get_by_test_id(f"bound-{field}")).to_be_visible()


def parameters(canvas: CanvasPage) -> dict[str, Any]:
    return dict(canvas.draft().document.get("parameters", {}))


def test_a_field_becomes_a_parameter_is_undone_and_detached(opened: Opener, page: Page) -> None:
    canvas = opened(SMALL)
    promoted(canvas, "split-data", "fraction")
    chip = page.get_by_test_id("bound-fraction")
    expect(chip).to_contain_text("fraction")
    assert canvas.nodes()["split-data"]["parameters"] == {"fraction": {"$parameter": "fraction"}}
    assert parameters(canvas)["fraction"]["maximum"] == 1
    page.get_by_role("button", name="Undo").click()
    expect(chip).to_have_count(0)
    assert (parameters(canvas), canvas.nodes()["split-data"]["parameters"]) == ({}, {})
    page.get_by_role("button", name="Redo").click()
    expect(chip).to_be_visible()
    page.get_by_test_id("menu-fraction").click()
    page.get_by_role("menuitem", name="Detach").click()
    expect(chip).to_have_count(0)
    assert parameters(canvas) == {}


def test_a_parameter_is_renamed_and_bounded_in_the_dialog(opened: Opener, page: Page) -> None:
    canvas = opened(SMALL)
    promoted(canvas, "split-data", "fraction")
    page.get_by_test_id("bound-fraction").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Default").fill("2")
    expect(dialog.get_by_role("alert")).to_contain_text("2 is above 1")
    dialog.get_by_label("Default").fill("0.8")
    expect(dialog.get_by_role("alert")).to_have_count(0)
    dialog.get_by_label("Name").fill("share")
    dialog.get_by_label("Title").click()
    expect(page.get_by_test_id("parameter-share")).to_be_visible()
    dialog.get_by_role("button", name="Split Data: Fraction").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("bound-fraction")).to_contain_text("share")
    assert parameters(canvas)["share"]["default"] == 0.8
    assert canvas.nodes()["split-data"]["parameters"] == {"fraction": {"$parameter": "share"}}


def test_run_asks_for_the_values_and_enter_runs_with_them(opened: Opener, page: Page) -> None:
    canvas = opened(SMALL)
    promoted(canvas, "split-data", "fraction")
    promoted(canvas, "dataset", "name")
    canvas.draft()
    page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog")
    share = dialog.locator("#asked-fraction")
    expect(share).to_be_focused()
    expect(share).to_have_value("0.5")
    expect(dialog.locator("#asked-dataset")).to_have_value("Iris")
    share.fill("nan")
    share.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("'nan' is not a number")
    share.fill("0.25")
    share.press("Enter")
    expect(dialog).to_have_count(0)
    canvas.until(lambda: canvas.workspace.runs.latest(canvas.id) is not None, "a run")
    run = canvas.workspace.runs.latest(canvas.id)
    assert run is not None
    assert run.assignments == {"fraction": 0.25}
    expect(page.locator(".bar .chip.assignments")).to_have_text("fraction = 0.25")
    page.reload()
    expect(page.locator(".bar .chip.assignments")).to_have_text("fraction = 0.25")


def test_control_enter_runs_from_the_button_of_a_menu(opened: Opener, page: Page) -> None:
    canvas = opened(SMALL)
    menu = page.get_by_role("button", name="More ways to run")
    menu.click()
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    page.keyboard.press("Control+Enter")
    canvas.until(lambda: canvas.workspace.runs.latest(canvas.id) is not None, "a run")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_run_goes_to_a_chosen_experiment_and_so_do_later_ones(opened: Opener, page: Page) -> None:
    canvas = opened(SMALL)
    for name in ("wine", "old"):
        canvas.workspace.runs.create({"format": 1}, submission=Submission(experiment=name))
    canvas.workspace.experiments.archive("old")
    _choose_experiment(page)
    field = page.get_by_role("dialog").get_by_label("Experiment")
    expect(field).to_have_value("Default")
    offered = page.locator("#run-experiments option").evaluate_all("each => each.map((one) => one.value)")
    assert ("wine" in offered, "old" in offered) == (True, False)
    for wrong, words in (("a<b", "has the character '<'"), ("old", "the experiment 'old' is archived")):
        field.fill(wrong)
        field.press("Enter")
        expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text(words, ignore_case=True)
    field.fill(" leaves ")
    field.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    cancelled_in(canvas, "leaves", 1)
    page.get_by_role("button", name="Run", exact=True).click()  # no question: it goes to the same experiment
    cancelled_in(canvas, "leaves", 2)
    page.get_by_test_id("dock-runs").click()
    rows = page.get_by_role("table", name="Runs of this pipeline").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("leaves #2")
    expect(rows.nth(2)).to_contain_text("leaves #1")

    page.reload()
    promoted(canvas, "split-data", "fraction")
    canvas.draft()
    page.get_by_role("button", name="Run", exact=True).click()  # it asks for the value; the experiment is below it
    expect(page.locator("#asked-fraction")).to_be_focused()
    expect(field).to_have_value("leaves")
    field.fill("wine")
    page.get_by_test_id("run-with-values").click()
    cancelled_in(canvas, "wine", 2)


def test_dialogs_opened_from_the_menu_of_run_by_keyboard_have_the_focus(opened: Opener, page: Page) -> None:
    canvas = opened(SMALL)
    promoted(canvas, "split-data", "fraction")
    canvas.draft()
    first = {"Parameters": "#parameter-name", "Run in an experiment": "#asked-fraction", "Publish": "#publish-name"}
    for item, field in first.items():
        page.get_by_role("button", name="More ways to run").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="Run all")).to_be_focused()
        page.keyboard.type(item)
        expect(page.get_by_role("menuitem", name=item)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("menu")).to_have_count(0)
        expect(page.locator(field)).to_be_focused()
        page.wait_for_timeout(400)  # longer than the menu takes to fade
        expect(page.locator(field)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="More ways to run").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Run all")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More ways to run")).to_be_focused()


def cancelled_in(canvas: CanvasPage, experiment: str, number: int) -> None:
    """Wait for a run of the pipeline in an experiment, and end it."""
    heads = canvas.workspace.runs.heads

    def is_there() -> bool:
        return [(run.experiment, run.number) for run in heads(canvas.id, 1)] == [(experiment, number)]

    canvas.until(is_there, f"run {number} of {experiment}")
    canvas.workspace.runs.request_cancel(heads(canvas.id, 1)[0].id)
    expect(canvas.page.get_by_test_id("run-outcome")).to_contain_text("Cancelled")


def _choose_experiment(page: Page) -> None:
    page.get_by_role("button", name="More ways to run").click()
    page.get_by_role("menuitem", name="Run in an experiment").click()


def test_a_path_in_a_datastore_asks_for_a_file_of_any_of_them(opened: Opener, page: Page) -> None:
    canvas = opened(Pipeline("File", nodes={"file": Node("file", "import-file", parameters=IN_STORE)}))
    folder = canvas.workspace.path / "files"
    folder.mkdir(exist_ok=True)
    (folder / "b.txt").write_text("b")
    promoted(canvas, "file", "path")
    assert parameters(canvas)["path"]["default"] == "workspace/a.txt"
    assert canvas.nodes()["file"]["parameters"] == {"path": {"$parameter": "path"}, "datastore": "*"}
    expect(page.get_by_test_id("field-datastore").locator("option:checked")).to_have_text("Named in the path")
    page.get_by_role("button", name="Run", exact=True).click()
    dialog = page.get_by_role("dialog")
    path = dialog.locator("#asked-path")
    expect(path).to_have_value("workspace/a.txt")
    for text, words in (("none/b.txt", "There is no datastore"), ("workspace/../b.txt", "leads out of the datastore")):
        path.fill(text)
        path.press("Enter")
        expect(dialog.get_by_role("alert")).to_contain_text(words, ignore_case=True)
    path.fill("workspace/b.txt")
    path.press("Enter")
    expect(dialog).to_have_count(0)
    canvas.until(lambda: canvas.workspace.runs.latest(canvas.id) is not None, "a run")
    run = canvas.workspace.runs.latest(canvas.id)
    assert run is not None
    assert run.assignments == {"path": "workspace/b.txt"}
