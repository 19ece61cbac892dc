"""Every action of a menu or the command list can be undone, which restores the document."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import BrowserContext, Locator, expect
from playwright.sync_api import TimeoutError as NotInTime

from designer.pipeline.graph import Edge, Group, Node, Note, Pipeline
from tests.browser.canvas_page import CanvasPage, Opener

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVERYTHING = Pipeline(
    name="Everything",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "clean": Node("clean", "clean-missing-data", comment="why"),
        "split": Node("split", "split-data", title="Halves", parameters={"fraction": 0.7}),
        "learner": Node("learner", "multiclass-logistic-regression"),
        "train": Node("train", "train-model"),
        "left": Node("left", "normalize-data"),
        "right": Node("right", "normalize-data", disabled=True),
    },
    edges=(
        Edge("data", "dataset", "clean", "dataset"),
        Edge("clean", "cleaned_dataset", "split", "dataset"),
        Edge("split", "results_dataset1", "train", "dataset"),
        Edge("learner", "untrained_model", "train", "untrained_model"),
        Edge("split", "results_dataset2", "left", "dataset"),
        Edge("left", "transformed_dataset", "right", "dataset"),
    ),
    layout={
        "data": (300, 0), "clean": (300, 108), "split": (300, 216), "learner": (0, 196), "train": (40, 324),
        "left": (600, 360), "right": (600, 468),
    },
    notes=(Note("note", "A note", 0, 0, 200, 80),),
    groups=(
        Group("folded", "Folded", ("left", "right"), collapsed=True),
        Group("framed", "Framed", ("clean", "split")),
    ),
)  # fmt: skip

EDITS = {
    "node": {
        "Rename", "Disable or enable", "Cut", "Duplicate", "Group", "Ungroup", "Delete", "Delete and heal the wires",
    },
    "several": {"Align in a row", "Align in a column", "Tidy", "Cut", "Duplicate", "Group", "Delete"},
    "frame": {"Collapse", "Rename", "Disable or enable", "Cut", "Duplicate", "Ungroup", "Delete"},
    "folded": {"Expand", "Rename", "Disable or enable", "Cut", "Duplicate", "Ungroup", "Delete"},
    "wire": {"Delete"},
    "pane": {"Add a module", "Note", "Paste", "Tidy"},
}  # fmt: skip
"""Actions that must change the document, so that an action without effect does not pass as undone."""


@pytest.fixture
def canvas(opened: Opener, context: BrowserContext) -> CanvasPage:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    canvas = opened(EVERYTHING)
    canvas.page.set_viewport_size({"width": 1600, "height": 1100})
    canvas.page.keyboard.press("0")
    canvas.settle()
    canvas.page.keyboard.press("1")
    canvas.settle()
    return canvas


def places(canvas: CanvasPage) -> dict[str, Callable[[], None]]:
    """Functions that open each menu."""
    page = canvas.page

    def at(locator: Locator, x: float, y: float) -> Callable[[], None]:
        return lambda: locator.click(button="right", position={"x": x, "y": y})

    def several() -> None:
        canvas.select("split", "learner")
        canvas.node("learner").click(button="right", position={"x": 120, "y": 40})

    def wire() -> None:
        x, y = canvas.middle(canvas.port("data", "out", "dataset"))
        page.mouse.click(x, y + 18, button="right")

    def pane() -> None:
        box = page.locator(".react-flow__pane").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 30, button="right")

    return {
        "node": at(canvas.node("split"), 120, 40),
        "several": several,
        "frame": at(page.get_by_test_id("frame-framed").locator(".frame-title"), 120, 12),
        "folded": at(page.get_by_test_id("group-folded"), 120, 60),
        "wire": wire,
        "pane": pane,
    }


@pytest.mark.parametrize("menu", list(EDITS))
def test_every_entry_of_every_menu_can_be_undone_and_redone(canvas: CanvasPage, menu: str) -> None:
    page = canvas.page
    entries = page.locator("[role='menuitem']")
    open_menu = places(canvas)[menu]
    open_menu()
    names = entries.locator(".grow").all_text_contents()
    page.keyboard.press("Escape")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", part())
    edited = {name for name in names if is_undone(canvas, name, open_menu, entries)}
    assert edited >= EDITS[menu]


def test_every_command_of_the_list_can_be_undone_and_redone(canvas: CanvasPage) -> None:
    page = canvas.page
    options = page.locator(".canvas-finder [role='option']:has(.tile.k-script)")

    def open_list() -> None:
        canvas.select("split", "learner")
        page.keyboard.press("Control+K")
        options.first.wait_for()

    open_list()
    names = [name for name in options.locator(".grow").all_text_contents() if name not in ("Undo", "Redo")]
    page.keyboard.press("Escape")
    edited = {name for name in names if is_undone(canvas, name, open_list, options)}
    assert len(names) > 20
    assert edited >= {"Note", "Delete", "Duplicate", "Disable (bypass)", "Group", "Align in a row", "Tidy",
                      "Collapse or expand the group", "Ungroup", "Flow to the right, or down"}  # fmt: skip


def part() -> str:
    node = {"module": "split-data", "version": 1, "parameters": {"fraction": 0.2}}
    return json.dumps({"format": 1, "nodes": {"a": node}, "edges": [], "layout": {"a": [0, 0]}})


def choose(entries: Locator, name: str) -> None:
    entries.filter(has=entries.page.get_by_text(name, exact=True)).first.click()


def is_undone(canvas: CanvasPage, name: str, open_list: Callable[[], None], entries: Locator) -> bool:
    """Do, undo, redo and undo an action; return whether it changed the document."""
    before = saved(canvas)
    open_list()
    choose(entries, name)
    steps = finish(canvas)
    changed = saved(canvas)
    canvas.click_canvas(*free_place(canvas))
    for key, expected in (("Control+Z", before), ("Control+Shift+Z", changed), ("Control+Z", before)):
        for _ in range(steps if changed != before else 0):
            canvas.page.keyboard.press(key)
        assert saved(canvas) == expected, f"{name}, {key}"
    return changed != before


def finish(canvas: CanvasPage) -> int:
    """Complete or close what the action opened; return the greatest number of undo steps it takes."""
    page = canvas.page
    page.wait_for_timeout(500)
    name, text = page.locator("input.title-field"), page.get_by_label("Text of the note")
    if page.get_by_test_id("quick-add").count():
        page.keyboard.press("Enter")
    elif name.count():
        is_new = name.input_value() == "Group"
        name.fill("Another name")
        name.press("Enter")
        return 2 if is_new else 1
    elif text.count():
        text.press("Escape")
    elif page.locator("[role='dialog']").count():
        page.keyboard.press("Escape")
        with suppress(NotInTime):
            page.locator("[role='dialog']").wait_for(state="detached", timeout=2000)
    return 1


def free_place(canvas: CanvasPage) -> tuple[float, float]:
    box = canvas.page.locator(".react-flow__pane").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + 30


def saved(canvas: CanvasPage) -> dict[str, object]:
    """The saved document with unordered parts in a canonical order."""
    document = canvas.draft().document
    nodes = {id: {"comment": "", "title": "", "disabled": False, **node} for id, node in document["nodes"].items()}
    return {**document, "nodes": nodes, "edges": sorted(map(json.dumps, document["edges"]))}


def test_the_list_of_commands_holds_every_key_that_needs_no_place(canvas: CanvasPage) -> None:
    """Only actions that need a position or a direction are missing from the list."""
    canvas.page.keyboard.press("?")
    shown = set(canvas.page.locator(".shortcuts .line .grow").all_text_contents())
    canvas.page.keyboard.press("Escape")
    canvas.page.keyboard.press("Control+K")
    options = canvas.page.locator(".canvas-finder [role='option']:has(.tile.k-script) .grow")
    expect(options.first).to_be_visible()
    assert set(options.all_text_contents()) < shown
