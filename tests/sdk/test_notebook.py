"""In a notebook: one drawing that is updated while a run goes on, and figures of evaluations, without widgets."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient

from tests.sdk.conftest import end_engine
from tests.served import Served

ROOT = Path(__file__).parents[2]
OPENS = """
from pathlib import Path
from designer.sdk import Workspace
from tests.sdk.pipelines import ROWS, income
ws = Workspace()
written = Path('people.csv').write_text(ROWS)
data = ws.datasets.register('people', 'people.csv')
"""
CELLS = (
    OPENS,
    "data",
    "income()",
    "ws.plan(income())",
    "run = ws.submit(income()).wait()",
    "run['evaluate-model'].outputs['evaluation_results']",
    "run['score-model'].outputs['scored_dataset']",
    "run['train-model'].outputs['trained_model']",
    "run",
    "ws.close()",
)


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """The outputs of each cell in the saved notebook."""
    folder = tmp_path_factory.mktemp("notebook")
    try:
        return executed(folder, CELLS, DESIGNER_WORKSPACE=str(folder / "w"))
    finally:
        end_engine(folder / "w")


def executed(folder: Path, cells: Sequence[str], **variables: str) -> list[list[dict[str, Any]]]:
    """Execute cells as a notebook in a folder; returns the outputs of each in the saved notebook."""
    kernels = folder / "jupyter" / "kernels" / "designer"
    kernels.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    environment = {"PYTHONPATH": str(ROOT), **variables}
    spec = {"argv": command, "display_name": "Designer", "language": "python", "env": environment}
    (kernels / "kernel.json").write_text(json.dumps(spec))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    client = NotebookClient(
        notebook, timeout=300, kernel_name="designer", resources={"metadata": {"path": str(folder)}}
    )
    client.create_kernel_manager().kernel_spec_manager = KernelSpecManager(kernel_dirs=[str(kernels.parent)])
    asyncio.run(client.async_execute())
    return [list(cell.get("outputs", ())) for cell in notebook.cells]


def data_of(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [dict(output["data"]) for output in outputs if "data" in output]


def test_the_saved_notebook_keeps_the_last_state_of_the_run(cells: list[list[dict[str, Any]]]) -> None:
    (drawn,) = data_of(cells[4])
    assert drawn["text/html"].startswith("<svg")
    assert drawn["text/html"].count("Finished") == 6
    assert "finished   Evaluate Model" in drawn["text/plain"]


def test_an_evaluation_is_shown_as_its_metrics_and_its_charts(cells: list[list[dict[str, Any]]]) -> None:
    table, *figures = data_of(cells[5])
    assert "Accuracy" in table["text/html"]
    assert "Accuracy" in table["text/plain"]
    assert [figure["text/plain"] for figure in figures] == ["ROC", "Precision and recall", "Lift"]
    assert all(figure["application/vnd.plotly.v1+json"]["data"] for figure in figures)


def test_everything_else_shows_itself_with_plain_text_too(cells: list[list[dict[str, Any]]]) -> None:
    shown = [data_of(cells[number])[0] for number in (1, 2, 3, 6, 7, 8)]
    assert all(data["text/plain"] for data in shown)
    dataset, pipeline, plan, scored, model, run = shown
    assert "<small>Integer</small>" in dataset["text/html"]
    assert pipeline["text/html"].startswith("<svg")
    assert "runs for the first time" in plan["text/html"]
    assert "Scored Labels" in scored["text/html"]
    assert model["text/plain"] == "<trained model trained_model of Train Model>"
    assert run["text/html"].count("Finished") == 6


def test_nothing_in_the_notebook_is_a_widget_or_an_error(cells: list[list[dict[str, Any]]]) -> None:
    assert not [output for outputs in cells for output in outputs if output["output_type"] in ("error", "stream")]
    assert "widget" not in json.dumps(cells)


def test_a_run_of_a_server_is_drawn_to_its_end_too(server: Served, tmp_path: Path) -> None:
    cells = (OPENS.replace("Workspace()", f"Workspace({server.address!r})"), CELLS[4], "run.url", "ws.close()")
    _, drawn, address, _ = executed(tmp_path, cells, DESIGNER_TOKEN=server.token)
    (last,) = data_of(drawn)
    assert last["text/html"].count("Finished") + last["text/html"].count("Reused") == 6
    assert f"{server.address}/runs/" in data_of(address)[0]["text/plain"]
