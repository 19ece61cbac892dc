"""Access tokens in the settings: made, used by a program against the real server, revoked."""

from __future__ import annotations

import threading
import time

import pytest
from playwright.sync_api import Page, expect

from designer.contract.errors import DesignerError
from designer.sdk.connections.transport import NotAdmitted
from designer.sdk.workspace import Workspace
from designer.store.workspace import open_workspace
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


def test_the_server_stops_at_once_while_a_program_waits(page: Page, server: Server) -> None:
    with open_workspace(server.workspace) as opened:
        _, token = opened.tokens.new("waiting", "run", 1)
    with Workspace(server.origin, token=token) as workspace:
        run = workspace.submit(numbers("def azureml_main(a, b):\n    return a,\n"))
        seen: list[DesignerError] = []

        def wait() -> None:
            try:
                run.wait(timeout=30, show=False)
            except DesignerError as error:
                seen.append(error)

        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(1)
        started = time.monotonic()
        server.restart()
        assert time.monotonic() - started < 20
        run.cancel()
        waiting.join()
    assert "was cancelled" in str(seen[0])
