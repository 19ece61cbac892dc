"""Exporting pipelines and endpoints as files from their menus."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from designer.export.onnx import export_onnx
from designer.inference.create import create
from designer.pipeline.document import loads, to_document
from designer.serving.endpoints import deploy
from designer.store.workspace import Workspace
from tests.browser.conftest import Observed, Server, enter
from tests.browser.seeded import Seeded, finished_run

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EXPORT_MS = 60_000
NAME = "tumours"


@pytest.fixture(scope="module")
def trained(designer: Server) -> Seeded:
    return finished_run(designer, "tumour-check")


@pytest.fixture
def workspace(designer: Server) -> Iterator[Workspace]:
    with Workspace(designer.workspace) as opened:
        yield opened


@pytest.fixture
def tab(designer: Server, context: BrowserContext, observed: Observed) -> Page:
    return enter(designer, context, observed)


def inference_draft(workspace: Workspace, seeded: Seeded) -> str:
    """Create the inference pipeline of a run as a draft; return its id."""
    made = create(workspace, seeded.run, "realtime", workspace.library())
    return workspace.drafts.create(made.pipeline.name, to_document(made.pipeline), kind="realtime").id


def export(tab: Page, label: str) -> None:
    tab.get_by_role("button", name="Export", exact=True).click()
    tab.get_by_role("menuitem", name=label).click()


def exported(tab: Page, label: str, folder: Path) -> Path:
    with tab.expect_download(timeout=EXPORT_MS) as downloading:
        export(tab, label)
    file = folder / downloading.value.suggested_filename
    downloading.value.save_as(file)
    expect(tab.get_by_role("button", name="Export", exact=True)).to_be_enabled()
    return file


def unpacked(archive: Path, folder: Path) -> dict[str, Path]:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
        return {Path(name).suffix: folder / name for name in opened.namelist()}


def prints_the_metrics(script: Path, workspace: Workspace, run: str) -> None:
    """Assert that the script, run without Designer installed, prints the metrics of the run."""
    done = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, cwd="/", timeout=120)
    assert done.returncode == 0, done.stderr
    (model,) = workspace.runs.node(run, "evaluate").outputs["evaluation_results"]["summary"]["models"]  # type: ignore[union-attr,index]
    printed = [float(text) for text in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", done.stdout)]
    assert any(abs(number - model["metrics"]["AUC"]) < 1e-6 for number in printed), done.stdout


def test_a_pipeline_is_taken_away_as_a_script_that_finds_the_same_metrics(
    tab: Page, designer: Server, trained: Seeded, workspace: Workspace, tmp_path: Path
) -> None:
    tab.goto(f"{designer.origin}/pipelines/{trained.pipeline}")
    archive = exported(tab, "Python script", tmp_path)
    assert archive.name == "tumour-check.zip"
    files = unpacked(archive, tmp_path / "script")
    assert set(files) == {".py", ".csv"}
    prints_the_metrics(files[".py"], workspace, trained.run)


def test_a_pipeline_is_taken_away_as_a_notebook_and_as_its_document(
    tab: Page, designer: Server, trained: Seeded, workspace: Workspace, tmp_path: Path
) -> None:
    tab.goto(f"{designer.origin}/pipelines/{trained.pipeline}")
    files = unpacked(exported(tab, "Notebook", tmp_path), tmp_path / "notebook")
    cells = json.loads(files[".ipynb"].read_text())["cells"]
    assert any("Train Model" in "".join(cell["source"]) for cell in cells)
    document = exported(tab, "Pipeline file", tmp_path)
    assert document.name == "tumour-check.json"
    assert to_document(loads(document.read_bytes())) == workspace.drafts.get(trained.pipeline).document


def test_a_pipeline_file_is_opened_as_a_pipeline_of_its_own(
    tab: Page, designer: Server, trained: Seeded, workspace: Workspace, tmp_path: Path
) -> None:
    document = workspace.drafts.get(trained.pipeline).document
    file = tmp_path / "from elsewhere.json"
    file.write_text(json.dumps({**document, "name": "From elsewhere"}))
    tab.goto(f"{designer.origin}/pipelines")
    tab.get_by_label("Choose a file").set_input_files(file)
    tab.wait_for_url(re.compile("/pipelines/[0-9a-f]{32}"))
    expect(tab.get_by_test_id("pipeline-name")).to_have_value("From elsewhere")
    opened = workspace.drafts.get(tab.url.rsplit("/", 1)[1])
    assert opened.id != trained.pipeline
    assert opened.document == {**document, "name": "From elsewhere"}
    assert list(workspace.uploads.iterdir()) == []


ODD_FILES = {"a,b\n1,2\n": "not JSON", '{"a": 1, "a": 2}': "twice", "[]": "not a pipeline document"}


@pytest.mark.parametrize(("text", "message"), ODD_FILES.items())
def test_a_file_that_is_no_pipeline_is_refused_in_words(
    tab: Page, designer: Server, workspace: Workspace, tmp_path: Path, text: str, message: str
) -> None:
    before = workspace.drafts.count()
    (tmp_path / "odd.json").write_text(text)
    tab.goto(f"{designer.origin}/pipelines")
    tab.get_by_label("Choose a file").set_input_files(tmp_path / "odd.json")
    expect(tab.get_by_role("alert")).to_contain_text(message)
    assert workspace.drafts.count() == before
    tab.reload()
    expect(tab.get_by_role("heading", name="Pipelines")).to_be_visible()
    expect(tab.get_by_role("alert")).to_have_count(0)


def test_what_cannot_be_written_is_named(tab: Page, designer: Server, workspace: Workspace, trained: Seeded) -> None:
    document = workspace.drafts.get(trained.pipeline).document
    nodes = {**document["nodes"], "odd": {"module": "smote", "version": 1, "parameters": {}}}
    draft = workspace.drafts.create("With SMOTE", {**document, "nodes": nodes})
    tab.goto(f"{designer.origin}/pipelines/{draft.id}")
    export(tab, "Python script")
    expect(tab.get_by_role("alert")).to_contain_text("SMOTE: has no plain Python form", timeout=EXPORT_MS)
    tab.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    expect(tab.get_by_role("button", name="Export", exact=True)).to_be_enabled()


def test_an_inference_pipeline_is_taken_away_as_an_onnx_file(
    tab: Page, designer: Server, workspace: Workspace, trained: Seeded, tmp_path: Path
) -> None:
    tab.goto(f"{designer.origin}/pipelines/{inference_draft(workspace, trained)}")
    file = exported(tab, "ONNX file", tmp_path)
    session = onnxruntime.InferenceSession(file.read_bytes())
    row = {put.name: np.zeros((1, 1)) for put in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]
    assert "out:Scored Labels" in names
    assert session.run(["out:Scored Labels"], row)[0].shape == (1, 1)
    tab.get_by_role("button", name="Export", exact=True).click()
    expect(tab.get_by_role("menuitem", name="Python script")).to_have_count(0)


def test_a_step_without_an_exact_onnx_form_is_named(tab: Page, designer: Server, workspace: Workspace) -> None:
    odd = finished_run(designer, "tumour-check", normalize={"method": "LogNormal", "columns": ["mean radius"]})
    tab.goto(f"{designer.origin}/pipelines/{inference_draft(workspace, odd)}")
    export(tab, "ONNX file")
    message = "Normalize held-out rows: LogNormal has no exact ONNX form"
    expect(tab.get_by_role("alert")).to_contain_text(message, timeout=EXPORT_MS)


def test_an_endpoint_is_taken_away_as_onnx_and_as_the_script_that_trains_it(
    tab: Page, designer: Server, workspace: Workspace, trained: Seeded, tmp_path: Path
) -> None:
    library = workspace.library()
    pipeline = create(workspace, trained.run, "realtime", library).pipeline
    deploy(workspace, library, pipeline, NAME, run_id=trained.run, pipeline_id=trained.pipeline)
    tab.goto(f"{designer.origin}/endpoints/{NAME}")
    file = exported(tab, "ONNX file", tmp_path)
    assert file.name == f"{NAME}.onnx"
    export_onnx(pipeline, workspace.path, tmp_path / "again.onnx")
    assert file.read_bytes() == (tmp_path / "again.onnx").read_bytes()
    script = unpacked(exported(tab, "Python script", tmp_path), tmp_path / "script")[".py"]
    prints_the_metrics(script, workspace, trained.run)
