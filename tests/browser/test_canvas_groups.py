"""Groups on the canvas: framed, collapsed to one card, and expanded again."""

import pytest
from playwright.sync_api import Locator, expect

from designer.pipeline.graph import Edge, Group, Node, Pipeline
from tests.browser.canvas_page import SMALL, CanvasPage, Opener

pytestmark = pytest.mark.browser

FOLDED = Pipeline(
    name="Folded",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "split": Node("split", "split-data"),
        "clean": Node("clean", "clean-missing-data"),
        "learner": Node("learner", "multiclass-logistic-regression"),
        "train": Node("train", "train-model"),
        "score": Node("score", "score-model"),
    },
    edges=(
        Edge("data", "dataset", "clean", "dataset"),
        Edge("clean", "cleaned_dataset", "split", "dataset"),
        Edge("split", "results_dataset1", "train", "dataset"),
        Edge("learner", "untrained_model", "train", "untrained_model"),
        Edge("train", "trained_model", "score", "trained_model"),
        Edge("split", "results_dataset2", "score", "dataset"),
    ),
    layout={
        "data": (300, 0), "clean": (300, 108), "split": (300, 216), "learner": (0, 216), "train": (100, 324),
        "score": (300, 432),
    },
    groups=(Group("prepare", "Prepare", ("clean", "split"), collapsed=True),),
)  # fmt: skip


def test_a_group_is_framed_named_moved_whole_and_dissolved(opened: Opener) -> None:
    canvas = opened(SMALL)
    page = canvas.page
    canvas.select("dataset", "split-data")
    page.keyboard.press("Control+G")
    page.get_by_label("Name of this group").fill("Prepare")
    page.keyboard.press("Enter")
    frame = page.get_by_test_id("frame-group")
    expect(frame).to_contain_text("Prepare")
    for id in ("dataset", "split-data"):
        assert _holds(frame, canvas.node(id))
    assert not _holds(frame, canvas.node("score-model"))

    before = canvas.draft().document["layout"]
    title = canvas.middle(frame.locator(".frame-title"))
    canvas.drag(title, (title[0] + 120, title[1] + 40))
    after = canvas.draft().document["layout"]
    moved = {id: (after[id][0] - x, after[id][1] - y) for id, (x, y) in before.items()}
    assert moved["dataset"] == moved["split-data"] != (0, 0)
    assert moved["score-model"] == (0, 0)
    page.keyboard.press("Control+Z")
    canvas.until(lambda: canvas.draft().document["layout"] == before, "the move was undone")

    canvas.click_canvas()
    canvas.select("dataset")
    page.keyboard.press("Delete")
    assert canvas.draft().document["groups"] == [{"id": "group", "title": "Prepare", "nodes": ["split-data"]}]
    page.keyboard.press("Control+Z")
    nodes = ["dataset", "split-data"]
    canvas.until(lambda: canvas.draft().document["groups"][0]["nodes"] == nodes, "the group is whole again")
    canvas.select("split-data")
    page.keyboard.press("Control+Shift+G")
    expect(frame).to_have_count(0)
    assert "groups" not in canvas.draft().document


