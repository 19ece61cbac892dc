"""`designer tune` and `designer search` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sklearn.datasets import load_wine

from designer.pipeline.document import to_document
from designer.store.workspace import open_workspace
from tests.cli.terminal import designer
from tests.engine.search.conftest import tuning

BAYESIAN = "tune.specify_parameter_sweeping_mode=Bayesian sweep"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with open_workspace(tmp_path / "workspace") as workspace:
        workspace.datasets.register("wine", load_wine(as_frame=True).frame.astype({"target": "str"}))
    graph = tuning("wine", "multiclass-logistic-regression")
    (tmp_path / "tune.json").write_text(json.dumps(to_document(graph)))
    return tmp_path


def test_tune_prints_the_trials_and_the_leaderboard_and_reuses_them(folder: Path) -> None:
    words = ["tune", str(folder / "tune.json"), "--set", BAYESIAN, "--set", "tune.number_of_trials=3"]
    answer = designer(*words, workspace=folder / "workspace", apart=True)
    assert "trial 3 of 3, best 0.9" in answer.stdout
    assert "   1  trial " in answer.stdout
    assert "3 trials: 3 finished" in answer.stdout or "stopped early" in answer.stdout
    document = json.loads(designer(*words, "--json", workspace=folder / "workspace", apart=True).stdout)
    assert document["state"] == "finished"
    assert document["trials"][0]["rank"] == 1
    values = [row["value"] for row in document["trials"] if row["rank"]]
    assert values == sorted(values, reverse=True)
    listed = json.loads(designer("search", "list", "--json", workspace=folder / "workspace").stdout)
    assert [search["id"] for search in listed] == [document["id"]]
    shown = designer("search", "show", document["id"], workspace=folder / "workspace").stdout
    assert f"Search {document['id']}, Tune Model Hyperparameters: finished. Accuracy:" in shown


def test_a_search_that_is_over_cannot_be_ended_and_one_that_is_none_is_refused(folder: Path) -> None:
    words = ["tune", str(folder / "tune.json"), "--json"]
    document = json.loads(designer(*words, workspace=folder / "workspace", apart=True).stdout)
    refused = designer("search", "keep", document["id"], workspace=folder / "workspace", code=2)
    assert "the search is finished" in refused.stderr
    assert "there is no search 'x'" in designer("search", "show", "x", workspace=folder / "workspace", code=2).stderr


def test_a_pipeline_without_a_search_is_refused(folder: Path) -> None:
    graph = tuning("wine", "multiclass-logistic-regression")
    plain = {name: node for name, node in graph.nodes.items() if name != "tune"}
    (folder / "plain.json").write_text(json.dumps(to_document(type(graph)("plain", nodes=plain))))
    answer = designer("tune", str(folder / "plain.json"), workspace=folder / "workspace", code=2, apart=True)
    assert "no node of the pipeline searches" in answer.stderr
