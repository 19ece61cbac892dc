"""The canvas with many nodes, many columns and many runs."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import Workspace
from tests.browser.canvas_page import CanvasPage, Opener

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MS = 60_000
CARD = (232, 68)


def chain(length: int) -> Pipeline:
    """A chain of modules, all at the same position."""
    names = [f"n{i:03}" for i in range(length)]
    nodes = {name: Node(name, "normalize-data") for name in names}
    edges = tuple(Edge(a, "transformed_dataset", b, "dataset") for a, b in pairwise(names))
    return Pipeline("Chain", nodes=nodes, edges=edges, layout={name: (0, 4 * i) for i, name in enumerate(names)})


def fan(width: int) -> Pipeline:
    """A dataset connected to many modules."""
    names = [f"n{i:03}" for i in range(width)]
    nodes = {"data": Node("data", "dataset", parameters={"name": "Iris"})}
    nodes |= {name: Node(name, "normalize-data") for name in names}
    edges = tuple(Edge("data", "dataset", name, "dataset") for name in names)
    return Pipeline("Fan", nodes=nodes, edges=edges, layout={name: (4 * i, 0) for i, name in enumerate(nodes)})


@pytest.mark.parametrize(
    ("pipeline", "rows", "widest"), [(chain(500), 500, 1), (fan(200), 2, 200)], ids=["chain", "fan"]
)
def test_a_large_graph_is_laid_out_beside_the_page(opened: Opener, pipeline: Pipeline, rows: int, widest: int) -> None:
    canvas = opened(pipeline)
    canvas.page.set_default_timeout(RUN_MS)
    workers: list[str] = []
    canvas.page.on("worker", lambda worker: workers.append(worker.url))
    canvas.page.keyboard.press("Shift+L")
    canvas.until(lambda: canvas.draft().revision > 1, "the layout was saved", 60_000)
    assert any("arrange_worker" in url for url in workers)
    layout = canvas.draft().document["layout"]
    heights = sorted({y for _, y in layout.values()})
    assert len(heights) == rows
    assert all(below - above >= CARD[1] for above, below in pairwise(heights))
    assert max(sum(1 for _, y in layout.values() if y == height) for height in heights) == widest
    for height in heights:
        row = sorted(x for x, y in layout.values() if y == height)
        assert all(right - left >= CARD[0] for left, right in pairwise(row))


def test_dragging_one_of_many_cards_paints_no_other(opened: Opener) -> None:
    canvas = opened(chain(500))
    page = canvas.page
    page.set_default_timeout(RUN_MS)
    canvas.page.keyboard.press("Shift+L")
    canvas.until(lambda: canvas.draft().revision > 1, "the layout was saved", 60_000)
    page.evaluate("window.designerCanvas.show('n250')")
    canvas.node("n250").wait_for()
    canvas.settle()
    page.keyboard.press("0")
    canvas.settle()
    page.evaluate("""() => {
        window.painted = new Set();
        const seen = (changes) => changes.forEach(({target}) => {
            const card = (target instanceof Element ? target : target.parentElement)?.closest('.react-flow__node');
            if (card) window.painted.add(card.dataset.id);
        });
        new MutationObserver(seen).observe(document.querySelector('.react-flow__nodes'),
            {subtree: true, childList: true, attributes: true, characterData: true});
    }""")
    x, y = canvas.middle(canvas.node("n250"))
    canvas.drag((x, y), (x + 160, y + 20))
    assert page.evaluate("[...window.painted]") == ["n250"]
    assert canvas.draft().document["layout"]["n250"][0] > 100


def test_columns_are_picked_among_two_hundred(opened: Opener, workspace: Workspace) -> None:
    frame = pd.DataFrame(np.arange(600).reshape(3, 200), columns=[f"measure {i:03}" for i in range(200)])
    workspace.datasets.register("Wide", frame)
    nodes = {
        "data": Node("data", "dataset", parameters={"name": "Wide"}),
        "keep": Node("keep", "select-columns-in-dataset"),
    }
    canvas = opened(
        Pipeline(
            "Wide",
            nodes=nodes,
            edges=(Edge("data", "dataset", "keep", "dataset"),),
            layout={"data": (300, 0), "keep": (300, 108)},
        )
    )
    page = canvas.page
    canvas.select("keep")
    canvas.field("columns").click()
    page.get_by_role("tab", name="By name").click()
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_test_id("pick-measure 199").click()
    search = page.get_by_label("Search columns")
    search.fill("measure 04")
    matches = page.locator(".picker .column-list label")
    expect(matches).to_have_count(12)  # exact matches come before those that contain both words
    assert [f"measure {i:03}" in matches.nth(i - 40).inner_text() for i in range(40, 50)] == [True] * 10
    page.get_by_test_id("pick-measure 042").click()
    search.fill("")
    expect(page.get_by_test_id("picker-preview")).to_contain_text("2 of 200: measure 042, measure 199")
    page.get_by_test_id("picker-save").click()
    expect(page.get_by_test_id("field-columns")).to_contain_text("2 of 200: measure 042, measure 199")


@pytest.fixture(scope="module")
def engine(workspace: Workspace) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(workspace.path)]
    )
    yield
    process.terminate()
    process.wait(20)


def test_twenty_runs_leave_the_document_as_it_is(opened: Opener, engine: None) -> None:
    nodes = {
        "data": Node("data", "dataset", parameters={"name": "Iris"}, title="Flowers"),
        "split": Node("split", "split-data", parameters={"fraction": 0.6}),
        "clean": Node("clean", "clean-missing-data", comment="as always"),
    }
    edges = (Edge("data", "dataset", "split", "dataset"), Edge("split", "results_dataset2", "clean", "dataset"))
    layout = {"data": (300.0, 0.0), "split": (308.0, 108.0), "clean": (352.0, 216.0)}
    canvas = opened(Pipeline("Often", nodes=nodes, edges=edges, layout=layout))
    before = canvas.draft()
    for number in range(20):
        ran(canvas, number)
    after = canvas.draft()
    assert (after.revision, after.document) == (before.revision, before.document)
    assert len(canvas.workspace.runs.all(canvas.id)) == 20
    expect(canvas.page.locator(".react-flow__edge")).to_have_count(2)
    canvas.wait_for_nodes(3)


def ran(canvas: CanvasPage, number: int) -> None:
    """Run to the end, every third time with Force."""
    if number % 3 == 2:
        canvas.page.get_by_role("button", name="Force").click()
    else:
        canvas.page.keyboard.press("Control+Enter")
    runs = canvas.workspace.runs
    canvas.until(lambda: len(runs.all(canvas.id)) == number + 1, f"run {number} began", RUN_MS)
    canvas.until(lambda: runs.all(canvas.id)[0].state == "finished", f"run {number} finished", RUN_MS)
    expected = "Finished: 3 ran" if number % 3 == 2 or number == 0 else "Nothing to do: 3 of 3 up to date"
    expect(canvas.page.get_by_test_id("run-outcome")).to_have_text(expected)
