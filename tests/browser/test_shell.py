"""The frame around every page, with a real browser and a real server."""

import re
import signal
import socket
import urllib.error
import urllib.request

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from designer.pipeline.document import to_document
from designer.store.workspace import Workspace
from designer.ui.http.frontend import build_of_sources
from tests.browser.canvas_page import SMALL, CanvasPage
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser

RAIL = [
    "Home",
    "Pipelines",
    "Datasets",
    "Runs",
    "Models",
    "Components",
    "Endpoints",
    "Published pipelines",
    "Schedules",
]


def background(page: Page, selector: str) -> str:
    return str(page.eval_on_selector(selector, "e => getComputedStyle(e).backgroundColor"))


def raw(server: Server, request: str) -> str:
    """Send a raw request; return the head of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        received = b""
        while b"\r\n\r\n" not in received and (chunk := connection.recv(65536)):
            received += chunk
    return received.decode("latin-1")


def test_code_leaves_the_address_bar(page: Page, server: Server) -> None:
    assert page.url == f"{server.origin}/"


def test_an_empty_workspace_says_what_will_be_here(page: Page) -> None:
    expect(page.get_by_text("No pipelines yet")).to_be_visible()


def test_every_request_goes_to_our_own_origin(page: Page, observed: Observed, server: Server) -> None:
    page.reload()
    page.get_by_role("heading", name="Recent pipelines").wait_for()
    page.wait_for_load_state("networkidle")
    own = (f"{server.origin}/", f"ws://127.0.0.1:{server.port}/", "data:", "blob:")
    assert [url for url in observed.requests if not url.startswith(own)] == []
    assert any("/_event" in url for url in observed.requests)
    assert any(url.endswith(".woff2") for url in observed.requests)


def test_nothing_is_wrong_in_the_console(page: Page, observed: Observed) -> None:
    page.wait_for_load_state("networkidle")
    assert observed.troubles == []


def test_our_fonts_are_the_ones_drawn(page: Page) -> None:
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('13px Inter'))")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)")
    assert any("Inter" in family for family in loaded)


def test_bar_and_rail_have_the_measures_of_the_look(page: Page) -> None:
    bar, rail = page.locator("header.bar").bounding_box(), page.locator("nav.rail").bounding_box()
    assert bar is not None
    assert rail is not None
    assert bar["height"] == 48
    assert (rail["width"], rail["y"]) == (48, 48)


def test_rail_names_every_place_and_marks_this_one(page: Page) -> None:
    rail = page.get_by_role("navigation", name="Pages")
    for name in [*RAIL, "Help", "Settings"]:
        expect(rail.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(rail.locator("[aria-current=page]")).to_have_attribute("aria-label", "Home")


def test_theme_is_switched_and_kept(page: Page) -> None:
    light = background(page, ".main")
    page.get_by_role("button", name="Use the dark theme").click()
    expect(page.locator("html")).to_have_class(re.compile("dark"))
    dark = background(page, ".main")
    assert (light, dark) == ("rgb(249, 249, 251)", "rgb(16, 17, 19)")
    page.reload()
    expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()
    assert background(page, ".main") == dark


def test_theme_follows_the_system_until_chosen(browser: Browser, server: Server) -> None:
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    tab.goto(server.entrance())
    expect(tab.locator("html")).to_have_class(re.compile("dark"))
    context.close()


def test_keyboard_reaches_the_content_and_shows_where_it_is(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "2px"
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


def test_every_button_and_link_has_a_name(page: Page) -> None:
    nameless = page.evaluate(
        "[...document.querySelectorAll('a, button:not([hidden])')]"
        ".filter(e => !(e.getAttribute('aria-label') || e.innerText.trim())).map(e => e.outerHTML)"
    )
    assert nameless == []


def test_reduced_motion_is_honoured(browser: Browser, server: Server) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(server.entrance())
    tab.locator(".btn").first.wait_for()
    assert tab.eval_on_selector(".btn", "e => getComputedStyle(e).transitionDuration") in {"0s", "0s, 0s"}
    context.close()


def test_a_browser_without_a_session_is_told_how_to_get_in(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    tab = context.new_page()
    answer = tab.goto(server.origin)
    assert answer is not None
    assert answer.status == 401
    expect(tab.get_by_text("designer open")).to_be_visible()
    context.close()


def test_session_and_page_survive_a_restart_of_the_web_process(page: Page, server: Server) -> None:
    server.restart()
    page.reload()
    expect(page.get_by_text("No pipelines yet")).to_be_visible()


def test_an_open_page_reconnects_by_itself_after_a_restart(page: Page, server: Server) -> None:
    with page.expect_websocket(timeout=60_000):
        server.restart()
    expect(page.get_by_text("No pipelines yet")).to_be_visible()


def test_card_settings_and_dock_show_the_same_step_after_a_reload_and_a_restart(
    page: Page, server: Server, workspace: Workspace
) -> None:
    canvas = CanvasPage(page, workspace, workspace.drafts.create(SMALL.name, to_document(SMALL)).id)
    canvas.open(server.origin)

    def is_shown(id: str, title: str) -> None:
        expect(page.locator(".card-node.sel")).to_have_count(1)
        expect(canvas.node(id)).to_have_class(re.compile(r"\bsel\b"))
        expect(page.locator(".settings .what")).to_contain_text(title)
        expect(page.locator(".dock .looked-at")).to_contain_text(title)

    canvas.select("split-data")
    is_shown("split-data", "Split Data")
    canvas.reload()
    is_shown("split-data", "Split Data")
    canvas.select("score-model")
    is_shown("score-model", "Score Model")
    with page.expect_websocket(timeout=60_000):
        server.restart()
    is_shown("score-model", "Score Model")
    canvas.click_canvas()
    expect(page.locator(".card-node.sel")).to_have_count(0)
    expect(page.get_by_text("Select a node to see its settings.")).to_be_visible()
    canvas.reload()
    expect(page.get_by_text("Select a node to see its settings.")).to_be_visible()
    expect(page.locator(".card-node.sel")).to_have_count(0)
    workspace.drafts.delete(canvas.id)  # the other tests expect an empty workspace


def test_the_server_ends_at_once_where_pages_were_closed(context: BrowserContext, server: Server) -> None:
    """Closing the socket of a closed page hangs occasionally, so this test closes several."""
    for _ in range(4):
        gone = context.new_page()
        gone.goto(server.entrance())
        expect(gone.get_by_text("No pipelines yet")).to_be_visible()
        gone.close()
    context.new_page().goto(server.entrance())
    assert server.process is not None
    server.process.send_signal(signal.SIGTERM)
    try:
        assert server.process.wait(20) == 0  # tens of milliseconds, or a second if one hangs
        assert [line for line in server.output if "Error" in line or "Traceback" in line] == []
    finally:
        server.stop()
        server.start()


def test_two_tabs_of_one_browser_share_the_session(page: Page, context: BrowserContext, server: Server) -> None:
    second = context.new_page()
    second.goto(server.origin)
    expect(second.get_by_text("No pipelines yet")).to_be_visible()


def test_only_loopback_addresses_are_listened_on(server: Server) -> None:
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    everyone = [process, *process.children(recursive=True)]
    listening = {c.laddr for p in everyone for c in p.net_connections("inet") if c.status == psutil.CONN_LISTEN}
    assert ("127.0.0.1", server.port) in listening
    assert listening <= {("127.0.0.1", server.port), ("::1", server.port)}


@pytest.mark.parametrize("path", ["/", "/_event/?EIO=4&transport=polling", "/_health", "/_all_routes", "/tokens.css"])
def test_routes_of_the_whole_app_are_closed_to_a_stranger(server: Server, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server.origin + path, timeout=10)
    refused.value.close()
    assert refused.value.code in {401, 404}


def test_reflex_upload_route_is_not_reachable(page: Page) -> None:
    status = page.evaluate("fetch('/_upload', {method: 'POST', body: new FormData()}).then(r => r.status)")
    assert status == 404


def test_large_bodies_are_refused_by_the_running_server(page: Page, server: Server, context: BrowserContext) -> None:
    (cookie,) = context.cookies()
    head = (
        f"POST /tokens.css HTTP/1.1\nHost: 127.0.0.1:{server.port}\nOrigin: {server.origin}\n"
        f"Cookie: {cookie['name']}={cookie['value']}\nConnection: close\n"
    )
    assert " 413 " in raw(server, f"{head}Content-Length: 5000000000\n\n").split("\n")[0]


def test_websocket_with_a_foreign_origin_is_refused(server: Server, page: Page, context: BrowserContext) -> None:
    (cookie,) = context.cookies()
    request = (
        f"GET /_event/?EIO=4&transport=websocket HTTP/1.1\nHost: 127.0.0.1:{server.port}\nConnection: Upgrade\n"
        "Upgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
        f"Cookie: {cookie['name']}={cookie['value']}\nOrigin: http://evil.example\n\n"
    )
    assert " 403 " in raw(server, request).split("\n")[0]


def test_a_website_cannot_read_through_the_browser(page: Page, server: Server, browser: Browser) -> None:
    """A page of another origin in the same browser can neither read data nor cause effects."""
    other = page.context.new_page()
    other.route("http://evil.example/", lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
    other.goto("http://evil.example/")
    outcome = other.evaluate(
        "url => fetch(url, {credentials: 'include'}).then(r => r.status, e => 'refused')", f"{server.origin}/ping"
    )
    assert outcome == "refused"


def test_an_address_that_leads_nowhere_says_so_inside_the_frame(page: Page, server: Server) -> None:
    page.goto(f"{server.origin}/no/such/page")
    expect(page.get_by_role("heading", name="There is nothing at this address")).to_be_visible()
    page.get_by_role("link", name="Go to Home").click()
    expect(page.get_by_text("No pipelines yet")).to_be_visible()


def test_a_lost_server_is_said_and_the_page_stays(page: Page, server: Server) -> None:
    expect(page.get_by_text("No pipelines yet")).to_be_visible()
    server.stop()
    try:
        expect(page.locator(".bar").get_by_text("Reconnecting")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("No pipelines yet")).to_be_visible()
    finally:
        server.start()
    expect(page.get_by_text("Reconnecting")).to_have_count(0, timeout=60_000)


def test_ctrl_k_finds_a_page_and_enter_opens_it(page: Page, server: Server) -> None:
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    field = page.get_by_role("textbox", name="Find anything")
    expect(field).to_be_focused()
    field.fill("data split")
    expect(page.locator(".hit").first).to_contain_text("Split Data")
    field.fill("no such thing anywhere")
    expect(page.get_by_text("Nothing has this name.")).to_be_visible()
    field.fill("help")
    expect(page.locator(".hit").first).to_contain_text("Help")
    field.press("Enter")
    page.wait_for_url(f"{server.origin}/help")


def test_escape_closes_the_finder(page: Page) -> None:
    page.get_by_role("button", name="Find anything").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_markup_that_slips_into_a_page_runs_nothing(page: Page) -> None:
    """Defence in depth beyond escaping: inline scripts and handlers from outside the build do not run."""
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.planted = 'script'";
          document.body.append(script);
          const image = document.createElement("div");
          image.innerHTML = "<img src='/no-such-image.png' onerror=\\"window.planted = 'handler'\\">";
          document.body.append(image);
        }"""
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.planted") is None


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine does not speak IPv6")
def test_localhost_may_mean_either_loopback(server: Server, context: BrowserContext) -> None:
    tab = context.new_page()
    tab.goto(server.entrance().replace("127.0.0.1", "[::1]"))
    expect(tab.get_by_role("heading", name="Recent pipelines")).to_be_visible()
    expect(tab.locator(".tc").first).to_be_visible()


