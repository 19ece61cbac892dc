"""A component that is registered appears in every open palette, runs beside the modules, and shows its files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.pipeline.document import to_document
from designer.pipeline.graph import Node, Pipeline
from designer.registry.scripts import shell_source
from designer.store.workspace import Workspace, open_workspace
from designer.workbench.components import Components
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import Observed, Server, enter

pytestmark = pytest.mark.browser

RUN_MS = 60_000
COMPONENT = """
type: command
name: split_words
display_name: Split words
description: Write the words of a table, one a line, and how many there are.
version: 1
inputs:
  texts: {type: table, format: csv}
  ending: {type: string, default: "!", description: What follows each word.}
outputs:
  words: {type: uri_folder}
command: |
  tail -n +2 ${{inputs.texts}} | tr ' ' '\\n' | sed "s/$/${{inputs.ending}}/" > ${{outputs.words}}/words.txt
  wc -l < ${{outputs.words}}/words.txt > ${{outputs.words}}/count.txt
"""
TEXTS = Pipeline(
    name="Words",
    nodes={"texts": Node("texts", "dataset", parameters={"name": "Texts"})},
    layout={"texts": (300, 0)},
)


def register(workspace: Workspace, folder: Path, text: str = COMPONENT, version: str = "") -> None:
    (folder / "words.yml").write_text(text)
    Components(workspace).add(folder / "words.yml", version)


def test_details_are_seen_in_a_small_window(
    designer: Server, context: BrowserContext, observed: Observed, tmp_path: Path
) -> None:
    with open_workspace(designer.workspace) as workspace:
        for number in range(20):
            text = COMPONENT.replace("name: split_words", f"name: many_{number:02}")
            register(workspace, tmp_path, text.replace("Split words", f"Many {number:02}"))
        page = enter(designer, context, observed)
        page.set_viewport_size({"width": 1000, "height": 700})
        page.goto(f"{designer.origin}/components")
        details = page.locator(".with-details > .card").last
        page.get_by_role("button", name="Many 03").click()
        expect(details.get_by_text("Many 03").first).to_be_in_viewport()
        for number in range(20):
            Components(workspace).archive(f"many_{number:02}")
    assert observed.troubles == []


@pytest.fixture
def canvas(designer: Server, context: BrowserContext, observed: Observed) -> Iterator[CanvasPage]:
    with open_workspace(designer.workspace) as workspace:
        workspace.datasets.register("Texts", pd.DataFrame({"text": ["one two", "three"]}))
        id = workspace.drafts.create(TEXTS.name, to_document(TEXTS)).id
        canvas = CanvasPage(enter(designer, context, observed), workspace, id)
        canvas.open(designer.origin)
        yield canvas
    assert observed.troubles == []


def test_from_the_palette_to_the_files_that_it_wrote(canvas: CanvasPage, tmp_path: Path) -> None:
    page = canvas.page
    canvas.find("words")
    expect(page.locator(".palette").get_by_test_id("module-split_words@1")).to_have_count(0)
    register(canvas.workspace, tmp_path)
    expect(page.locator(".palette").get_by_test_id("module-split_words@1")).to_be_visible()
    canvas.drop("split_words@1", 420, 320)
    canvas.wait_for_nodes(2)
    canvas.wire(("texts", "dataset"), ("split_words", "texts"))
    canvas.select("split_words")
    expect(canvas.field("ending")).to_have_value("!")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_contain_text("Finished: 2 ran", timeout=RUN_MS)
    canvas.node("split_words").dblclick()
    dock = page.locator(".dock")
    for words in ("words.txt", "count.txt", "2 files"):
        expect(dock.get_by_text(words).first).to_be_visible()

    register(canvas.workspace, tmp_path, COMPONENT.replace("one a line", "each on a line"), version="2")
    canvas.find("words")
    expect(page.locator(".palette").get_by_test_id("module-split_words@2")).to_be_visible()
    expect(page.locator(".palette").get_by_test_id("module-split_words@1")).to_have_count(0)
    expect(canvas.node("split_words")).to_have_attribute("data-state", "finished")
    dock.get_by_role("tab", name="Problems").click()
    offer = dock.get_by_role("button", name="Use 2")
    expect(offer).to_be_visible()
    offer.click()
    canvas.until(lambda: canvas.nodes()["split_words"]["module"] == "split_words@2", "version 2 is used")
    page.keyboard.press("Control+z")
    canvas.until(lambda: canvas.nodes()["split_words"]["module"] == "split_words@1", "version 1 is back")
    Components(canvas.workspace).archive("split_words")
    expect(page.locator(".palette").get_by_test_id("module-split_words@2")).to_have_count(0)
    canvas.reload()
    expect(canvas.node("split_words")).to_contain_text("Split words")


def test_a_step_made_in_code_is_kept_under_a_name(canvas: CanvasPage, tmp_path: Path) -> None:
    components = Components(canvas.workspace)
    line = components.keep(shell_source("sort < /dev/null", name="sorting", title="Sorting"), "shell")
    document = to_document(TEXTS)
    document["nodes"]["sorting"] = {"module": line.id, "version": 1, "parameters": {}}
    draft = canvas.workspace.drafts.create("Sorting", document)
    page = canvas.page
    page.goto(page.url.replace(canvas.id, draft.id))
    canvas = replace(canvas, id=draft.id)
    canvas.wait()
    canvas.select("sorting")
    page.get_by_label("More for this node").click()
    page.get_by_role("menuitem", name="Keep as component").click()
    canvas.until(lambda: canvas.nodes()["sorting"]["module"] == "sorting@1", "the step has a name")
    canvas.find("sorting")
    expect(page.locator(".palette").get_by_test_id("module-sorting@1")).to_be_visible()
    expect(canvas.node("sorting")).to_contain_text("Sorting")


def test_the_page_lists_versions_uses_and_packages_and_archives(canvas: CanvasPage, tmp_path: Path) -> None:
    register(canvas.workspace, tmp_path, COMPONENT.replace("split_words", "cut_words"), version="1")
    register(canvas.workspace, tmp_path, COMPONENT.replace("split_words", "cut_words").replace("wc -l", "wc -w"), "2")
    document = to_document(TEXTS)
    document["nodes"]["cut"] = {"module": "cut_words@1", "version": 1, "parameters": {}}
    canvas.workspace.drafts.create("Cutting", document)
    page = canvas.page
    page.get_by_role("link", name="Components").click()
    page.locator("tr", has_text="cut_words").get_by_role("button").click()
    card = page.locator(".models > .card").last
    for words in ("Input texts", "Output words", "ending", "string = !", "Designer's own", "Cutting"):
        expect(card.get_by_text(words).first).to_be_visible()
    card.get_by_role("button", name="Offer in the palette").click()
    canvas.until(lambda: canvas.workspace.components.get("cut_words").version == "1", "version 1 is offered")
    expect(card.get_by_text("In the palette", exact=True)).to_have_count(1)
    with page.expect_download() as download:
        card.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "cut_words.zip"
    assert "cut_words.yml" in ZipFile(download.value.path()).namelist()
    card.get_by_role("button", name="Archive").click()
    expect(page.locator("tr", has_text="cut_words")).to_have_count(0)
    page.get_by_label("Archived ones").click()
    page.locator("tr", has_text="cut_words").get_by_role("button").click()
    card.get_by_role("button", name="Restore").click()
    expect(page.locator("tr", has_text="cut_words")).to_have_count(0)
    canvas.until(lambda: "cut_words@1" in canvas.workspace.components.offered(), "it is offered again")


SLOW = """
type: command
name: slow_losses
version: 1
code: ./code
outputs:
  report: {type: uri_file}
