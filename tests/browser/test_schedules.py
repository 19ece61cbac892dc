"""A schedule is made with its times said beforehand, runs by the engine, by hand, rests, and is deleted."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from designer.contract.catalogue.library import Library
from designer.pipeline.document import from_document, to_document
from designer.pipeline.promotion import promote
from designer.store.workspace import open_workspace
from designer.workbench.schedules import When
from designer.workbench.workbench import Workbench
from tests.browser.conftest import Observed, Server, enter

pytestmark = pytest.mark.browser
RUN_MS = 90_000


def publish(server: Server) -> None:
    """A published pipeline whose share of training rows is a parameter."""
    library = Library.scan()
    with open_workspace(server.workspace) as workspace:
        bench = Workbench(workspace, lambda: library)
        draft = bench.pipelines.create_from_template("car-prices")
        pipeline = promote(from_document(draft.document), "split", "fraction", "share", library)
        workspace.drafts.save(draft.id, draft.revision, to_document(pipeline))
        bench.published.publish_draft(draft.id, "Prices")


def test_from_a_new_schedule_to_its_runs(designer: Server, context: BrowserContext, observed: Observed) -> None:
    publish(designer)
    page = enter(designer, context, observed)
    page.get_by_role("link", name="Schedules").click()
    page.get_by_role("button", name="New schedule").click()
    dialog = page.get_by_role("dialog")
    when = page.locator("#schedule-when")
    when.fill("61 * * * *")
    when.blur()
    expect(dialog.get_by_role("alert")).to_contain_text("minute '61' does not fit")
    expect(when).to_have_class("field bad-field")
    when.fill("30 6 * * mon-fri")
    expect(dialog.get_by_role("status")).to_contain_text("At 06:30 on Monday through Friday")
    zone = page.locator("#schedule-timezone")
    zone.fill("Asia/Tokyo")
    zone.blur()
    expect(dialog.get_by_role("status")).to_contain_text("Asia/Tokyo")
    zone.fill("UTC")
    zone.blur()
    expect(dialog.get_by_role("status")).to_contain_text("Friday, UTC")
    page.locator("#schedule-name").fill("mornings")
    page.locator("#asked-share").fill("7")
    page.get_by_test_id("add-schedule").click()
    expect(dialog.get_by_role("alert")).to_contain_text("7 is above 1")
    page.locator("#asked-share").fill("0.6")
    page.get_by_test_id("add-schedule").click()
    expect(page.locator("tr", has_text="mornings")).to_contain_text("At 06:30 on Monday through Friday")
    card = page.locator(".models > .card").last
    expect(card.get_by_text("share = 0.6")).to_be_visible()

    page.get_by_role("button", name="New schedule").click()
    page.get_by_role("button", name="Every").click()
    page.locator("#schedule-when").fill("10s")
    page.locator("#schedule-name").fill("often")
    page.get_by_test_id("add-schedule").click()
    expect(page.locator("tr", has_text="often")).to_contain_text("Every 10s")
    with open_workspace(designer.workspace) as workspace:
        page.wait_for_timeout(100)
        until = 600
        while not workspace.schedules.fires("often"):
            until -= 1
            assert until, "the engine does not look at the schedule"
            page.wait_for_timeout(100)
    page.reload()
    page.get_by_role("button", name="often").click()
    expect(card.get_by_role("table", name="Last times").get_by_text("Finished").first).to_be_visible(timeout=RUN_MS)
    card.get_by_role("button", name="Disable").click()
    expect(page.locator("tr", has_text="often")).to_contain_text("Disabled")
    page.get_by_role("button", name="mornings").click()
    card.get_by_role("button", name="Edit").click()
    expect(dialog.get_by_label("Name")).to_have_value("mornings")
    expect(page.locator("#asked-share")).to_have_value("0.6")
    expect(dialog.get_by_role("status")).to_contain_text("At 06:30 on Monday through Friday")
    page.locator("#schedule-when").fill("30 7 * * *")
    page.locator("#schedule-version").select_option("1")
    page.locator("#schedule-starts").fill("2026-01-01T06:00")
    page.get_by_test_id("add-schedule").click()
    expect(page.locator("tr", has_text="mornings")).to_contain_text("At 07:30 every day")
    expect(card.get_by_text("Thu 01 Jan 2026, 06:00")).to_be_visible()
    expect(card.get_by_text("share = 0.6")).to_be_visible()
    card.get_by_role("button", name="Run now").click()
    expect(card.get_by_text("by hand")).to_be_visible()
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("tr", has_text="mornings")).to_have_count(0)
    assert observed.troubles == []


def test_what_is_wrong_is_seen_at_its_field_and_details_are_seen_in_a_small_window(
    designer: Server, context: BrowserContext, observed: Observed
) -> None:
    publish(designer)
    page = enter(designer, context, observed)
    page.set_viewport_size({"width": 1000, "height": 700})
    page.goto(f"{designer.origin}/schedules")
    page.get_by_role("button", name="New schedule").click()
    page.locator("#schedule-name").fill("x" * 300)
    page.locator("#schedule-when").fill("0 25 * * *")
    page.locator("#schedule-experiment").fill("night")
    page.get_by_test_id("add-schedule").click()
    expect(page.locator("#schedule-name + .wrong")).to_be_in_viewport()
    page.locator("#schedule-name").fill("one")
    page.locator("#schedule-experiment").focus()
    page.get_by_test_id("add-schedule").click()
    expect(page.locator("#schedule-when + .wrong")).to_contain_text("The hour '25' does not fit")
    expect(page.locator("#schedule-when + .wrong")).to_be_in_viewport()
    page.get_by_role("button", name="Dataset", exact=True).click()
    expect(page.locator("#schedule-into option")).to_have_text(["no parameter"])
    page.get_by_role("button", name="Cancel").click()

    with open_workspace(designer.workspace) as workspace:
        bench = Workbench(workspace, Library.scan)
        for number in range(20):
            bench.schedules.add(f"nightly {number:02}", "prices", When("@daily"))
    page.reload()
    page.get_by_role("button", name="nightly 03").click()
    expect(page.locator(".models > .card").last.get_by_text("nightly 03")).to_be_in_viewport()
    assert observed.troubles == []