CUT = """() => [...document.querySelectorAll(".bar *, .main *")].filter((element) => {
  const box = element.getBoundingClientRect();
  const scrolls = element.closest(".scroll, .sheet, .dock-body, .designer-canvas, table, pre");
  const isSeen = box.width > 0 && getComputedStyle(element).visibility !== "hidden";
  return isSeen && !scrolls && box.right > window.innerWidth + 1;
}).map((element) => element.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/pipelines",
        "/datasets",
        "/datasets/new",
        "/runs",
        "/experiments",
        "/models",
        "/endpoints",
        "/published",
        "/schedules",
        "/settings",
        "/help",
        "/design",
    ],
)
def test_nothing_is_cut_off_at_half_a_screen(page: Page, server: Server, path: str) -> None:
    page.set_viewport_size({"width": 780, "height": 900})
    page.goto(server.origin + path)
    if path == "/design":
        page.get_by_test_id("saved").wait_for()
    page.locator(".main").wait_for()
    page.wait_for_timeout(1000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 780
    assert page.evaluate("document.querySelector('.main').scrollWidth") <= 780 - 48
    assert page.evaluate(CUT) == []


def test_a_page_of_another_build_says_so_and_loads_again(page: Page, server: Server) -> None:
    expect(page.get_by_test_id("updated")).to_have_count(0)

    def older(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(build_of_sources(), "an older build"))

    page.route("**/assets/*.js", older)
    page.goto(f"{server.origin}/datasets")
    expect(page.get_by_test_id("updated")).to_be_visible()
    page.unroute("**/assets/*.js")
    page.get_by_test_id("updated").click()
    expect(page.get_by_role("heading", name="Datasets")).to_be_visible()
    expect(page.get_by_test_id("updated")).to_have_count(0)
