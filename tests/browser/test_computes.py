"""Computes on their page: made, tested before they are kept, made the default, removed."""

import pytest
from playwright.sync_api import Page, expect

from designer.store.computes import ComputeOrder
from designer.store.history.submission import Submission
from designer.store.workspace import Workspace
from tests.browser.canvas_page import SMALL, Opener
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser

TEST_MS = 150_000


def test_worker_processes_are_tested_before_they_are_kept(
    page: Page, server: Server, workspace: Workspace, observed: Observed
) -> None:
    page.goto(f"{server.origin}/computes")
    here = page.locator(".computes .card").filter(has_text="This computer")
    expect(here).to_contain_text("at once")
    page.get_by_role("button", name="New compute").click()
    page.get_by_label("Name").fill("small")
    page.get_by_label("Maximum").fill("0")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("the number of workers cannot be 0 to 0")
    page.get_by_label("Maximum").fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("'many' is no number")
    page.get_by_label("Maximum").fill("1")
    page.get_by_role("dialog").get_by_role("button", name="Test").click()
    expect(page.locator(".proof")).to_have_count(7, timeout=TEST_MS)
    expect(page.locator(".proof", has_text="Split Data are equal")).to_be_visible()
    assert "small" not in [row.name for row in workspace.computes.all()]
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    small = page.locator(".computes .card").filter(has_text="small")
    expect(small).to_contain_text("0 to 1 worker, started as needed, 1 step at once each")
    small.get_by_role("button", name="Make default").click()
    expect(small.get_by_text("Default", exact=True)).to_be_visible()
    assert workspace.computes.default == "small"
    here.get_by_role("button", name="Make default").click()
    expect(here.get_by_text("Default", exact=True)).to_be_visible()
    assert workspace.computes.default == ""
    workspace.computes.remove("small")


def test_a_cluster_that_does_not_answer_says_so_and_one_in_use_stays(
    page: Page, server: Server, workspace: Workspace, observed: Observed
) -> None:
    page.goto(f"{server.origin}/computes")
    page.get_by_role("button", name="New compute").click()
    page.get_by_role("button", name="Dask cluster").click()
    page.get_by_label("Name").fill("lab")
    page.get_by_label("Address of the scheduler").fill("tcp://10.0.0.5:8786")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("can run programs there")
    page.get_by_label("Address of the scheduler").fill("tcp://127.0.0.1:9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    lab = page.locator(".computes .card").filter(has_text="lab")
    lab.get_by_role("button", name="Test").click()
    expect(page.locator(".proof")).to_contain_text("The scheduler tcp://127.0.0.1:9 cannot be reached", timeout=TEST_MS)
    page.get_by_role("button", name="Close").click()
    document = {"format": 2, "name": "Night run", "nodes": {}}
    run = workspace.runs.create(document, submission=Submission(compute="lab"))
    page.reload()
    expect(lab).to_contain_text("1 run: Night run")
    lab.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("alert")).to_contain_text("'Night run' runs on 'lab'")
    workspace.runs.request_cancel(run.id)
    lab.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(lab).to_have_count(0)
    assert "lab" not in [row.name for row in workspace.computes.all()]


def test_a_step_and_a_pipeline_choose_their_compute_on_the_canvas(
    page: Page, workspace: Workspace, opened: Opener
) -> None:
    workspace.computes.add("lab", ComputeOrder(address="tcp://127.0.0.1:9"))
    canvas = opened(SMALL)
    default = page.get_by_label("Default compute")
    expect(default.locator("option").first).to_have_text("As the workspace: this computer")
    default.select_option("lab")
    canvas.until(lambda: canvas.draft().document.get("compute") == "lab", "the compute of the pipeline")
    canvas.select("split-data")
    place = page.get_by_label("Runs on")
    expect(place.locator("option").first).to_have_text("As the pipeline: lab")
    place.select_option("local")
    expect(canvas.node("split-data").locator(".compute")).to_have_text("this computer")
    canvas.until(lambda: canvas.nodes()["split-data"].get("compute") == "local", "the compute of the step")
    page.get_by_role("button", name="Undo").click()
    expect(canvas.node("split-data").locator(".compute")).to_have_count(0)
    expect(place).to_have_value("")
    canvas.until(lambda: "compute" not in canvas.nodes()["split-data"], "the choice to be undone")
    workspace.computes.remove("lab")
