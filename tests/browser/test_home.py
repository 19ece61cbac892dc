"""Home and the list of pipelines, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from designer.samples.templates import templates
from designer.store.workspace import Workspace
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser


def test_every_template_is_shown_with_its_picture(page: Page) -> None:
    cards = page.locator(".tc")
    expect(cards).to_have_count(len(templates()))
    first = cards.first
    expect(first).to_contain_text(templates()[0].title)
    expect(first.locator("svg g")).to_have_count(len(templates()[0].pipeline.nodes))


def test_a_task_shows_its_templates_only(page: Page) -> None:
    page.get_by_role("button", name="Regression", exact=True).click()
    expected = [template for template in templates() if template.task == "Regression"]
    expect(page.locator(".tc")).to_have_count(len(expected))
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.locator(".tc")).to_have_count(len(templates()))


def test_a_template_becomes_a_pipeline_that_is_listed(page: Page, server: Server, observed: Observed) -> None:
    title = templates()[0].title
    page.locator(".tc").first.click()
    page.wait_for_url(re.compile("/pipelines/[0-9a-f]{32}"))
    page.goto(f"{server.origin}/pipelines")
    row = page.get_by_role("row", name=re.compile(re.escape(title)))
    expect(row.first).to_contain_text("Not run")
    assert not [trouble for trouble in observed.troubles if "404" not in trouble]


def test_a_deleted_pipeline_can_be_brought_back(page: Page, server: Server) -> None:
    name = "Deleted by mistake"
    with Workspace(server.workspace) as workspace:
        draft = workspace.drafts.create(name, {"format": 1})
    page.goto(f"{server.origin}/pipelines")
    kept = page.get_by_role("table", name="Pipelines").get_by_role("row", name=re.compile(name))
    trashed = page.get_by_role("table", name="Trash").get_by_role("row", name=re.compile(name))
    kept.get_by_role("button", name="Delete").click()
    expect(trashed).to_be_visible()
    expect(kept).to_have_count(0)
    trashed.get_by_role("button", name="Bring back").click()
    expect(kept).to_be_visible()
    with Workspace(server.workspace) as workspace:
        assert workspace.drafts.get(draft.id).trashed is None


def test_a_name_from_outside_is_text_and_not_markup(page: Page, server: Server, observed: Observed) -> None:
    name = "<img src=x onerror=alert(1)><b>bold</b>"
    with Workspace(server.workspace) as workspace:
        workspace.drafts.create(name, {"format": 1})
    page.goto(f"{server.origin}/pipelines")
    expect(page.get_by_text(name)).to_be_visible()
    assert observed.troubles == []


def test_a_chosen_file_leads_to_its_preview(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "heights.csv"
    file.write_text("name,height\n" + "".join(f"person {n},{150 + n}\n" for n in range(40)))
    page.get_by_label("Choose a file").set_input_files(file)
    page.wait_for_url(re.compile("/datasets/new\\?upload="))
    expect(page.get_by_role("cell", name="person 21", exact=True)).to_be_visible()


def test_a_file_of_a_kind_that_is_not_read_says_so(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "model.pkl"
    file.write_bytes(b"\x80\x04N.")
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.get_by_role("region", name="Use my own file").get_by_role("status")).to_contain_text(
        "Files that run code when opened are not read"
    )


def test_what_the_database_has_lost_is_said_on_home_with_the_way_out(page: Page, server: Server) -> None:
    with Workspace(server.workspace) as workspace:
        draft = workspace.drafts.create("Lost in a crash", {"format": 1})
        kept = workspace.record.manifests.document("pipeline", draft.id) or {}
        workspace.drafts.delete(draft.id)
        workspace.drafts.forget(draft.id)
        workspace.record.manifests.keep("pipeline", draft.id, 1, draft.name, kept)
        page.goto(f"{server.origin}/")
        notice = page.get_by_role("alert").filter(has_text="Missing from it: 1 pipeline.")
        expect(notice).to_contain_text("pipeline 'Lost in a crash'")
        expect(notice).to_contain_text("designer rebuild")
        assert [str(each) for each in workspace.record.bring_back()] == ["pipeline 'Lost in a crash'"]
        page.goto(f"{server.origin}/")
        expect(page.get_by_text("Lost in a crash").first).to_be_visible()
        expect(notice).to_have_count(0)
