"""The list of runs, the page of a run, and the comparison, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.store.history.metrics import Point, insert_in
from designer.store.history.submission import Submission
from designer.store.workspace import Workspace, open_workspace
from tests.browser.conftest import Observed, Server

LOSSES = ([4.0, 2.0, 1.0], [4.0, 1.0, 0.25], [4.0, 3.0, 2.5])


def logged_run(workspace: Workspace, losses: list[float], seed: int, **said: object) -> str:
    """A finished run whose only step has logged these losses."""
    pipeline = Pipeline("Descent", nodes={"a": Node("a", "split-data", parameters={"seed": seed})})
    submission = Submission("descent", trigger={"kind": "cli"}, submitted_by="ada", **said)  # type: ignore[arg-type]
    run = workspace.runs.create(to_document(pipeline), submission=submission, owner="a test")
    row = {"node": "a", "title": "Split Data", "state": "finished", "logged": {"loss": losses[-1]}}
    attempt = workspace.runs.claim(run.id, [row], "a test") or 0
    points = [Point(step, step, loss, None, 0.0) for step, loss in enumerate(losses)]
    with workspace.database.record() as session:
        insert_in(session, run.id, {("a", "loss"): points})
    workspace.runs.finish(run.id, attempt, "finished")
    return run.id


@pytest.fixture(scope="module")
def runs(server: Server) -> Iterator[list[str]]:
    """Three runs of one experiment."""
    with open_workspace(server.workspace) as workspace:
        tags: list[dict[str, str]] = [{"owner": "Ada"}, {"owner": "Bob"}, {}]
        yield [
            logged_run(workspace, losses, seed, tags=tags[seed], source={"azureml.git.commit": "a1b2c3d4e5f6a7b8"})
            for seed, losses in enumerate(LOSSES)
        ]


def until_listed(page: Page, *expected: int) -> None:
    cells = page.get_by_role("table", name="Runs").locator("tbody td:nth-child(3)")
    expect(cells).to_have_text([f"descent #{number}" for number in expected])


def test_runs_are_filtered_sorted_by_a_metric_and_the_filter_is_saved(
    page: Page, server: Server, runs: list[str], observed: Observed
) -> None:
    page.goto(f"{server.origin}/runs?experiment=descent")
    until_listed(page, 3, 2, 1)
    page.get_by_role("button", name="Columns").click()
    page.get_by_label("loss", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="loss").click()
    until_listed(page, 3, 1, 2)
    page.get_by_role("button", name="loss").click()
    until_listed(page, 2, 1, 3)
    expect(page.get_by_role("columnheader", name="loss")).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("row").filter(has_text="descent #2").get_by_role("cell", name="0.250")).to_be_visible()
    page.get_by_label("Tag", exact=True).select_option("owner=Bob")
    until_listed(page, 2)
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Name of the filter").fill("Bob's")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Remove this filter")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_label("Tag", exact=True)).to_have_value("")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Bob's", exact=True).first.click()
    until_listed(page, 2)
    page.get_by_role("button", name="Remove this filter").click()
    expect(page.get_by_role("button", name="Remove this filter")).to_have_count(0)
    assert observed.troubles == []


def test_a_text_that_fits_no_run_says_so_and_all_are_a_click_away(page: Page, server: Server, runs: list[str]) -> None:
    page.goto(f"{server.origin}/runs?experiment=descent")
    page.get_by_label("Search runs").fill("no such run")
    expect(page.get_by_text("No run fits the filter.")).to_be_visible()
    page.locator(".empty").get_by_role("button", name="Show all").click()
    until_listed(page, 3, 2, 1)


def test_chosen_runs_are_compared_with_settings_metrics_and_curves(
    page: Page, server: Server, runs: list[str], observed: Observed
) -> None:
    page.goto(f"{server.origin}/runs?experiment=descent")
    until_listed(page, 3, 2, 1)
    expect(page.get_by_role("button", name="Compare")).to_be_disabled()
    for number in range(3):
        page.get_by_label("Choose Descent").nth(number).click()
    page.get_by_role("button", name="Compare 3 runs").click()
    seeds = page.get_by_role("table", name="Settings that differ").get_by_role("row").filter(has_text="Random seed")
    expect(seeds.get_by_role("cell")).to_have_text(["Split Data", "Random seed", "0", "1", "2"])
    loss = page.get_by_role("table", name="Metrics").get_by_role("row").filter(has_text="loss")
    expect(loss.get_by_role("cell")).to_have_text(["Split Data", "loss", "1", "0.250", "2.500"])
    expect(page.get_by_role("img", name="loss, Split Data").locator("svg.main-svg").first).to_be_visible()
    assert observed.troubles == []


def test_two_runs_are_compared_by_what_their_steps_logged(page: Page, server: Server, runs: list[str]) -> None:
    page.goto(f"{server.origin}/runs/compare?a={runs[0]}&b={runs[1]}")
    loss = page.get_by_role("table", name="Metrics").get_by_role("row").filter(has_text="loss")
    expect(loss.get_by_role("cell")).to_have_text(["Split Data", "loss", "1.000", "0.250", "−0.750"])


def test_description_and_tags_of_a_run_are_edited_on_its_page(
    page: Page, server: Server, workspace: Workspace, runs: list[str], observed: Observed
) -> None:
    page.goto(f"{server.origin}/runs/{runs[0]}")
    about = page.locator("section").filter(has_text="About this run")
    expect(about).to_contain_text("on the command line by ada")
    expect(about).to_contain_text("a1b2c3d4e5")
    about.get_by_label("Description").fill("Too slow")
    about.get_by_label("New tag").fill("stage=draft")
    about.get_by_label("New tag").press("Enter")
    expect(about.get_by_role("button", name="Remove the tag stage")).to_be_visible()
    about.get_by_role("button", name="Remove the tag owner").click()
    expect(about.get_by_role("button", name="Remove the tag owner")).to_have_count(0)
    about.get_by_label("New tag").fill("nothing")
    about.get_by_label("New tag").press("Enter")
    expect(about.get_by_role("alert")).to_contain_text("has no value")
    run = workspace.runs.get(runs[0])
    assert (run.description, run.tags) == ("Too slow", {"stage": "draft"})
    page.reload()
    expect(about.get_by_label("Description")).to_have_value("Too slow")
    page.get_by_role("link", name="descent #1").click()
    page.wait_for_url(re.compile("experiment=descent"))
    assert observed.troubles == []


def test_an_experiment_is_described_archived_and_restored(
    page: Page, server: Server, workspace: Workspace, runs: list[str], observed: Observed
) -> None:
    page.goto(f"{server.origin}/experiments")
    page.get_by_label("Description of descent").fill("Rates by hand")
    page.get_by_label("Description of descent").blur()
    page.get_by_role("row").filter(has_text="descent").get_by_role("button", name="Archive").click()
    expect(page.get_by_role("link", name="descent")).to_have_count(0)
    page.get_by_label("Show archived").click()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Archived", exact=True)).to_have_count(0)
    row = workspace.experiments.get("descent")
    assert (row.description, row.archived) == ("Rates by hand", None)
    assert observed.troubles == []


def test_the_last_column_is_reached_in_a_small_window(
    page: Page, server: Server, workspace: Workspace, runs: list[str], observed: Observed
) -> None:
    page.set_viewport_size({"width": 1000, "height": 700})
    for name in ("a long name of an experiment " * 3, "x" * 80):
        pipeline = Pipeline(name, nodes={"a": Node("a", "split-data")})
        workspace.runs.create(to_document(pipeline), submission=Submission(name.strip()), owner="a test")
    page.goto(f"{server.origin}/runs")
    table = page.get_by_role("table", name="Runs")
    expect(table.get_by_role("row")).to_have_count(6)
    seen = """head => {
        const box = head.closest('.wide');
        box.scrollLeft = box.scrollWidth;
        const [right, edge] = [head, box].map((each) => each.getBoundingClientRect().right);
        return [right, edge, innerWidth, head.scrollWidth - head.clientWidth];
    }"""
    for title in ("Best", ""):
        right, box, window, hidden = table.locator("thead th", has_text=re.compile(f"^{title}$")).last.evaluate(seen)
        assert (right <= box + 1, box <= window, hidden) == (True, True, 0), title
    assert observed.troubles == []
