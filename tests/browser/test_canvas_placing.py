"""No gesture that adds to the canvas places a card or note on top of another."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Group, Node, Note, Pipeline
from tests.browser.canvas_page import CanvasPage, Opener
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "pipeline" / "placing.json").read_text(encoding="utf-8"))

FLOW = Pipeline(
    name="Flow",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Automobile price"}),
        "scale": Node("scale", "normalize-data", parameters={"columns": ["horsepower"]}),
        "split": Node("split", "split-data"),
        "left": Node("left", "sort"),
        "right": Node("right", "sort"),
    },
    edges=(
        Edge("data", "dataset", "scale", "dataset"),
        Edge("scale", "transformed_dataset", "split", "dataset"),
        Edge("split", "results_dataset1", "left", "dataset"),
        Edge("split", "results_dataset2", "right", "dataset"),
    ),
    layout={"data": (0, 0), "scale": (0, 108), "split": (0, 216), "left": (0, 324), "right": (256, 270)},
    notes=(
        Note("beside", "Beside", 256, 0, 208, 240),
        Note("below", "Below", 0, 416, 208, 80),
        Note("left", "Left", -240, 108, 208, 300),
    ),
)
"""Rows at minimum distance, with a card and notes in the way."""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_browser_places_cards_as_python_does(scripts: Page, case: dict[str, Any]) -> None:
    script = "case_ => import('/graph/placing.js').then(({ freeShift }) => freeShift(case_.taken, case_.cards))"
    assert scripts.evaluate(script, case) == case["shift"]


def add_five_by_tab(canvas: CanvasPage) -> None:
    canvas.page.mouse.move(*canvas.middle(canvas.node("split")))
    for words in ("train model", "score model", "evaluate model", "sort", "dataset"):
        canvas.page.keyboard.press("Tab")
        canvas.page.get_by_test_id("quick-add").fill(words)
        canvas.page.keyboard.press("Enter")


def add_by_plus(canvas: CanvasPage) -> None:
    x, top = canvas.middle(canvas.port("data", "out", "dataset"))
    _, bottom = canvas.middle(canvas.port("scale", "in", "dataset"))
    canvas.page.mouse.move(x, (top + bottom) / 2 + 1)
    canvas.page.mouse.move(x, (top + bottom) / 2)
    wire = canvas.page.locator("[data-wire='data/dataset>scale/dataset']")
    wire.get_by_role("button", name="Insert a module on this wire").click()
    canvas.page.get_by_test_id("quick-add").fill("clean missing data")
    canvas.page.keyboard.press("Enter")


def drop_on_a_wire(canvas: CanvasPage) -> None:
    x, top = canvas.middle(canvas.port("data", "out", "dataset"))
    _, bottom = canvas.middle(canvas.port("scale", "in", "dataset"))
    canvas.drop("clean-missing-data", x, (top + bottom) / 2)


def drop_on_a_card(canvas: CanvasPage) -> None:
    canvas.drop("clean-missing-data", *canvas.middle(canvas.node("split")))


def drop_a_wire_before_a_card(canvas: CanvasPage) -> None:
    start = canvas.middle(canvas.port("scale", "out", "transformed_dataset"))
    x, y = canvas.middle(canvas.node("right"))
    canvas.drag(start, (x + 80, y - 50))
    canvas.page.get_by_test_id("quick-add").wait_for()
    canvas.page.keyboard.press("Enter")


def duplicate(canvas: CanvasPage) -> None:
    canvas.select("scale", "split")
    canvas.page.keyboard.press("Control+D")


def paste(canvas: CanvasPage) -> None:
    canvas.select("data", "scale")
    canvas.page.keyboard.press("Control+C")
    canvas.page.mouse.move(*canvas.middle(canvas.node("right")))
    canvas.page.keyboard.press("Control+V")


def paste_without_layout(canvas: CanvasPage) -> None:
    part = {"format": 1, "nodes": {id: {"module": "sort"} for id in "abc"}, "layout": {"a": [None, 1e300]}}
    canvas.page.evaluate("text => navigator.clipboard.writeText(text)", json.dumps(part))
    canvas.page.mouse.move(*canvas.middle(canvas.node("split")))
    canvas.page.keyboard.press("Control+V")


def split_first(canvas: CanvasPage) -> None:
    canvas.page.get_by_role("button", name="Leakage").first.click()
    canvas.page.get_by_test_id("notice").get_by_role("button", name="Split first").click()


def collapse(canvas: CanvasPage) -> None:
    """Collapse a group whose center is covered by another card."""
    canvas.select("data", "left")
    canvas.page.keyboard.press("Control+G")
    canvas.page.keyboard.press("Enter")
    canvas.page.keyboard.press("Shift+G")


def align(canvas: CanvasPage) -> None:
    canvas.select("data", "scale", "split", "left", "right")
    canvas.page.keyboard.press("Shift+H")


def write_a_note(canvas: CanvasPage) -> None:
    canvas.page.mouse.move(*canvas.middle(canvas.node("split")))
    canvas.page.keyboard.press("n")
    canvas.page.get_by_label("Text of the note").fill("On a card")
    canvas.page.keyboard.press("Escape")


def duplicate_everything(canvas: CanvasPage) -> None:
    canvas.page.keyboard.press("Control+A")
    canvas.page.keyboard.press("Control+D")


def lay_out(canvas: CanvasPage) -> None:
    canvas.page.keyboard.press("Shift+L")


def enter_in_the_palette(canvas: CanvasPage) -> None:
    canvas.find("sort")
    for _ in range(3):
        canvas.page.get_by_test_id("module-sort").press("Enter")


GESTURES: dict[Callable[[CanvasPage], None], int] = {
    add_five_by_tab: 10,
    add_by_plus: 6,
    drop_on_a_wire: 6,
    drop_on_a_card: 6,
    drop_a_wire_before_a_card: 6,
    duplicate: 7,
    paste: 7,
    paste_without_layout: 8,
    split_first: 6,
    collapse: 4,
    align: 5,
    write_a_note: 5,
    duplicate_everything: 10,
    lay_out: 5,
    enter_in_the_palette: 8,
}
"""Gestures, with the number of cards rendered afterwards."""


@pytest.mark.parametrize("direction", ["down", "right"])
@pytest.mark.parametrize("gesture", GESTURES, ids=lambda gesture: gesture.__name__)
def test_no_gesture_puts_a_card_or_a_note_on_another(
    opened: Opener, context: BrowserContext, gesture: Callable[[CanvasPage], None], direction: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    # Laid out to the right, notes beside the cards would leave no room for badges.
    canvas = opened(FLOW if direction == "down" else replace(FLOW, notes=FLOW.notes[1:2]))
    if direction == "right":
        canvas.page.keyboard.press("Shift+R")
        canvas.until(lambda: canvas.draft().document.get("direction") == "right", "turned")
        canvas.page.keyboard.press("1")  # cards out of view are not rendered
    cards = canvas.page.locator(".react-flow__node-card, .react-flow__node-folded")
    expect(cards).to_have_count(len(FLOW.nodes))
    gesture(canvas)
    canvas.draft()
    canvas.page.keyboard.press("1")
    expect(cards).to_have_count(GESTURES[gesture])
    canvas.draft()
    assert canvas.overlaps() == []


def is_in_view(canvas: CanvasPage, id: str) -> bool:
    frame, card = canvas.page.locator(".designer-canvas").bounding_box(), canvas.node(id).bounding_box()
    assert frame is not None
    assert card is not None
    return all(
        frame[start] <= card[start] and card[start] + card[size] <= frame[start] + frame[size]
        for start, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("corner", ["left", "right"])
def test_a_card_dropped_at_the_edge_comes_wholly_into_view(opened: Opener, corner: str) -> None:
    canvas = opened(FLOW)
    frame = canvas.page.locator(".designer-canvas").bounding_box()
    assert frame is not None
    x = frame["x"] + (frame["width"] - 20 if corner == "right" else 3)
    canvas.drop("clean-missing-data", x, frame["y"] + (frame["height"] - 20 if corner == "right" else 40))
    canvas.until(lambda: is_in_view(canvas, "clean-missing-data"), "the whole card is in view")
    canvas.settle()
    bar, card = (
        canvas.page.get_by_role("button", name="Run to here").bounding_box(),
        canvas.node("clean-missing-data").bounding_box(),
    )
    assert bar is not None
    assert card is not None
    assert card["y"] + card["height"] <= bar["y"]


def test_no_card_lies_under_the_bar_of_the_selection(opened: Opener) -> None:
    canvas = opened(FLOW)
    for height in (900, 813, 700):
        canvas.page.set_viewport_size({"width": 1440, "height": height})
        canvas.until(lambda: all(is_in_view(canvas, id) for id in FLOW.nodes), "every card is in view")
        canvas.settle()
        canvas.select("data")
        bar = canvas.page.get_by_role("button", name="Run to here").bounding_box()
        assert bar is not None
        for id in FLOW.nodes:
            card = canvas.node(id).bounding_box()
            assert card is not None
            assert card["y"] + card["height"] <= bar["y"], (height, id)


def test_the_view_follows_the_window_until_the_user_moves_it(opened: Opener) -> None:
    canvas = opened(FLOW)
    canvas.page.set_viewport_size({"width": 1000, "height": 700})
    canvas.until(lambda: all(is_in_view(canvas, id) for id in FLOW.nodes), "every card is in view")
    canvas.page.mouse.move(*canvas.middle(canvas.node("split")))
    canvas.page.mouse.wheel(0, -40)
    canvas.settle()
    view = canvas.view()
    canvas.page.set_viewport_size({"width": 1440, "height": 900})
    canvas.settle()
    assert canvas.view() == view


def test_plus_on_a_wire_makes_room_and_one_undo_takes_everything_back(opened: Opener) -> None:
    canvas = opened(FLOW)
    wires, places = canvas.edges(), canvas.draft().document["layout"]
    add_by_plus(canvas)
    expect(canvas.node("clean-missing-data")).to_be_visible()
    layout = canvas.draft().document["layout"]
    assert layout["clean-missing-data"] == [0, 108]
    assert layout["scale"] == [0, 216]
    canvas.page.keyboard.press("Control+Z")
    expect(canvas.node("clean-missing-data")).to_have_count(0)
    assert (canvas.edges(), canvas.draft().document["layout"]) == (wires, places)


def test_expanding_a_group_shows_its_cards_on_no_other(opened: Opener) -> None:
    note = Note("over", "Written meanwhile", 0, 240, 208, 60)
    canvas = opened(
        replace(FLOW, notes=(*FLOW.notes, note), groups=(Group("g", "Steps", ("scale", "split"), collapsed=True),))
    )
    canvas.page.mouse.dblclick(*canvas.middle(canvas.page.locator(".react-flow__node-folded")))
    canvas.wait_for_nodes(5)
    canvas.page.keyboard.press("1")
    assert canvas.overlaps() == []


LAYOUTS = {
    "none": None,
    "a pile": {id: [0, 0] for id in FLOW.nodes},
    "half": {"data": [0, 0], "left": [600, 40]},
    "not a number": {"data": [float("nan"), 0], "scale": [0, 0]},
    "text": {"data": ["left", "top"], "scale": [0, 0]},
    "far beyond": {"data": [1e300, 0], "scale": [1e300, 1e300]},
    "no list": "none",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("way", ["file", "workspace"])
def test_a_pipeline_whose_layout_is_lost_opens_laid_out(
    page: Page, server: Server, opened: Opener, tmp_path: Path, layout: object, way: str
) -> None:
    document = {**to_document(FLOW), "layout": layout}
    if layout is None:
        del document["layout"]
    canvas = opened(FLOW)
    if way == "file":
        page.goto(f"{server.origin}/pipelines")
        (tmp_path / "flow.pipeline.json").write_text(json.dumps(document))
        page.locator("input[type=file]").set_input_files(tmp_path / "flow.pipeline.json")
        page.wait_for_url("**/pipelines/*")
        canvas.wait()
    else:
        canvas.workspace.drafts.save(canvas.id, canvas.draft().revision, document)
        canvas.reload()
    for _ in range(2):
        canvas.wait_for_nodes(5)
        assert canvas.overlaps() == []
        page.reload()
        canvas.wait()
    page.keyboard.press("Shift+L")
    canvas.wait_for_nodes(5)
    assert canvas.overlaps() == []


CROSSED = """() => {
  const found = [];
  for (const badge of document.querySelectorAll(".wire-label .badge:not(.hidden)")) {
    const own = badge.closest("[data-wire]").dataset.wire, box = badge.getBoundingClientRect();
    for (const wire of document.querySelectorAll("path.wire")) {
      if (wire.id === own) continue;
      for (let i = 0; i <= 200; i += 1) {
        const at = wire.getPointAtLength((i / 200) * wire.getTotalLength()).matrixTransform(wire.getScreenCTM());
        if (at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom) {
          found.push([own, wire.id]);
          break;
        }
      }
    }
  }
  return found;
}"""


def test_a_warning_on_a_wire_covers_no_other_wire(opened: Opener) -> None:
    """The two outputs of a split are closer together than the width of the labels on their wires."""
    places = {"data": (0, 0), "scale": (0, 108), "split": (0, 216), "left": (-24, 330), "right": (220, 340)}
    canvas = opened(replace(FLOW, notes=(), layout={id: tuple(map(float, at)) for id, at in places.items()}))
    wires = ("split/results_dataset1>left/dataset", "split/results_dataset2>right/dataset")
    warning = {"word": "Identifier +1", "title": "An identifier", "parts": []}
    marks = {f"wire:{wire}": {"warning": warning} for wire in wires}
    marks |= {f"split/results_dataset{i}": {"shape": "22,792 × 15"} for i in (1, 2)}
    canvas.page.evaluate("marks => window.designerCanvas.mark(marks)", marks)
    for wire in wires:
        expect(canvas.page.get_by_test_id(f"badge-{wire}")).to_be_visible()
    assert canvas.page.evaluate(CROSSED) == []


COVERED = """() => {
  const boxes = (selector) => [...document.querySelectorAll(selector)].map((e) => e.getBoundingClientRect());
  const bars = boxes(".tools"), others = [...boxes(".card-node"), ...boxes(".small-map")];
  const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const pairs = [...bars.flatMap((bar) => others.map((other) => [bar, other])), bars];
  return pairs.filter(([a, b]) => meet(a, b)).length;
}"""


@pytest.mark.parametrize("width", [1440, 1640])
def test_the_bar_of_a_selection_lies_on_no_card(opened: Opener, width: int) -> None:
    canvas = opened(FLOW)
    canvas.page.set_viewport_size({"width": width, "height": 900})
    canvas.page.keyboard.press("1")
    canvas.page.keyboard.press("Control+A")
    expect(canvas.page.get_by_role("toolbar", name="Selection")).to_be_visible()
    canvas.settle()
    canvas.until(lambda: canvas.page.evaluate(COVERED) == 0, "nothing is covered")
