"""Leakage and bad practice on the wires, on the shipped modules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from designer.contract.library import Library
from designer.contract.schema import Column, Kind, Schema
from designer.contract.sources import using
from designer.pipeline.arrange import arrange
from designer.pipeline.check import check
from designer.pipeline.edit import apply
from designer.pipeline.graph import Edge, Node, Pipeline
from designer.pipeline.lint import Warning, lint
from designer.samples.templates import templates


class OneDataset:
    """Sources that know one dataset's columns: all that lint needs."""

    def dataset_schema(self, name: str, version: int | None = None) -> Schema:
        names = ("customer_id", "age", "body mass index", "income")
        return Schema(tuple(Column(name, Kind.DECIMAL) for name in names))


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library.scan()


def pipeline(library: Library, nodes: dict[str, tuple[str, dict[str, object]]], wires: list[str]) -> Pipeline:
    """Wires are written `a.output>b.input`."""
    edges = [Edge(*w.split(">")[0].split("."), *w.split(">")[1].split(".")) for w in wires]
    made = {id: Node(id, module, parameters=parameters) for id, (module, parameters) in nodes.items()}
    graph = Pipeline(nodes=made, edges=tuple(edges))
    return replace(graph, layout=arrange(graph))


NODES: dict[str, tuple[str, dict[str, object]]] = {
    "data": ("dataset", {"name": "any"}),
    "clean": ("clean-missing-data", {"mode": "Replace with median"}),
    "split": ("split-data", {}),
    "learner": ("linear-regression", {}),
    "train": ("train-model", {"label_column": "income"}),
    "score": ("score-model", {}),
}
LEAKING = [
    "data.dataset>clean.dataset", "clean.cleaned_dataset>split.dataset",
    "learner.untrained_model>train.untrained_model",
    "split.results_dataset1>train.dataset", "train.trained_model>score.trained_model",
    "split.results_dataset2>score.dataset",
]  # fmt: skip


def warnings(graph: Pipeline, library: Library) -> dict[str, Warning]:
    with using(OneDataset()):  # type: ignore[arg-type]
        return {warning.rule: warning for warning in lint(graph, library)}


def test_medians_learned_before_the_split_leak_and_the_fix_removes_the_warning(shipped: Library) -> None:
    graph = pipeline(shipped, NODES, LEAKING)
    warning = warnings(graph, shipped)["fitted-before-split"]
    assert warning.title == "Test rows leak into training"
    assert warning.wire == Edge("clean", "cleaned_dataset", "split", "dataset")
    mended = apply(graph, list(warning.fix), shipped)
    assert "fitted-before-split" not in warnings(mended, shipped)
    assert mended.into("split", "dataset") == Edge("data", "dataset", "split", "dataset")
    assert mended.into("clean", "dataset") == Edge("split", "results_dataset1", "clean", "dataset")
    scored = mended.into("score", "dataset")
    assert scored is not None
    assert mended.nodes[scored.source].module == "apply-transformation"
    with using(OneDataset()):  # type: ignore[arg-type]
        assert check(mended, shipped) == []


def test_removing_rows_before_the_split_does_not_leak(shipped: Library) -> None:
    nodes = NODES | {"clean": ("clean-missing-data", {"mode": "Remove entire row"})}
    assert "fitted-before-split" not in warnings(pipeline(shipped, nodes, LEAKING), shipped)


def test_scoring_the_training_rows_is_warned_of(shipped: Library) -> None:
    wires = [w.replace("results_dataset2>score", "results_dataset1>score") for w in LEAKING]
    assert "scored-on-training-rows" in warnings(pipeline(shipped, NODES, wires), shipped)
    assert "scored-on-training-rows" not in warnings(pipeline(shipped, NODES, LEAKING), shipped)


def test_an_identifier_among_the_features_is_warned_of_and_left_out_by_the_fix(shipped: Library) -> None:
    graph = pipeline(shipped, NODES, LEAKING)
    warning = warnings(graph, shipped)["identifier-as-feature"]
    assert "customer_id" in warning.title
    assert "body mass index" not in warning.title
    mended = apply(graph, list(warning.fix), shipped)
    assert "identifier-as-feature" not in warnings(mended, shipped)


def test_no_sample_leaks(shipped: Library) -> None:
    for template in templates():
        assert [w.rule for w in lint(template.pipeline, shipped)] == [], template.id


def test_an_empty_pipeline_and_a_cycle_have_no_warnings(shipped: Library) -> None:
    assert lint(Pipeline(), shipped) == []
    nodes = {id: Node(id, "clean-missing-data") for id in ("a", "b")}
    edges = (Edge("a", "cleaned_dataset", "b", "dataset"), Edge("b", "cleaned_dataset", "a", "dataset"))
    assert lint(Pipeline(nodes=nodes, edges=edges), shipped) == []
