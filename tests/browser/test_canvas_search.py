"""Exact name matches come first in every search of the canvas."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from designer.pipeline.graph import Node, Pipeline
from designer.store.workspace import Workspace
from tests.browser.canvas_page import CanvasPage, Opener

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "ui" / "ranking.json").read_text(encoding="utf-8"))
TWO = Pipeline(
    name="Two",
    nodes={
        "a": Node("a", "train-anomaly-detection-model"),
        "b": Node("b", "train-model"),
        "c": Node("c", "sort", title="Before train model"),
    },
    layout={"a": (0, 0), "b": (300, 0), "c": (0, 200)},
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_browser_ranks_as_python_does(scripts: Page, case: dict[str, Any]) -> None:
    script = (
        "({ items, query }) => import('/graph/ranking.js').then(({ ranked }) =>"
        " ranked(items, query, ([name, others = [], words = '']) => [name, others, words]).map(([name]) => name))"
    )
    assert scripts.evaluate(script, case) == case["found"]


def added(canvas: CanvasPage) -> list[str]:
    return sorted(str(node["module"]) for id, node in canvas.nodes().items() if id not in TWO.nodes)


def test_enter_adds_the_module_of_exactly_that_name(opened: Opener) -> None:
    canvas = opened(TWO)
    page = canvas.page
    page.mouse.move(700, 600)
    page.keyboard.press("Tab")
    page.get_by_test_id("quick-add").fill("train model")
    page.keyboard.press("Enter")
    canvas.wait_for_nodes(4)
    page.keyboard.press("Control+K")
    page.keyboard.type("train model")
    page.keyboard.press("Enter")
    canvas.wait_for_nodes(5)
    canvas.find("train model")
    expect(page.get_by_role("button", name="Found")).to_be_visible()
    page.locator(".palette [data-module]").first.press("Enter")
    canvas.wait_for_nodes(6)
    assert added(canvas) == ["train-model"] * 3


def test_an_empty_canvas_offers_data_first(opened: Opener) -> None:
    canvas = opened(Pipeline(name="Empty"))
    canvas.page.mouse.move(700, 400)
    canvas.page.keyboard.press("Tab")
    options = canvas.page.locator(".quick-add li")
    expect(options.first).to_be_visible()
    titles = options.all_inner_texts()
    assert {"Dataset", "Enter Data Manually", "Import Data"} <= set(titles[: titles.index("Add Columns")])


def test_find_leads_to_the_node_of_exactly_that_name(opened: Opener) -> None:
    canvas = opened(TWO)
    canvas.page.keyboard.press("Control+F")
    canvas.page.keyboard.type("train model")
    canvas.page.keyboard.press("Enter")
    expect(canvas.page.get_by_test_id("settings-title")).to_have_text("Train Model")


def test_datasets_are_found_by_every_search_that_adds(opened: Opener, workspace: Workspace) -> None:
    workspace.datasets.register("Harvest of 2024", pd.DataFrame({"tons": [1.0, 2.0]}))
    canvas = opened(TWO)
    page = canvas.page
    page.mouse.move(700, 600)
    page.keyboard.press("Tab")
    page.get_by_test_id("quick-add").fill("harvest")
    page.keyboard.press("Enter")
    canvas.wait_for_nodes(4)
    page.keyboard.press("Control+K")
    page.keyboard.type("harvest")
    page.keyboard.press("Enter")
    canvas.wait_for_nodes(5)
    canvas.find("harvest")
    expect(page.get_by_role("button", name="Found")).to_be_visible()
    page.locator(".palette [data-module]").first.press("Enter")
    canvas.wait_for_nodes(6)
    names = [node["parameters"] for id, node in canvas.nodes().items() if id not in TWO.nodes]
    assert names == [{"name": "Harvest of 2024"}] * 3
