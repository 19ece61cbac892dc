"""Access tokens in the settings: made, used by a program against the real server, revoked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from designer.sdk.connections.transport import NotAdmitted
from designer.sdk.workspace import Workspace
from tests.browser.conftest import Server
from tests.sdk.pipelines import numbers

pytestmark = pytest.mark.browser


def test_a_token_is_shown_once_lets_a_program_in_and_is_revoked(page: Page, server: Server) -> None:
    page.goto(f"{server.origin}/settings")
    page.get_by_role("button", name="New token").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("<laptop>")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_role("alert")).to_contain_text("the character '<'", ignore_case=True)
    dialog.get_by_label("Name").fill("laptop")
    dialog.get_by_role("button", name="Create").click()
    token = dialog.locator("#fresh-token").inner_text()
    dialog.get_by_role("button", name="Done").click()

    row = page.get_by_role("row").filter(has_text="laptop")
    expect(row).to_contain_text("run")
    page.reload()
    expect(row).to_contain_text(token[:12])
    assert token not in page.content()

    with Workspace(server.origin, token=token) as workspace:
        run = workspace.submit(numbers("def azureml_main(a, b):\n    return a,\n"))
        assert run.status == "queued", "the web process alone executes nothing"
        run.cancel()
        page.reload()
        expect(row).to_contain_text("today")
        row.get_by_role("button", name="Revoke").click()
        page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
        expect(page.get_by_text("With a token, programs reach this workspace")).to_be_visible()
        with pytest.raises(NotAdmitted, match="no valid access token"):
            list(workspace.runs)
