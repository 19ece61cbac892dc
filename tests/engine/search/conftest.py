"""Datasets of scikit-learn in a workspace, and pipelines that tune a learner on them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from designer.contract.catalogue.library import Library
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import Workspace, open_workspace

TOY = (Path(__file__).parent / "toy_search.py.txt").read_text()
BAYESIAN = {"specify_parameter_sweeping_mode": "Bayesian sweep"}


def cancer() -> pd.DataFrame:
    frame = load_breast_cancer(as_frame=True).frame
    return frame.assign(target=frame["target"].map({0: "malignant", 1: "benign"}).astype("str"))


DATA = {
    "cancer": cancer,
    "wine": lambda: load_wine(as_frame=True).frame.astype({"target": "str"}),
    "diabetes": lambda: load_diabetes(as_frame=True).frame,
}


def fill(workspace: Workspace) -> None:
    """Register the datasets and write the toy modules."""
    for name, load in DATA.items():
        workspace.datasets.register(name, load())
    (workspace.modules / "toy_search.py").write_text(TOY)


@pytest.fixture
def workspace(tmp_path: Path, listed: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "workspace") as opened:
        shutil.copy(listed, opened.path)
        fill(opened)
        yield opened


@pytest.fixture
def library(workspace: Workspace) -> Library:
    scanned = workspace.library()
    assert scanned.broken == {}
    return scanned


def tuning(data: str, learner: str, settings: dict[str, Any] | None = None, **tune: Any) -> Pipeline:
    """A dataset, a learner and Tune Model Hyperparameters, with the label `target`."""
    nodes = {
        "data": Node("data", "dataset", 1, {"name": data}),
        "learner": Node("learner", learner, 1, settings or {}),
        "tune": Node("tune", "tune-model-hyperparameters", 1, {"label_column": "target", **tune}),
    }
    wires = (
        Edge("learner", "untrained_model", "tune", "untrained_model"),
        Edge("data", "dataset", "tune", "training_dataset"),
    )
    return Pipeline("test", nodes=nodes, edges=wires)