def test_a_group_is_copied_with_its_nodes(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.select("dataset", "split-data")
    canvas.page.keyboard.press("Control+G")
    canvas.page.keyboard.press("Enter")
    canvas.page.keyboard.press("Control+D")
    expect(canvas.page.locator(".group-frame")).to_have_count(2)
    groups = canvas.draft().document["groups"]
    assert [group["nodes"] for group in groups] == [["dataset", "split-data"], ["dataset-2", "split-data-2"]]


def test_a_collapsed_group_is_one_card_with_its_wires_and_expands_to_what_it_was(opened: Opener) -> None:
    canvas = opened(SMALL)
    page = canvas.page
    canvas.select("dataset", "split-data")
    page.keyboard.press("Control+G")
    page.keyboard.press("Enter")
    framed = canvas.draft().document
    page.get_by_role("button", name="Collapse Group").click()
    card = page.get_by_test_id("group-group")
    expect(card).to_contain_text("2 modules: Dataset, Split Data")
    expect(canvas.node("dataset")).to_have_count(0)
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    assert canvas.draft().document == {**framed, "groups": [{**framed["groups"][0], "collapsed": True}]}

    card.get_by_role("button", name="Expand Group").click()
    expect(canvas.node("dataset")).to_be_visible()
    assert canvas.draft().document == framed
    page.keyboard.press("Control+Z")
    expect(card).to_be_visible()
    page.keyboard.press("Control+Z")
    expect(card).to_have_count(0)
    assert canvas.draft().document == framed


def test_a_group_stays_collapsed_over_a_reload_and_says_what_its_members_need(opened: Opener) -> None:
    canvas = opened(FOLDED)
    page = canvas.page
    card = page.get_by_test_id("group-prepare")
    expect(card).to_have_attribute("data-state", "ready")
    expect(page.locator(".react-flow__edge")).to_have_count(5)
    assert _ports(card) == [
        "port-clean-in-dataset",
        "port-split-out-results_dataset1",
        "port-split-out-results_dataset2",
    ]
    page.evaluate("window.designerCanvas.edit([{op: 'set', id: 'split', parameters: {fraction: 7}}])")
    expect(card).to_have_attribute("data-state", "not ready")
    expect(card).to_contain_text("Split Data:")
    canvas.reload()
    expect(card).to_contain_text("Split Data:")
    assert canvas.draft().document["groups"][0]["collapsed"] is True


def test_a_problem_and_a_search_expand_the_group_that_hides_the_node(opened: Opener) -> None:
    canvas = opened(FOLDED)
    page = canvas.page
    page.evaluate("window.designerCanvas.edit([{op: 'set', id: 'split', parameters: {fraction: 7}}])")
    page.get_by_test_id("dock-problems").click()
    page.get_by_test_id("problem").filter(has_text="Split Data").get_by_role("button").first.click()
    expect(canvas.node("split")).to_be_visible()
    expect(canvas.field("fraction")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+G")
    expect(page.get_by_test_id("group-prepare")).to_be_visible()
    page.keyboard.press("Control+F")
    page.keyboard.type("clean")
    page.keyboard.press("Enter")
    expect(canvas.node("clean")).to_be_visible()
    expect(page.locator(".card-node.sel")).to_have_attribute("data-testid", "node-clean")


def test_a_collapsed_group_is_moved_copied_and_deleted_whole(opened: Opener) -> None:
    canvas = opened(FOLDED)
    page = canvas.page
    before = canvas.draft().document
    card = page.get_by_test_id("group-prepare")
    at = canvas.middle(card)
    canvas.drag(at, (at[0] + 240, at[1] + 40))
    after = canvas.draft().document["layout"]
    moved = {id: (after[id][0] - x, after[id][1] - y) for id, (x, y) in before["layout"].items()}
    assert moved["clean"] == moved["split"] != (0, 0)
    assert moved["train"] == (0, 0)
    page.keyboard.press("Control+D")
    expect(page.locator(".group-card")).to_have_count(2)
    groups = canvas.draft().document["groups"]
    assert [(group["nodes"], group["collapsed"]) for group in groups] == [
        (["clean-missing-data", "split-data"], True),
        (["clean", "split"], True),
    ]
    page.keyboard.press("Delete")
    expect(page.locator(".group-card")).to_have_count(1)
    card.click()
    page.keyboard.press("Delete")
    expect(card).to_have_count(0)
    assert set(canvas.nodes()) == {"data", "learner", "train", "score"}
    for _ in range(4):
        page.keyboard.press("Control+Z")
    canvas.until(lambda: _sorted(canvas) == _order(before), "everything was undone")


def test_a_wire_is_drawn_from_the_port_of_a_collapsed_group(opened: Opener) -> None:
    canvas = opened(FOLDED)
    canvas.drop("normalize-data", 900, 500)
    canvas.wire(("split", "results_dataset1"), ("normalize-data", "dataset"))
    assert "split.results_dataset1 > normalize-data.dataset" in canvas.edges()
    canvas.drag(canvas.middle(canvas.port("normalize-data", "out", "transformed_dataset")),
                canvas.middle(canvas.page.get_by_test_id("group-prepare")))  # fmt: skip
    notice = canvas.page.get_by_test_id("notice")
    expect(notice).to_contain_text("This group is collapsed")
    notice.get_by_role("button", name="Expand").click()
    expect(canvas.node("split")).to_be_visible()


def test_what_stands_where_a_group_expands_makes_room(opened: Opener) -> None:
    canvas = opened(FOLDED)
    page = canvas.page
    page.keyboard.press("Shift+L")
    canvas.until(lambda: canvas.draft().revision > 1, "it was tidied")
    page.get_by_test_id("group-prepare").click()
    page.keyboard.press("Shift+G")
    expect(canvas.node("split")).to_be_visible()
    layout = canvas.draft().document["layout"]
    boxes = [(x, y) for x, y in layout.values()]
    for i, (x, y) in enumerate(boxes):
        assert not any(abs(x - other) < 232 and abs(y - below) < 68 for other, below in boxes[i + 1 :])
    page.keyboard.press("Control+Z")
    expect(page.get_by_test_id("group-prepare")).to_be_visible()


def _ports(card: Locator) -> list[str]:
    ids: list[str] = card.locator(".port").evaluate_all("(ports) => ports.map((port) => port.dataset.testid)")
    return ids


def _sorted(canvas: CanvasPage) -> dict[str, object]:
    return _order(canvas.draft().document)


def _order(document: dict[str, object]) -> dict[str, object]:
    """A document with its wires and nodes in a canonical order."""
    return {**document, "edges": sorted(map(str, document["edges"]))}  # type: ignore[call-overload]


def _holds(outer: Locator, inner: Locator) -> bool:
    around, within = outer.bounding_box(), inner.bounding_box()
    assert around is not None
    assert within is not None
    return all(
        around[start] <= within[start] and within[start] + within[size] <= around[start] + around[size]
        for start, size in (("x", "width"), ("y", "height"))
    )