command: python losses.py ${{outputs.report}}
"""
LOSSES = """
import sys
import time
from designer import step

for number in range(20):
    step.log("loss", 1 / (number + 1), step=number)
    time.sleep(0.3)
open(sys.argv[1], "w").write("done")
"""


def test_curves_grow_in_the_dock_while_a_step_logs_them_and_stay(canvas: CanvasPage, tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "losses.py").write_text(LOSSES)
    register(canvas.workspace, tmp_path, SLOW)
    page = canvas.page
    canvas.find("losses")
    expect(page.locator(".palette").get_by_test_id("module-slow_losses@1")).to_be_visible()
    canvas.drop("slow_losses@1", 420, 320)
    canvas.wait_for_nodes(2)
    canvas.click_canvas()
    page.get_by_test_id("dock-metrics").click()
    expect(page.get_by_text("Select a node to see the metrics that it logs.")).to_be_visible()
    canvas.select("slow_losses")
    expect(page.get_by_text("This node logged no metrics in the last run.")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("img", name="loss")).to_be_visible(timeout=RUN_MS)
    drawn = set()
    while canvas.node("slow_losses").get_attribute("data-state") == "running":
        drawn.add(drawn_points(page))
        page.wait_for_timeout(100)
    assert len(drawn - {0, 20}) > 2, f"the curve grew while the step ran: {drawn}"
    canvas.until(lambda: drawn_points(page) == 20, "all values are drawn")
    expect(page.locator(".dock-curves .fact")).to_have_text(["loss0.050"])

    canvas.select("texts")
    expect(page.get_by_text("This node logged no metrics in the last run.")).to_be_visible()
    canvas.reload()
    canvas.select("slow_losses")
    page.get_by_test_id("dock-metrics").click()
    canvas.until(lambda: drawn_points(page) == 20, "the curve of the last run is drawn")


def drawn_points(page: Page) -> int:
    """How many points the first curve in the dock has."""
    read = "() => document.querySelector('.dock-curves .js-plotly-plot')?.data?.[0]?.x?.length ?? 0"
    return int(page.evaluate(read))
