"""Settings, runs and data in a real browser, with a real engine."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, WebSocketRoute, expect

from designer.contract.catalogue.library import Library
from designer.engine.importing import import_dataset
from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import Workspace
from tests.browser.canvas_page import CanvasPage, Opener
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser

RUN_MS = 60_000
TRAINING = Pipeline(
    name="Training",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Breast cancer"}),
        "split": Node("split", "split-data", parameters={"fraction": 0.7}),
        "learner": Node("learner", "two-class-logistic-regression"),
        "train": Node("train", "train-model"),
        "score": Node("score", "score-model"),
        "evaluate": Node("evaluate", "evaluate-model"),
    },
    edges=(
        Edge("data", "dataset", "split", "dataset"),
        Edge("learner", "untrained_model", "train", "untrained_model"),
        Edge("split", "results_dataset1", "train", "dataset"),
        Edge("train", "trained_model", "score", "trained_model"),
        Edge("split", "results_dataset2", "score", "dataset"),
        Edge("score", "scored_dataset", "evaluate", "scored_dataset"),
    ),
    layout={
        "data": (300, 0), "split": (300, 108), "learner": (0, 108), "train": (150, 216), "score": (300, 324),
        "evaluate": (300, 432),
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def engine(workspace: Workspace) -> Iterator[None]:
    command = [sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(workspace.path)]
    process = subprocess.Popen(command)
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def canvas(page: Page, server: Server, workspace: Workspace, engine: None, observed: Observed) -> Iterator[CanvasPage]:
    id = workspace.drafts.create(TRAINING.name, to_document(TRAINING)).id
    opened = CanvasPage(page, workspace, id)
    opened.open(server.origin)
    yield opened
    assert observed.troubles == []


def test_a_problem_leads_to_the_field_and_a_run_to_the_evaluation(canvas: CanvasPage) -> None:
    page = canvas.page
    expect(canvas.node("train")).to_have_attribute("data-state", "not ready")
    page.get_by_test_id("dock-problems").click()
    page.get_by_test_id("problem").filter(has_text="label").get_by_role("button").first.click()
    expect(canvas.field("label_column")).to_be_focused()
    canvas.field("label_column").select_option("diagnosis")
    expect(canvas.node("train")).to_contain_text("Ready")

    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_have_text("Finished: 6 ran", timeout=RUN_MS)
    for id in TRAINING.nodes:
        expect(canvas.node(id)).to_have_attribute("data-state", "finished")
    expect(page.get_by_test_id("badge-data/dataset>split/dataset")).to_contain_text("569 × 31")
    expect(canvas.node("evaluate").locator(".su")).to_have_text(re.compile(r"AUC 0\.9\d\d|AUC 1"))

    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_have_text("Nothing to do: 6 of 6 up to date", timeout=RUN_MS)
    page.get_by_role("button", name="Force").click()
    expect(page.get_by_test_id("run-outcome")).to_have_text("Finished: 6 ran", timeout=RUN_MS)

    canvas.select("split")
    canvas.field("fraction").fill("0.6")
    canvas.field("fraction").blur()
    expect(canvas.node("split")).to_have_attribute("data-state", "stale")
    expect(canvas.node("evaluate")).to_have_attribute("data-state", "stale")
    expect(canvas.node("data")).to_have_attribute("data-state", "finished")
    expect(page.get_by_test_id("edited-since")).to_have_text("Edited since the last run")
    expect(page.get_by_test_id("run-outcome")).to_have_count(0)
    canvas.click_canvas()
    page.keyboard.press("Control+Z")
    expect(canvas.node("split")).to_have_attribute("data-state", "finished")
    expect(page.get_by_test_id("run-outcome")).to_have_text("Finished: 6 ran")
    expect(page.get_by_test_id("edited-since")).to_have_count(0)

    canvas.node("evaluate").dblclick(position={"x": 120, "y": 50})
    page.wait_for_url("**/evaluate/evaluate")


def test_sizes_go_with_the_wiring_they_are_of_and_come_back_with_it(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("split")
    page.keyboard.press("Control+Shift+Enter")
    above = page.get_by_test_id("badge-data/dataset>split/dataset")
    below = page.get_by_test_id("badge-split/results_dataset1>train/dataset")
    expect(below).to_contain_text("398 × 31", timeout=RUN_MS)
    above.click()
    page.keyboard.press("Delete")
    expect(below).to_have_count(0)
    page.keyboard.press("Control+Z")
    expect(below).to_contain_text("398 × 31")
    canvas.reload()
    expect(below).to_contain_text("398 × 31")
    canvas.settle()
    above.click()
    page.keyboard.press("Delete")
    expect(below).to_have_count(0)
    canvas.draft()
    canvas.reload()
    expect(canvas.node("split")).to_have_attribute("data-state", "not ready")
    expect(below).to_have_count(0)


def test_no_badge_lies_over_a_card_or_another_badge(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.draft()
    census = json.loads((files("designer.samples") / "census-income.json").read_text())
    id = canvas.workspace.drafts.create("Census", census).id
    page.goto(page.url.replace(canvas.id, id))
    expect(page.locator(".card-node")).to_have_count(len(census["nodes"]))
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("Finished", timeout=RUN_MS)
    page.keyboard.press("0")
    badges = page.locator(".badge:not(.hidden)")
    expect(badges.filter(has_text="6,000 × 11")).to_have_count(2)  # from Split Data, and from the filled rows
    boxes = page.evaluate("""() => ['.badge:not(.hidden)', '.card-node'].map((part) =>
        [...document.querySelectorAll(part)].map((element) => element.getBoundingClientRect().toJSON()))""")
    shown, cards = boxes
    assert len(shown) >= 6
    for i, badge in enumerate(shown):
        assert not any(_meet(badge, other) for other in (*shown[i + 1 :], *cards))


def test_a_trained_model_shows_the_features_it_uses_and_an_evaluation_its_metrics(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("train")
    canvas.field("label_column").select_option("diagnosis")
    page.keyboard.press("Control+Enter")
    expect(canvas.node("evaluate")).to_have_attribute("data-state", re.compile("finished|reused"), timeout=RUN_MS)
    card = page.get_by_test_id("dock-card")
    expect(card).to_contain_text("Features used: 30", timeout=RUN_MS)
    expect(card).to_contain_text("398 rows")
    canvas.select("evaluate")
    expect(card).to_contain_text("AUC", timeout=RUN_MS)
    card.get_by_role("link", name="Open the evaluation").click()
    page.wait_for_url("**/evaluate/evaluate")


def test_what_is_asked_for_before_the_canvas_stands_is_done_when_it_does(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("train")
    canvas.field("label_column").select_option("diagnosis")
    canvas.draft()
    held: list[Route] = []
    page.route(re.compile(r"/canvas-[^/]*\.js$"), lambda route: held.append(route))
    page.reload()
    expect(page.get_by_test_id("pipeline-name")).to_have_value("Training")
    page.get_by_test_id("pipeline-name").fill("Named early")
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_timeout(1000)
    assert len(held) == 1
    expect(page.locator(".designer-canvas")).to_have_count(0)
    expect(page.get_by_test_id("run-outcome")).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_test_id("run-outcome")).to_contain_text("6", timeout=RUN_MS)
    assert canvas.draft().document["name"] == "Named early"


def test_what_is_chosen_is_kept_where_the_page_is_loaded_again_before_the_server_heard_of_it(
    canvas: CanvasPage,
) -> None:
    page, lost = canvas.page, list[str]()

    def deaf(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda sent: lost.append(str(sent)) if is_lost else server.send(sent))

    is_lost = False
    page.route_web_socket(re.compile("/_event"), deaf)
    canvas.reload()
    canvas.select("train")
    expect(canvas.field("label_column")).to_be_visible()
    is_lost = True
    canvas.field("label_column").select_option("mean radius")
    canvas.until(lambda: any("mean radius" in sent for sent in lost), "the choice was sent and lost")
    is_lost = False
    canvas.reload()
    canvas.until(lambda: canvas.nodes()["train"]["parameters"]["label_column"] == "mean radius", "it was saved")


def test_the_data_of_a_port_is_paged_with_histograms_and_statistics(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("split")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("2", timeout=RUN_MS)
    expect(page.get_by_test_id("dock-size")).to_have_text("398 rows × 31 columns, first 100 shown")
    grid = page.get_by_test_id("grid")
    expect(grid.locator("tbody tr")).to_have_count(100)
    expect(grid.locator("svg.hist").first).to_be_visible(timeout=RUN_MS)
    page.get_by_role("button", name="Rows after").click()
    expect(grid.locator("tbody tr").first.locator("td").first).to_have_text("101")
    page.get_by_label("Output port").select_option("results_dataset2")
    expect(page.get_by_test_id("dock-size")).to_contain_text("171 rows")
    page.get_by_test_id("dock-statistics").click()
    expect(page.get_by_role("table", name="Statistics").locator("tbody tr")).to_have_count(31, timeout=RUN_MS)
    page.get_by_test_id("dock-charts").click()
    page.get_by_label("Column", exact=True).select_option("diagnosis")
    expect(page.locator(".tick")).to_have_count(2)


def test_resting_on_a_port_or_a_wire_shows_its_first_rows(canvas: CanvasPage) -> None:
    page = canvas.page
    glance = page.get_by_test_id("glance")
    output = canvas.port("split", "out", "results_dataset1")
    output.hover()
    expect(glance).to_contain_text("first 6 of 31 columns; rows after a run")
    expect(glance.locator("th").nth(0)).to_contain_text("mean radius")
    canvas.port("train", "in", "untrained_model").hover()
    expect(glance).to_contain_text("Two-Class Logistic Regression")

    canvas.select("split")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("2", timeout=RUN_MS)
    output.hover()
    expect(glance).to_contain_text("first 5 of 398 rows, 6 of 31 columns")
    expect(glance.locator("tbody tr")).to_have_count(5)
    expect(glance.locator("tbody tr").first.locator("td")).to_have_count(6)
    assert not _meet(_box(glance), _box(canvas.node("split")))
    page.keyboard.press("Escape")
    expect(glance).to_have_count(0)
    expect(page.locator(".card-node.sel")).to_have_count(1)

    badge = _box(page.get_by_test_id("badge-data/dataset>split/dataset"))
    page.mouse.move(badge["left"] + 10, badge["top"] + 10)
    page.mouse.move(badge["left"] + 12, badge["top"] + 10)
    expect(glance).to_contain_text("first 5 of 569 rows, 6 of 31 columns")
    assert not _meet(_box(glance), badge)
    canvas.click_canvas()
    expect(glance).to_have_count(0)


def test_nothing_is_shown_of_a_port_while_something_is_dragged(canvas: CanvasPage) -> None:
    page = canvas.page
    frames: list[str] = []
    page.on("websocket", lambda opened: opened.on("framesent", lambda sent: frames.append(str(sent))))
    canvas.reload()
    start, end = canvas.port("split", "out", "results_dataset2"), canvas.port("train", "in", "dataset")
    page.mouse.move(*canvas.middle(start))
    page.mouse.down()
    page.mouse.move(*canvas.middle(end), steps=6)
    page.wait_for_timeout(900)
    expect(page.get_by_test_id("glance")).to_have_count(0)
    page.mouse.move(700, 120, steps=4)
    page.mouse.up()
    assert not any("glance" in sent for sent in frames)
    page.keyboard.press("Escape")
    start.hover()
    expect(page.get_by_test_id("glance")).to_be_visible()
    assert any("glance" in sent for sent in frames)
    page.mouse.move(700, 120)
    expect(page.get_by_test_id("glance")).to_have_count(0)


def test_a_run_is_of_what_was_typed_before_and_of_nothing_typed_since(
    opened: Opener, engine: None, workspace: Workspace
) -> None:
    nodes = {"data": TRAINING.nodes["data"], "split": TRAINING.nodes["split"]}
    canvas = opened(Pipeline("Typing", nodes=nodes, edges=TRAINING.edges[:1]))
    canvas.select("split")
    canvas.field("fraction").fill("0.2")
    canvas.page.keyboard.press("Control+Enter")
    canvas.until(lambda: len(workspace.runs.all(canvas.id)) == 1, "a run")
    canvas.field("fraction").fill("0.3")
    canvas.page.keyboard.press("Tab")
    canvas.until(lambda: canvas.nodes()["split"]["parameters"]["fraction"] == 0.3, "the later edit is saved")
    canvas.until(lambda: workspace.runs.all(canvas.id)[0].state == "finished", "the run has finished", RUN_MS)
    assert workspace.runs.all(canvas.id)[0].document["nodes"]["split"]["parameters"]["fraction"] == 0.2


def test_columns_are_chosen_by_name_and_with_rules(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.drop("normalize-data", 950, 420)
    canvas.wire(("split", "results_dataset1"), ("normalize-data", "dataset"))
    canvas.select("normalize-data")
    canvas.field("columns").click()
    page.get_by_role("tab", name="By name").click()
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_test_id("pick-mean radius").click()
    expect(page.get_by_test_id("picker-preview")).to_have_text("1 of 31: mean radius")
    page.get_by_role("tab", name="With rules").click()
    page.get_by_role("button", name="Add a rule").click()
    rule = page.locator(".rule").nth(1)
    rule.get_by_label("By").select_option("kinds")
    rule.get_by_role("button", name="String").click()
    expect(page.get_by_test_id("picker-preview")).to_contain_text("2 of 31")
    page.get_by_test_id("picker-save").click()
    expect(canvas.page.get_by_test_id("field-columns")).to_contain_text("2 of 31: mean radius, diagnosis")
    assert canvas.nodes()["normalize-data"]["parameters"] == {
        "columns": {"rules": [{"names": ["mean radius"]}, {"by": "kinds", "kinds": ["String"]}]}
    }


def test_a_bad_value_is_said_at_its_field_and_on_the_card(canvas: CanvasPage) -> None:
    canvas.select("split")
    canvas.field("fraction").fill("7")
    canvas.field("fraction").blur()
    expect(canvas.page.get_by_test_id("field-fraction")).to_contain_text(
        "7 is above 1. Use a number at least 0 and at most 1."
    )
    expect(canvas.page.get_by_test_id("field-fraction").get_by_role("alert")).to_have_text(re.compile("^7 is above 1"))
    expect(canvas.node("split")).to_have_attribute("data-state", "not ready")


def test_a_setting_is_shown_only_where_it_matters(canvas: CanvasPage) -> None:
    canvas.select("split")
    expect(canvas.field("fraction")).to_be_visible()
    canvas.field("mode").select_option(index=1)
    expect(canvas.field("fraction")).to_have_count(0)
    canvas.click_canvas()
    canvas.page.keyboard.press("Control+Z")
    canvas.select("split")
    expect(canvas.field("fraction")).to_have_value("0.7")


def test_a_failed_node_says_why_and_its_log_is_there(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.drop("execute-python-script", 950, 300)
    canvas.select("execute-python-script")
    code = page.get_by_role("textbox", name="Python script")
    code.fill(
        "def azureml_main(dataframe1=None, dataframe2=None):\n    print('here I am')\n    raise ValueError('too bad')\n"
    )
    code.blur()
    page.keyboard.press("Escape")
    canvas.select("execute-python-script")
    page.keyboard.press("Control+Shift+Enter")
    expect(canvas.node("execute-python-script")).to_have_attribute("data-state", "failed", timeout=RUN_MS)
    expect(canvas.node("execute-python-script")).to_contain_text("too bad")
    page.get_by_test_id("dock-log").click()
    expect(page.get_by_label("Log of the node")).to_contain_text("here I am")


def test_a_run_to_a_step_above_the_model_does_not_hide_what_was_learned(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("train")
    canvas.field("label_column").select_option("diagnosis")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("6", timeout=RUN_MS)
    canvas.select("split")
    canvas.field("seed").fill("7")
    page.get_by_role("button", name="Run to here").click()
    expect(page.get_by_test_id("run-outcome")).to_contain_text("Finished: 1 ran", timeout=RUN_MS)
    expect(page.get_by_test_id("badge-data/dataset>split/dataset")).to_contain_text("569 × 31")
    expect(page.get_by_test_id("badge-score/scored_dataset>evaluate/scored_dataset")).to_have_count(0)
    page.get_by_role("button", name="Create inference pipeline").click()
    expect(page.get_by_role("region", name="Inference pipeline")).to_contain_text("Score Model")
    page.get_by_role("button", name="Close").click()


def test_a_run_can_be_cancelled(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.drop("execute-python-script", 950, 300)
    canvas.select("execute-python-script")
    code = page.get_by_role("textbox", name="Python script")
    code.fill("import time\n\n\ndef azureml_main(dataframe1=None, dataframe2=None):\n    time.sleep(300)\n")
    code.blur()
    canvas.select("execute-python-script")
    page.keyboard.press("Control+Shift+Enter")
    expect(canvas.node("execute-python-script")).to_have_attribute("data-state", "running", timeout=RUN_MS)
    page.get_by_role("button", name="Cancel").click()
    expect(canvas.node("execute-python-script")).to_have_attribute("data-state", "cancelled")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("Cancelled")


def test_the_state_of_the_last_run_is_there_after_a_reload(canvas: CanvasPage) -> None:
    canvas.select("split")
    canvas.page.keyboard.press("Control+Shift+Enter")
    expect(canvas.page.get_by_test_id("run-outcome")).to_be_visible(timeout=RUN_MS)
    canvas.reload()
    expect(canvas.node("split")).to_have_attribute("data-state", "reused")
    expect(canvas.node("train")).to_have_attribute("data-state", "not ready")
    expect(canvas.page.get_by_test_id("run-outcome")).to_be_visible()
    canvas.select("train")
    canvas.page.keyboard.press("Delete")
    expect(canvas.page.get_by_test_id("edited-since")).to_be_visible()
    canvas.draft()
    canvas.reload()
    expect(canvas.page.get_by_test_id("edited-since")).to_be_visible()


def test_a_pipeline_that_was_never_run_shows_nothing_of_the_one_before(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("split")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_test_id("run-outcome")).to_be_visible(timeout=RUN_MS)
    expect(page.get_by_test_id("dock-size")).to_have_text("398 rows × 31 columns, first 100 shown")
    draft = canvas.workspace.drafts.create("Never run", to_document(TRAINING))
    page.goto(page.url.replace(canvas.id, draft.id))
    expect(page.get_by_test_id("pipeline-name")).to_have_value("Never run")
    expect(canvas.node("split")).to_have_attribute("data-state", "ready")
    expect(page.get_by_test_id("run-outcome")).to_have_count(0)
    expect(page.get_by_test_id("dock-size")).to_have_count(0)


def test_deploy_says_that_a_run_is_missing_and_begins_it(canvas: CanvasPage) -> None:
    page = canvas.page
    canvas.select("train")
    canvas.field("label_column").select_option("diagnosis")
    canvas.draft()
    page.get_by_role("button", name="Deploy").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("This pipeline has not been run yet.")
    expect(dialog.get_by_role("button", name="Create and deploy")).to_have_count(0)
    dialog.get_by_role("button", name="Run the pipeline").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("run-outcome")).to_contain_text("6", timeout=RUN_MS)
    page.get_by_role("button", name="Deploy").click()
    expect(page.get_by_label("Name of the endpoint")).to_have_value("training")
    expect(dialog).to_contain_text("A new endpoint.")


def test_data_imports_are_listed_among_the_runs_only_on_request(
    canvas: CanvasPage, server: Server, tmp_path: Path
) -> None:
    page, file = canvas.page, tmp_path / "small.csv"
    file.write_text("a,b\n1,2\n3,4\n")
    import_dataset(canvas.workspace, Library.scan(), file, "Small")
    canvas.select("split")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.get_by_test_id("run-outcome")).to_be_visible(timeout=RUN_MS)
    page.goto(f"{server.origin}/runs")
    runs = page.get_by_role("table", name="Runs")
    expect(runs).to_contain_text("Training")
    expect(runs).not_to_contain_text("Import Small")
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("Show data imports").click()  # the server's answer ticks it
    runs = page.locator("table[aria-label='Runs']")  # the open popover hides it from assistive technology
    expect(runs.locator("tr", has_text="Import Small")).to_contain_text("Data import")
    expect(runs.locator("tr", has_text="Training").first).not_to_contain_text("Data import")
    page.get_by_label("Show data imports").click()
    expect(runs).not_to_contain_text("Import Small")


def test_a_run_begun_in_one_tab_is_followed_in_another(canvas: CanvasPage, server: Server, browser: Browser) -> None:
    with closing(browser.new_context(viewport={"width": 1280, "height": 720})) as elsewhere:
        tab = elsewhere.new_page()
        tab.goto(server.entrance())
        other = CanvasPage(tab, canvas.workspace, canvas.id)
        other.open(server.origin)
        canvas.select("split")
        canvas.page.keyboard.press("Control+Shift+Enter")
        expect(tab.get_by_test_id("run-outcome")).to_be_visible(timeout=RUN_MS)
        expect(other.node("data")).to_have_attribute("data-state", re.compile("finished|reused"))


def test_an_inference_pipeline_that_is_made_anew_is_shown_in_other_tabs(
    canvas: CanvasPage, server: Server, browser: Browser
) -> None:
    page = canvas.page
    canvas.select("train")
    canvas.field("label_column").select_option("diagnosis")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("6", timeout=RUN_MS)

    def make() -> None:
        page.get_by_role("button", name="Create inference pipeline").click()
        page.get_by_role("button", name="Create and edit").click()
        page.wait_for_url(lambda url: "/pipelines/" in url and canvas.id not in url)

    make()
    made = page.url.rsplit("/", 1)[-1]
    with closing(browser.new_context(viewport={"width": 1280, "height": 720})) as elsewhere:
        tab = elsewhere.new_page()
        tab.goto(server.entrance())
        other = CanvasPage(tab, canvas.workspace, made)
        other.open(server.origin)
        note = {"op": "note", "id": "mine", "text": "Written by hand", "x": 0, "y": -120, "width": 200, "height": 80}
        tab.evaluate("(note) => window.designerCanvas.edit([note])", note)
        expect(tab.locator(".note-card").filter(has_text="Written by hand")).to_be_visible()
        other.draft()
        canvas.open(server.origin)
        make()
        expect(tab.locator(".note-card").filter(has_text="Written by hand")).to_have_count(0)


def _box(locator: Locator) -> dict[str, float]:
    box: dict[str, float] = locator.evaluate("(element) => element.getBoundingClientRect().toJSON()")
    return box


def _meet(a: dict[str, float], b: dict[str, float]) -> bool:
    across = a["left"] < b["right"] and b["left"] < a["right"]
    return across and a["top"] < b["bottom"] and b["top"] < a["bottom"]


def test_what_the_data_gives_away_is_shown_by_itself_after_a_run_and_two_warnings_of_a_wire_are_both_shown(
    canvas: CanvasPage, workspace: Workspace, server: Server
) -> None:
    page, chance = canvas.page, np.random.RandomState(0)
    rows = pd.DataFrame(chance.normal(size=(400, 3)), columns=["a", "b", "c"])
    rows = rows.assign(number=chance.permutation(400), y=chance.choice(["no", "yes"], 400))
    workspace.datasets.register("Telling", rows.assign(word=rows["y"].map({"no": "stays", "yes": "leaves"})))
    leaking = TRAINING.nodes | {
        "data": Node("data", "dataset", parameters={"name": "Telling"}),
        "train": Node("train", "train-model", parameters={"label_column": "y"}),
    }
    id = workspace.drafts.create("Telling", to_document(replace(TRAINING, nodes=leaking))).id
    CanvasPage(page, workspace, id).open(server.origin)
    page.keyboard.press("Control+Enter")
    badge = page.get_by_test_id("badge-split/results_dataset1>train/dataset")
    expect(badge).to_contain_text("Answer inside +1", timeout=RUN_MS)
    badge.get_by_role("button").click()
    notice = page.get_by_test_id("notice")
    expect(notice).to_contain_text("“word” gives the answer away")
    expect(notice).to_contain_text("“number” names the row")
    notice.get_by_role("button", name="Leave it out").first.click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".badge.wn")).to_have_text(re.compile("Identifier$"), timeout=RUN_MS)
