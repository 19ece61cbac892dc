"""The main task by hand: from an empty canvas to a scored request, dragging every module and drawing every wire."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.pipeline.document import to_document
from designer.pipeline.graph import Pipeline
from designer.serving.keys import revealed_key
from designer.store.workspace import Workspace, open_workspace
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import Observed, Server, enter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUN_MS, DEPLOY_MS = 120_000, 180_000
NAME = "cars-by-hand"
MODULES = (
    ("dataset", 660, 90), ("select-columns-in-dataset", 660, 190), ("split-data", 660, 290),
    ("clean-missing-data", 560, 390), ("apply-transformation", 880, 490), ("linear-regression", 400, 490),
    ("train-model", 560, 590), ("score-model", 760, 690), ("evaluate-model", 760, 790),
)  # fmt: skip
WIRES = (
    ("dataset.dataset", "select-columns-in-dataset.dataset"),
    ("select-columns-in-dataset.results_dataset", "split-data.dataset"),
    ("split-data.results_dataset1", "clean-missing-data.dataset"),
    ("clean-missing-data.cleaning_transformation", "apply-transformation.transformation"),
    ("split-data.results_dataset2", "apply-transformation.dataset"),
    ("linear-regression.untrained_model", "train-model.untrained_model"),
    ("clean-missing-data.cleaned_dataset", "train-model.dataset"),
    ("train-model.trained_model", "score-model.trained_model"),
    ("apply-transformation.transformed_dataset", "score-model.dataset"),
    ("score-model.scored_dataset", "evaluate-model.scored_dataset"),
)


@pytest.fixture
def canvas(designer: Server, context: BrowserContext, observed: Observed) -> Iterator[CanvasPage]:
    context.set_default_timeout(20_000)
    page = enter(designer, context, observed)
    page.set_viewport_size({"width": 1600, "height": 1200})
    with open_workspace(designer.workspace) as workspace:
        id = workspace.drafts.create("Cars by hand", to_document(Pipeline(name="Cars by hand"))).id
        opened = CanvasPage(page, workspace, id)
        opened.open(designer.origin)
        yield opened
    assert observed.troubles == []


def ids_of(canvas: CanvasPage) -> dict[str, str]:
    return {str(node["module"]): id for id, node in canvas.nodes().items()}


def build(canvas: CanvasPage) -> dict[str, str]:
    for module, x, y in MODULES:
        canvas.drop(module, x, y)
    ids = ids_of(canvas)
    canvas.page.keyboard.press("Escape")
    for source, target in WIRES:
        (start, output), (end, entry) = source.split("."), target.split(".")
        before = len(canvas.edges())
        canvas.wire((ids[start], output), (ids[end], entry))
        assert len(canvas.edges()) == before + 1, (source, target)
    return ids


def configure(canvas: CanvasPage, ids: dict[str, str]) -> None:
    """Enter settings in the form and the column picker."""
    canvas.select(ids["dataset"])
    canvas.field("name").select_option("Automobile prices (generated)")
    canvas.select(ids["select-columns-in-dataset"])
    pick(canvas, "All", "normalized-losses")
    canvas.select(ids["split-data"])
    canvas.field("fraction").fill("0.7")
    canvas.field("seed").fill("42")
    canvas.select(ids["clean-missing-data"])
    canvas.field("mode").select_option("Replace with median")
    pick(canvas, "None", "engine-size", "horsepower", "curb-weight", "city-mpg")
    canvas.select(ids["train-model"])
    canvas.field("label_column").select_option("price")


def pick(canvas: CanvasPage, start: str, *names: str) -> None:
    """Choose columns by name: all or none first, then click each exception."""
    canvas.field("columns").click()
    canvas.page.get_by_role("tab", name="By name").click()
    canvas.page.get_by_role("button", name=start, exact=True).click()
    for name in names:
        canvas.page.get_by_test_id(f"pick-{name}").click()
    canvas.page.get_by_test_id("picker-save").click()
    canvas.page.get_by_test_id("picker-save").wait_for(state="detached")


def test_from_an_empty_canvas_to_an_answered_request(canvas: CanvasPage, designer: Server) -> None:
    page = canvas.page
    ids = build(canvas)
    configure(canvas, ids)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_test_id("run-outcome")).to_have_text("Finished: 9 ran", timeout=RUN_MS)

    run = canvas.workspace.runs.latest(canvas.id)
    assert run is not None
    page.goto(f"{designer.origin}/runs/{run.id}/evaluate/{ids['evaluate-model']}")
    expect(page.get_by_text("Coefficient of determination", exact=False).first).to_be_visible()

    page.get_by_role("button", name="Create inference pipeline").click()
    page.get_by_role("region", name="Inference pipeline").wait_for()
    page.get_by_role("button", name="Create and deploy").click()
    page.get_by_label("Name of the endpoint").fill(NAME)
    page.get_by_role("button", name="Create and deploy").click()
    page.wait_for_url(re.compile(f"/endpoints/{NAME}$"), timeout=DEPLOY_MS)
    expect(page.get_by_text("Passed")).to_be_visible()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("200 OK")).to_be_visible()
    assert_answers(page, designer)


def assert_answers(page: Page, designer: Server) -> None:
    """Assert that the endpoint answers a request over HTTP, as from another program."""
    with Workspace(designer.workspace) as workspace:
        rows = workspace.endpoints.version(NAME).example["rows"][:1]
        key = revealed_key(workspace, NAME, "primary")
    url = f"http://127.0.0.1:{designer.port + 1}/endpoints/{NAME}/score"
    question = {"Inputs": {"WebServiceInput0": rows}, "GlobalParameters": {}}
    answer = httpx.post(url, json=question, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    (row,) = answer.json()["Results"]["WebServiceOutput0"]
    assert 1_000 < row["Scored Labels"] < 100_000
