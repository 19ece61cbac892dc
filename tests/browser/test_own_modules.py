"""A Python file in the workspace's `modules` folder appears in every open palette and runs without a restart."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, expect

from designer.pipeline.document import to_document
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.artifacts.values import Stored
from designer.store.workspace import open_workspace
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import Observed, Server, enter

pytestmark = pytest.mark.browser

RUN_MS = 60_000
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ADD = README.partition("## Your own modules")[2].partition("```python\n")[2].partition("```")[0]
"""The example of the README."""
SCALED = ADD.replace("amount: float = 1.0)", "amount: float = 1.0, factor: float = 10.0)").replace(
    "+ amount}", "* factor + amount}"
)
WIRED = Pipeline(
    name="Own",
    nodes={
        "numbers": Node("numbers", "dataset", parameters={"name": "Numbers"}),
        "add": Node("add", "add-a-constant", parameters={"column": "number"}),
        "split": Node("split", "split-data"),
    },
    edges=(Edge("numbers", "dataset", "add", "dataset"), Edge("add", "dataset", "split", "dataset")),
    layout={"numbers": (300, 0), "add": (300, 120), "split": (300, 240)},
)


@pytest.fixture
def two_tabs(designer: Server, context: BrowserContext, observed: Observed) -> Iterator[tuple[CanvasPage, CanvasPage]]:
    with open_workspace(designer.workspace) as workspace:
        workspace.datasets.register("Numbers", pd.DataFrame({"number": [1.0, 2.0, 3.0]}))
        id = workspace.drafts.create(WIRED.name, to_document(WIRED)).id
        tabs = [CanvasPage(enter(designer, context, observed), workspace, id) for _ in range(2)]
        for tab in tabs:
            tab.open(designer.origin)
        yield tabs[0], tabs[1]
    assert observed.troubles == []


def state_of(canvas: CanvasPage, node: str, state: str) -> None:
    expect(canvas.node(node)).to_have_attribute("data-state", state)


def sums(canvas: CanvasPage) -> list[float]:
    """The values of the column in the newest run."""
    run = canvas.workspace.runs.latest(canvas.id)
    assert run is not None
    row = canvas.workspace.runs.nodes(run.id)["add"]
    (stored,) = row.outputs.values()
    return list(canvas.workspace.value(Stored.from_json(stored))["number"])


def test_a_file_that_comes_changes_breaks_and_goes_is_seen_by_every_tab_and_by_the_engine(
    designer: Server, two_tabs: tuple[CanvasPage, CanvasPage]
) -> None:
    file = designer.workspace / "modules" / "mine.py"
    one, other = two_tabs
    page = one.page
    other.find("constant")
    for tab in two_tabs:
        state_of(tab, "add", "ghost")

    file.write_text(ADD)
    for tab in two_tabs:
        expect(tab.page.locator(".palette").get_by_test_id("module-add-a-constant")).to_be_visible()
        state_of(tab, "add", "ready")
    page.mouse.move(700, 600)
    page.keyboard.press("Tab")
    page.get_by_test_id("quick-add").fill("add a constant")
    page.keyboard.press("Enter")
    expect(page.locator(".card-node")).to_have_count(4)
    page.keyboard.press("Control+K")
    page.keyboard.type("add a constant")
    page.keyboard.press("Enter")
    expect(page.locator(".card-node")).to_have_count(5)
    for id in set(one.nodes()) - set(WIRED.nodes):
        assert one.nodes()[id]["module"] == "add-a-constant"
        one.select(id)
        page.keyboard.press("Delete")
    expect(page.locator(".card-node")).to_have_count(3)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_have_text("Finished: 3 ran", timeout=RUN_MS)
    assert sums(one) == [2.0, 3.0, 4.0]

    one.select("add")
    expect(one.field("factor")).to_have_count(0)
    file.write_text(SCALED)
    expect(one.field("factor")).to_have_value("10.0")
    for tab in two_tabs:
        state_of(tab, "add", "stale")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_have_text("Finished: 2 ran, 1 reused", timeout=RUN_MS)
    assert sums(one) == [11.0, 21.0, 31.0]

    file.write_text(SCALED.replace("def add_constant(", "def add_constant"))
    for tab in two_tabs:
        listed = tab.page.get_by_test_id("broken-modules")
        expect(listed).to_contain_text("mine.py")
        expect(listed).to_contain_text("SyntaxError")
        expect(tab.page.locator(".palette").get_by_test_id("module-add-a-constant")).to_have_count(0)
        state_of(tab, "add", "ghost")
        expect(tab.page.locator(".react-flow__edge")).to_have_count(2)

    file.unlink()
    for tab in two_tabs:
        expect(tab.page.get_by_test_id("broken-modules")).to_have_count(0)
        state_of(tab, "add", "ghost")
    assert one.edges() == ["add.dataset > split.dataset", "numbers.dataset > add.dataset"]

    file.write_text(ADD)
    for tab in two_tabs:
        state_of(tab, "add", "stale")
