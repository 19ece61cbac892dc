"""A pipeline of the workspace is run, inferred, deployed and exported by its name, as on its page."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
import pytest

from designer.store.workspace import open_workspace
from tests.cli.terminal import designer


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with one pipeline, and an engine that takes queued runs."""
    workspace = tmp_path_factory.mktemp("named") / "workspace"
    made(workspace, "pipeline", "new", "--template", "car-prices")
    early = designer("run", "submit", "Car prices", "--follow", workspace=workspace, code=1)
    assert "the run waits for: designer start" in early.stderr
    engine = subprocess.Popen([sys.executable, "-m", "designer.engine.service.daemon", "--workspace", str(workspace)])
    with open_workspace(workspace) as opened:
        while not opened.engine_is_running():
            assert engine.poll() is None
            time.sleep(0.1)
    yield workspace
    engine.terminate()
    engine.wait(20)


def made(workspace: Path, *words: str) -> Any:
    return json.loads(designer(*words, "--json", workspace=workspace).stdout)


@pytest.fixture(scope="module")
def run(workspace: Path) -> dict[str, Any]:
    """A finished run of the pipeline, the source of its inference pipeline."""
    submitted: dict[str, Any] = made(workspace, "run", "submit", "Car prices", "--follow")
    return submitted


def test_a_run_is_queued_followed_and_of_that_pipeline(workspace: Path, run: dict[str, Any]) -> None:
    (pipeline,) = [row for row in made(workspace, "pipeline", "list") if row["kind"] == "training"]
    assert (run["state"], run["pipeline"]) == ("finished", pipeline["id"])


def test_only_what_a_node_needs_is_run_where_that_is_asked_for(workspace: Path, run: dict[str, Any]) -> None:
    part = made(workspace, "run", "submit", "Car prices", "--to", "split", "--follow")
    states = {id: node["state"] for id, node in made(workspace, "run", "show", part["id"])["nodes"].items()}
    assert states["split"] == "reused"
    assert "train" not in states


def test_its_inference_pipeline_is_kept_beside_it_once(workspace: Path, run: dict[str, Any]) -> None:
    first = made(workspace, "pipeline", "infer", "Car prices")
    again = made(workspace, "pipeline", "infer", "Car prices")
    assert (first["kind"], again["id"]) == ("realtime", first["id"])


def test_it_is_deployed_and_what_answers_is_taken_away(workspace: Path, run: dict[str, Any], tmp_path: Path) -> None:
    deployed = made(workspace, "pipeline", "deploy", "Car prices", "--name", "cars")
    assert (deployed["endpoint"], deployed["is_default"]) == ("cars", True)
    file, archive = tmp_path / "cars.onnx", tmp_path / "cars.zip"
    designer("endpoint", "export", "cars", "-o", str(file), workspace=workspace)
    assert onnx.load(file).graph.output
    designer("endpoint", "export", "cars", "--to", "notebook", "-o", str(archive), workspace=workspace)
    assert "cars.ipynb" in zipfile.ZipFile(archive).namelist()


def test_a_script_is_written_the_same_by_name_and_from_its_document(
    workspace: Path, run: dict[str, Any], tmp_path: Path
) -> None:
    named, document = tmp_path / "named", tmp_path / "document"
    designer("pipeline", "export", "Car prices", "-o", str(tmp_path / "cars.json"), workspace=workspace)
    by_name = designer(
        "pipeline", "export", "Car prices", "--to", "python", "-o", str(named / "p.py"), workspace=workspace
    )
    file = str(tmp_path / "cars.json")
    of_file = designer("export", file, "--to", "python", "-o", str(document / "p.py"), workspace=workspace)
    assert of_file.stderr == ""
    written = {path.name: path.read_bytes() for path in named.iterdir()}
    assert written == {path.name: path.read_bytes() for path in document.iterdir()}
    assert len(written) == 2
    assert by_name.stdout == of_file.stdout.replace(str(document), str(named))
    assert set(by_name.stdout.split()) == {str(named / name) for name in written}


def test_a_script_and_its_data_fit_into_one_archive(workspace: Path, run: dict[str, Any], tmp_path: Path) -> None:
    export = ("pipeline", "export", "Car prices", "--to", "python", "-o")
    designer(*export, str(tmp_path / "cars.zip"), workspace=workspace)
    names = zipfile.ZipFile(tmp_path / "cars.zip").namelist()
    assert names[0] == "car-prices.py"
    assert len(names) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["cars.zip"]


def test_a_script_replaces_no_other_data(workspace: Path, run: dict[str, Any], tmp_path: Path) -> None:
    export = ("pipeline", "export", "Car prices", "--to", "python", "-o", str(tmp_path / "cars.py"))
    designer(*export, workspace=workspace)
    designer(*export, workspace=workspace)
    data = next(path for path in tmp_path.iterdir() if path.suffix == ".csv")
    data.write_text("mine\n")
    refused = designer(*export, workspace=workspace, code=2)
    assert f"'{data}' already exists with other content" in refused.stderr
    assert data.read_text() == "mine\n"


def test_a_run_shows_its_steps_in_the_order_of_the_pipeline(
    workspace: Path, run: dict[str, Any], tmp_path: Path
) -> None:
    designer("pipeline", "export", "Car prices", "-o", str(tmp_path / "cars.json"), workspace=workspace)
    pipeline = json.loads((tmp_path / "cars.json").read_text())
    nodes = made(workspace, "run", "show", run["id"])["nodes"]
    steps = list(nodes)
    assert sorted(steps) == sorted(pipeline["nodes"])
    assert all(steps.index(edge["source"]) < steps.index(edge["target"]) for edge in pipeline["edges"])
    lines = designer("run", "show", run["id"], workspace=workspace).stdout.splitlines()
    ended = [line for line in lines if line.startswith(("  finished", "  reused"))]
    assert [line[13:53].strip() for line in ended] == [nodes[step]["title"] for step in steps]


def test_a_format_that_is_none_is_refused(workspace: Path, tmp_path: Path) -> None:
    refused = designer(
        "pipeline", "export", "Car prices", "--to", "word", "-o", str(tmp_path / "x"), workspace=workspace, code=2
    )
    assert "Choose python, notebook, onnx, json, sdk." in refused.stderr
