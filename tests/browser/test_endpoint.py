"""From a finished run to a scored request, in a real browser."""

import re
import time
from pathlib import Path

import httpx
import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.serving.keys import revealed_key
from designer.store.workspace import Workspace
from tests.browser.conftest import Observed, Server, enter
from tests.browser.seeded import Seeded, finished_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "tumour-check"
DEPLOY_MS = 120_000


@pytest.fixture(scope="module")
def trained(designer: Server) -> Seeded:
    return finished_run(designer, "tumour-check")


@pytest.fixture
def tab(designer: Server, context: BrowserContext, observed: Observed) -> Page:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return enter(designer, context, observed)


@pytest.fixture(scope="module")
def deployed(designer: Server, trained: Seeded, browser: object) -> str:
    """The endpoint, deployed by clicks like a user's."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})  # type: ignore[attr-defined]
    context.set_default_timeout(15_000)
    tab = enter(designer, context, Observed())
    open_dialog(tab, designer, trained)
    tab.get_by_role("button", name="Create and deploy").click()
    tab.get_by_label("Name of the endpoint").fill(NAME)
    expect(tab.get_by_text("A new endpoint.")).to_be_visible()
    tab.get_by_role("button", name="Create and deploy").click()
    tab.wait_for_url(re.compile(f"/endpoints/{NAME}$"), timeout=DEPLOY_MS)
    context.close()
    return NAME


def open_dialog(tab: Page, designer: Server, trained: Seeded) -> None:
    tab.goto(f"{designer.origin}/runs/{trained.run}/evaluate/evaluate")
    tab.get_by_role("button", name="Create inference pipeline").click()
    tab.get_by_role("region", name="Inference pipeline").wait_for()


def open_endpoint(tab: Page, designer: Server) -> None:
    tab.goto(f"{designer.origin}/endpoints/{NAME}")
    tab.get_by_role("heading", name=NAME).wait_for()


def score(designer: Server, key: str | None) -> httpx.Response:
    with Workspace(designer.workspace) as workspace:
        rows = workspace.endpoints.version(NAME).example["rows"][:1]
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"http://127.0.0.1:{designer.port + 1}/endpoints/{NAME}/score"
    return httpx.post(url, json={"Inputs": {"WebServiceInput0": rows}, "GlobalParameters": {}}, headers=headers)


def key_of(designer: Server, slot: str = "primary") -> str:
    with Workspace(designer.workspace) as workspace:
        key = revealed_key(workspace, NAME, slot)  # type: ignore[arg-type]
    assert key is not None
    return key


def test_every_step_says_what_becomes_of_it_and_why(
    tab: Page, designer: Server, trained: Seeded, observed: Observed
) -> None:
    open_dialog(tab, designer, trained)
    training = tab.get_by_role("region", name="Training pipeline")
    for reason in (
        "Its columns say what a request holds.",
        "Every request is scored; none is held out.",
        "Requests carry no true label to compare.",
    ):
        expect(training.get_by_text(reason)).to_be_visible()
    expect(tab.get_by_role("region", name="Inference pipeline").get_by_text("Web Service Input")).to_be_visible()
    expect(tab.get_by_text("Checked: no step needs the label diagnosis")).to_be_visible()
    tab.get_by_role("button", name="Batch").click()
    expect(tab.get_by_role("button", name="Create and deploy")).to_have_count(0)
    assert observed.troubles == []


def test_the_pipeline_can_be_edited_and_is_updated_rather_than_doubled(
    tab: Page, designer: Server, trained: Seeded
) -> None:
    addresses = []
    for _ in range(2):
        open_dialog(tab, designer, trained)
        tab.get_by_role("button", name="Create and edit").click()
        tab.wait_for_url(re.compile("/pipelines/[0-9a-f]{32}$"))
        addresses.append(tab.url)
    assert addresses[0] == addresses[1]
    with Workspace(designer.workspace) as workspace:
        assert workspace.drafts.get(addresses[0].rsplit("/", 1)[1]).kind == "realtime"


def test_a_name_that_cannot_be_an_address_is_refused(tab: Page, designer: Server, trained: Seeded) -> None:
    open_dialog(tab, designer, trained)
    tab.get_by_role("button", name="Create and deploy").click()
    tab.get_by_label("Name of the endpoint").fill("Not an address!")
    expect(tab.get_by_text("Use up to 63 lower-case letters")).to_be_visible()
    expect(tab.get_by_role("button", name="Create and deploy")).to_be_disabled()


def test_the_certificate_counts_the_held_out_rows(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    certificate = tab.get_by_role("region", name="Parity certificate")
    expect(certificate).to_contain_text("Passed")
    expect(certificate).to_contain_text("171 of 171 compared held-out rows agree")
    certificate.get_by_role("button", name="View report").click()
    expect(tab.get_by_role("table", name="Comparisons")).to_contain_text("HTTP")


def test_the_certificate_is_made_anew_on_request(tab: Page, designer: Server, deployed: str) -> None:
    with Workspace(designer.workspace) as workspace:
        before = workspace.endpoints.version(NAME).certificate["checked"]
    open_endpoint(tab, designer)
    certificate = tab.get_by_role("region", name="Parity certificate")
    certificate.get_by_role("button", name="Check again").click()
    expect(certificate.get_by_role("status")).to_be_visible()
    expect(certificate.get_by_role("button", name="Check again")).to_be_visible(timeout=DEPLOY_MS)
    expect(certificate).to_contain_text("171 of 171 compared held-out rows agree")
    with Workspace(designer.workspace) as workspace:
        assert workspace.endpoints.version(NAME).certificate["checked"] > before


def test_the_form_is_filled_from_a_real_row_and_answered_as_in_training(
    tab: Page, designer: Server, deployed: str, observed: Observed
) -> None:
    open_endpoint(tab, designer)
    tab.get_by_role("button", name="Another row").click()
    tab.get_by_role("button", name="Try it").click()
    expect(tab.get_by_text("200 OK")).to_be_visible()
    expect(tab.get_by_text("same as in training")).to_be_visible()
    expect(tab.locator(".said")).to_have_text(re.compile("benign|malignant"))
    assert observed.troubles == []


def test_a_wrong_value_is_marked_at_its_field(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    expect(tab.get_by_text(re.compile(r"^Held-out row [\d,]+$"))).to_be_visible()
    field = tab.get_by_role("textbox", name="mean radius")
    field.fill("wide")
    expect(tab.get_by_text(re.compile(r"^Held-out row [\d,]+, edited$"))).to_be_visible()
    expect(tab.get_by_label("Program")).to_contain_text('"wide"')
    tab.get_by_role("button", name="Try it").click()
    answer = tab.locator(".ans")
    expect(answer).to_contain_text("Not sent")
    expect(answer.get_by_role("alert")).to_have_text("mean radius: 'wide' is not a number; write it like 1.5.")
    expect(field).to_have_attribute("aria-invalid", "true")
    problem = tab.locator(f"[id='{field.get_attribute('aria-describedby')}']")
    expect(problem).to_have_text("'wide' is not a number; write it like 1.5.")
    field.fill("12.5")
    expect(field).to_have_attribute("aria-invalid", "false")
    tab.get_by_role("button", name="Try it").click()
    expect(answer).to_contain_text(re.compile("Probability of (benign|malignant)"))


def test_json_is_sent_as_it_is_written(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    tab.get_by_role("button", name="JSON").click()
    tab.get_by_role("textbox", name="Request").fill("{ not json")
    tab.get_by_role("button", name="Try it").click()
    expect(tab.get_by_text("This is not JSON.")).to_be_visible()


def test_keys_are_shown_copied_and_replaced(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    before = key_of(designer)
    expect(tab.get_by_text(before)).to_have_count(0)
    tab.get_by_role("button", name="Show the key").first.click()
    expect(tab.get_by_text(before)).to_be_visible()
    tab.get_by_role("button", name="Make a new key").first.click()
    tab.get_by_role("dialog").get_by_role("button", name="Make a new key").click()
    expect(tab.get_by_text(before)).to_have_count(0)
    until = time.monotonic() + 15  # the scoring process polls for changes
    while score(designer, before).status_code == 200 and time.monotonic() < until:
        tab.wait_for_timeout(200)
    assert score(designer, before).status_code == 401
    assert score(designer, key_of(designer)).status_code == 200
    tab.get_by_role("button", name="Copy the key").first.click()
    expect(tab.get_by_text("Key copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == key_of(designer)


def test_a_paused_endpoint_answers_503_until_it_is_resumed(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    tab.get_by_role("button", name="Pause").click()
    expect(tab.get_by_text("Paused", exact=True)).to_be_visible()
    assert score(designer, key_of(designer)).status_code == 503
    tab.get_by_role("button", name="Resume").click()
    expect(tab.get_by_text("Healthy")).to_be_visible()
    assert score(designer, key_of(designer)).status_code == 200


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript", "R", "C#"])
def test_every_program_names_the_address_that_answers(
    tab: Page, designer: Server, deployed: str, language: str
) -> None:
    open_endpoint(tab, designer)
    expect(tab.get_by_text("Healthy")).to_be_visible()
    tab.get_by_role("tab", name=language, exact=True).click()
    expect(tab.get_by_label("Program")).to_contain_text(f"http://127.0.0.1:{designer.port + 1}/endpoints/{NAME}/score")


def test_a_file_comes_back_with_its_scores(
    tab: Page, designer: Server, deployed: str, tmp_path: Path, observed: Observed
) -> None:
    with Workspace(designer.workspace) as workspace:
        table = workspace.value(workspace.datasets.stored("Breast cancer"))
    file = tmp_path / "tumours.csv"
    table.head(50).to_csv(file, index=False)
    open_endpoint(tab, designer)
    tab.get_by_label("Choose a file").set_input_files(file)
    expect(tab.get_by_text(re.compile("50 rows scored in"))).to_be_visible(timeout=60_000)
    with tab.expect_download() as download:
        tab.get_by_role("link", name="tumours.scored.csv").click()
    scored = pd.read_csv(download.value.path())
    assert len(scored) == 50
    assert set(scored["Scored Labels"]) <= {"benign", "malignant"}
    assert observed.troubles == []


def test_a_file_that_lacks_a_column_is_refused_by_name(
    tab: Page, designer: Server, deployed: str, tmp_path: Path
) -> None:
    file = tmp_path / "short.csv"
    file.write_text("mean radius\n12.5\n")
    open_endpoint(tab, designer)
    tab.get_by_label("Choose a file").set_input_files(file)
    expect(tab.get_by_role("alert")).to_contain_text("mean texture", timeout=60_000)


def test_a_new_version_takes_over_and_the_old_one_can_come_back(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    tab.get_by_role("button", name="Deploy new version").click()
    expect(tab.get_by_label("Name of the endpoint")).to_have_value(NAME)
    expect(tab.get_by_text("Becomes version 2 of this endpoint.")).to_be_visible()
    tab.get_by_role("button", name="Create and deploy").click()
    versions = tab.get_by_role("table", name="Versions")
    expect(versions.get_by_role("button", name="Roll back")).to_be_visible(timeout=DEPLOY_MS)
    versions.get_by_role("button", name="Roll back").click()
    expect(versions.get_by_role("button", name="Promote")).to_be_visible()
    with Workspace(designer.workspace) as workspace:
        assert workspace.endpoints.get(NAME).default_version == 1


def test_the_endpoint_is_deleted_when_asked_twice(tab: Page, designer: Server, deployed: str) -> None:
    open_endpoint(tab, designer)
    tab.get_by_role("button", name="Delete", exact=True).click()
    tab.get_by_role("dialog").get_by_role("button", name="Delete").click()
    tab.wait_for_url(re.compile("/endpoints$"))
    expect(tab.get_by_text("Deployed pipelines appear here.")).to_be_visible()


def test_a_dialog_left_behind_does_not_cover_the_next_page(tab: Page, designer: Server, trained: Seeded) -> None:
    open_dialog(tab, designer, trained)
    tab.reload()
    expect(tab.get_by_role("dialog")).to_be_visible()
    tab.goto(f"{designer.origin}/runs")
    expect(tab.get_by_role("row").filter(has_text="Finished").first).to_be_visible()
    tab.goto(f"{designer.origin}/runs/{trained.run}/evaluate/evaluate")
    expect(tab.get_by_role("button", name="Create inference pipeline")).to_be_visible()
    expect(tab.get_by_role("dialog")).to_have_count(0)
