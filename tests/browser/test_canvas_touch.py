"""The canvas by touch: a tap selects, two fingers pan and zoom, and one finger changes nothing by accident."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from designer.pipeline.document import to_document
from designer.store.workspace import Workspace
from tests.browser.canvas_page import SMALL, CanvasPage
from tests.browser.conftest import Observed, Server, enter

pytestmark = pytest.mark.browser

Point = tuple[float, float]


@pytest.fixture
def canvas(browser: Browser, server: Server, workspace: Workspace, observed: Observed) -> Iterator[CanvasPage]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, has_touch=True)
    opened = CanvasPage(
        enter(server, context, observed), workspace, workspace.drafts.create("Touched", to_document(SMALL)).id
    )
    opened.open(server.origin)
    yield opened
    assert observed.troubles == []
    context.close()


class Fingers:
    """Touch points that go down, move together in steps, and go up."""

    def __init__(self, canvas: CanvasPage) -> None:
        self._session: CDPSession = canvas.page.context.new_cdp_session(canvas.page)

    def move(self, starts: list[Point], ends: list[Point], steps: int = 8) -> None:
        self._send("touchStart", starts)
        for step in range(1, steps + 1):
            share = step / steps
            pairs = zip(starts, ends, strict=True)
            self._send("touchMove", [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in pairs])
        self._send("touchEnd", [])

    def _send(self, type: str, points: list[Point]) -> None:
        touches = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        self._session.send("Input.dispatchTouchEvent", {"type": type, "touchPoints": touches})


def viewport(canvas: CanvasPage) -> str:
    return str(canvas.page.locator(".react-flow__viewport").get_attribute("style"))


def test_a_tap_selects_and_a_tap_beside_it_lets_go(canvas: CanvasPage) -> None:
    canvas.node("split-data").tap()
    expect(canvas.page.locator(".card-node.sel")).to_have_attribute("data-testid", "node-split-data")
    expect(canvas.field("fraction")).to_be_visible()
    canvas.page.touchscreen.tap(340, 120)
    expect(canvas.page.locator(".card-node.sel")).to_have_count(0)


def test_a_card_is_dragged_with_one_finger(canvas: CanvasPage) -> None:
    before = canvas.draft().document["layout"]
    x, y = canvas.middle(canvas.node("split-data"))
    Fingers(canvas).move([(x, y)], [(x + 160, y + 40)])
    canvas.until(lambda: canvas.draft().document["layout"] != before, "the card was moved")
    after = canvas.draft().document["layout"]
    assert [id for id in before if after[id] != before[id]] == ["split-data"]


def test_two_fingers_move_and_zoom_the_canvas_and_change_nothing(canvas: CanvasPage) -> None:
    before = canvas.draft()
    seen = viewport(canvas)
    Fingers(canvas).move([(600, 140), (700, 140)], [(650, 240), (750, 240)])
    canvas.until(lambda: viewport(canvas) != seen, "the canvas was moved")
    percent = canvas.page.locator(".percent")
    expect(percent).to_have_text("100 %")
    Fingers(canvas).move([(600, 140), (700, 140)], [(560, 140), (740, 140)])
    expect(percent).not_to_have_text("100 %")
    assert canvas.draft().document == before.document


def test_one_finger_on_the_empty_canvas_moves_it(canvas: CanvasPage) -> None:
    seen, before = viewport(canvas), canvas.draft()
    Fingers(canvas).move([(400, 140)], [(480, 260)])
    canvas.until(lambda: viewport(canvas) != seen, "the canvas was moved")
    assert canvas.draft().document == before.document
    canvas.node("dataset").tap()
    expect(canvas.page.locator(".card-node.sel")).to_have_count(1)


def test_a_wire_is_drawn_with_a_finger(canvas: CanvasPage) -> None:
    start = canvas.middle(canvas.port("split-data", "out", "results_dataset1"))
    end = canvas.middle(canvas.port("score-model", "in", "dataset"))
    Fingers(canvas).move([start], [end])
    canvas.until(lambda: "split-data.results_dataset1 > score-model.dataset" in canvas.edges(), "the wire was drawn")
