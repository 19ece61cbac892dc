"""Every state of a card is legible, in the light and in the dark theme."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import Workspace
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import Observed, Server, enter

pytestmark = pytest.mark.browser

MARKED = ("ready", "queued", "running", "finished", "reused", "stale", "failed", "cancelled", "skipped", "not ready")
SMALL_TEXT, LARGE_OR_ICON = 4.5, 3.0
"""Minimum contrast ratios of WCAG 2.2, 1.4.3 and 1.4.11."""
SMALLEST_ICON = 10
"""Minimum size in screen pixels."""

EVERY = Pipeline(
    name="Every state",
    nodes={
        **{state.replace(" ", "-"): Node(state.replace(" ", "-"), "enter-data-manually") for state in MARKED},
        "ghost": Node("ghost", "not-there"),
        "disabled": Node("disabled", "enter-data-manually", disabled=True),
    },
    layout={
        name: (260 * (i % 4), 140 * (i // 4))
        for i, name in enumerate([*(state.replace(" ", "-") for state in MARKED), "ghost", "disabled"])
    },
)

# Effective colours, blended with the background and the opacity of all ancestors.
CONTRASTS = """() => {
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
  const chain = (element) => (element ? [...chain(element.parentElement), element] : []);
  const behind = (element) => chain(element).reduce((below, e) => {
    const [r, g, b, a] = rgba(getComputedStyle(e).backgroundColor);
    return over([r, g, b, a * opacity(e)], below);
  }, [255, 255, 255]);
  const opacity = (element) => chain(element).reduce((product, e) => product * Number(getComputedStyle(e).opacity), 1);
  const contrast = (element) => {
    const ground = behind(element);
    const [r, g, b, a] = rgba(getComputedStyle(element).color);
    const [one, other] = [light(over([r, g, b, a * opacity(element)], ground)), light(ground)];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  };
  const cards = [...document.querySelectorAll(".card-node")];
  return Object.fromEntries(cards.map((card) => [card.dataset.state, {
    word: contrast(card.querySelector(".st")), icon: contrast(card.querySelector(".st svg")),
    title: contrast(card.querySelector(".ti")), summary: contrast(card.querySelector(".su")),
    message: card.querySelector(".msg") ? contrast(card.querySelector(".msg")) : 21,
    right: card.querySelector(".st .r") ? contrast(card.querySelector(".st .r")) : 21,
  }]));
}"""


# What shows a state between 30 % and 60 % zoom: its icon, with size and covering element, and its edge.
FROM_AFAR = """() => Object.fromEntries([...document.querySelectorAll(".card-node")].map((card) => {
  const line = card.querySelector(".st"), box = line.getBoundingClientRect(), around = card.getBoundingClientRect();
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const isInside = (outer) => outer.left <= box.left && box.right <= outer.right
    && outer.top <= box.top && box.bottom <= outer.bottom;
  const meets = (other) => other.left < box.right && box.left < other.right
    && other.top < box.bottom && box.top < other.bottom;
  const others = [".tile", ".ti"].map((part) => card.querySelector(part)).filter(Boolean);
  return [card.dataset.state, {
    size: box.width, isInside: isInside(around), isSeen: line.contains(document.elementFromPoint(x, y)),
    meets: others.filter((part) => meets(part.getBoundingClientRect())).map((part) => part.className),
    edge: getComputedStyle(card, "::before").content !== "none",
    tone: [...card.classList].find((name) => name.startsWith("tone-")),
  }];
}))"""


@pytest.fixture(params=["light", "dark"])
def canvas(
    request: pytest.FixtureRequest, browser: Browser, server: Server, workspace: Workspace, observed: Observed
) -> Iterator[CanvasPage]:
    context = browser.new_context(viewport={"width": 1800, "height": 1000}, color_scheme=request.param)
    page = enter(server, context, observed)
    opened = CanvasPage(page, workspace, workspace.drafts.create(EVERY.name, to_document(EVERY)).id)
    opened.open(server.origin)
    expect(page.locator(f"html.{request.param}")).to_have_count(1)
    yield opened
    context.close()


def test_every_state_can_be_read(canvas: CanvasPage) -> None:
    page = canvas.page
    mark_all(page)
    for state in (*MARKED, "ghost", "disabled"):
        expect(canvas.node(state.replace(" ", "-"))).to_have_attribute("data-state", state)
    contrasts: dict[str, dict[str, float]] = page.evaluate(CONTRASTS)
    assert len(contrasts) == len(MARKED) + 2
    poor = {
        f"{state}, {part}": round(ratio, 2)
        for state, parts in contrasts.items()
        for part, ratio in parts.items()
        if ratio < (LARGE_OR_ICON if part == "icon" or (state == "disabled" and part != "word") else SMALL_TEXT)
    }
    assert poor == {}


def test_every_state_can_be_told_where_words_would_be_too_small(canvas: CanvasPage) -> None:
    page = canvas.page
    mark_all(page)
    expect(canvas.node("failed")).to_have_attribute("data-state", "failed")
    board = page.locator(".designer-canvas")
    while board.get_attribute("data-detail") != "title":
        page.get_by_role("button", name="Zoom out (-)").click()
        canvas.settle()
    seen: dict[str, dict[str, object]] = page.evaluate(FROM_AFAR)
    assert seen.keys() == {*MARKED, "ghost", "disabled"}
    for state, card in seen.items():
        assert card["isSeen"], state
        assert card["isInside"], state
        assert card["meets"] == [], state
        assert float(str(card["size"])) >= SMALLEST_ICON, state
        assert card["edge"] == (card["tone"] != "tone-idle"), state
    ratios: dict[str, dict[str, float]] = page.evaluate(CONTRASTS)
    assert {state: parts["icon"] for state, parts in ratios.items() if parts["icon"] < LARGE_OR_ICON} == {}


def mark_all(page: Page) -> None:
    # Wait for the draft's own marks first: no card has a table yet.
    expect(page.get_by_test_id("node-ready")).to_have_attribute("data-state", "not ready")
    plain = ("ready", "not ready")
    states: dict[str, dict[str, object]] = {
        state: {"state": "finished" if state == "stale" else state} for state in MARKED if state not in plain
    }
    states["running"] |= {"fraction": 0.4, "right": "tree 62 of 100"}
    states["finished"] |= {"right": "0.4 s"}
    states["stale"] |= {"stale": True, "because": "runs again", "problem": None}
    states["failed"] |= {"message": "no column 'incme'", "remedy": "Did you mean 'income'?"}
    states["not-ready"] = {"problem": "Needs a label column"}
    states["ready"] = {"problem": None}
    page.evaluate("(marks) => window.designerCanvas.mark(marks)", states)
