"""Pipelines saved with other module versions are migrated, or kept with their wires and a reason."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from designer.pipeline.graph import Edge, Node, Pipeline
from tests.browser.canvas_page import Opener
from tests.browser.conftest import Server, free_port

pytestmark = pytest.mark.browser

HALVE = '''
"""A module that once had its share in percent, and another name for its output."""

from designer.contract.module import Module
from designer.contract.parameters import param
from designer.contract.values import Table


class Halve(Module, category="Data", version=2):
    """Keep a share of the rows."""

    share: float = param(0.5, ge=0, le=1)
    """How many, as a share."""

    seed: int = param(0)
    """Which."""

    def run(self, dataset: Table) -> Table:
        return dataset.head(int(len(dataset) * self.share))

    @classmethod
    def migrate(cls, version, parameters):
        return {"share": parameters["percent"] / 100}
'''

OLD = Pipeline(
    name="Old",
    nodes={
        "data": Node("data", "dataset", parameters={"name": "Iris"}),
        "halve": Node("halve", "halve", 1, {"percent": 20}),
        "gone": Node("gone", "brought-by-a-package", 3, {"anything": [1, 2]}),
        "split": Node("split", "split-data"),
        "clean": Node("clean", "clean-missing-data"),
    },
    edges=(
        Edge("data", "dataset", "halve", "dataset"),
        Edge("halve", "dataset", "gone", "first input"),
        Edge("gone", "its output", "split", "dataset"),
        Edge("split", "rows_of_old", "clean", "dataset"),
    ),
    layout={"data": (300, 0), "halve": (300, 108), "gone": (300, 216), "split": (300, 324), "clean": (300, 432)},
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("workspace")
    (folder / "modules").mkdir()
    (folder / "modules" / "halve.py").write_text(HALVE)
    running = Server(folder, free_port())
    running.start()
    yield running
    running.stop()


def test_settings_of_an_older_version_are_migrated_and_edited_as_such(opened: Opener) -> None:
    canvas = opened(OLD)
    canvas.select("halve")
    expect(canvas.field("share")).to_have_value("0.2")
    canvas.field("seed").fill("7")
    canvas.field("seed").blur()
    canvas.until(lambda: canvas.nodes()["halve"]["version"] == 2, "the migrated settings were saved")
    assert canvas.nodes()["halve"]["parameters"] == {"share": 0.2, "seed": 7}
    canvas.click_canvas()
    canvas.page.keyboard.press("Control+Z")
    canvas.until(lambda: canvas.nodes()["halve"]["parameters"] == {"share": 0.2}, "the edit was undone")


def test_an_unknown_module_and_a_lost_port_keep_their_wires_and_say_why(opened: Opener) -> None:
    canvas = opened(OLD)
    page = canvas.page
    expect(canvas.node("gone")).to_have_attribute("data-state", "ghost")
    expect(canvas.node("gone")).to_contain_text("is not installed; its settings and wires are kept")
    expect(page.locator(".react-flow__edge")).to_have_count(4)
    lost = "rows_of_old: anything, no port of this module"
    expect(canvas.port("split", "out", "rows_of_old")).to_have_attribute("aria-label", lost)
    page.get_by_test_id("dock-problems").click()
    problems = page.get_by_test_id("problem")
    expect(problems.filter(has_text="the module 'brought-by-a-package' is not installed")).to_have_count(1)
    expect(problems.filter(has_text="rows_of_old")).to_have_count(1)

    page.evaluate("window.designerCanvas.edit([{op: 'title', id: 'data', text: 'Flowers'}])")
    kept = canvas.draft().document
    assert len(kept["edges"]) == 4
    assert kept["nodes"]["gone"] == {"module": "brought-by-a-package", "version": 3, "parameters": {"anything": [1, 2]}}
    wire = page.locator("[id='split/rows_of_old>clean/dataset']")
    box = wire.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__edge")).to_have_count(3)
    expect(canvas.port("split", "out", "rows_of_old")).to_have_count(0)

    page.keyboard.press("Control+Z")
    expect(page.locator(".react-flow__edge")).to_have_count(4)
    canvas.select("gone")
    page.keyboard.press("Delete")
    expect(page.locator(".react-flow__edge")).to_have_count(2)
    page.keyboard.press("Control+Z")
    canvas.until(lambda: _same(canvas.draft().document, kept), "everything was undone")
    canvas.node("gone").click()
    canvas.node("split").click(modifiers=["Shift"])
    page.keyboard.press("Control+D")
    assert "brought-by-a-package.its output > split-data.dataset" in canvas.edges()
    expect(page.get_by_test_id("notice")).to_have_count(0)


def _same(document: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two documents are equal up to order."""
    return all(sorted(map(str, document[part])) == sorted(map(str, other[part])) for part in ("nodes", "edges"))
