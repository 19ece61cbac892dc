"""The canvas in a real browser: edits are saved, and refusals give the reason."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial

import psutil
import pytest
from playwright.sync_api import Browser, expect

from designer.pipeline.graph import Edge, Node, Pipeline
from tests.browser.canvas_page import SMALL, CanvasPage, Opener
from tests.browser.conftest import Observed, Server

pytestmark = pytest.mark.browser

EMPTY = Pipeline(name="Empty")


def test_modules_dropped_from_the_palette_and_wired_are_there_after_a_reload(opened: Opener) -> None:
    canvas = opened(EMPTY)
    canvas.drop("dataset", 700, 150)
    canvas.drop("split-data", 700, 300)
    canvas.wire(("dataset", "dataset"), ("split-data", "dataset"))
    assert canvas.edges() == ["dataset.dataset > split-data.dataset"]
    before = canvas.draft().document
    canvas.reload()
    canvas.wait_for_nodes(2)
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(1)
    assert canvas.draft().document == before


def test_a_wire_of_the_wrong_type_is_refused_in_words_with_a_fix(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.wire(("two-class-logistic-regression", "untrained_model"), ("score-model", "trained_model"))
    notice = canvas.page.get_by_test_id("notice")
    expect(notice).to_contain_text("Score Model needs a trained model here, not an untrained model.")
    notice.get_by_role("button", name="Insert Train Model").click()
    expect(canvas.node("train-model")).to_be_visible()
    assert "train-model.trained_model > score-model.trained_model" in canvas.edges()
    assert "two-class-logistic-regression.untrained_model > train-model.untrained_model" in canvas.edges()


def test_ports_that_fit_grow_and_others_dim_while_a_wire_is_dragged(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.page.mouse.move(*canvas.middle(canvas.port("split-data", "out", "results_dataset1")))
    canvas.page.mouse.down()
    canvas.page.mouse.move(900, 500, steps=4)
    assert "fits" in str(canvas.port("score-model", "in", "dataset").get_attribute("class")).split()
    assert "misfits" in str(canvas.port("score-model", "in", "trained_model").get_attribute("class")).split()
    assert "misfits" in str(canvas.port("split-data", "in", "dataset").get_attribute("class")).split()
    canvas.page.mouse.up()


def test_a_wire_dropped_on_empty_canvas_offers_what_fits(opened: Opener) -> None:
    canvas = opened(SMALL)
    start = canvas.middle(canvas.port("two-class-logistic-regression", "out", "untrained_model"))
    canvas.drag(start, (start[0], start[1] + 160))
    offered = canvas.page.get_by_role("option")
    expect(offered.first).to_have_text("Train Model")
    canvas.page.keyboard.press("Enter")
    expect(canvas.node("train-model")).to_be_visible()
    assert "two-class-logistic-regression.untrained_model > train-model.untrained_model" in canvas.edges()


def test_what_is_likely_next_is_offered_first(opened: Opener) -> None:
    canvas = opened(SMALL)
    offered = canvas.page.get_by_role("option")
    for node, port, expected in (
        ("split-data", "results_dataset1", ["Select Columns in Dataset", "Clean Missing Data"]),
        ("score-model", "scored_dataset", ["Evaluate Model", "Select Columns in Dataset"]),
    ):
        x, y = canvas.middle(canvas.port(node, "out", port))
        canvas.drag((x, y), (x + 200, y - 20))
        expect(offered.first).to_have_text(expected[0])
        expect(offered.nth(1)).to_have_text(expected[1])
        canvas.page.keyboard.press("Escape")


def test_a_module_dropped_on_a_wire_stands_in_it(opened: Opener) -> None:
    canvas = opened(SMALL)
    x, y = canvas.middle(canvas.node("dataset"))
    _, below = canvas.middle(canvas.node("split-data"))
    canvas.drop("clean-missing-data", x, (y + below) / 2)
    assert canvas.edges() == [
        "clean-missing-data.cleaned_dataset > split-data.dataset",
        "dataset.dataset > clean-missing-data.dataset",
    ]


def test_a_short_wire_is_selected_by_a_click_and_has_its_plus_beside_it(opened: Opener) -> None:
    canvas = opened(replace(SMALL, layout={**SMALL.layout, "split-data": (300, 128)}))
    page = canvas.page
    x, above = canvas.middle(canvas.port("dataset", "out", "dataset"))
    _, below = canvas.middle(canvas.port("split-data", "in", "dataset"))
    page.mouse.click(x, (above + below) / 2)
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__edge")).to_have_count(0)
    assert len(canvas.nodes()) == 4
    page.keyboard.press("Control+Z")
    expect(page.locator(".react-flow__edge")).to_have_count(1)
    page.mouse.move(x, (above + below) / 2 + 1)
    page.mouse.move(x, (above + below) / 2)
    page.get_by_role("button", name="Insert a module on this wire").click()
    page.keyboard.type("normalize")
    page.keyboard.press("Enter")
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    assert "normalize-data.transformed_dataset > split-data.dataset" in canvas.edges()


def test_tab_adds_by_search_at_the_pointer(opened: Opener) -> None:
    canvas = opened(EMPTY)
    canvas.page.mouse.move(600, 300)
    canvas.page.keyboard.press("Tab")
    canvas.page.get_by_test_id("quick-add").fill("normalize")
    canvas.page.keyboard.press("Enter")
    x, y = canvas.middle(canvas.node("normalize-data"))
    assert abs(x - 600) < 6
    assert abs(y - 300) < 10


def test_delete_with_control_heals_the_wires(opened: Opener) -> None:
    between = Pipeline(
        name="Between",
        nodes={**SMALL.nodes, "normalize-data": Node("normalize-data", "normalize-data")},
        edges=(
            Edge("dataset", "dataset", "normalize-data", "dataset"),
            Edge("normalize-data", "transformed_dataset", "split-data", "dataset"),
        ),
        layout={**SMALL.layout, "normalize-data": (600, 80)},
    )
    canvas = opened(between)
    canvas.select("normalize-data")
    canvas.page.keyboard.press("Control+Delete")
    expect(canvas.node("normalize-data")).to_have_count(0)
    assert canvas.edges() == ["dataset.dataset > split-data.dataset"]


def test_copied_nodes_are_readable_text_and_paste_with_their_wires(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.select("dataset", "split-data")
    canvas.page.evaluate(
        "addEventListener('copy', (e) => { window.copied = e.clipboardData.getData('text/plain') }, {once: true})"
    )
    canvas.page.keyboard.press("Control+C")
    copied = json.loads(str(canvas.page.evaluate("window.copied")))
    assert set(copied["nodes"]) == {"dataset", "split-data"}
    assert copied["nodes"]["dataset"]["parameters"] == {"name": "Iris"}
    canvas.page.mouse.move(820, 460)
    canvas.page.keyboard.press("Control+V")
    canvas.wait_for_nodes(6)
    assert "dataset-2.dataset > split-data-2.dataset" in canvas.edges()
    assert canvas.nodes()["dataset-2"]["parameters"] == {"name": "Iris"}


def test_every_edit_can_be_undone_and_redone(opened: Opener) -> None:
    canvas = opened(SMALL)
    first = _normal(canvas.draft().document)
    keys = canvas.page.keyboard

    def add_note() -> None:
        canvas.page.mouse.move(900, 450)
        keys.press("N")
        canvas.page.get_by_label("Text of the note").blur()

    def rename() -> None:
        canvas.select("split-data")
        keys.press("F2")
        canvas.page.get_by_label("Name of this node").fill("Halves")
        keys.press("Enter")

    def comment() -> None:
        canvas.select("split-data")
        canvas.field("comment").fill("why so")
        canvas.field("comment").blur()

    def setting() -> None:
        canvas.select("split-data")
        canvas.field("fraction").fill("0.9")
        canvas.field("fraction").blur()

    def press(*names: str, select: tuple[str, ...] = ("dataset", "split-data")) -> Callable[[], None]:
        def do() -> None:
            canvas.select(*select)
            for name in names:
                keys.press(name)

        return do

    edits: list[Callable[[], None]] = [
        lambda: canvas.drop("normalize-data", 950, 200),
        lambda: canvas.wire(("split-data", "results_dataset1"), ("score-model", "dataset")),
        lambda: canvas.drag(canvas.middle(canvas.node("score-model")), (900, 560)),
        press("D"),
        press("Control+D"),
        press("Shift+H"),
        press("Control+Shift+ArrowRight"),
        press("Shift+L"),
        press("Shift+R"),
        press("Control+G", "Enter"),
        press("Delete"),
        press("Control+Delete", select=("dataset",)),
        press("Control+X"),
        add_note,
        rename,
        comment,
        setting,
    ]
    for number, edit in enumerate(edits):
        revision = canvas.draft().revision
        edit()
        canvas.until(partial(_is_newer, canvas, revision), f"edit {number} was saved")
        changed = _normal(canvas.draft().document)
        assert changed != first, f"edit {number} changed nothing"
        canvas.click_canvas()
        for key, document in (("Control+Z", first), ("Control+Shift+Z", changed), ("Control+Z", first)):
            keys.press(key)
            canvas.until(partial(_is_saved, canvas, document), f"{key} after edit {number}")


def test_an_edit_made_while_the_server_is_away_is_kept(opened: Opener, server: Server, observed: Observed) -> None:
    canvas = opened(SMALL)
    canvas.draft()
    server.stop()
    canvas.wire(("split-data", "results_dataset1"), ("score-model", "dataset"))
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(2)
    server.start()
    canvas.until(
        lambda: "split-data.results_dataset1 > score-model.dataset" in canvas.edges(),
        "the wire was saved",
        60_000,
    )
    canvas.reload()
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(2)
    canvas.wait_for_nodes(4)
    observed.troubles.clear()  # the browser logs the connections refused meanwhile


def test_an_edit_that_cannot_be_saved_for_a_while_is_saved_when_it_can(opened: Opener, server: Server) -> None:
    canvas = opened(SMALL)
    canvas.draft()
    assert server.process is not None
    web = psutil.Process(server.process.pid)
    log = canvas.workspace.path / "designer.db-wal"
    web.rlimit(psutil.RLIMIT_FSIZE, (log.stat().st_size, psutil.RLIM_INFINITY))  # as if the disk were full
    canvas.page.evaluate("window.designerCanvas.edit([{op: 'title', id: 'dataset', text: 'Kept'}])")
    expect(canvas.page.get_by_text("Not saved yet, edits are kept")).to_be_visible()
    expect(canvas.page.get_by_text("The workspace database failed").first).to_be_visible()
    assert "title" not in canvas.workspace.drafts.get(canvas.id).document["nodes"]["dataset"]
    web.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    expect(canvas.page.get_by_test_id("saved")).to_be_visible(timeout=60_000)
    assert canvas.nodes()["dataset"]["title"] == "Kept"


def test_an_edit_made_while_a_save_is_on_its_way_survives_a_reload(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.draft()
    canvas.page.evaluate(
        """() => {
        const c = window.designerCanvas;
        c.edit([{op: "title", id: "dataset", text: "First"}]);
        const wire = {source: "split-data", output: "results_dataset1", target: "score-model", input: "dataset"};
        c.edit([{op: "connect", ...wire}]);
        location.reload();
    }"""
    )
    canvas.wait()
    canvas.until(lambda: "split-data.results_dataset1 > score-model.dataset" in canvas.edges(), "the wire was saved")
    assert canvas.nodes()["dataset"]["title"] == "First"


def test_edits_of_two_tabs_are_both_kept(opened: Opener, server: Server) -> None:
    canvas = opened(SMALL)
    other = CanvasPage(canvas.page.context.new_page(), canvas.workspace, canvas.id)
    other.open(server.origin)
    canvas.page.evaluate("window.designerCanvas.edit([{op: 'title', id: 'dataset', text: 'One'}])")
    canvas.draft()
    other.page.evaluate("window.designerCanvas.edit([{op: 'title', id: 'split-data', text: 'Two'}])")
    nodes = other.nodes()
    assert (nodes["dataset"]["title"], nodes["split-data"]["title"]) == ("One", "Two")
    expect(other.node("dataset")).to_contain_text("One")


def test_an_edit_in_one_tab_is_seen_in_another_at_once(opened: Opener, server: Server, browser: Browser) -> None:
    canvas = opened(SMALL)
    with closing(browser.new_context(viewport={"width": 1280, "height": 720})) as elsewhere:
        tab = elsewhere.new_page()
        tab.goto(server.entrance())
        other = CanvasPage(tab, canvas.workspace, canvas.id)
        other.open(server.origin)
        canvas.wire(("split-data", "results_dataset1"), ("score-model", "dataset"))
        expect(tab.locator(".react-flow__edge")).to_have_count(2)
        other.select("split-data")
        tab.keyboard.press("Delete")
        expect(canvas.node("split-data")).to_have_count(0)
        tab.keyboard.press("Control+Z")
        expect(canvas.page.locator(".react-flow__edge")).to_have_count(2)
        tab.get_by_test_id("pipeline-name").fill("Renamed elsewhere")
        tab.keyboard.press("Enter")
        expect(canvas.page.get_by_test_id("pipeline-name")).to_have_value("Renamed elsewhere")
    canvas.drop("normalize-data", 950, 200)
    assert "normalize-data" in canvas.nodes()


def test_a_new_note_is_written_at_once(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.page.mouse.move(900, 450)
    canvas.page.keyboard.press("N")
    canvas.page.keyboard.type("Why this split")
    canvas.page.keyboard.press("Escape")
    expect(canvas.page.locator(".note-card")).to_contain_text("Why this split")
    assert [note["text"] for note in canvas.draft().document["notes"]] == ["Why this split"]


def test_an_empty_pipeline_is_not_run_and_says_what_to_do(opened: Opener) -> None:
    canvas = opened(EMPTY)
    canvas.page.keyboard.press("Control+Enter")
    expect(canvas.page.get_by_test_id("notice")).to_contain_text("nothing to run yet")
    assert canvas.workspace.runs.latest(canvas.id) is None


def test_a_pipeline_without_a_name_keeps_the_one_it_had(opened: Opener) -> None:
    canvas = opened(SMALL)
    name = canvas.page.get_by_test_id("pipeline-name")
    name.fill("   ")
    canvas.page.keyboard.press("Enter")
    expect(name).to_have_value("Small")


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        '{"format": 1, "nodes": []}',
        '{"format": 1, "nodes": {"a": null}}',
        '{"format": 1, "nodes": {"a": {"module": 5}}, "notes": [{"id": 1}]}',
    ],
)
def test_a_text_that_is_no_part_of_a_pipeline_is_not_pasted(opened: Opener, text: str) -> None:
    canvas = opened(SMALL)
    before = canvas.draft().document
    _paste(canvas, text)
    canvas.page.wait_for_timeout(300)
    assert canvas.draft().document == before


def test_what_is_sound_of_a_pasted_text_is_taken(opened: Opener) -> None:
    canvas = opened(EMPTY)
    wrong = {"layout": {"a": "here"}, "edges": [{"source": "a"}, 5], "notes": [{"id": 1}], "groups": [{"nodes": "a"}]}
    nodes = {"a": {"module": "split-data", "parameters": {"fraction": 0.3}}, "b": {"module": "from-elsewhere"}, "c": 1}
    _paste(canvas, json.dumps({"format": 1, "nodes": nodes, **wrong}))
    canvas.wait_for_nodes(2)
    assert canvas.nodes()["split-data"]["parameters"] == {"fraction": 0.3}
    expect(canvas.node("from-elsewhere")).to_contain_text("not installed")


def test_keys_alone_lead_into_the_settings_and_back(opened: Opener) -> None:
    canvas = opened(SMALL)
    keys = canvas.page.keyboard
    keys.press("Tab")
    keys.type("normalize")
    keys.press("Enter")
    expect(canvas.node("normalize-data")).to_be_visible()
    expect(canvas.field("method")).to_be_visible()
    keys.press("Enter")
    expect(canvas.field("method")).to_be_focused()
    keys.press("Escape")
    keys.press("Delete")
    expect(canvas.node("normalize-data")).to_have_count(0)


def test_zoom_keys_pressed_fast_lead_all_the_way(opened: Opener) -> None:
    canvas = opened(SMALL)
    percent = canvas.page.locator(".percent")
    for _ in range(15):
        canvas.page.keyboard.press("-")
    expect(percent).to_have_text("10 %")
    for _ in range(20):
        canvas.page.keyboard.press("+")
    expect(percent).to_have_text("200 %")


def test_data_flows_to_the_right_where_it_is_asked_to(opened: Opener) -> None:
    canvas = opened(SMALL)
    before = canvas.draft().document
    canvas.page.get_by_role("button", name="Flow to the right").click()
    canvas.until(lambda: canvas.draft().document.get("direction") == "right", "the direction was saved")
    layout = canvas.draft().document["layout"]
    assert layout["split-data"][0] > layout["dataset"][0] + 232
    assert layout["split-data"][1] == layout["dataset"][1]
    output, entry = canvas.port("split-data", "out", "results_dataset1"), canvas.port("score-model", "in", "dataset")

    def is_right_of(one: str, other: str) -> bool:
        boxes = [canvas.node(id).bounding_box() for id in (one, other)]
        return boxes[0] is not None and boxes[1] is not None and boxes[0]["x"] > boxes[1]["x"] + boxes[1]["width"]

    canvas.until(lambda: is_right_of("split-data", "dataset"), "the cards are drawn where they are saved")
    canvas.settle()
    card = canvas.node("split-data").bounding_box()
    assert card is not None
    assert abs(canvas.middle(output)[0] - (card["x"] + card["width"])) < 2
    canvas.drag(canvas.middle(output), canvas.middle(entry))
    assert "split-data.results_dataset1 > score-model.dataset" in canvas.edges()
    wire = canvas.page.locator("[id='dataset/dataset>split-data/dataset']").bounding_box()
    assert wire is not None
    assert abs(wire["x"] - canvas.middle(canvas.port("dataset", "out", "dataset"))[0]) < 6
    assert abs(wire["x"] + wire["width"] - canvas.middle(canvas.port("split-data", "in", "dataset"))[0]) < 6
    canvas.select("dataset")
    canvas.page.keyboard.press("ArrowRight")
    expect(canvas.page.locator(".card-node.sel")).to_have_attribute("data-testid", "node-split-data")
    canvas.reload()
    expect(canvas.page.get_by_role("button", name="Flow down")).to_be_visible()
    canvas.page.get_by_role("button", name="Flow down").click()
    canvas.until(lambda: "direction" not in canvas.draft().document, "data flows down again")
    assert before["nodes"] == canvas.nodes()


def test_a_refused_edit_says_why_and_shows_the_pipeline_as_it_is(opened: Opener) -> None:
    canvas = opened(SMALL)
    circle = {
        "op": "connect",
        "source": "split-data",
        "output": "results_dataset1",
        "target": "dataset",
        "input": "none",
    }
    canvas.page.evaluate("(operation) => window.designerCanvas.edit([operation])", circle)
    expect(canvas.page.get_by_test_id("notice")).to_contain_text("Not done")
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(1)


def test_box_select_and_arrow_keys_choose_nodes(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.select("dataset")
    canvas.page.keyboard.press("ArrowDown")
    expect(canvas.page.locator(".card-node.sel")).to_have_attribute("data-testid", "node-split-data")
    canvas.page.keyboard.press("Escape")
    expect(canvas.page.locator(".card-node.sel")).to_have_count(0)
    canvas.page.keyboard.press("Control+A")
    expect(canvas.page.locator(".card-node.sel")).to_have_count(4)
    canvas.click_canvas()
    box = canvas.node("two-class-logistic-regression").bounding_box()
    far = canvas.node("split-data").bounding_box()
    assert box is not None
    assert far is not None
    canvas.drag((box["x"] - 12, box["y"] - 12), (far["x"] + 40, far["y"] + 30))
    expect(canvas.page.locator(".card-node.sel")).to_have_count(2)
    before = canvas.draft().document["layout"]
    canvas.drag(canvas.middle(canvas.node("split-data")), (far["x"] + 180, far["y"] + 60))
    after = canvas.draft().document["layout"]
    moved = {id: (after[id][0] - x, after[id][1] - y) for id, (x, y) in before.items()}
    assert moved["split-data"] == moved["two-class-logistic-regression"] != (0, 0)
    canvas.node("split-data").click()
    expect(canvas.page.locator(".card-node.sel")).to_have_attribute("data-testid", "node-split-data")


def test_shift_and_arrows_extend_the_selection_down_and_up_the_wires(opened: Opener) -> None:
    wire = Edge("split-data", "results_dataset1", "score-model", "dataset")
    canvas = opened(replace(SMALL, edges=(*SMALL.edges, wire)))
    keys, selected = canvas.page.keyboard, canvas.page.locator(".card-node.sel")
    for start, key in (("score-model", "Shift+ArrowUp"), ("dataset", "Shift+ArrowDown")):
        canvas.click_canvas()
        canvas.select(start)
        for count in (2, 3, 3):
            keys.press(key)
            expect(selected).to_have_count(count)
    keys.press("ArrowUp")
    expect(selected).to_have_attribute("data-testid", "node-split-data")


def test_keys_are_left_to_text_fields(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.select("split-data")
    canvas.field("fraction").click()
    canvas.page.keyboard.press("Control+A")
    canvas.page.keyboard.press("Delete")
    canvas.page.keyboard.type("0.25")
    canvas.field("fraction").blur()
    canvas.until(lambda: canvas.nodes()["split-data"]["parameters"] == {"fraction": 0.25}, "the setting was saved")
    assert len(canvas.nodes()) == 4


def test_the_list_of_shortcuts_opens_and_closes(opened: Opener) -> None:
    canvas = opened(SMALL)
    canvas.page.keyboard.press("?")
    expect(canvas.page.get_by_test_id("shortcuts")).to_contain_text("Delete and heal the wires")
    canvas.page.keyboard.press("Escape")
    expect(canvas.page.get_by_test_id("shortcuts")).to_have_count(0)
    canvas.page.keyboard.press("Control+F")
    canvas.page.keyboard.type("score")
    canvas.page.keyboard.press("Enter")
    expect(canvas.page.locator(".card-node.sel")).to_have_attribute("data-testid", "node-score-model")


def _paste(canvas: CanvasPage, text: str) -> None:
    canvas.page.evaluate(
        """(text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
    }""",
        text,
    )


def _is_newer(canvas: CanvasPage, revision: int) -> bool:
    return canvas.draft().revision > revision


def _is_saved(canvas: CanvasPage, document: dict[str, object]) -> bool:
    return _normal(canvas.draft().document) == document


def _normal(document: dict[str, object]) -> dict[str, object]:
    """The document with unordered parts in a canonical order."""
    nodes = {id: {"comment": "", "title": "", "disabled": False, **node} for id, node in document["nodes"].items()}  # type: ignore[attr-defined]
    return {**document, "nodes": nodes, "edges": sorted(map(json.dumps, document["edges"])), "notes": document["notes"]}  # type: ignore[call-overload]
