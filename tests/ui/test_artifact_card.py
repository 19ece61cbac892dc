"""The cards that describe models, transformations and evaluations."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from designer.contract.catalogue.library import Library
from designer.engine.run import execute
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.store.workspace import open_workspace
from designer.ui.views.artifact_card import ArtifactCard, artifact_card, describe_artifact

ROWS = "x,z,y\n0,a,1\n1,b,3\n2,a,5\n3,b,7\n4,a,9\n,b,11\n"
NODES = {
    "data": ("enter-data-manually", {"data": ROWS}),
    "clean": ("clean-missing-data", {"columns": ["x"], "mode": "Replace with median"}),
    "learner": ("linear-regression", {"l2_regularization_weight": 0.0}),
    "train": ("train-model", {"label_column": "y"}),
    "score": ("score-model", {}),
    "evaluate": ("evaluate-model", {}),
}
WIRES = (
    ("data", "dataset", "clean", "dataset"),
    ("learner", "untrained_model", "train", "untrained_model"),
    ("clean", "cleaned_dataset", "train", "dataset"),
    ("train", "trained_model", "score", "trained_model"),
    ("clean", "cleaned_dataset", "score", "dataset"),
    ("score", "scored_dataset", "evaluate", "scored_dataset"),
    ("score", "scored_dataset", "evaluate", "scored_dataset_to_compare"),
)
Cards = Callable[[str, str], ArtifactCard]


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Cards:
    """Run a pipeline; return the card of one of its outputs."""
    nodes = {id: Node(id, module, parameters=parameters) for id, (module, parameters) in NODES.items()}
    pipeline = Pipeline(nodes=nodes, edges=tuple(Edge(*wire) for wire in WIRES))
    workspace = open_workspace(tmp_path_factory.mktemp("workspace"))
    result = execute(pipeline, Library.scan(), workspace)
    assert result.ok, result.to_json()

    def shown(node: str, port: str) -> ArtifactCard:
        return artifact_card(describe_artifact(str(workspace.path), result.nodes[node].outputs[port].digest))

    return shown


def test_a_model_tells_what_it_predicts_and_the_features_it_really_uses(card: Cards) -> None:
    shown = card("train", "trained_model")
    assert dict(shown.facts) == {"Task": "Regression", "Predicts": "y", "Trained on": "6 rows"}
    assert (shown.list_title, shown.lines) == ("Features used: 2", [("x", "Decimal"), ("z", "String")])
    assert {weight.feature for weight in shown.weights} == {"x", "z = a", "z = b"}
    assert shown.weights[0].width == 100


def test_a_learner_tells_the_settings_of_its_estimator(card: Cards) -> None:
    shown = card("learner", "untrained_model")
    assert shown.list_title.startswith("Settings of ")
    assert shown.lines


def test_a_transformation_tells_what_it_learned_by_column(card: Cards) -> None:
    shown = card("clean", "cleaning_transformation")
    assert (shown.list_title, shown.lines) == ("Learned", [("Fill: x", "2")])


def test_an_evaluation_tells_its_metrics_side_by_side(card: Cards) -> None:
    shown = card("evaluate", "evaluation_results")
    lines = dict(shown.lines)
    first, second = lines["Coefficient of determination"].split(" / ")
    assert first == second
    assert dict(shown.facts)["Label"] == "y"
