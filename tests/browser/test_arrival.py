"""No state of one page shows on another, even when a page is left in the middle of an action."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Locator, Page, expect

from designer.pipeline.graph import Node
from tests.browser.canvas_page import SMALL, CanvasPage, Opener
from tests.browser.conftest import Server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORD = "zebra"
"""The text to type; it occurs on no page otherwise."""


@dataclass(frozen=True)
class Left:
    """A page to leave: its address (`{first}` is a pipeline), an action on it, and a locator of the action's trace."""

    path: str
    do: Callable[[CanvasPage], None]
    trace: Callable[[Page], Locator]


def typed(field: str, rows: str) -> Callable[[CanvasPage], None]:
    """Type the word and wait until no row is left, which shows that the server has received the word."""

    def search(canvas: CanvasPage) -> None:
        expect(canvas.page.locator(rows).first).to_be_visible()
        canvas.page.get_by_label(field, exact=True).fill(WORD)
        expect(canvas.page.locator(rows)).to_have_count(0)

    return search


def open_picker(canvas: CanvasPage) -> None:
    canvas.select("sort")
    canvas.page.get_by_role("button", name="Edit Sort by").click()


def open_commands(canvas: CanvasPage) -> None:
    canvas.page.keyboard.press("Control+K")


def open_quick_add(canvas: CanvasPage) -> None:
    canvas.page.mouse.move(600, 600)
    canvas.page.keyboard.press("Tab")


def ask_to_deploy(canvas: CanvasPage) -> None:
    canvas.page.get_by_role("button", name="Deploy").click()
    expect(canvas.page.get_by_text("This pipeline has not been run yet")).to_be_visible()


def show_regression(canvas: CanvasPage) -> None:
    canvas.page.get_by_role("button", name="Regression", exact=True).first.click()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def text_left(page: Page) -> Locator:
    """Fields that still contain the word, and headings of search results."""
    return (
        page.locator("input")
        .filter(has=page.locator(f"xpath=self::*[@value='{WORD}']"))
        .or_(page.get_by_role("button", name="Found"))
    )


LEFT = {
    "palette": Left("/pipelines/{first}", typed("Search modules", "[data-module]"), text_left),
    "picker": Left("/pipelines/{first}", open_picker, dialog),
    "commands": Left("/pipelines/{first}", open_commands, dialog),
    "quick add": Left("/pipelines/{first}", open_quick_add, dialog),
    "selection": Left(
        "/pipelines/{first}", lambda canvas: canvas.select("sort"), lambda page: page.get_by_test_id("settings-title")
    ),
    "deploy": Left("/pipelines/{first}", ask_to_deploy, dialog),
    "finder": Left("/models", open_commands, dialog),
    "datasets": Left("/datasets", typed("Search datasets", "main .name"), text_left),
    "help": Left("/help", typed("Search modules", "a.item"), text_left),
}
OTHERS = (
    "/models",
    "/datasets",
    "/help",
    "/datasets/new",
    "/pipelines/doesnotexist",
    "/pipelines/{second}",
)
RAIL = {"Pipelines": "/pipelines", "Datasets": "/datasets", "Help": "/help"}


@dataclass(frozen=True)
class Walk:
    """A tab, with the ids of two pipelines."""

    canvas: CanvasPage
    origin: str
    names: dict[str, str]

    def leave(self, name: str) -> None:
        """Open a page, check that it shows no trace, and perform its action."""
        left = LEFT[name]
        go(self.canvas.page, self.address(left.path))
        self.sees_nothing_of(name)
        left.do(self.canvas)
        expect(left.trace(self.canvas.page).first).to_be_visible()

    def sees_nothing_of(self, name: str) -> None:
        expect(LEFT[name].trace(self.canvas.page).filter(visible=True)).to_have_count(0)

    def address(self, path: str) -> str:
        return self.origin + path.format(**self.names)


@pytest.fixture
def walk(opened: Opener, server: Server) -> Walk:
    nodes, layout = {**SMALL.nodes, "sort": Node("sort", "sort")}, {**SMALL.layout, "sort": (560.0, 20.0)}
    second, first = (opened(replace(SMALL, name=name, nodes=nodes, layout=layout)) for name in ("Second", "First"))
    return Walk(first, server.origin, {"first": first.id, "second": second.id})


@pytest.mark.parametrize("name", LEFT)
def test_nothing_of_a_page_shows_on_another_that_is_opened_by_its_address(walk: Walk, name: str) -> None:
    for path in OTHERS:
        if path == LEFT[name].path:
            continue
        walk.leave(name)
        go(walk.canvas.page, walk.address(path))
        walk.sees_nothing_of(name)


def test_nothing_of_a_page_shows_on_another_that_is_opened_by_the_rail(walk: Walk) -> None:
    page = walk.canvas.page
    for name, left in LEFT.items():
        for label, path in RAIL.items():
            if path == left.path:
                continue
            walk.leave(name)
            page.keyboard.press("Escape")
            page.get_by_role("navigation", name="Pages").get_by_role("link", name=label, exact=True).click()
            expect(page).to_have_url(at(walk.origin + path))
            walk.sees_nothing_of(name)
            page.go_back()
            expect(page).to_have_url(at(walk.address(left.path)))
            walk.sees_nothing_of(name)


def at(address: str) -> re.Pattern[str]:
    """A pattern for an address with or without a trailing slash."""
    return re.compile(rf"{re.escape(address)}/?$")


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("html:not(:has(.skeleton))").wait_for()
    if "/pipelines/" in address and not address.endswith("doesnotexist"):
        page.get_by_test_id("saved").wait_for()
        expect(page.locator(".pc").first).to_be_visible()


def test_an_address_of_no_pipeline_offers_nothing_to_run_or_deploy(opened: Opener, server: Server) -> None:
    canvas = opened(SMALL)
    canvas.page.goto(f"{server.origin}/pipelines/doesnotexist")
    expect(canvas.page.get_by_text("there is no pipeline")).to_be_visible()
    bar = canvas.page.get_by_role("banner")
    expect(bar.get_by_text("Not found")).to_be_visible()
    for name in ("Run", "Deploy", "Undo", "Create inference pipeline"):
        expect(bar.get_by_role("button", name=name)).to_have_count(0)
    expect(canvas.page).not_to_have_title(SMALL.name)


def test_a_problem_that_was_said_does_not_survive_a_reload(opened: Opener) -> None:
    canvas = opened(SMALL)
    ask_to_deploy(canvas)
    canvas.reload()
    expect(dialog(canvas.page)).to_have_count(0)
    expect(canvas.page.get_by_text("This pipeline has not been run yet")).to_have_count(0)


def test_a_search_in_the_palette_says_after_a_reload_what_it_finds(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.find("split")
    expect(canvas.page.get_by_role("button", name="Found")).to_be_visible()
    canvas.reload()
    expect(canvas.page.get_by_test_id("palette-search")).to_have_value("split")
    expect(canvas.page.get_by_role("button", name="Found")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/", "/pipelines", "/datasets", "/datasets/new", "/runs", "/experiments", "/models", "/endpoints", "/help",
             "/settings", "/help/split-data", "/no/such/page", "/pipelines/doesnotexist"],
)  # fmt: skip
def test_ctrl_k_works_on_every_page(page: Page, server: Server, path: str) -> None:
    page.goto(f"{server.origin}{path}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("textbox", name="Find anything")).to_be_focused()
    page.keyboard.type("split data")
    expect(page.locator(".hit").first).to_contain_text("Split Data")
