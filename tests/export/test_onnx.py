"""An inference pipeline as one ONNX file that needs only onnxruntime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from designer.contract.catalogue.library import Library
from designer.contract.errors import FileMissing, NotExportable
from designer.contract.onnx import MISSING
from designer.contract.schema import Schema
from designer.export.onnx import export_onnx
from designer.inference.rewrite import rewrite
from designer.inference.scorer import Scorer
from designer.pipeline.graph import Pipeline
from designer.store.workspace import Workspace
from tests.trained import people_pipeline, trained

TRAINING = people_pipeline("two-class-boosted-decision-tree", "income")
ROWS: list[dict[str, Any]] = [
    {"age": 40, "hours": 38.5, "work": "State", "member": True},
    {"age": 25, "hours": None, "work": None, "member": False},
    {"age": 63, "hours": 12.0, "work": "never seen", "member": True},
]


@pytest.fixture(scope="module")
def pipeline(workspace: Workspace, library: Library) -> Pipeline:
    return rewrite(TRAINING, trained(TRAINING, workspace, library).results, "realtime", library).pipeline


def test_the_file_scores_like_the_pipeline(
    pipeline: Pipeline, workspace: Workspace, library: Library, tmp_path: Path
) -> None:
    target = tmp_path / "models" / "income.onnx"
    export_onnx(pipeline, workspace.path, target)
    assert [file.name for file in target.parent.iterdir()] == ["income.onnx"]
    session = onnxruntime.InferenceSession(target, providers=["CPUExecutionProvider"])
    feed = {}
    for declared in session.get_inputs():
        cells = [row[declared.name] for row in ROWS]
        if declared.type == "tensor(string)":
            feed[declared.name] = np.array([[MISSING if c is None else c] for c in cells], dtype=object)
        else:
            feed[declared.name] = np.array([[c] for c in cells], dtype="float64")
    names = ["out:Scored Labels", "out:Scored Probabilities"]
    labels, probabilities = session.run(names, feed)
    expected = Scorer.load(pipeline, library, workspace.sources(library)).score(ROWS)
    assert labels.ravel().tolist() == [row["Scored Labels"] for row in expected]
    assert probabilities.ravel().tolist() == pytest.approx([r["Scored Probabilities"] for r in expected], abs=1e-12)


def test_the_file_says_what_it_takes_and_gives(pipeline: Pipeline, workspace: Workspace, tmp_path: Path) -> None:
    export_onnx(pipeline, workspace.path, tmp_path / "income.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "income.onnx", providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert Schema.from_json(json.loads(facts["inputs"])).names == ["age", "hours", "work", "member"]
    outputs = {column["name"]: column for column in json.loads(facts["outputs"])}
    assert outputs["Scored Labels"]["is_score"]
    assert facts["pipeline"] == pipeline.name


def test_a_training_pipeline_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotExportable, match="training pipeline"):
        export_onnx(TRAINING, workspace.path, tmp_path / "income.onnx")


def test_a_conversion_that_takes_too_long_is_ended(pipeline: Pipeline, workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotExportable, match="took more than"):
        export_onnx(pipeline, workspace.path, tmp_path / "income.onnx", seconds=0.05)
    assert not (tmp_path / "income.onnx").exists()


def test_a_path_that_cannot_be_written_is_named(pipeline: Pipeline, workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileMissing, match="cannot be written"):
        export_onnx(pipeline, workspace.path, tmp_path / "file" / "income.onnx")
