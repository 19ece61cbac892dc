"""Screenshots for the README, taken from the running product in both themes: `make screenshots`.

Needs chromium. A template is run and deployed by clicking, so that every screenshot shows what a user sees.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, Observed, Server, enter, free_port
from tests.browser.seeded import Seeded, finished_run

FOLDER = Path(__file__).parent.parent / "docs" / "screenshots"
SAMPLE = "census-income"
ENDPOINT = "census"
OTHERS = ("tumour-check", "wine-cultivars", "bike-rentals")
SIZE = {"width": 1440, "height": 900}
DEPLOY_MS = 180_000
REQUESTS = 12
View = Callable[[Page], None]


def main() -> int:
    """Take all screenshots; returns the exit code."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("make screenshots: no chromium on PATH; on Debian: apt install chromium", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        expect.set_options(timeout=30_000)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        server = Server(Path(folder), free_port(), runs_pipelines=True)
        server.start()
        try:
            for sample in OTHERS:
                finished_run(server, sample)
            seeded = finished_run(server, SAMPLE)
            _deploy(browser, server, seeded)
            for name, view in _views(server, seeded).items():
                for theme in ("light", "dark"):
                    _picture(browser, server, f"{name}-{theme}.png", theme, view)
        finally:
            server.stop()
            browser.close()
    return 0


def _views(server: Server, seeded: Seeded) -> dict[str, View]:
    def home(page: Page) -> None:
        page.goto(server.origin)
        page.locator(".tc").first.wait_for()
        page.get_by_role("row").filter(has_text="Finished").first.wait_for()

    def design(page: Page) -> None:
        page.goto(f"{server.origin}/pipelines/{seeded.pipeline}")
        page.get_by_test_id("saved").wait_for()
        page.get_by_test_id("node-clean").click()
        page.locator(".dock .hist rect").first.wait_for()

    def evaluate(page: Page) -> None:
        page.goto(f"{server.origin}/runs/{seeded.run}/evaluate/evaluate")
        page.get_by_role("img", name="ROC curve").locator("svg.main-svg").first.wait_for()

    def inference(page: Page) -> None:
        evaluate(page)
        page.get_by_role("button", name=re.compile("inference pipeline")).first.click()
        page.get_by_role("region", name="Inference pipeline").wait_for()

    def endpoint(page: Page) -> None:
        page.goto(f"{server.origin}/endpoints/{ENDPOINT}")
        page.get_by_role("heading", name=ENDPOINT).wait_for()
        send = page.get_by_role("button", name="Try it")
        for _ in range(REQUESTS):
            send.click()
            page.wait_for_timeout(300)

    return {"home": home, "design": design, "evaluate": evaluate, "inference": inference, "endpoint": endpoint}


def _picture(browser: Browser, server: Server, name: str, theme: str, view: View) -> None:
    context = browser.new_context(viewport=SIZE, color_scheme="dark" if theme == "dark" else "light")
    page = enter(server, context, Observed())
    view(page)
    page.wait_for_timeout(1500)  # until charts and fonts have settled
    page.screenshot(path=FOLDER / name)
    context.close()
    print(FOLDER / name)


def _deploy(browser: Browser, server: Server, seeded: Seeded) -> None:
    context = browser.new_context(viewport=SIZE)
    page = enter(server, context, Observed())
    page.goto(f"{server.origin}/runs/{seeded.run}/evaluate/evaluate")
    page.get_by_role("button", name="Create inference pipeline").click()
    page.get_by_role("region", name="Inference pipeline").wait_for()
    page.get_by_role("button", name="Create and deploy").click()
    page.get_by_label("Name of the endpoint").fill(ENDPOINT)
    expect(page.get_by_text("A new endpoint.")).to_be_visible()
    page.get_by_role("button", name="Create and deploy").click()
    page.wait_for_url(re.compile(f"/endpoints/{ENDPOINT}$"), timeout=DEPLOY_MS)
    context.close()


if __name__ == "__main__":
    sys.exit(main())
