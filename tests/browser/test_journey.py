"""The first minutes of a new user: start, pick a template, run it, come back after a restart."""

import re

import httpx
import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.samples.templates import templates
from designer.store.workspace import Workspace
from tests.browser.conftest import Observed, Server, enter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MS = 120_000
SAMPLE = "wine-cultivars"


@pytest.fixture
def tab(designer: Server, context: BrowserContext, observed: Observed) -> Page:
    return enter(designer, context, observed)


def open_sample(tab: Page) -> str:
    """Create a pipeline from the sample; return its id."""
    (title,) = (template.title for template in templates() if template.id == SAMPLE)
    tab.locator(".tc").filter(has_text=title).click()
    tab.wait_for_url(re.compile("/pipelines/[0-9a-f]{32}$"))
    return tab.url.rsplit("/", 1)[1]


def test_a_template_runs_to_the_end(tab: Page, designer: Server, observed: Observed) -> None:
    pipeline = open_sample(tab)
    tab.get_by_role("button", name="Run", exact=True).first.click()
    expect(tab.get_by_test_id("run-outcome")).to_contain_text("Finished", timeout=RUN_MS)
    with Workspace(designer.workspace) as workspace:
        run = workspace.runs.latest(pipeline)
        assert run is not None
        assert run.state == "finished"
        assert {node.state for node in workspace.runs.nodes(run.id).values()} <= {"finished", "reused"}
    assert observed.troubles == []


def test_the_run_is_on_home_after_a_restart_of_everything(tab: Page, designer: Server) -> None:
    designer.restart()
    tab.goto(designer.origin)
    row = tab.get_by_role("row").filter(has_text="Finished")
    expect(row.first).to_be_visible()


def test_the_scoring_process_answers_beside_the_page(designer: Server) -> None:
    answer = httpx.get(f"http://127.0.0.1:{designer.port + 1}/readyz", timeout=10)
    assert answer.status_code == 200


def test_everything_listens_on_the_loopback_address_only(designer: Server) -> None:
    assert designer.process is not None
    supervisor = psutil.Process(designer.process.pid)
    listening = set()
    for process in [supervisor, *supervisor.children(recursive=True)]:
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                listening.add(connection.laddr.ip)
    assert {"127.0.0.1"} <= listening <= {"127.0.0.1", "::1"}
