"""A pipeline is published on the canvas, run with another value, published again from its run, disabled and deleted."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.contract.catalogue.library import Library
from designer.pipeline.document import from_document, to_document
from designer.pipeline.promotion import promote
from designer.samples.templates import template
from designer.store.workspace import open_workspace
from designer.workbench.workbench import Workbench
from tests.browser.conftest import Observed, Server, enter

pytestmark = pytest.mark.browser
RUN_MS = 90_000


def saved(server: Server) -> str:
    """A saved pipeline whose share of training rows is a parameter; returns its id."""
    sample = template("car-prices")
    assert sample is not None
    library = Library.scan()
    with open_workspace(server.workspace) as workspace:
        bench = Workbench(workspace, lambda: library)
        draft = bench.pipelines.create_from_template("car-prices")
        pipeline = promote(from_document(draft.document), "split", "fraction", "share", library)
        workspace.drafts.save(draft.id, draft.revision, to_document(pipeline))
        return draft.id


def submitted(url: str, key: str) -> tuple[int, dict[str, object]]:
    parts = urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        connection.request("POST", parts.path, json.dumps({"ParameterAssignments": {"share": 0.8}}), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_from_the_canvas_to_rest_and_back(designer: Server, context: BrowserContext, observed: Observed) -> None:
    page = enter(designer, context, observed)
    page.goto(f"{designer.origin}/pipelines/{saved(designer)}")
    page.locator(".react-flow__node").first.wait_for(timeout=60_000)
    publish_on_the_canvas(page)
    page.wait_for_url("**/published/monthly-prices")
    expect(page.get_by_role("heading", name="Monthly prices")).to_be_visible()

    page.locator("#asked-share").fill("7")
    page.get_by_test_id("run-published").click()
    expect(page.get_by_role("alert")).to_contain_text("7 is above 1")
    page.locator("#asked-share").fill("0.6")
    page.get_by_test_id("run-published").click()
    expect(page.get_by_text("Default #1 is queued.")).to_be_visible()
    page.get_by_role("button", name="Open the run").click()
    page.wait_for_url("**/runs/*")
    page.go_back()
    page.wait_for_url("**/published/monthly-prices")
    runs = page.get_by_role("table", name="Runs")
    expect(runs.get_by_text("Finished")).to_be_visible(timeout=RUN_MS)
    expect(runs.get_by_text("share = 0.6")).to_be_visible()
    expect(page.get_by_role("link", name="All runs")).to_have_attribute("href", "/runs?published=monthly-prices")

    page.get_by_role("button", name="Show the key").first.click()
    shown = page.locator(".dls .mono", has_text="dsg_").first
    expect(shown).not_to_contain_text("•")
    key = shown.inner_text()
    address = page.locator(".dls .mono", has_text="/submit").inner_text()
    assert submitted(address, key)[0] == 200
    expect(runs.get_by_text("share = 0.8")).to_be_visible(timeout=RUN_MS)
    certain = page.get_by_test_id("certain-version").locator(".mono").inner_text()
    assert certain == address.replace("/submit", "/versions/1.0/submit")
    assert submitted(certain, key)[0] == 200
    for language in ("Python", "JavaScript", "R", "C#"):
        page.get_by_role("tab", name=language, exact=True).click()
        expect(page.locator("pre.code")).to_contain_text("/pipelines/monthly-prices/submit")

    runs.get_by_role("link").last.click()
    page.get_by_role("button", name="Publish").click()
    page.locator("#publish-name").fill("Monthly prices")
    page.locator("#publish-version").fill("1.0")
    page.get_by_test_id("publish-now").click()
    expect(page.get_by_role("alert")).to_contain_text("version 1.0 exists with other content")
    page.locator("#publish-version").fill("2.0")
    page.get_by_test_id("publish-now").click()
    page.wait_for_url("**/published/monthly-prices")
    expect(page.locator("#asked-share")).to_have_value("0.6")
    page.get_by_role("button", name="Make default").click()
    expect(page.locator("#asked-share")).to_have_value("0.7")

    page.get_by_role("button", name="Schedule").click()
    page.get_by_role("dialog").get_by_label("Name").fill("weekly")
    page.locator("#schedule-when").fill("@weekly")
    page.get_by_test_id("add-schedule").click()
    page.wait_for_url("**/schedules")
    expect(page.locator("tr", has_text="weekly")).to_contain_text("At 00:00 on Sunday")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("tr", has_text="weekly")).to_have_count(0)
    page.goto(f"{designer.origin}/published/monthly-prices")

    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("status").filter(has_text="Disabled")).to_be_visible()
    status, answer = submitted(address, key)
    assert (status, answer["error"]["code"]) == (503, "pipeline.disabled")  # type: ignore[index]
    page.get_by_role("link", name="Published pipelines").first.click()
    row = page.locator("tr", has_text="Monthly prices")
    expect(row.get_by_text("Disabled")).to_be_visible()
    row.get_by_role("link").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/published")
    expect(page.locator("tr", has_text="Monthly prices")).to_have_count(0)
    assert [line for line in observed.troubles if "404" not in line] == []


def publish_on_the_canvas(page: Page) -> None:
    page.get_by_role("button", name="More ways to run").click()
    page.get_by_role("menuitem", name="Publish").click()
    page.locator("#publish-name").fill("Ж")
    page.get_by_test_id("publish-now").click()
    expect(page.get_by_role("alert")).to_contain_text("no letter or digit")
    page.locator("#publish-name").fill("Monthly prices")
    page.locator("#publish-version").fill("1.0")
    page.get_by_test_id("publish-now").click()
