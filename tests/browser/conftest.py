"""A real server with a workspace of its own, and a real browser logged in with a single-use code.

Without Chromium these tests fail instead of being skipped, so that a missing browser cannot pass unnoticed.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect, sync_playwright

from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.store.sessions import Sessions
from designer.store.workspace import Workspace, open_workspace
from designer.ui import canvas
from tests.browser.canvas_page import CanvasPage, Opener

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_SECONDS = 240
CANVAS = Path(canvas.__file__).parent


@dataclass
class Server:
    """A web process; `restart` replaces it by a new one on the same port and workspace."""

    workspace: Path
    port: int
    runs_pipelines: bool = False
    """Whether to start all processes (`designer start`) or the web process alone."""
    process: subprocess.Popen[str] | None = None
    output: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def entrance(self, path: str = "/") -> str:
        """A single-use login address that redirects to a page."""
        return f"{self.origin}/enter?code={Sessions(self.workspace).mint_code()}&next={path}"

    def start(self) -> None:
        program = ["designer", "start"] if self.runs_pipelines else ["designer.ui.server"]
        command = [sys.executable, "-m", *program, "--workspace", str(self.workspace)]
        self.output.clear()
        self.process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self.process, ready), daemon=True).start()
        ready.wait(START_SECONDS)
        if not any("Designer is ready" in line for line in self.output):
            self.stop()
            pytest.fail("the server did not start:\n" + "".join(self.output[-40:]))

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _listen(self, process: subprocess.Popen[str], ready: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:
                self.output.append(line)
                if "Designer is ready" in line:
                    ready.set()
        ready.set()


@dataclass
class Observed:
    """Requests and errors of a page."""

    requests: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, built if needed, on a free port; each test file starts with an empty workspace."""
    running = Server(tmp_path_factory.mktemp("workspace"), free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def designer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """All processes of `designer start`: page, engine and scoring process."""
    running = Server(tmp_path_factory.mktemp("workspace"), free_port(), runs_pipelines=True)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # On two shared cores, what takes a second alone may take several.
    expect.set_options(timeout=15_000)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("no chromium on PATH: install it (on Debian: apt install chromium) and run again")
    launched = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
    yield launched
    launched.close()


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    """A page that imports the canvas's JavaScript modules from source, without a server or a build."""
    tab = browser.new_page()
    tab.route("http://scripts.test/**", _serve_script)
    tab.goto("http://scripts.test/")
    yield tab
    tab.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


@pytest.fixture
def observed() -> Observed:
    return Observed()


@pytest.fixture
def page(server: Server, context: BrowserContext, observed: Observed) -> Page:
    """A tab on Home of the web process alone, logged in with a single-use code."""
    return enter(server, context, observed)


@pytest.fixture(scope="module")
def workspace(server: Server) -> Iterator[Workspace]:
    with open_workspace(server.workspace) as opened:
        yield opened


@pytest.fixture
def opened(page: Page, server: Server, workspace: Workspace, observed: Observed) -> Iterator[Opener]:
    """Opens pipelines in the tab; fails at the end if the page logged an error."""

    def open_pipeline(pipeline: Pipeline) -> CanvasPage:
        made = CanvasPage(page, workspace, workspace.drafts.create(pipeline.name, to_document(pipeline)).id)
        made.open(server.origin)
        return made

    yield open_pipeline
    assert observed.troubles == []


def _serve_script(route: Route) -> None:
    name = urlsplit(route.request.url).path.lstrip("/")
    if name.endswith(".json"):  # the build turns JSON into a module
        text = (CANVAS / name).read_text(encoding="utf-8")
        route.fulfill(body=f"export default {text}", content_type="text/javascript")
    elif name:
        route.fulfill(body=(CANVAS / name).read_text(encoding="utf-8"), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def enter(server: Server, context: BrowserContext, observed: Observed) -> Page:
    """Open a logged-in tab on Home; record its requests and errors in `observed`."""
    tab = context.new_page()
    tab.on("request", lambda request: observed.requests.append(request.url))
    tab.on("websocket", lambda opened: observed.requests.append(opened.url))
    tab.on("pageerror", lambda error: observed.troubles.append(f"error: {error}"))
    tab.on("console", lambda message: observed.troubles.append(message.text) if message.type == "error" else None)
    tab.goto(server.entrance())
    tab.get_by_role("heading", name="Recent pipelines").wait_for()
    # The first page of a process imports all modules before it is filled.
    tab.locator(".tc").first.wait_for(timeout=60_000)
    return tab


def free_port() -> int:
    """A free port whose successor, for the scoring process, is free too."""
    while True:
        with socket.socket() as probe, socket.socket() as next_probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            try:
                next_probe.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port
